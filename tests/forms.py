"""Functions of every form, in modules that tell by `told()` how their functions behave.

⇥ is a tab, ↡ a form feed and ␠ a blank at the end of a line: no editor shall change them.
"""

from __future__ import annotations

import sys

CLASSES = r'''
"""Classes."""
from __future__ import annotations

import abc
import functools
from typing import Generic, TypeVar, overload

T = TypeVar("T")


class Meta(abc.ABCMeta):
    @classmethod
    def __prepare__(mcls, name, bases, **options):
        return {"prepared": name, **options}

    def __new__(mcls, name, bases, space, **options):
        space["made"] = len(space)
        return super().__new__(mcls, name, bases, space)

    def __init__(cls, name, bases, space, **options):
        super().__init__(name, bases, space)
        cls.options = options

    def __call__(cls, *args, **kwargs):
        made = super().__call__(*args, **kwargs)
        made.called = True
        return made

    @property
    def shout(cls):
        return cls.__name__.upper()


class Base(metaclass=Meta, colour="red"):
    registry: dict[str, type] = {}

    def __init_subclass__(cls, /, *, key=None, **rest):
        super().__init_subclass__(**rest)
        Base.registry[key or cls.__name__] = cls

    def __class_getitem__(cls, item):
        return f"{cls.__name__}[{item}]"

    @abc.abstractmethod
    def area(self):
        """What an abstract method does by itself."""
        return 1

    @property
    @abc.abstractmethod
    def name(self):
        return "base"


class Derived(Base, key="derived"):
    __slots__ = ("__secret", "kept")
    __hidden = 3

    def __init__(self, secret=(lambda: __name__)(), *, kept: "int | None" = None):
        self.__secret = secret
        self.kept = kept

    def area(self):
        return super().area() + Derived.__hidden + self.__hidden

    @property
    def name(self):
        return super().name + self.__class__.__name__ + __class__.__qualname__

    @name.setter
    def name(self, value):
        self.kept = value

    @name.deleter
    def name(self):
        self.kept = None

    def __mangled(self, __parameter=1):
        __local = __parameter
        def __inner(deep, *, __quiet=0):
            class __Holder:
                __value = deep
                def __method(self): return self.__value
                def call(self): return self.__method()
            return __Holder().call() + __local
        return __inner(2)

    def reach(self):
        return self.__mangled(), self._Derived__mangled(5), [self.__secret for _ in "ab"]

    class Nested:
        class Deeper:
            def where(self):
                return __class__.__qualname__, type(self).__qualname__

            @classmethod
            def make(cls, *args):
                return cls(), args

            @staticmethod
            def plain(first, /, second=2, *, third): return first, second, third

    @functools.cached_property
    def cached(self):
        """Counted once."""
        self.count = getattr(self, "count", 0) + 1
        return self.count

    @functools.singledispatchmethod
    def show(self, value):
        return "any"

    @show.register
    def _(self, value: int):
        return "int"

    @show.register(list)
    @show.register(tuple)
    def _(self, value):
        return "sequence"

    def __eq__(self, other):
        return isinstance(other, __class__) and self.kept == other.kept

    __hash__ = None

    def __repr__(self): return f"{type(self).__name__}({self.kept!r})"

    alias = reach
    def reach(self, before=reach):
        return ("again", *before(self))


class Typed:
    """A descriptor."""

    def __init__(self, kind):
        self.kind = kind

    def __set_name__(self, owner, name):
        self.place = f"_{owner.__name__}__{name}"

    def __get__(self, instance, owner=None):
        if instance is None:
            return self
        return instance.__dict__.get(self.place)

    def __set__(self, instance, value):
        if not isinstance(value, self.kind):
            raise TypeError(f"{value!r} is no {self.kind.__name__}")
        instance.__dict__[self.place] = value

    def __delete__(self, instance):
        del instance.__dict__[self.place]


class Holder(Generic[T]):
    number = Typed(int)

    def __init__(self, *items: T) -> None: self.items = items

    @overload
    def get(self, at: int) -> T: ...
    @overload
    def get(self, at: slice) -> tuple[T, ...]: ...
    def get(self, at):
        return self.items[at]

    def __iter__(self):
        yield from self.items

    def __enter__(self): return self
    def __exit__(self, *error): return error[0] is KeyError
    def __getattr__(self, name): return name * 2
    def __bool__(self): return bool(self.items)
    def __add__(self, other, /): return type(self)(*self, *other)
    __radd__ = __add__
    def __call__(self, *args, **kwargs): return args, kwargs
    def __len__(self): return len(self.items)
    def __contains__(self, item): return any(item is each for each in self)


def told():
    derived = Derived(kept=4)
    yield type(derived).shout, Base.registry, Base["x"], Derived.options, Derived.prepared, derived.called
    yield derived.area(), derived.name, derived.reach(), derived.alias(), derived
    derived.name = "new"
    yield derived, derived == Derived(kept="new"), derived != 3
    del derived.name
    deeper = Derived.Nested.Deeper
    yield derived, deeper().where(), deeper.make(1)[1], deeper.plain(1, third=3)
    yield derived.cached, derived.cached, [derived.show(each) for each in (1, "", [], ())]
    holder = Holder(1, 2, 3)
    holder.number = 7
    try:
        holder.number = "7"
    except TypeError as error:
        yield holder.number, str(error), Holder.number.kind
    del holder.number
    with holder as same:
        raise KeyError
    yield holder.number, same is holder, holder.get(0), holder.get(slice(2)), list(holder + holder), holder.double
    yield holder(1, a=2), len(holder), 2 in holder, bool(Holder()), Holder.get.__qualname__, Derived.area.__doc__
'''

FUNCTIONS = r'''
"""Functions."""
import asyncio
import contextlib
import functools
import sys

try:
    import nothing_of_the_kind
except ImportError:
    def guarded(value):
        """Stands in for what is not there."""
        return ["fallback", value]
else:
    def guarded(value):
        return nothing_of_the_kind(value)

if sys.version_info < (3,):
    def chosen(): return "old"
elif sys.version_info > (3, 99):
    def chosen(): return "new"
else:
    def chosen():
        return "now"

made_in_loop = []
for step in range(3):
    def in_loop(value, step=step, *, late=lambda: step):
        return value, step, late()
    made_in_loop.append(in_loop)

while not made_in_loop[3:]:
    with contextlib.suppress(ValueError):
        def in_block(): return step
        made_in_loop.append(in_block)

total = 0
size = "that of the module"


def wraps_all(*decorators, **options):
    def decorate(function):
        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            wrapper.calls += 1
            return [*decorators, function(*args, **kwargs), options]
        wrapper.calls = 0
        return wrapper
    return decorate


def replaced(function):
    return {"name": function.__name__, "result": function()}


@wraps_all(
    1,
    2,  # the last
    key="value",
)
@functools.lru_cache(maxsize=None)
# between decorators
def decorated(first, second=2, /, third=3, *rest, fourth, fifth=[x for x in range(3)], **more):
    """Doc of decorated."""
    return first, second, third, rest, fourth, len(fifth), more

@replaced
def gone(): return "kept"

@(lambda function: (function, function.__qualname__))
def paired():
    return 0

@functools.singledispatch
def generic(value, *, deep=True):
    return "object"

@generic.register(int)
@generic.register(float)
def _number(value, *, deep=True): return generic("") + " number" if deep else "number"

@generic.register
def _(value: dict, *, deep=False):
    return {key: generic(each, deep=deep) for key, each in value.items()}


def counter(start=0):
    count = start
    def more(by=1):
        nonlocal count
        count += by
        def undo():
            nonlocal count
            count -= by
            return count
        return count, undo
    def reset():
        global total
        total, count = count_all(), 5
        return count
    def count_all():
        return count
    return more, reset


def makes_global():
    global made_global, MadeGlobal
    def made_global(): return made_global.__qualname__
    class MadeGlobal:
        def method(self): return self.method.__qualname__
    import math as maths, os.path
    return maths.pi > 3, os.path.sep in "/\\"


def closures():
    late = [lambda: each for each in range(3)]
    bound = [lambda each=each: each for each in range(3)]
    def generator():
        for each in "ab":
            def inner(): return each
            yield inner
    class Scoped:
        size = 2
        table = [row for row in range(size)]
        names = [size for _ in table]
        def get(self, size=size): return size, self.table
    return [f() for f in late], [f() for f in bound], [f() for f in generator()], Scoped().get(), Scoped.names


def comprehensions(rows, *, limit=2):
    flat = [cell for row in rows if (size := len(row)) for cell in row if cell != limit]
    pairs = {(x, y): x * y for x in range(limit) for y in range(x)}
    lazy = (sum(inner) for inner in ((a, b) for a, b in pairs))
    return flat, size, pairs, {*lazy}, [[y for y in x] for x in rows], {**dict.fromkeys(flat), "more": None}


def stars(first, *middle, last=(*range(2),)):
    head, *rest = first, *middle
    [*letters, end] = "abc"
    for start, *others in [(1, 2, 3), "xy"]:
        rest += others
    print_like = lambda *args, sep=" ", **rest: (args, sep, rest)
    return *rest, head, letters, end, *last, print_like(*rest, *letters, **{"sep": "-", "x": 1})


def matching(command):
    match command:
        case []: return "nothing"
        case ["go", ("north" | "south") as way] if way != "south": return way
        case {"x": int(x), **rest} if rest: return x, rest
        case str() | bytes(): return "text"
        case [_, *others, 0]: return others
        case object(real=0, imag=imaginary): return imaginary
        case None | True | -1 | 2.5: return "constant"
        case _:
            return "else"


def walrus(text):
    while (at := text.find(",")) >= 0 and (head := text[:at]): text = text[at + 1 :]
    return at, head, [last := part for part in text], last


def risky(kind, log):
    try:
        try:
            if kind: raise kind("first")
        except (KeyError, ValueError) as error:
            log.append(type(error).__name__)
            raise RuntimeError from error
        else: return "else"
        finally:
            log.append("finally")
    except RuntimeError as error:
        return type(error.__cause__).__name__
    except BaseException: raise
    finally:
        for each in (1, 2):
            if each == 2: break
        else:
            log.append("never")


def generator(stop):
    """A generator that hears."""
    received = yield 0
    try:
        while received != stop:
            received = yield (yield from inner_generator(received))
    except GeneratorExit:
        return
    finally:
        generator.closed = True
    return "over"


def inner_generator(value):
    got = yield value
    return value, got


@contextlib.contextmanager
def managed(log, /, **names):
    log.append("in")
    try: yield names
    except LookupError as error: log.append(error.args)
    finally: log.append("out")


@contextlib.asynccontextmanager
async def managed_async(log):
    log.append("async in")
    yield log
    log.append("async out")


async def stream(stop):
    for each in range(stop):
        await asyncio.sleep(0)
        try:
            sent = yield each
        finally:
            if each == stop - 1: await asyncio.sleep(0)


async def gathered(log):
    async with managed_async(log) as same, managed_async(same):
        doubled = [each * 2 async for each in stream(3) if await truth(each)]
        table = {each: str(each) async for each in stream(2) if each if not await truth(each)}
    async for each in stream(1): ...
    else:
        log.append("end")
    agen = (each async for each in stream(2))
    async def last(): return [each async for each in agen]
    return doubled, table, await last(), await asyncio.gather(*(truth(each) for each in (0, 1)))


async def truth(value): return value != 1


def recursive(depth): return depth and [recursive(depth - 1)]
def nothing(): return
def deletes(a, b): del a; b = [b]; del b[0]; return b
def asserts(value):
    assert value, f"{value!r:>5} {'nested' + f'{value}'}"
    return value
def annotated(a: "not evaluated", b: int = 3) -> "text":
    local: nowhere.at_all
    other: int = a
    return other


def told():
    yield guarded(1), chosen(), [each(9) for each in made_in_loop[:3]], made_in_loop[3]()
    yield decorated(1, fourth=4), decorated.calls, decorated.__doc__, decorated.__wrapped__.__wrapped__.__kwdefaults__
    yield gone, paired[0](), paired[1], generic(1), generic({"a": {"b": 1.5}}), generic([])
    more, reset = counter(3)
    count, undo = more(4)
    yield count, undo(), more()[0], reset(), total, makes_global(), made_global(), MadeGlobal().method()
    yield closures(), comprehensions([[1, 2], [3]]), stars(1, 2), walrus("a,b,cd")
    cases = [], ["go", "north"], ["go", "south"], {"x": 1, "y": 2}, "s", [1, 2, 0], 2j, None, -1, 9
    yield [matching(each) for each in cases]
    log = []
    yield [risky(kind, log) for kind in (None, KeyError, ValueError)], log
    heard = generator("stop")
    yield next(heard), heard.send(1), heard.send(2), heard.send(3), heard.close(), generator.closed
    with managed(log, a=1) as names:
        log.append(names)
        raise KeyError("inside")
    yield asyncio.run(gathered(log)), log, recursive(3), nothing(), deletes(1, 2), annotated(1)
    try:
        asserts(0)
    except AssertionError as error:
        yield error.args, annotated.__annotations__, annotated.__code__.co_varnames
'''

LAYOUT = r'''#! /usr/bin/env python
# -*- coding: utf-8 -*-
"""Text that no formatter has seen."""
import contextlib; import functools

def one_line(): return 1
def after_comment(x): return x # trailing
def several(x): x += 1; y = x * 2; return y;
def docstring_and_more(): "Doc."; x = 2; return x
def docstring_then_body(): """Doc
  of two lines"""; return docstring_then_body.__doc__
class Short: attribute = 1; other = lambda self: self.attribute
class Inline:
  def method(self): return self.value; unreachable = 1
  value = 5
  def deeper(self):
          """Odd
    margins
               everywhere
        """
          # a comment before the first statement

          if self.value: \
              return [
    1,
  2,
                          self.value,
          ]
    # a comment that stands further out

          return None
    # the last word

def tabs(x):
⇥"""Tabs.
⇥⇥Inside."""
⇥if x:
⇥⇥text = """
⇥a tab
        and blanks
"""
⇥⇥return text
⇥return⇥"none"

def mixed(x):
    if x:
    ⇥return "tab is eight columns"
    return 0
↡
def form_feed(x):
    ↡
    y = x↡
↡
    return y
↡
def backslashes(a, \
        b = 1 + \
            2, *, c \
        = 3) \
        -> 'int' :
    total = a \
        + b \
        + c; return \
        total

@functools.wraps(
    one_line
  )  # trailing

# between

@ \
contextlib \
  . contextmanager
def decorated_oddly(

    a,  # the first
    b=(
        1,
    ),
    # nothing more
):  # after the colon

    # before

    yield a, b

def strings():
    first = "a\
    b"
    second = """one
  two \
  three
⇥four
""" 'five' \
"six"
    third = f"""{
        first
    } and {second:>5}
"""
    fourth = rb"\x" b"""
  # no comment
"""
    return first, second, third, fourth

def ends_in_string():
    return """
text
  of the last line
"""

def ünïcödé(ﬁne, *, größe = "ß"): return ﬁne, größe, "→"[0:1] == '\N{RIGHTWARDS ARROW}'

def only_nested():
    def inner():

        """Doc of inner."""
        return inner.__doc__
    class Local: "Doc of Local."; doc = __qualname__
    return inner(), Local.doc, Local.__doc__, only_nested.__doc__

def decorated_first():
    @functools.lru_cache
    def inner(x): return x + 1
    return inner(1)

def no_docstring():
    f"no {1} docstring"
    return no_docstring.__doc__

def bytes_first():
    b"no docstring"
    return bytes_first.__doc__

def comments_only_before_end():
    x = [  # opens
        1,  # one
        # between
    ]  # closes
    return x
    # the end

if True:
  if True:
    def deep(x):
     if x:
                   return "far in"
     else: return "near"
  else:
    def deep(x): return None

try: import nothing_at_all
except ImportError:
      def indented_by_six(): return 6; pass
finally: flag = [1]; flag += [2]

class Tabs:
⇥def method(self, x):
⇥⇥def inner(y):
⇥⇥⇥return x + y
⇥⇥return inner

⇥@property

⇥def prop(self): return self.method(1)(2)

␠␠
def after_blanks(x, y = {'a': [lambda q: (q, 1)]}, z = """
def no_function(): ...
"""): return y['a'][0](x), z
def last_without_line_feed(x):
    if x: return "last"
    return None
def told():
    yield one_line(), after_comment(2), several(3), docstring_and_more(), docstring_then_body(), Short().other()
    yield Inline().method(), Inline().deeper(), Inline.deeper.__doc__, tabs(0), tabs(1), tabs.__doc__, mixed(1)
    yield form_feed(3), backslashes(1), decorated_oddly.__wrapped__.__code__.co_varnames, strings(), ends_in_string()
    yield ünïcödé(1), only_nested(), decorated_first(), no_docstring(), bytes_first()
    yield comments_only_before_end(), deep(1), deep(0), indented_by_six(), flag, Tabs().method(1)(2), Tabs().prop
    yield after_blanks(4), last_without_line_feed(1)'''

GROUPS = r'''
"""Exception groups (3.11)."""


def sorted_out(errors):
    caught = []
    try:
        raise ExceptionGroup("several", errors)
    except* (KeyError, IndexError) as group:
        caught.append([type(each).__name__ for each in group.exceptions])
    except* ValueError as group:
        try:
            raise group.exceptions[0]
        except ValueError as error:
            caught += error.args
    except* OSError: pass
    else:
        caught.append("never")
    finally:
        caught.append("finally")
    return caught


def noted():
    def inner(*args: *tuple[int, ...]): return args[0][*args[1:]]
    try:
        raise KeyError(inner({(1, 2): "two"}, 1, 2))
    except KeyError as error:
        error.add_note("a note")
        return error.__notes__


def told():
    yield sorted_out([KeyError(1), ValueError("v"), OSError()]), sorted_out([IndexError(2)])
    yield noted()
'''

GENERICS = r'''
"""Type parameters and f-strings of 3.12."""
import functools

type Pair[A, B = int] = tuple[A, B]
type Plain = list[Plain]


def first[T: (int, str), *Ts, **P](items: list[T], /, *rest: *Ts) -> T:
    type Local = dict[T, Plain]
    def inner[U: Local](value: U) -> list[U]: return [value] * len(T.__constraints__)
    return inner(items[0]), T.__name__, [each.__name__ for each in first.__type_params__], Local.__name__


class Box[T, U: "Box[int, int]" = None]:
    kept: list[T] = []

    def put[V](self, value: T, more: V | None = None) -> "Box[T]":
        class Inner[W](Box[W, W]):
            def own[X](self) -> X: return super().kept, __class__.__name__, T, V, W, X
        self.kept.append((value, more))
        return [str(each) for each in Inner().own()]

    @classmethod
    @functools.cache
    def make[*Ts](cls, *items: *Ts): return cls(), [type_.__name__ for type_ in cls.__type_params__]

    def __private[T](self): return T.__name__
    def reach(self): return self.__private()


def nested_quotes(names):
    return f"{", ".join(f"<{name
        .upper()}>" for name in names)} {"\n".join(names)!r} {len({
        "a": 1,  # a comment
    })=}"


def inlined():
    x = 1
    rows = [[x + y for x in range(2)] for y in range(2)]
    class Scoped:
        x = 3
        both = [lambda: x for x in range(2)]
    return x, rows, [each() for each in Scoped.both], locals().keys() >= {"x", "rows"}


def told():
    yield first([1]), Box().put(1, "x"), Box.make(1)[1], Box().reach(), Pair.__value__, Plain.__name__
    yield nested_quotes(["a", "b"]), inlined()
'''


def _as_written(text: str) -> str:
    return text.lstrip("\n").replace("⇥", "\t").replace("↡", "\f").replace("␠", " ")


MODULES = {"classes": CLASSES, "functions": FUNCTIONS, "layout": LAYOUT.rstrip()}
if sys.version_info >= (3, 11):
    MODULES["groups"] = GROUPS
if sys.version_info >= (3, 13):
    MODULES["generics"] = GENERICS
elif sys.version_info >= (3, 12):  # which has no defaults of type parameters
    MODULES["generics"] = GENERICS.replace(" = int]", "]").replace(" = None]", "]")
MODULES = {name: _as_written(text) for name, text in MODULES.items()}
