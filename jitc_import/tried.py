"""A body that was tried: what came of it, and what speaks against it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import zip_longest
from typing import TYPE_CHECKING

from jitc_import.judging.verdicts import UNJUDGED, Verdict
from jitc_import.rote import learnt_by_rote

if TYPE_CHECKING:
    from jitc_import.judging.behaviour import Behaviour
    from jitc_import.store.keep import Body

LONGEST_DOUBT = 120
"""Characters of a call and its exception that are recorded."""

_READS_DOCSTRINGS = re.compile(
    r"\b(?:__doc__|getdoc|getsource(?:lines)?|getsourcefile|findsource|__loader__|linecache|pydoc"
    r"|doctest|co_consts)\b"
)
_ADDRESS = re.compile(r" at 0x[0-9A-Fa-f]+(?=>)")
"""Where an object lies, in its `repr`: another place each time."""

_NAMES_OWN_FILE = re.compile(r"\b(?:__file__|__cached__|__spec__|co_filename|_getframe|sys\.modules|argv\[0\])")
_READS = re.compile(r"(?:\b(?:open|fileinput|loader|get_source|get_data)\b|\bread(?:_|lines?\b|\())")
_NAMES_OTHER_FILE = re.compile(r"\b(?:dirname|parents?|with_name|with_suffix|joinpath)\b")
_FINDS_FILES = re.compile(r"\.py\b|\b(?:r?glob|i?listdir|iterdir|scandir|walk|basename)\b")


@dataclass(eq=False)
class Tried:
    """A body that was tried, and the whole `reply` that brought it.

    `flaw` is what was found without running it, `verdict` what came of running it. `votes` counts how often the model
    wrote it; `behaviour`, what it does with generated inputs, is None until that was found out; `turned_down` says
    that a person did not accept it.
    """

    body: Body
    reply: str
    flaw: str | None
    verdict: Verdict = UNJUDGED
    votes: int = 1
    behaviour: Behaviour | None = None
    turned_down: bool = False

    @property
    def outputs(self) -> tuple[str, ...]:
        """What it does with generated inputs, one by one."""
        return self.behaviour.outputs if self.behaviour else ()

    @property
    def raised(self) -> frozenset[int]:
        """The positions of those inputs on which it raises something."""
        return self.behaviour.raised if self.behaviour else frozenset()

    @property
    def is_telling(self) -> bool:
        """Whether there is a generated input for which it has a value."""
        return len(self.raised) < len(self.outputs)

    @property
    def advice(self) -> tuple[str, ...]:
        """What speaks against it and may yet be meant so."""
        return (*self.verdict.advice, *(self.behaviour.crashes if self.behaviour else ()))

    @property
    def problem(self) -> str | None:
        """Why it is not accepted; None where it may be."""
        return "turned down at review" if self.turned_down else self.flaw or self.verdict.problem

    @property
    def rank(self) -> tuple[bool, bool, int, bool, int, int]:
        """The better the greater: all came out, it could be run, more examples came out, no advice, votes, shorter."""
        good, runs = self.problem is None, self.flaw is None
        return good, runs, self.verdict.passed, not self.advice, self.votes, -len(self.body.text)


def told_reading(chosen: Tried) -> tuple[str, ...]:
    """That a body which came out may have looked its examples up."""
    if not chosen.verdict.passed:
        return ()
    if _READS_DOCSTRINGS.search(chosen.body.text):
        return ("doubtful: it reads docstrings (its examples stand there)",)
    return ("doubtful: it reads its own file (its examples stand there)",) if _reads_itself(chosen.body.text) else ()


def _reads_itself(text: str) -> bool:
    """Whether a body may read the file that it stands in, not just one beside it."""
    if not (_NAMES_OWN_FILE.search(text) and _READS.search(text)):
        return False
    return not _NAMES_OTHER_FILE.search(text) or _FINDS_FILES.search(text) is not None


def told_rote(chosen: Tried) -> tuple[str, ...]:
    """That a body which came out knows no more than its examples."""
    by_rote = chosen.verdict.passed and learnt_by_rote(chosen.body.stub, chosen.body.text)
    return ("doubtful: it has the answers of its examples by rote",) if by_rote else ()


def told_advice(chosen: Tried) -> tuple[str, ...]:
    """What a body broke down on, or gave against its annotation, that the model saw and left as it is."""
    if chosen.verdict.broken:
        broken = _ADDRESS.sub("", " ".join(chosen.verdict.broken.split()))
        return (f"doubtful: {broken[:LONGEST_DOUBT]}",)
    crash = chosen.behaviour.crashes[0] if chosen.behaviour and chosen.behaviour.crashes else ""
    return (f"doubtful: {' '.join(crash.partition(' (')[0].split())[:LONGEST_DOUBT]}",) if crash else ()


def likeness(one: Tried, other: Tried) -> float:
    """The share of generated inputs on which two candidates do the same. That both raise the same tells nothing."""
    if one is other:
        return 1.0
    pairs = list(zip_longest(one.outputs, other.outputs))
    told = [pair for at, pair in enumerate(pairs) if not (at in one.raised & other.raised and pair[0] == pair[1])]
    same = [pair for pair in told if pair[0] == pair[1]]
    return len(same) / max(len(told), 1)
