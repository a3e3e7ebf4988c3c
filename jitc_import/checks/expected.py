"""Which effects of a body are to be expected: from words of its stub and around it, and from the module's imports."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jitc_import.checks.effects_table import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jitc_import.checks.effects import Effects

_FILES = (
    r"files?|filenames?|fname|paths?|folders?|dir(s|name)?|director(y|ies)|subdir\w*|read(s|ing|er)?|load(s|ed|ing|er)?|"
    r"open(s|ed)?|disk|json|csv|tsv|yaml|yml|toml|ini|xml|html|txt|pdf|xlsx?|parquet|sqlite\w*|database|db|"
    r"config(s|ure|uration)?|settings?|exists?|glob|walks?|logs?|archives?|zip(ped|file)?|unzip|tar(ball)?|extract(s|ed)?|"
    r"import(s|ed)?|tail(s|ed)?|backups?|temp(orary|file)?|tmp|mk(d|s)temp|caches?|persist\w*|templates?|documents?|"
    r"checksums?|images?|photos?|sources?|src|dest(ination)?|dst|io|stream(s|ed)?|lines"
)

_WORDS = {
    "reads files": _FILES,
    "writes files": _FILES + r"|writ(e|es|ten|ing|er)|saved?|saves|saving|stor(e|es|ed)|dumps?|exports?|creat(e|es)|"
    r"delet(e|es|ed)|remov(e|es|ed)|log(ged|ging|ger)|append(s|ed)?|rename[sd]?|cop(y|ies)|mov(e|es)|sync\w*|touch(es)?|"
    r"links?|symlinks?|records?|out(put)?s?|download(s|ed)?",
    "network": r"urls?|uris?|https?|fetch(es|ed)?|download(s|ed)?|upload(s|ed)?|requests?|network|servers?|clients?|"
    r"sockets?|ports?|hosts?|api|web|e-?mails?|smtp|ftp|dns|connect(s|ion|ions|ed)?|sends?|post(s|ed)?|"
    r"ip|address(es)?|localhost|ping(s|ed)?|proxy|proxies|webhooks?|endpoints?|remote|online|internet|peers?|serv(e|es|ing)|"
    r"service|listen(s|ing)?|broadcasts?|websites?|sites?|pages?|crawl(s|ed|er)?|scrap(e|es|ed|er)|domains?|whois|rss|feeds?|"
    r"rpc|mqtt|ssh|tcp|udp|tls|ssl|query|queries|notif\w*|slack|github|oauth|login|latency|reachable",
    "processes": r"process(es)?|subprocess(es)?|commands?|shell|run(s|ning)?|execut(e|es|able)|program|spawns?|kills?|"
    r"signals?|git|browser|workers?|pool|parallel|cmds?|exec|forks?|daemon\w*|launch(es|ed)?|pids?|service|"
    r"terminat(e|es|ed)|scripts?|compil(e|es|ed|er)|build(s)?|install(s|ed)?|tools?|jobs?|bash|docker|ffmpeg|"
    r"concurren(t|tly|cy)|invok(e|es|ed)",
    "environment": r"environ(ment)?|env|variables?|platform|system|user(name)?|home|cwd|working|argv|arguments?|"
    r"command[- ]line|hostname|locale|pid|cpus?|absolute|relative|expand(s|ed)?|"
    r"config(s|ure|uration)?|settings?|secrets?|tokens?|api key|credentials?|passwords?|shell|path",
    "clock": r"times?|timed|timing|now|today|dates?|datetime|clock|current|elapsed|seconds?|sleep(s|ing)?|wait(s|ing)?|"
    r"delay(s|ed)?|timestamps?|timeouts?|ag(e|o)|expir(e|es|ed|y)|yesterday|tomorrow|year|retr(y|ies)|duration|measure[sd]?",
    "random": r"random(ly|ness|ised|ized)?|shuffl(e|es|ed|ing)|sampl(e|es|ed|ing)|choos(e|es)|chosen|choices?|dic?e|"
    r"rolls?|draws?|uuids?|tokens?|secrets?|passwords?|unique|noise|jitter|monte|lottery|salt|nonce",
    "prints": r"print(s|ed|ing)?|display(s|ed)?|show(s|n|ing)?|outputs?|stdout|stderr|log(s|ged|ging|ger)?|"
    r"reports?|says?|console|terminal|writ(e|es)|greets?|main|demo|draws?|warn(s|ing)?|debug|screen",
    "input": r"inputs?|ask(s|ed|ing)?|prompt(s|ed)?|stdin|keyboard|typ(e|es|ed)|interactive(ly)?|passwords?|answers?|"
    r"enter(s|ed)?|confirm(s|ed|ation)?",
    "threads": r"threads?|threaded|concurrent(ly)?|parallel|background|async\w*|workers?|pool|timers?|schedul\w*",
    "changes globals": r"global(s|ly)?|cach(e|es|ed|ing)|memo\w*|regist\w*|remember(s|ed)?|state|set(s|ting|tings)?|"
    r"reset(s)?|counter|counts?|record(s|ed)?|configur\w*|keep(s|ing)?|stor(e|es|ed)|add(s|ed)?|append(s|ed)?|"
    r"clear(s|ed)?|updat(e|es|ed)|log(s|ged)?|next|signals?|handlers?|redirect\w*|recursion|precision|seed(s|ed)?|"
    r"remov(e|es|ed)|increment\w*|sav(e|es|ed)|push(es)?|pops?|enabl\w*|disabl\w*",
    "unknown": r"attributes?|dynamic(ally)?|reflection|introspect\w*|plugins?|by name|import(s|ed)?|namespace|proxy|"
    r"delegat\w*|formatt?\w*|templates?|fields?|module",
}
"""Words of a stub that call for an effect."""

_FILE_NAMES = (
    r"""(?:^|[\s'"(=,])(?:~|\.{1,2})?/[\w.-]|\b[A-Za-z]:\\|"""
    r"""\w\.(?:txt|csv|tsv|jsonl?|ya?ml|toml|ini|cfg|conf|xml|html?|md|rst|log|db|sqlite3?|gz|zip|tar|tgz|bz2|dat|bin|pdf|"""
    r"""png|jpe?g|gif|xlsx?|docx?|parquet|pkl|bak|tmp|pem|sql|wav|mp3|out|py)\b"""
)
"""What stands in an example where a file is meant."""

_PATTERNS = {kind: re.compile(rf"\b({words})\b", re.IGNORECASE) for kind, words in _WORDS.items()}

_MODULES = {
    "reads files": "os pathlib io shutil glob csv zipfile tarfile gzip bz2 lzma sqlite3 fileinput configparser "
    "linecache filecmp tempfile dbm mmap importlib.resources pkgutil json pickle tomllib",
    "writes files": "os pathlib io shutil csv zipfile tarfile gzip bz2 lzma sqlite3 tempfile dbm mmap pickle",
    "network": "socket ssl urllib.request http.client http.server ftplib smtplib imaplib poplib xmlrpc socketserver "
    "requests httpx aiohttp urllib3 websockets paramiko boto3 grpc openai anthropic select selectors asyncio",
    "processes": "subprocess multiprocessing signal pty webbrowser psutil concurrent.futures",
    "environment": "os platform getpass sys locale pwd grp dotenv resource",
    "clock": "time datetime sched asyncio timeit",
    "random": "random secrets uuid",
    "prints": "logging pprint sys rich traceback curses warnings",
    "input": "getpass sys readline cmd",
    "threads": "threading concurrent _thread asyncio multiprocessing",
    "changes globals": "signal atexit warnings gc contextvars",
    "unknown": "importlib inspect operator pickle unittest",
}
"""Modules that are imported for an effect's sake."""

REACHING = frozenset({"reads files", "writes files", "network", "processes", "environment"})
"""Effects on what lies outside of the process."""


@dataclass(frozen=True)
class Called:
    """What may call for effects: the `words` of a stub, which are its name, docstring and hints.

    For those that reach outside of the process also `given`: the words of its parameters, and of what it stands in.
    `imported` are the dotted names that the module imports, `drafted` the effects that its draft has.
    """

    words: str
    given: str = ""
    imported: frozenset[str] = frozenset()
    drafted: frozenset[str] = frozenset()

    def asks(self, kind: str) -> bool:
        """Whether something calls for a kind of effects."""
        words = f"{self.words} {self.given}" if kind in REACHING else self.words
        names_file = "files" in kind and re.search(_FILE_NAMES, words)
        spaced = words_apart(words)
        if kind in self.drafted or _is_imported(_MODULES[kind].split(), self.imported):
            return True
        return bool(names_file or _PATTERNS[kind].search(spaced))

    def unasked(self, excused: Iterable[str] = ()) -> frozenset[str]:
        """All kinds that nothing calls for, and that are not `excused`."""
        return frozenset(kind for kind in KINDS if not self.asks(kind)).difference(excused)


def unexpected_effects(effects: Effects, called: Called) -> tuple[str, ...]:
    """The kinds of effects that nothing calls for, sorted."""
    return tuple(kind for kind in effects.kinds if kind not in effects.excused and not called.asks(kind))


def words_apart(text: str) -> str:
    """A text in which the words of names are parted by blanks."""
    return re.sub(r"_|(?<=[a-z])(?=[A-Z])", " ", text)


def _is_imported(modules: list[str], imported: frozenset[str]) -> bool:
    return any(f"{path}.".startswith(f"{module}.") for module in modules for path in imported)
