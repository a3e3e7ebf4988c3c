"""Words before an example that take it back: a heading ("Wrong:"), what someone might think, what others say."""

from __future__ import annotations

import re

_DENIAL = (
    r"(?:(?:(?:should|must|will|does|do)[ ]+)?(?:not|never)|wrong|bad|no|nope|invalid|incorrect|don'?ts?|avoid"
    r"|anti-?patterns?|counter-?examples?|mistakes?|pitfalls?|errors?|broken|buggy|bugs?|fail(?:s|ing|ures?)?"
    r"|un(?:expected|desired|wanted)|discouraged|forbidden|naive(?:ly)?)"
)
_THING = (
    r"(?:usage|use|ways?|examples?|results?|answers?|outputs?|values?|code|versions?|behaviou?rs?|implementations?"
    r"|this|that|it|these|so|like|do|happen|ok|okay|good|right|correct|valid)"
)
_LABEL = re.compile(
    rf"\W*(?:\w{{1,2}}[.)][ ]+)?(?:(?:common|typical|the|an?)[ ]+)?{_DENIAL}(?:[ ]+{_THING})*\W*|\s*[❌✗✘✖🚫👎]\W*",
    re.IGNORECASE,
)
_CLAUSE = re.compile(
    r"[,:(\u2013\u2014]\s|\b(?:so|thus|hence|therefore|because|since|as|example|instance)\b|\b[ei]\.[ge]\.",
    re.IGNORECASE,
)
_DEPENDENT = re.compile(r"\s*(?:that|which)\b", re.IGNORECASE)
_DOUBT = re.compile(
    r"\b(?:think\w*|thought|believ\w+|(?<!\bwe )expect(?:s|ing)?|assum\w+|suppos\w+|imagin\w+|guess\w*|avoid\w*"
    r"|mistak\w+|misconception|misunderst\w+|myth|fallacy|cannot|\w+n't|may|might|could|would|seems?|appears?"
    r"|naive(?:ly)?|wrongly|falsely|never|impossible|others?|another|elsewhere|some(?:body|one)|people|old(?:er)?"
    r"|earlier|different|rather|no longer|claim\w*)\b",
    re.IGNORECASE,
)
_REPORT = re.compile(
    r"(?P<who>.*?)\b(?:g[ia]ves?|says?|said|returns?|yields?|claims?|reports?|computes?|shows?|states?)[ `*]*\Z",
    re.IGNORECASE,
)
_OWN = re.compile(
    r"(?:.*\b(?:it|this|that|which|we|you|function|definition|formula|rule|example|and|so|then|thus)\s+)?(?:\w+ly\s+)?",
    re.IGNORECASE,
)
"""Who gives what the function itself does."""


def is_denying_label(line: str) -> bool:
    """Whether a heading, or what stands before a colon, says no more than that something is wrong: "Bad usage:"."""
    return _LABEL.fullmatch(line) is not None


def is_taken_back(sentence: str) -> bool:
    """Whether the words of a sentence before an example say that it may not hold, or that others say so.

    That is looked for in the clause of the example, and in those that it depends on ("One might think … that").
    """
    label, colon, _ = sentence.rpartition(":")
    if colon and is_denying_label(label):
        return True
    clause = _CLAUSE.split(sentence)[-1]
    if _DEPENDENT.match(clause):
        clause = sentence
    report = _REPORT.match(clause)
    return bool(_DOUBT.search(clause) or (report and not _OWN.fullmatch(report["who"])))
