"""What is global in a Python process, so that a test sees what an import has changed. Runs inside such a process."""

from __future__ import annotations

import _frozen_importlib
import _frozen_importlib_external
import ast
import builtins
import importlib.machinery
import importlib.util
import inspect
import io
import linecache
import locale
import logging
import os
import pkgutil
import runpy
import signal
import sys
import threading
import tokenize
import traceback
import types
import warnings
from typing import Any

_MODULES: tuple[Any, ...] = (
    *(_frozen_importlib, _frozen_importlib_external, importlib, importlib.machinery, importlib.util, pkgutil, runpy),
    *(ast, inspect, linecache, tokenize, traceback, types, warnings, builtins, io, os, threading),
)
_OF_SYS = (
    *("path", "meta_path", "path_hooks", "argv", "stdin", "stdout", "stderr", "dont_write_bytecode", "pycache_prefix"),
    *("excepthook", "displayhook", "unraisablehook", "breakpointhook"),
)
_PASSING = {"_blocking_on", "_dangling", "_active", "_limbo", "_counter", "_shutdown_locks"}
_CACHES = {"cache", "modulesbyfile", "_filesbymodname", "onceregistry"}


def snapshot() -> dict[Any, Any]:
    """Functions, classes and containers of the modules around importing, hooks, filters, handlers and limits."""
    seen: dict[Any, Any] = {
        (module.__name__, name): id(value)
        for module in _MODULES
        for name, value in vars(module).items()
        if name not in _PASSING | _CACHES and (callable(value) or isinstance(value, (dict, list, str)))
    }
    seen.update({name: repr(getattr(sys, name)) for name in _OF_SYS})
    seen["limits"] = (sys.getrecursionlimit(), sys.getswitchinterval(), threading.stack_size())
    seen["tracing"] = (sys.gettrace(), sys.getprofile(), threading.excepthook, threading.active_count())
    seen["warnings"] = [*warnings.filters]
    seen["signals"] = [signal.getsignal(number) for number in sorted(signal.valid_signals())]
    seen["process"] = (dict(os.environ), os.getcwd(), locale.setlocale(locale.LC_ALL))
    seen["logging"] = (logging.root.level, [*logging.root.handlers], logging.getLoggerClass(), logging.raiseExceptions)
    return seen


def changes(before: dict[Any, Any]) -> list[Any]:
    """What is another since `before`."""
    after = snapshot()
    return [(key, before.get(key), after.get(key)) for key in {**before, **after} if before.get(key) != after.get(key)]
