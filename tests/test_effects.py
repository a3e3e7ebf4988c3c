"""What a body does beyond giving a value is found, and what is never accepted is refused."""

from __future__ import annotations

import ast
import os
import sys
import textwrap
from importlib import import_module
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jitc_import.checks.effects import Effects, effects_of
from jitc_import.checks.effects_table import KINDS, TABLE
from jitc_import.checks.expected import Called, unexpected_effects
from jitc_import.checks.origins import imported_paths
from jitc_import.source.definitions import definitions

LIBRARY = Path(os.__file__).parent


SHAPE = """
class Shape:
    def __init__(self, x): self.x = x
    @property
    def area(self): return self.x ** 2
    def show(self): print(self.x)
"""


def effects(body: str, module: str = "", parameters: str = "x, self=None, *args, **options") -> Effects:
    """The effects of a body in a module whose text is `module`."""
    indented = textwrap.indent(textwrap.dedent(body).strip(), "    ")
    node = ast.parse(f"async def f({parameters}):\n{indented}\n").body[0]
    assert isinstance(node, ast.AsyncFunctionDef)
    return effects_of(node, ast.parse(module), package="pkg")


@pytest.mark.parametrize(
    ("body", "module"),
    [
        ("return x + 1", ""),
        ("return math.sqrt(x) + sum(map(abs, x))", "import math"),
        ("import itertools, functools\nreturn functools.reduce(max, itertools.chain(*x))", ""),
        ("import re\nreturn re.compile(r'(a)').sub(lambda m: m.group(1).upper(), x)", ""),
        ("from collections import Counter, defaultdict\nc = Counter(x)\nc.update(x)\nreturn c.most_common(3)", ""),
        ("return json.dumps(json.loads(x), indent=2)", "import json"),
        ("return sorted(x, key=operator.attrgetter('name', 'place.town'))", "import operator"),
        ("return datetime.strptime(x, '%Y') + timedelta(days=1)", "from datetime import datetime, timedelta"),
        ("return datetime.time(3), datetime.datetime(2000, 1, 1), datetime.timezone.utc", "import datetime"),
        ("self.items.append(x)\nself.seen[x] = 1\nself.total += 1\nreturn self.__class__(x)", ""),
        ("self.__dict__.update(options)\nreturn vars(self)", ""),
        ("self.open(x)\nself.write_text(x)\nreturn self.print()", "from pathlib import Path"),
        ("return x.replace('a', 'b').format(1)", "from pathlib import Path"),
        ("return os.path.join(x, os.sep), os.path.splitext(x)", "import os"),
        ("return pathlib.PurePath(x).with_suffix('.txt').name", "import pathlib"),
        ("open = x.open\nreturn open(3)", ""),
        ("return [print for print in x]", ""),
        ("def show(print): return print(x)\nreturn show", ""),
        ("return (lambda input: input(x))(self)", ""),
        ("try:\n  return 1 / x\nexcept ZeroDivisionError as error:\n  raise ValueError(f'{x!r}') from error", ""),
        ("match x:\n  case Point(x=0, y=[1, *rest]): return rest\n  case {'k': v}: return v", "class Point: ..."),
        ("return [y async for y in x if (z := y)]", ""),
        ("a = np.asarray(x, np.float64)\nreturn np.linalg.norm(a - a.mean()) @ np.eye(3)", "import numpy as np"),
        ("return np.random.default_rng(3).normal(size=x)", "import numpy as np"),
        ("return isinstance(x, (types.FunctionType, types.CodeType)), type(x) is types.CodeType", "import types"),
        ("def inner(a: F) -> F: return {F: 1}, cast(F, a)\nreturn inner", "from types import FunctionType as F"),
        ("object.__setattr__(self, 'x', x)\nself.__setattr__('y', x)\nsuper().__setattr__(*x)", ""),
        ("d = json.JSONDecoder()\nd.x = 1", "import json"),
        ("d = json.JSONDecoder\nd = d()\nd.parse_int = x", "import json"),
        ("return time.strftime('%Y', x), time.gmtime(x), time.ctime(1)", "import time"),
        ("return ET.tostring(ET.fromstring(x))", "import xml.etree.ElementTree as ET"),
        ("return helper(x), Shape(x).area, Shape(x).x", "def helper(x): return twice(x)\ndef twice(x): ...\n" + SHAPE),
        ("return helper(x), Other(x).add(x), Other.add(x)", "def helper(x): ...\nclass Other: ..."),
        ("from .sibling import thing\nfrom pkg.other import more\nreturn thing(more)", ""),
        ("return getattr(x, 'name', None), hasattr(x, '__len__'), type(x).__name__", ""),
        ("return type('C', (), {'a': x}), isinstance(x, types.FunctionType)", "import types"),
        ("return io.StringIO(x).read()", "import io"),
        ("sys.exit(2 if sys.version_info > (3,) else x)", "import sys"),
        ("return random.Random(x).random()", "import random"),
        ("return decimal.Decimal(x).quantize(CENT)", "import decimal\nCENT = decimal.Decimal('0.01')"),
        ("return x.compile(), x.system, 'eval', '{x.name}'.format(x=x)", ""),
        ("raise subprocess.CalledProcessError(1, x)", "import subprocess"),
        ("return urllib.parse.quote(x)", "import urllib.parse"),
        ("@functools.wraps(x)\ndef inner(*a, **k): return x(*a, **k)\nreturn inner", "import functools"),
        ("return 'the attribute __globals__ of it'", ""),
        ("row = GRID[0].copy()\nrow.append(x)\nmade = GRID\nmade = []\nmade.append(x)", "GRID = [[]]"),
        ("heapq.heappush(x, 1)\nreturn next(iter(x))", "import heapq"),
        ("made = Circle\nreturn made(x)", "class Circle: ..."),
        ("return x.__annotations__, inspect.signature(x)", "import inspect"),
        ("return argparse.ArgumentParser().parse_args(x)", "import argparse"),
        ("return parse(x)", "import json\nparse = json.loads"),
    ],
)
def test_idiomatic_bodies_are_pure(body: str, module: str) -> None:
    assert effects(body, module) == Effects()
    assert str(effects(body, module)) == "pure"


@pytest.mark.parametrize(
    ("body", "module", "kinds"),
    [
        ("print(x)", "", "prints"),
        ("import asyncio\nreturn asyncio.streams.open_connection(x, 80)", "", "network"),
        ("import inspect\nreturn inspect.getmembers_static(x)", "", "unknown"),
        ("import argparse\nreturn argparse.FileType('w')(x)", "", "unknown"),
        ("import warnings\nwarnings.filters.clear()", "", "changes globals"),
        ("import functools\ndef g(a: 'open(1)'): pass\nreturn functools.singledispatch(g)", "", "unknown"),
        ("return list(map(print, x))", "", "prints"),
        ("show = print\nshow(x)", "", "prints"),
        ("import sys\nsys.stdout.write(x)", "", "prints"),
        ("return input('?')", "", "input"),
        ("with open(x) as f: return f.read()", "", "reads files"),
        ("with open(x, 'w') as f: f.write(x)", "", "writes files"),
        ("with open(x, mode='rb+') as f: f.write(x)", "", "reads files, writes files"),
        ("return open(x, self.mode)", "", "reads files, writes files"),
        ("return [open for _ in map(open, x)]", "", "reads files, writes files"),
        ("return [open for open in open(x)]", "", "reads files"),
        ("return (lambda open=open: open)", "", "reads files, writes files"),
        ("return Path(x).read_text()", "from pathlib import Path", "reads files"),
        ("return x.exists() and x.open('w')", "from pathlib import Path", "reads files, writes files"),
        ("Path(x).mkdir()\nPath(x).replace(self)", "from pathlib import Path", "writes files"),
        ("return os.path.exists(x)", "import os", "reads files"),
        ("from os import path as p\nreturn p.exists(x)", "", "reads files"),
        ("import os.path\nreturn os.path.getsize(x)", "", "reads files"),
        ("os.remove(x)", "import os", "writes files"),
        ("return shutil.copy(x, x)", "import shutil", "writes files"),
        ("return os.environ['HOME'] + os.getenv(x)", "import os", "environment"),
        ("os.environ['A'] = x", "import os", "changes globals, environment"),
        ("return sys.argv[1:]", "import sys", "environment"),
        ("return time.time()", "import time", "clock"),
        ("import time as clock\nclock.sleep(1)", "", "clock"),
        ("return datetime.now()", "from datetime import datetime", "clock"),
        ("return datetime.date.today()", "import datetime", "clock"),
        ("await asyncio.sleep(x)", "import asyncio", "clock"),
        ("return random.choice(x)", "import random", "random"),
        ("return random.Random()", "import random", "random"),
        ("from uuid import uuid4\nreturn str(uuid4())", "", "random"),
        ("import subprocess\nreturn subprocess.run(x)", "", "processes"),
        ("os.system(x)", "import os", "processes"),
        ("from os import system as s\ns(x)", "", "processes"),
        ("run = os.popen\nrun(x)", "import os", "processes"),
        ("return getattr(os, 'sys' 'tem')(x)", "import os", "processes"),
        ("return getattr(os, 'sys' + 'tem')(x)", "import os", "processes"),
        ("return random._os.system(x)", "import random", "processes"),
        ("return helpers.os.system(x)", "from . import helpers", "processes"),
        ("import socket\nreturn socket.socket()", "", "network"),
        ("from urllib.request import urlopen\nreturn urlopen(x)", "", "network"),
        ("return requests.get(x)", "import requests", "network"),
        ("import httpx\nreturn httpx.get(x)", "", "network"),
        ("threading.Thread(target=x).start()", "import threading", "threads"),
        ("global made\nmade = x", "", "changes globals"),
        ("CACHE[x] = 1", "CACHE = {}", "changes globals"),
        ("SEEN.append(x)", "SEEN = []", "changes globals"),
        ("Circle.count += 1", "class Circle: ...", "changes globals"),
        ("globals()['made'] = x", "", "changes globals, unknown"),
        ("import scipy\nreturn scipy.linalg.norm(x)", "", "unknown"),
        ("return pd.read_csv(x)", "import pandas as pd", "unknown"),
        ("redis.Redis().flushall()", "import redis", "unknown"),
        ("psycopg2.connect(x).cursor().execute(x)", "import psycopg2", "unknown"),
        ("return tkinter.Tk()", "import tkinter", "unknown"),
        ("np.save(x, x)", "import numpy as np", "writes files"),
        ("np.array(x).tofile('out')", "import numpy as np", "writes files"),
        ("return np.random.rand(x)", "import numpy as np", "random"),
        ("return time.strftime('%Y')", "import time", "clock"),
        ("return time.ctime(), time.asctime(None)", "import time", "clock"),
        ("return map(time.gmtime, x)", "import time", "clock"),
        ("logging.getLogger('a').warning(x)", "import logging", "prints"),
        ("LOG.warning(x)", "import logging\nLOG = logging.getLogger(__name__)", "prints"),
        ("self.log.debug(x)", "import logging", "prints"),
        ("warnings.warn(x)", "import warnings", "prints"),
        ("ET.ElementTree(x).write('out.xml')", "import xml.etree.ElementTree as ET", "writes files"),
        ("t = ET.parse(x)\nt.write('out.xml')", "import xml.etree.ElementTree as ET", "reads files, writes files"),
        ("return codecs.open(x, 'w')", "import codecs", "writes files"),
        ("return codecs.open(x)", "import codecs", "reads files"),
        ("return wave.open(x, 'wb')", "import wave", "writes files"),
        ("return fileinput.input(inplace=True)", "import fileinput", "reads files, writes files"),
        ("return fileinput.input(x)", "import fileinput", "reads files"),
        ("await asyncio.get_running_loop().sock_connect(x)", "import asyncio", "network"),
        ("f = Path(x).open\nreturn f('w')", "from pathlib import Path", "reads files, writes files"),
        ("p = Path(x)\nf = p.exists\nreturn f()", "from pathlib import Path", "reads files"),
        ("env = os.environ\nenv['A'] = x", "import os", "changes globals, environment"),
        ("kinds = [types.FunctionType]\nreturn isinstance(x, tuple(kinds))", "import types", "unknown"),
        ("return list(map(object.__setattr__, x, 'a', x))", "", "unknown"),
        ("return getattr(self, x)", "", "unknown"),
        ("return operator.attrgetter(x)", "import operator", "unknown"),
        ("return type(x).__dict__", "", "unknown"),
        ("return type(x).__mro__", "", "unknown"),
        ("return f(json)", "import json\ndef f(x): ...", "unknown"),
        ("return string.Formatter().vformat(x, (), {})", "import string", "unknown"),
        ("return ('{' + x + '}').format(self)", "", "unknown"),
        ("return x.builtins.open, x.y.sys", "", "unknown"),
        ("return df.eval(x)", "df = 3", "unknown"),
        ("return pickle.loads(x)", "import pickle", "unknown"),
        ("return importlib.import_module(x)", "import importlib", "unknown"),
        ("@print\ndef inner(): ...", "", "prints"),
        ("class C:\n  import os\n  here = os.getcwd()", "", "environment"),
        ("row = GRID[0]\nrow.append(x)", "GRID = [[]]", "changes globals"),
        ("for row in GRID:\n  row[0] = x", "GRID = [[]]", "changes globals"),
        ("heapq.heappush(HEAP, x)", "import heapq\nHEAP = []", "changes globals"),
        ("dict.update(SEEN, x)", "SEEN = {}", "changes globals"),
        ("return next(NUMBERS)", "import itertools\nNUMBERS = itertools.count()", "changes globals"),
        ("random.shuffle(CARDS)", "import random\nCARDS = []", "changes globals, random"),
        ("type(self).made += 1", "", "changes globals"),
        ("self.__class__.made += 1", "", "changes globals"),
        ("return run(x)", "import subprocess\nrun = subprocess.run", "processes"),
        ("show(x)", "show = print", "prints"),
        ("return list(map(Path.unlink, x))", "from pathlib import Path", "writes files"),
        ("return getattr(Path(x), 'unlink')", "from pathlib import Path", "writes files"),
        ("return operator.methodcaller('unlink')(x)", "import operator", "writes files"),
        ("return Path(x).expanduser()", "from pathlib import Path", "environment"),
        ("return asyncio.new_event_loop().run_in_executor(None, x)", "import asyncio", "threads"),
        ("return asyncio.get_running_loop().create_connection(x)", "import asyncio", "network"),
        ("return argparse.ArgumentParser().parse_args()", "import argparse", "environment"),
        ("return posixpath.abspath(x)", "import posixpath", "environment"),
        ("def g(a): ...\ng.__annotations__['a'] = x", "", "unknown"),
    ],
)
def test_effects_are_found(body: str, module: str, kinds: str) -> None:
    found = effects(body, module)
    assert str(found) == kinds
    assert found.refused is None


@pytest.mark.parametrize(
    ("body", "module"),
    [
        ("return eval(x)", ""),
        pytest.param(
            "import enum\nreturn enum.bltns.eval('2*x')",
            "",
            marks=pytest.mark.skipif(sys.version_info < (3, 11), reason="enum has no such name before 3.11"),
        ),
        ("import dataclasses\nreturn dataclasses.sys.modules", ""),
        ("import pytest\npytest.skip('no')", ""),
        ("exec(x)", ""),
        ("return compile(x, 'f', 'exec')", ""),
        ("return __import__('os')", ""),
        ("breakpoint()", ""),
        ("e = eval\nreturn e(x)", ""),
        ("return list(map(eval, x))", ""),
        ("b = __builtins__\nreturn b['ev' 'al'](x)", ""),
        ("return \uff45val(x)", ""),
        ("import builtins\nreturn builtins.eval(x)", ""),
        ("from builtins import exec as run\nrun(x)", ""),
        ("import builtins\nb = builtins\nreturn b", ""),
        ("return getattr(builtins, 'eval')(x)", "import builtins"),
        ("return [eval for eval in eval(x)]", ""),
        ("return (lambda eval=eval: eval)(x)", ""),
        ("def inner(y=eval): return y\nreturn inner", ""),
        ("@eval\ndef inner(): ...", ""),
        ("class C:\n  eval = eval\nreturn C", ""),
        ("class eval_(metaclass=eval): ...", ""),
        ("return [e async for e in x if (f := eval)]", ""),
        ("return f'{eval(x)!r:{exec}}'", ""),
        ("return f'{x.__globals__}'", ""),
        ("return x.__globals__", ""),
        ("return x.__code__", ""),
        ("return x.__closure__", ""),
        ("x.__code__ = self", ""),
        ("return ().__class__.__base__.__subclasses__()", ""),
        ("return ().__class__.__mro__[1].__subclasses__()", ""),
        ("return getattr(x, '__globals__')", ""),
        ("return getattr(x, '__glo' + 'bals__')", ""),
        ("return getattr(x, f'__globals__')", ""),
        ("name = '__globals__'\nreturn getattr(x, name)", ""),
        ("return operator.attrgetter('a.__globals__')(x)", "import operator"),
        ("from operator import attrgetter as g\nreturn g('__code__.co_consts')(x)", ""),
        ("return operator.methodcaller('__subclasses__')(object)", "import operator"),
        ("return '{0.__globals__}'.format(x)", ""),
        ("return '{0.__globals__[a]}'.format_map(x)", ""),
        ("t = '{0.a.__init__.__globals__}'\nreturn t.format(x)", ""),
        ("return ('{0.__glo' + 'bals__}').format(x)", ""),
        ("return string.Formatter().format('{0.__code__}', x)", "import string"),
        ("match x:\n  case object(__globals__=g): return g", ""),
        ("match x:\n  case object(__class__=object(__subclasses__=s)): return s()", ""),
        ("return typing.ForwardRef(x)", "import typing"),
        ("from typing import get_type_hints\nreturn get_type_hints(x)", ""),
        ("return sys._getframe().f_globals", "import sys"),
        ("m = sys\nreturn m._getframe(1)", "import sys"),
        ("sys.settrace(x)", "import sys"),
        ("sys.modules['json'] = x", "import sys"),
        ("return sys.modules['os'].system(x)", "import sys"),
        ("return os.sys.modules", "import os"),
        ("import gc\nreturn gc.get_objects()", ""),
        ("import ctypes\nreturn ctypes.CDLL(None)", ""),
        ("import cffi", ""),
        ("return inspect.currentframe().f_back", "import inspect"),
        ("return inspect.stack()", "import inspect"),
        ("return x.gi_frame", ""),
        ("return x.cr_frame", ""),
        ("try: x()\nexcept Exception as e: return e.__traceback__.tb_frame", ""),
        ("import pickle\nreturn pickle.loads(x)", ""),
        ("import zipimport\nreturn zipimport.zipimporter(x).load_module('m')", ""),
        ("return np.load(x, allow_pickle=True)", "import numpy as np"),
        ("return np.load(x, None, self.pickled)", "import numpy as np"),
        ("import marshal\nreturn marshal.loads(x)", ""),
        ("import importlib\nreturn importlib.import_module(x)", ""),
        ("from importlib import import_module as load\nreturn load(x)", ""),
        ("return importlib.reload(x)", "import importlib"),
        ("os._exit(0)", "import os"),
        ("os.abort()", "import os"),
        ("json.loads = x", "import json"),
        ("import json\njson.loads = x", ""),
        ("del json.loads", "import json"),
        ("setattr(json, 'loads', x)", "import json"),
        ("from builtins import setattr as s\ns(json, x, x)", "import json"),
        ("json.JSONDecoder.decode = x", "import json"),
        ("JSONDecoder.decode = x", "from json import JSONDecoder"),
        ("requests.get = x", "import requests"),
        ("int.real = x", ""),
        ("json.__dict__['loads'] = x", "import json"),
        ("vars(json)['loads'] = x", "import json"),
        ("for json.loads in x: pass", "import json"),
        ("with x as json.loads: pass", "import json"),
        ("json.loads, y = x", "import json"),
        ("json.codecs.lookup = x", "import json"),
        ("return print.__self__.eval(x)", ""),
        ("return __loader__, __spec__", ""),
        ("return types.FunctionType(x, {})", "import types"),
        ("return inspect.signature(x, eval_str=True)", "import inspect"),
        ("return types.CodeType(x)", "import types"),
        ("F = types.FunctionType\nreturn F(x, {})", "import types"),
        ("F = types.FunctionType; C = types.CodeType\nreturn F(C(x), {})", "import types"),
        ("return list(map(types.FunctionType, x))", "import types"),
        ("return functools.partial(FunctionType, x)", "import functools\nfrom types import FunctionType"),
        ("return getattr(types, 'CodeType')(x)", "import types"),
        ("json.__setattr__('loads', x)", "import json"),
        ("json.__delattr__('loads')", "import json"),
        ("type.__setattr__(Path, 'exists', x)", "from pathlib import Path"),
        ("object.__setattr__(json, 'loads', x)", "import json"),
        ("put = json.__setattr__\nput('loads', x)", "import json"),
        ("map(json.__setattr__, x, x)", "import json"),
        ("d = json.JSONDecoder; d.decode = x", "import json"),
        ("d = json.decoder; d.JSONDecoder = x", "import json"),
        ("d, y = json.JSONDecoder, 1\nd.decode = x", "import json"),
        ("(d := json.JSONDecoder).decode = x", "import json"),
        ("d: type = json.decoder\nc = d.JSONDecoder\ndel c.decode", "import json"),
        ("def inner():\n  d = json.JSONDecoder\n  d.decode = x\ninner()", "import json"),
        ("d = requests\nd.get = x", "import requests"),
        ("import unittest.mock\nreturn unittest.mock.patch('json.loads', x)", ""),
        ("import timeit\nreturn timeit.timeit(x)", ""),
        ("import posix\nposix.system(x)", ""),
        ("global eval_\nfrom builtins import eval as eval_\nreturn eval_(x)", ""),
    ],
)
def test_what_is_never_accepted_is_refused(body: str, module: str) -> None:
    assert effects(body, module).refused


def test_the_words_of_a_refusal_name_what_is_refused() -> None:
    assert effects("return eval(x)").refused == "it uses eval, which is never accepted"
    assert effects("json.loads = x", "import json").refused == "it uses a change of json.loads, which is never accepted"


def test_a_body_has_the_effects_of_what_it_uses_of_its_module() -> None:
    module = ast.parse(
        "import redis\n"
        "def _save(x): _write(x)\n"
        "def _write(x):\n    open(x, 'w')\n    _save(x)\n"
        "def _get(x): return getattr(x, x)\n"
        "def _send(x): redis.Redis().set(x, x)\n"
        "def stub(x): ...\n"
        "class Base:\n    def __init__(self): print(self)\n    def keep(self): _save(self)\n"
        "class Store(Base):\n    def load(self): ...\n    @property\n    def age(self): return time.time()\n"
    )
    store = module.body[-1]
    assert isinstance(store, ast.ClassDef)

    def found(body: str, around: tuple[ast.ClassDef, ...] = (), **bodies: str) -> Effects:
        node = ast.parse(f"def f(self, x):\n    {body}\n").body[0]
        assert isinstance(node, ast.FunctionDef)
        return effects_of(node, module, around, "pkg", {key: ast.parse(text).body for key, text in bodies.items()})

    assert found("return _save(x)") == found("return map(_write, x)") == Effects(("writes files",))
    assert found("return _get(x)") == found("return _send(x)") == Effects(("unknown",), excused=("unknown",))
    assert found("return stub(x)") == found("return f(x)") == found("return isinstance(x, Store)") == Effects()
    assert found("return stub(x)", stub="return getattr(x, x)") == Effects(("unknown",))
    assert found("return stub(x)", stub="return eval(x)") == Effects(("unknown",))
    assert found("return stub(x)", stub="return _save(x)") == Effects(("writes files",))
    assert found("return Store()") == Effects(("prints",))
    assert found("s = Store()\n    s.keep()") == found("Store().keep()") == Effects(("prints", "writes files"))
    assert found("self.keep()", (store,)) == found("super().keep()", (store,)) == Effects(("writes files",))
    assert found("return self.load()", (store,), **{"Store.load": "print(self)"}) == Effects(("prints",))


def test_names_of_enclosing_functions_are_theirs() -> None:
    module = ast.parse("import os\ndef outer(open):\n    import subprocess as s\n    def inner(x): ...\n")
    outer = module.body[1]
    assert isinstance(outer, ast.FunctionDef)
    inner = ast.parse("def inner(x):\n    return open(x)\n").body[0]
    assert isinstance(inner, ast.FunctionDef)
    assert effects_of(inner, module, [outer]) == Effects()
    inner = ast.parse("def inner(x):\n    return s.run(x)\n").body[0]
    assert isinstance(inner, ast.FunctionDef)
    assert effects_of(inner, module, [outer]) == Effects(("processes",))


@pytest.mark.parametrize(
    ("kinds", "words", "imports", "unexpected"),
    [
        (("prints",), "greet: Print a greeting.", "", ()),
        (("prints",), "double: Twice the number.", "", ("prints",)),
        (("clock", "prints"), "elapsed: The seconds since start.", "", ("prints",)),
        (("reads files",), "loadSettings", "", ()),
        (("reads files",), "parse_line: The parts of a line.", "", ("reads files",)),
        (("reads files",), "parse_line: The parts of a line.", "from pathlib import Path", ()),
        (("network",), "fetch the page", "", ()),
        (("network",), "total of it", "import requests.sessions", ()),
        (("processes",), "total of it", "import os", ("processes",)),
        (("processes",), "total of it", "import subprocess", ()),
        (("random",), "shuffled: The cards in random order", "", ()),
        (("unknown",), "total of it", "", ("unknown",)),
        ((), "", "", ()),
    ],
)
def test_effects_are_expected_by_words_and_imports(
    kinds: tuple[str, ...], words: str, imports: str, unexpected: tuple[str, ...]
) -> None:
    called = Called(words, imported=imported_paths(ast.parse(imports)))
    assert unexpected_effects(Effects(kinds), called) == unexpected


def test_most_names_of_the_table_are_there() -> None:
    for name in ("os", "sys", "shutil", "inspect", "socket", "logging", "time", "subprocess", "random", "signal"):
        module = import_module(name)
        listed = {path.split(".")[1] for path in TABLE if path.startswith(f"{name}.")}
        assert len([each for each in listed if hasattr(module, each)]) > len(listed) * 0.8


PURE_MODULES = (
    *("bisect", "heapq", "textwrap", "statistics", "fractions", "colorsys", "string", "graphlib", "difflib", "shlex"),
    *("ipaddress", "html/parser", "urllib/parse", "_pydecimal", "numbers", "fnmatch", "keyword", "json/decoder"),
    *("json/encoder", "html/__init__", "base64", "operator", "reprlib", "calendar", "csv", "queue", "sched"),
    *("stringprep", "http/cookies", "email/utils", "quopri"),
)


def _functions(path: Path) -> list[tuple[str, Effects]]:
    tree = ast.parse(path.read_text("utf-8"))
    return [(f"{path.stem}:{key}", effects_of(node, tree)) for key, node in definitions(tree)]


@pytest.mark.parametrize("name", PURE_MODULES)
def test_real_code_without_effects_is_seldom_suspected(name: str) -> None:
    path = LIBRARY / f"{name}.py"
    if not path.exists():
        pytest.skip(f"this Python has no {name}")
    found = _functions(path)
    refused = [(key, each.refused) for key, each in found if each.refused]
    assert len(refused) <= max(1, len(found) // 50), refused
    suspected = [(key, str(each)) for key, each in found if "unknown" in each.kinds]
    assert len(suspected) <= max(2, len(found) // 10), suspected


EXAMPLES = Path(__file__).parent.parent / "examples"


def _example_bodies() -> list[tuple[str, str]]:
    found = []
    for path in sorted(EXAMPLES.rglob("*.jitc.py")):
        module = path.parent.parent / path.name.replace(".jitc.py", ".py")
        tree = ast.parse(module.read_text("utf-8"))
        for key, node in definitions(ast.parse(path.read_text("utf-8"))):
            found.append((f"{path.stem}:{key}", str(effects_of(node, tree, package=path.parent.parent.name))))
    return found


def test_the_bodies_of_the_examples_have_hardly_any_effects() -> None:
    found = _example_bodies()
    assert len(found) > 10
    assert {kinds for name, kinds in found if "time_decorator" not in name and "__main__" not in name} <= {"pure"}


NAMES = st.sampled_from(["x", "os", "eval", "json", "print", "self", "__globals__", "getattr", "CACHE"])
EXPRESSIONS = st.recursive(
    NAMES | st.sampled_from(["1", "'a.b'", "'{0.__code__}'", "b''", "..."]),
    lambda inner: st.one_of(
        st.tuples(inner, NAMES).map(lambda pair: f"({pair[0]}).{pair[1]}"),
        st.tuples(inner, inner).map(lambda pair: f"({pair[0]} + {pair[1]})"),
        st.tuples(inner, st.lists(inner, max_size=3)).map(lambda pair: f"({pair[0]})({', '.join(pair[1])})"),
        st.tuples(inner, inner).map(lambda pair: f"({pair[0]})[{pair[1]}]"),
        st.tuples(inner, NAMES, inner).map(lambda three: f"[{three[0]} for {three[1]} in {three[2]}]"),
        st.tuples(NAMES, inner, inner).map(lambda three: f"(lambda {three[0]}={three[1]}: {three[2]})"),
        st.tuples(NAMES, inner).map(lambda pair: f"({pair[0]} := {pair[1]})"),
        st.tuples(inner, inner).map(lambda pair: f"({pair[0]})(*{pair[1]}, **{pair[0]})"),
        inner.map(lambda each: f"f'{{({each})!r:>{{({each})}}}}'" if "'" not in each and '"' not in each else each),
    ),
    max_leaves=12,
)
STATEMENTS = st.one_of(
    EXPRESSIONS.map(lambda each: f"return {each}"),
    st.tuples(NAMES, EXPRESSIONS).map(lambda pair: f"json.{pair[0]} = {pair[1]}"),
    st.tuples(EXPRESSIONS, EXPRESSIONS).map(lambda pair: f"with {pair[0]} as x: del x[{pair[1]}]"),
    st.tuples(EXPRESSIONS, NAMES).map(lambda pair: f"@{pair[0]}\nclass {pair[1]}({pair[0]}): import os as {pair[1]}"),
    st.tuples(EXPRESSIONS, NAMES).map(lambda pair: f"match {pair[0]}:\n    case object({pair[1]}=x): global CACHE"),
)


@given(st.lists(STATEMENTS, min_size=1, max_size=4).map("\n".join))
def test_no_body_makes_the_gate_fail(body: str) -> None:
    try:
        ast.parse(f"async def f():\n{textwrap.indent(body, '    ')}")
    except (SyntaxError, ValueError):
        return
    found = effects(body, "import os, json\nCACHE = {}")
    assert list(found.kinds) == sorted(set(found.kinds) & set(KINDS))


def test_deep_and_long_bodies_are_looked_through() -> None:
    assert effects("return " + "(" * 80 + "eval" + ")" * 80 + ".x" * 900).refused
    assert effects("return " + " + ".join(["'a'"] * 900 + ["eval(x)"])).refused
