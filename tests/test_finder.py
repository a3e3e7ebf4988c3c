"""The finder in this process: whom it asks, and what it swaps."""

from __future__ import annotations

import importlib
import importlib.machinery
import importlib.util
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import jitc_import
from companions import write_module
from conftest import Project
from jitc_import.hooks.finder import Finder
from jitc_import.hooks.loader import JitcLoader
from jitc_import.hooks.scope import in_scope


@pytest.fixture(autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch, project: Project) -> Iterator[None]:
    monkeypatch.syspath_prepend(str(project.root))
    before = list(sys.meta_path)
    known = set(sys.modules)
    yield
    jitc_import.uninstall()
    sys.meta_path[:] = before
    for name in set(sys.modules) - known:
        del sys.modules[name]


@pytest.fixture
def marked(project: Project) -> Project:
    write_module(project, "marked_m.py", "# jitc: enable\ndef f(): ...\n", {"f": "def f():\n    return 7\n"})
    return project


def finders() -> list[object]:
    return [finder for finder in sys.meta_path if isinstance(finder, Finder)]


@pytest.mark.usefixtures("marked")
def test_twice_is_once_and_uninstalling_restores() -> None:
    before = list(sys.meta_path)
    jitc_import.install(children=False)
    jitc_import.install(children=False)
    jitc_import.include("some_package")
    assert isinstance(sys.meta_path[0], Finder)
    assert len(finders()) == 1
    jitc_import.uninstall()
    jitc_import.uninstall()
    assert sys.meta_path == before
    assert importlib.import_module("marked_m").f() is None


class Legacy:
    def find_module(self, name: str, _path: object = None) -> Any:
        return self if name == "legacy_m" else None

    def load_module(self, name: str) -> ModuleType:
        return sys.modules.setdefault(name, ModuleType(name))


@pytest.mark.filterwarnings("ignore::ImportWarning")
@pytest.mark.usefixtures("marked")
def test_a_legacy_finder_is_tolerated() -> None:
    jitc_import.install(children=False)
    sys.meta_path.insert(1, Legacy())  # type: ignore[arg-type]
    assert importlib.import_module("marked_m").f() == 7
    if sys.version_info < (3, 12):
        assert importlib.import_module("legacy_m").__name__ == "legacy_m"
    else:
        with pytest.raises(ImportError):
            importlib.import_module("legacy_m")


class Recording:
    def __init__(self, answer: Any = None) -> None:
        self.asked: list[tuple[Any, ...]] = []
        self.answer = answer

    def find_spec(self, *arguments: Any) -> Any:
        self.asked.append(arguments)
        return self.answer


@pytest.mark.usefixtures("marked")
def test_later_finders_are_asked_in_order_and_once() -> None:
    first, second = Recording(), Recording()
    jitc_import.install(children=False)
    sys.meta_path[1:1] = [first, second]
    assert importlib.import_module("marked_m").f() == 7
    asked = [arguments for arguments in first.asked if arguments[0] == "marked_m"]
    assert asked == [("marked_m", None, None)]
    assert first.asked == second.asked


@pytest.mark.usefixtures("marked")
def test_an_earlier_finder_goes_first() -> None:
    jitc_import.install(children=False)
    spec = importlib.machinery.ModuleSpec("marked_m", None)
    earlier = Recording(spec)
    sys.meta_path.insert(0, earlier)
    assert importlib.util.find_spec("marked_m") is spec


def test_a_finder_that_raises_is_as_without_the_hook() -> None:
    class Raising:
        def find_spec(self, name: str, _path: object, _target: object) -> None:
            raise OSError(name)

    jitc_import.install(children=False)
    sys.meta_path.insert(1, Raising())  # type: ignore[arg-type]
    with pytest.raises(OSError, match="some_name"):
        importlib.import_module("some_name")


def test_a_finder_that_was_taken_out_finds_nothing() -> None:
    assert Finder().find_spec("json") is None


class Wrapped(importlib.machinery.SourceFileLoader):
    pass


def test_another_loader_is_what_it_was_to_who_looks(marked: Project) -> None:
    path = str(marked.root / "marked_m.py")
    spec = importlib.util.spec_from_file_location("marked_m", path, loader=Wrapped("marked_m", path))
    jitc_import.install(children=False)
    sys.meta_path.insert(1, Recording(spec))
    found = importlib.util.find_spec("marked_m")
    assert found is not None
    assert found is spec
    assert isinstance(found.loader, Wrapped)
    assert found.loader.path == path


@pytest.mark.usefixtures("marked")
def test_only_the_loader_is_swapped() -> None:
    plain = importlib.util.find_spec("marked_m")
    jitc_import.install(children=False)
    spec = importlib.util.find_spec("marked_m")
    assert plain
    assert spec
    assert type(spec.loader) is JitcLoader
    assert (spec.name, spec.origin, spec.has_location) == (plain.name, plain.origin, plain.has_location)
    assert (spec.submodule_search_locations, spec.loader_state) == (None, None)
    assert spec == spec  # noqa: PLR0124 -- comparing specs compares loaders
    assert isinstance(spec == importlib.util.find_spec("marked_m"), bool)
    assert isinstance(hash(spec.loader), int)


@pytest.mark.usefixtures("marked")
def test_a_wrong_name_is_refused_as_ever() -> None:
    jitc_import.install(children=False)
    spec = importlib.util.find_spec("marked_m")
    assert spec
    assert isinstance(spec.loader, JitcLoader)
    with pytest.raises(ImportError, match="cannot handle"):
        spec.loader.get_code("another")


@pytest.mark.parametrize(
    ("path", "inside"),
    [
        (Path("/home/me/project/m.py"), True),
        (Path("/venv/lib/python3.11/site-packages/p/m.py"), False),
        (Path("/usr/lib/python3/dist-packages/p.py"), False),
        (Path(textwrap.__file__), False),
        (Path(jitc_import.__file__).parent / "errors.py", False),
        (Path("/venv/src/editable/m.py"), True),
    ],
)
def test_the_scope(path: Path, inside: bool) -> None:  # noqa: FBT001
    assert in_scope(str(path)) is inside


@pytest.mark.usefixtures("marked")
def test_a_lazy_module_is_not_loaded_by_looking_back() -> None:
    spec = importlib.util.find_spec("marked_m")
    assert spec
    assert spec.loader
    spec.loader = importlib.util.LazyLoader(spec.loader)
    module = importlib.util.module_from_spec(spec)
    sys.modules["marked_m"] = module
    spec.loader.exec_module(module)
    jitc_import.install(children=False)
    assert type(module) is not ModuleType
