"""The signs and words that stand between a call and its result, and what may follow a result, in prose."""

from __future__ import annotations

import re

from jitc_import.checks.examples.literals import is_literal
from jitc_import.checks.examples.scanning import literal_end

ARROW = r"(?:={1,3}>|-{1,3}>|[➞→⇒⟶➜⟹⇨➡↦⟼]\ufe0f?)"
_EQUALS = r"(?:==(?!=)|=(?![=<>~]))"
_VERB = (
    r"(?:(?:should|must|will|would|shall)[ ]+(?:be[ ]+|return[ ]+|give[ ]+|produce[ ]+|equal[ ]+|output[ ]+|yield[ ]+)"
    r"|(?:returns?|gives?|outputs?|produces?|equals?|is|evaluates?[ ]to|results?[ ]in)(?:[ ]+|(?=\n)))"
)
_SUBJECT = r"(?:(?:it|this|we|you|which|the[ ]function|your?[ ]function|function)[ ]+)?"
_NOUN = r"the[ ]+(?:expected[ ]+|correct[ ]+|right[ ]+|returned[ ]+)?(?:output|result|answer|return[ ]value|value)[ ]*"
_WORDS = (
    rf"(?:,?[ ]*{_SUBJECT}{_VERB}(?:exactly[ ]+)?"
    rf"|,?[ ]*{_NOUN}(?:(?:should|must|will|would)[ ]+be[ ]+|is[ ]+|[:=][ ]*)"
    r"|[ ]*(?:should[ ]+return|returns?|outputs?|gives?)[ ]*:[ ]*)"
)
_COMMENT = rf"(?:\#|//)[ ]*(?:{ARROW}|{_EQUALS}|{_WORDS}|(?:returns?|outputs?|result)[ ]*:?)?"

RELATION = re.compile(
    rf"[`*]{{0,2}}(?:[ ]*(?:\n[ ]*(?={ARROW}|\#[ ]*{ARROW}))?(?:{_COMMENT}|{ARROW}|{_EQUALS}|:)[ ]*"
    rf"|(?P<words>(?=[ ,])[ ]*{_WORDS}))(?:\n[ ]*)?(?P<opened>[`*]{{1,2}})?",
    re.IGNORECASE,
)
"""Between a call and its result. `words` tells prose from signs: prose goes on over the end of a line."""

SENTENCE_RELATION = re.compile(
    rf"[`*]{{0,2}}[ ]*(?:,?[ ]*(?:{_WORDS}|{ARROW}[ ]*))(?:\n[ ]*)?[`*]{{0,2}}", re.IGNORECASE
)
"""Between arguments and their result: no `=`, which belongs to the arguments."""

_ENDS = re.compile(
    r"[ ]*(?:\n|\Z)|\)?[.,;!?)](?:\s|\Z|['\"`)])|[ ]*(?:\#|//)|[ ]*;"
    r"|[ ]+\((?!or\b|(?:in[ ]+)?any[ ]order|order\b|approx|about\b|roughly|rounded)"
    r"|[ ]+(?:because|since|as|due[ ]to|but|while|whereas)\b|[ ]+(?:--?|[\u2013\u2014])[ ]+[A-Za-z]{2}"
    r"|[ ]+and[ ]+`{0,2}(?=\w+\()"
)
_CLOSED = re.compile(r"[`*]{1,2}(?![`*\w])")
_GOES_ON = re.compile(r"[ ]*\n[ ]*(?:[/%&|^<=?]|[+*>][ ]?\d)|,\s+or\b")
_PROSE_GOES_ON = re.compile(r"[ ]*\n[ ]*(?!because\b|since\b|as\b|and\b|but\b|while\b)[a-z]")
_NEXT_ITEM = re.compile(r",\s+(?=['\"\[({\d+.-]|True\b|False\b|None\b)")
_DOUBTED = re.compile(r"\b(?:wrong|incorrect(?:ly)?|buggy?|mistaken(?:ly)?)\b", re.IGNORECASE)
_DENIED_BEFORE = re.compile(
    r"\b(?:never|wrong(?:ly)?|incorrect(?:ly)?|bug(?:gy)?|bad|mistaken(?:ly)?|previously|formerly|used[ ]to"
    r"|old|deprecated|obsolete|to-?do|fixme|counter-?examples?|do[ ]not|don't|python[ ]?[12])\b|\bbefore:",
    re.IGNORECASE,
)
_DOUBTED_BEFORE = re.compile(
    r"\b(?:not|isn't|doesn't|instead[ ]of|unlike"
    r"|assum(?:e|es|ing)|suppos(?:e|es|ing)|if|unless|whether|when|while|or|neither|nor|except|until|def|class|lambda)\b",
    re.IGNORECASE,
)


def result_at(text: str, start: int, *, quoted: bool, prose: bool) -> int | None:
    """The index after the literal at `start` if it is certainly the whole result that is given there.

    `quoted` says that a back-tick stands before the literal or the call, `prose` that words led to it.
    """
    end = literal_end(text, start)
    if end is None or not is_literal(text[start:end]):
        return None
    rest = text[end : end + 200]
    if _DOUBTED.search(rest.split("\n", 1)[0]):
        return None
    if quoted and _CLOSED.match(rest):
        return end
    if not _ENDS.match(rest) or _GOES_ON.match(rest) or _NEXT_ITEM.match(rest):
        return None
    return None if prose and _PROSE_GOES_ON.match(rest) else end


def may_precede(before: str) -> bool:
    """Whether the text of a line before a call leaves the call a statement of its own."""
    bare = before.rstrip("`*").rstrip()
    # "If it is empty: f([]) == 0" holds; "wrong: f([]) == 1" does not.
    if _DENIED_BEFORE.search(before) or _DOUBTED_BEFORE.search(re.split(r"[.;:]\s", before)[-1]):
        return False
    if not bare or before.endswith("`") or re.fullmatch(r"\s*(?:[-*•\u2013>+$]|\(?\w{1,2}[.)]|#+)", before.rstrip()):
        return True
    if bare.endswith("("):
        return not bare[:-1] or bare[-2] in " ("
    return before[-1:] in " \t" and (bare[-1].isalnum() or bare[-1] in ":,;.!?)>…→")
