"""Words before an example that take it back: a heading ("Wrong:"), what someone might think, what others say."""

from __future__ import annotations

import re

_DENIAL = (
    r"(?:(?:(?:should|must|will|does|do)[ ]+)?(?:not|never)|wrong|bad|no|nope|invalid|incorrect|don'?ts?|avoid"
    r"|anti-?patterns?|counter-?examples?|mistakes?|pitfalls?|errors?|broken|buggy|bugs?|fail(?:s|ing|ures?)?"
    r"|un(?:expected|desired|wanted|implemented|supported)|discouraged|forbidden|naive(?:ly)?"
    r"|issues?|limitations?|caveats?|gotchas?|problems|to[ -]?dos?|fixme|deprecated|obsolete|legacy|outdated"
    r"|old|previous(?:ly)?|former(?:ly)?|future|planned|(?:does|do|did|is|are|was|should|must|will|would)n't)"
)
_THING = (
    r"(?:usage|use|ways?|examples?|results?|answers?|outputs?|values?|code|versions?|behaviou?rs?|implementations?"
    r"|this|that|it|these|so|like|do|happen|ok|okay|good|right|correct|valid|yet|any[ ]?more|now|implemented"
    r"|supported|work(?:s|ing)?|hold|fixed|done|plans?|features?|for|on|with|at|here|api|interface)"
)
_OTHERS = (
    r"(?:(?:numpy|scipy|pandas|polars|(?:py)?torch|tensorflow|jax|(?:ms[ ]|microsoft[ ])?excel|libre-?office|matlab"
    r"|octave|mathematica|julia|ruby|perl|java(?:script)?|typescript|js|php|rust|haskell|sql(?:ite)?|mysql|postgres(?:ql)?"
    r"|lodash|c?python|pypy|(?:the[ ]+)?built-?ins?|stdlib|standard[ ]+library)(?:[ ]+v?\d[\d.]*)?"
    r"|v(?:ersion[ ]+)?\d[\d.]*|(?:[a-z_]\w*\.)+\w+(?:\(\))?)"
)
"""Who else has a function of the same name."""

_LABEL = re.compile(
    rf"\W*(?:\w{{1,2}}[.)][ ]+)?(?:(?:common|typical|known|open|current|some|other|the|an?)[ ]+){{0,2}}"
    rf"(?:{_DENIAL}(?:[ ]+{_THING})*"
    r"|(?:issues?|limitations?|caveats?|gotchas?|bugs)[ ]+(?:with|for|in|of|on)\b[^:]{0,80}"
    rf"|{_OTHERS}(?:'s)?)\W*|\s*[❌✗✘✖🚫👎]\W*",
    re.IGNORECASE,
)
_CLAUSE = re.compile(
    r"[,:(\u2013\u2014]\s|\b(?:so(?:[ ]+that)?|thus|hence|therefore|because|since|as|example|instance)\b"
    r"|\b[ei]\.[ge]\.",
    re.IGNORECASE,
)
_DEPENDENT = re.compile(r"\s*(?:that|which|where(?:as)?|whose|in[ ]which|for[ ]which)\b", re.IGNORECASE)
_DOUBT = re.compile(
    r"\b(?:think\w*|thought|believ\w+|(?<!\bwe )expect(?:s|ing)?|assum\w+|suppos\w+|imagin\w+|guess\w*|avoid\w*"
    r"|mistak\w+|misconception|misunderst\w+|myth|fallacy|cannot|\w+n't|may|might|could|would|seems?|appears?"
    r"|naive(?:ly)?|wrongly|falsely|never|impossible|others?|another|elsewhere|some(?:body|one)|people|old(?:er)?"
    r"|earlier|different(?:ly)?|differs?|rather|claim\w*|contrast\w*|opposed|contrary|compar(?:e|ed|ing)|fails?|breaks"
    r"|no|none|nothing|nobody|nowhere)\b",
    re.IGNORECASE,
)
_ASKED = re.compile(r"\W*(?:is|are|did|does|do|why)\b[^:]*\Z", re.IGNORECASE)
_NEARLY = re.compile(
    r"\b(?:at[ ]+(?:most|least|best|worst|present)|roughly|approx\w*|about|almost|nearly|hardly|barely|around|perhaps"
    r"|possibly|probably|usually|often|sometimes|mostly|currently|presently|today|for[ ]now|temporarily|naive(?:ly)?"
    r"|ideally|theoretically|hypothetically)\W*\Z",
    re.IGNORECASE,
)
"""What stands right before an example that holds only sometimes, or nearly."""

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
    if _NEARLY.search(sentence):
        return True
    clause = _CLAUSE.split(sentence)[-1]
    if _DEPENDENT.match(clause):
        clause = sentence
    report = _REPORT.match(clause)
    return bool(_DOUBT.search(clause) or _ASKED.match(clause) or (report and not _OWN.fullmatch(report["who"])))
