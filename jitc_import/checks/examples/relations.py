"""The signs and words that stand between a call and its result, and what may follow a result, in prose."""

from __future__ import annotations

import builtins
import re

from jitc_import.checks.examples.calls import is_made
from jitc_import.checks.examples.conditions import is_hedged
from jitc_import.checks.examples.literals import is_literal, parsed
from jitc_import.checks.examples.notation import is_of_another_kind
from jitc_import.checks.examples.scanning import brackets_end, literal_end

ARROW = r"(?:={1,3}>|-{1,3}>|[➞→⇒⟶➜⟹⇨➡↦⟼]\ufe0f?)"
_EQUALS = r"(?:==(?!=)|=(?![=<>~]))"
_VERB = (
    r"(?:(?:should|must|will|would|shall)[ ]+(?:be[ ]+|return[ ]+|give[ ]+|produce[ ]+|equal[ ]+|output[ ]+|yield[ ]+)"
    r"|(?:returns?|gives?|outputs?|produces?|yields|equals?|is|evaluates?[ ]to|results?[ ]in)(?:[ ]+|(?=\n)))"
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

_GIVING = r"(?:returns?|gives?|outputs?|produces?|yields?)"
SENTENCE_RELATION = re.compile(
    rf"[`*]{{0,2}}[ ]*,?[ ]*(?:(?={_NOUN}|(?:it|this|we|you|(?:the[ ]|your?[ ])?function)[ ]|{_GIVING}\b"
    rf"|(?:should|must|will|would|shall)[ ]+{_GIVING}\b){_WORDS}|{ARROW}[ ]*)(?:\n[ ]*)?[`*]{{0,2}}",
    re.IGNORECASE,
)
"""Between arguments and their result: no `=`, which belongs to the arguments, nor "the greatest for 8 is 255"."""

_CALLED = re.compile(r"[A-Za-z_]\w*(?:\.\w+)*(?=\()")
_RAISES = re.compile(
    rf"[`*]{{0,2}}[ ]*(?:(?:\#|//|{ARROW})[ ]*)?(?:(?:should|must|will|shall)[ ]+)?(?:raises?|throws?)[ ]+(?:an?[ ]+)?"
    r"(?P<opened>[`*]{1,2})?(?P<kind>[A-Z]\w*)"
)

_ENDS = re.compile(
    r"[ ]*(?:\n|\Z)|\)?[.,;!)](?:\s|\Z|['\"`)])|[ ]*\#|[ ]{2,}//[ ]*[A-Za-z]|[ ]*;"
    r"|[ ]+\("
    r"|[ ]+(?:because|since|as|due[ ]to|but|while|whereas)\b|[ ]+(?:--?|[\u2013\u2014])[ ]+[A-Za-z]{2}"
    r"|[ ]+and[ ]+`{0,2}(?=\w+\()"
)
_ASKED = re.compile(r"[^.!?;'\"\n]{0,200}\?")
"""The rest of a sentence that asks."""

_DENIED_BEHIND = re.compile(r"[`*)]*[.!?][ ]+(?:no(?:pe)?[.!,]|not[ ]+(?:so|true|really|any)\b)", re.IGNORECASE)
_CLOSED = re.compile(r"[`*]{1,2}(?![`*\w])")
_GOES_ON = re.compile(r"[ ]*\n[ ]*(?:[/%&|^<=?]|[+*>][ ]?\d)")
_PROSE_GOES_ON = re.compile(r"[ ]*\n[ ]*(?!(?:because|since|as|and|but|while)\b|[\w.]+\()[a-z]")
_MORE_LITERALS = re.compile(r"[\s,;]*|[ \t]*[,;]?[ \t]*(?:['\"\[({]|[-+.]?\d).*")
"""What follows the literal that a line begins with, where the line is nothing but literals."""

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
    if end is None or not is_literal(text[start:end]) or is_of_another_kind(text[start:end], text[end : end + 200]):
        return None
    return end if _ends_there(text, end, quoted=quoted, prose=prose) else None


def made_at(text: str, start: int, *, quoted: bool) -> int | None:
    """The same for what is no literal, and made by a class: `Decimal('1.5')`."""
    called = _CALLED.match(text, start)
    end = brackets_end(text, called.end()) if called else None
    tree = parsed(text[start:end]) if end is not None else None
    return end if tree and end and is_made(tree) and _ends_there(text, end, quoted=quoted, prose=False) else None


def raised_at(text: str, start: int, *, quoted: bool) -> tuple[str, int] | None:
    """The builtin exception that the call which ends at `start` certainly raises, and the index after it."""
    match = _RAISES.match(text, start)
    kind = getattr(builtins, match["kind"], None) if match else None
    if not match or not isinstance(kind, type) or not issubclass(kind, Exception):
        return None
    is_whole = _ends_there(text, match.end(), quoted=quoted or bool(match["opened"]), prose=True)
    return (match["kind"], match.end()) if is_whole else None


def _ends_there(text: str, end: int, *, quoted: bool, prose: bool) -> bool:
    """Whether a result that ends at `end` is the whole one, and nothing behind it says that it holds only sometimes."""
    rest = text[end : end + 200]
    if _DOUBTED.search(rest.split("\n", 1)[0]) or _ASKED.match(rest) or _DENIED_BEHIND.match(rest) or is_hedged(rest):
        return False
    if quoted and _CLOSED.match(rest):
        return True
    if _goes_on_below(text, end) or not _ENDS.match(rest) or _GOES_ON.match(rest) or _NEXT_ITEM.match(rest):
        return False
    return not (prose and _PROSE_GOES_ON.match(rest))


def _goes_on_below(text: str, end: int) -> bool:
    """Whether the line after a result that ends its own holds nothing but more literals: more of the result."""
    below = re.compile(r"[ ]*\n[ ]*").match(text, end)
    next_end = literal_end(text, below.end()) if below else None
    return next_end is not None and _MORE_LITERALS.fullmatch(text[next_end:].split("\n", 1)[0]) is not None


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
