"""Which effects of a body are to be expected, from the words of its stub and from what the module itself imports."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jitc_import.checks.effects import Effects

_FILES = (
    r"files?|filenames?|paths?|folders?|director(y|ies)|read(s|ing)?|load(s|ed|ing)?|open(s|ed)?|disk|json|csv|yaml|"
    r"toml|ini|config(uration)?|exists?|glob|walks?"
)

_WORDS = {
    "reads files": _FILES,
    "writes files": _FILES + r"|writ(e|es|ten|ing)|saved?|saves|saving|stor(e|es|ed)|dumps?|exports?|creat(e|es)|"
    r"delet(e|es|ed)|remov(e|es|ed)|log(s|ged|ging)?|append(s|ed)?|rename[sd]?|cop(y|ies)|mov(e|es)",
    "network": r"urls?|uris?|https?|fetch(es|ed)?|download(s|ed)?|upload(s|ed)?|requests?|network|servers?|clients?|"
    r"sockets?|ports?|hosts?|api|web|e-?mails?|smtp|ftp|dns|connect(s|ion|ions|ed)?|sends?|post(s|ed)?",
    "processes": r"process(es)?|subprocess(es)?|commands?|shell|run(s|ning)?|execut(e|es|able)|program|spawns?|kills?|"
    r"signals?|git|browser|workers?|pool|parallel",
    "environment": r"environ(ment)?|env|variables?|platform|system|user(name)?|home|cwd|working|argv|arguments?|"
    r"command[- ]line|hostname|locale|pid|cpus?|absolute|relative|expand(s|ed)?",
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


def unexpected_effects(effects: Effects, words: str, module_imports: frozenset[str]) -> tuple[str, ...]:
    """The kinds of effects that neither the stub's words nor the module's own code calls for, sorted.

    `words` are the name of the stub, its docstring and hints; `module_imports` dotted names, as `imported_paths` has
    them.
    """
    spaced = words_apart(words)
    return tuple(
        kind
        for kind in effects.kinds
        if kind not in effects.excused
        if not (_is_imported(_MODULES[kind].split(), module_imports) or _PATTERNS[kind].search(spaced))
    )


def words_apart(text: str) -> str:
    """A text in which the words of names are parted by blanks."""
    return re.sub(r"_|(?<=[a-z])(?=[A-Z])", " ", text)


def _is_imported(modules: list[str], imported: frozenset[str]) -> bool:
    return any(f"{path}.".startswith(f"{module}.") for module in modules for path in imported)
