"""Words beside an example that make it hold only sometimes, or nearly: "on Windows, ", ", if strict", "(random)"."""

from __future__ import annotations

import re

from jitc_import.checks.examples.counterexamples import is_denying_label, is_taken_back

_FORTHWITH = (
    r"(?:(?:only[ ]+|but[ ]+|and[ ]+)*(?:if|when(?:ever)?|unless|with|without|otherwise|else|or|once|until"
    r"|in[ ]+(?:any|no|some|whatever)\b|approx\w*|about|roughly|nearly|almost|say|perhaps|maybe)\b"
    r"|but[ ]+(?:it|that|this|actually|really|in[ ]fact|should|must|is|not)\b)"
)
"""What a condition or a hedge begins with."""

_ANYWHERE = re.compile(
    r"\b(?:if|when(?:ever)?|unless|otherwise|else|or|say|e\.g|for[ ]+(?:example|instance)|depend\w*|assum\w+|default"
    r"|(?:any|no|some|whatever|arbitrary|random)[ ]+order|order[ ]+(?:does|is|may|can|will|not|un\w+)"
    r"|un(?:ordered|sorted)|approx\w*|about|roughly|rounded|nearly|almost|random\w*|perhaps|maybe|may|might|could"
    r"|possibl[ey]|probably|likely|usually|often|sometimes|var(?:y|ies)|today|currently|platforms?|locales?"
    r"|python[ ]?\d\S*|mod(?:ulo)?|up[ ]to|errors?|margin|with(?:out)?[ ]+\w+[ ]*=)\b"
    r"|[~\u2248\u2026\u00b1]|\+/-|\.\.\.",
    re.IGNORECASE,
)
_AT_FIRST = re.compile(
    rf"\W*(?:{_FORTHWITH}|(?:in|on|under|using|given|where|at|during|after|before|only|by|then|now|once|for)\b)",
    re.IGNORECASE,
)
_CALL = r"[`*]{0,2}[A-Za-z_][\w.]*\("
_REASON = (
    r"(?:because|due[ ]to|whereas|as(?![ ]+(?:long|of|with)\b)|since(?![ ]+(?:python|version|v?\d+\.\d))"
    r"|so|while|but|and|not|i\.e\.|that[ ]is|which[ ](?:is|means)|explanation|input)\b"
)
_IS_REASON = re.compile(rf"\s*(?!{_FORTHWITH})(?:{_REASON}(?!\s+{_FORTHWITH})|{_CALL}|\Z)", re.IGNORECASE)
"""What may follow a comma: why it is so, or the next call."""

_HEDGED = re.compile(rf"[`*]*(?:[ ]+|[ ]*\n[ ]*(?=(?-i:[a-z]))){_FORTHWITH}", re.IGNORECASE)
_STATUS = re.compile(
    r"\W*(?:(?:an?|is|this|it|still|currently|now|known|open)[ ]+){0,3}(?:"
    r"(?:deprecated|obsolete|legacy|outdated|to-?do|fixme|xfail)\b.*"
    r"|(?:fail(?:s|ing|ed|ures?)?|bug|broken|old|planned|issue|limitation|wip|un(?:implemented|supported)"
    r"|not[ ]+(?:yet[ ]+)?(?:implemented|supported|working|fixed|done)|(?:does[ ]+not|doesn't)[ ]+work)"
    r"(?:[ ]+(?:here|now|today|yet))?\W*)",
    re.IGNORECASE,
)
"""A remark that an example does not hold, or no longer, or not yet."""

_COMMA = re.compile(r"[`*'\"]*,(?=\s|\Z)")
_REMARK = re.compile(
    r"[`*'\"]*[.!]?\)?[ ]*(?:(?P<bracket>\()|\#|//|(?P<semicolon>;)|(?:--?|[\u2013\u2014])(?=[ ]))[ ]*(?P<text>[^\n]*)"
)

_CONDITION = (
    r"(?:and[ ]+|but[ ]+|while[ ]+)?(?:on|with|without|within|after|afterwards|before|under|using|once|until|during"
    r"|then|now|by[ ]+default|mod(?:ulo)?"
    r"|in(?!([ ]+(?:(?:the|this|our|that)[ ]+\w*[ ]*example|particular|short|other[ ]+words|fact)\b)))\b"
)
_BULLET = r"\W*(?:\w{1,2}[.)][ ]+)?\W*"
_LABEL = re.compile(rf"{_BULLET}(?:(?:for[ ]+)?examples?|e\.g\.|so|thus|hence|note)?\W*", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[.!?;]\s")
_CONDITIONAL = re.compile(rf"{_BULLET}{_CONDITION}", re.IGNORECASE)
_CLAUSE = re.compile(rf"[,(\u2013\u2014]\s*{_CONDITION}[^,()]*,\s*[`*]*\Z", re.IGNORECASE)
_HEADING = re.compile(
    rf"{_BULLET}(?:{_CONDITION}[^,:]*(?:\([^)]*\)[^,:]*)?[,:]|(?:if|when(?:ever)?|unless)\b[^:]*,)\W*", re.IGNORECASE
)
_HAS_CALL = re.compile(r"\w\(")
_MARKUP = re.compile(r"\W*|[ ]*(?:```|~~~)\w*|\.\.[ ]+[\w-]+::.*")
"""What lies between a heading and its examples."""

_TITLE = re.compile(r"[ ]*#+[ ]")
_UNDERLINE = re.compile(r"[ ]*[-=~^]{3,}[ ]*")
_ITEM = re.compile(r"[ ]*(?:[-*•][ ]|\(?\w{1,2}[.)][ ])")

_FURTHEST, _HIGHEST = 2_000, 20
"""Characters and lines above an example in which the start of its sentence, or its heading, is looked for."""


def is_hedged(rest: str) -> bool:
    """Whether the text behind a result says that it is not always, or not exactly, the result."""
    if _HEDGED.match(rest):
        return True
    if comma := _COMMA.match(rest):
        return not _IS_REASON.match(rest, comma.end())
    remark = _REMARK.match(rest)
    if remark is None:
        return False
    text, further = remark["text"], ""
    if remark["bracket"]:
        text, _, further = text.partition(")")
    if remark["semicolon"]:
        text = _SENTENCE_END.split(text)[0]
    if _STATUS.fullmatch(text):
        return True
    is_reason = _IS_REASON.match(text) is not None
    return (not is_reason and bool(_AT_FIRST.match(text) or _ANYWHERE.search(text))) or is_hedged(further)


def is_conditional(text: str, start: int) -> bool:
    """Whether what stands before an example at `start` says when it holds, or that it does not.

    "On Windows, ", "With strict=True:"; "Wrong:", "One might think that ".
    """
    *above, before = text[max(0, start - _FURTHEST) : start].split("\n")
    above = above[-_HIGHEST:]
    if _LABEL.fullmatch(before):
        goes_on = bool(above) and above[-1].rstrip().endswith(" that")
        return _has_heading(above, before) or (goes_on and is_taken_back(_open_sentence(above)))
    sentence = _SENTENCE_END.split(before)[-1]
    if sentence == before:
        sentence = f"{_open_sentence(above)} {before}"
    is_conditional_here = _CONDITIONAL.match(sentence) or _CLAUSE.search(sentence)
    return bool(is_conditional_here) or is_taken_back(sentence) or _has_heading(above, before)


def _has_heading(above: list[str], before: str) -> bool:
    """Whether a line above leads to an example, and says when it holds, or that it does not.

    A line leads to what has nothing but examples in between, to items, and to what is indented further; a title, to all
    below it.
    """
    depth, is_led, below = _depth(before), _LABEL.fullmatch(before) is not None, ""
    for line in reversed(above):
        is_outer = _depth(line) < depth
        has_call, is_markup = _HAS_CALL.search(line), _MARKUP.fullmatch(line)
        is_title = not is_markup and (_TITLE.match(line) or _UNDERLINE.fullmatch(below))
        if is_led and _HEADING.fullmatch(line):
            return True
        if (is_led or is_outer or is_title) and not has_call and is_denying_label(line):
            return True
        if is_title and not has_call:
            return False
        if not is_markup:
            depth = min(depth, _depth(line))
            is_led = is_led and bool(has_call)
        below = line
    return False


def _depth(line: str) -> int:
    """How far a line is indented; an item stands further in than what leads to it."""
    return len(line) - len(line.lstrip()) + bool(_ITEM.match(line))


def _open_sentence(above: list[str]) -> str:
    """What the lines above, up to a blank one, hold of a sentence that goes on."""
    lines: list[str] = []
    for line in reversed(above):
        if not line.strip():
            break
        lines.insert(0, line)
    return _SENTENCE_END.split(f"{' '.join(lines)} ")[-1]
