"""`complete`: have the missing and stale bodies written ahead of time."""

from __future__ import annotations

import argparse
import contextlib
import math
import queue
import sys
import threading
import time
from typing import TYPE_CHECKING

from jitc_import.cli.order import Order
from jitc_import.cli.surveys import add_paths, say_untried, survey_all, untried_in
from jitc_import.complete import complete_module, prompts_for
from jitc_import.errors import JitcError
from jitc_import.model.budget import PROCESS
from jitc_import.progress import count_stubs, display, name_stubs
from jitc_import.settle import settle
from jitc_import.store.states import State
from jitc_import.wish import Wish, wanted_stubs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jitc_import.cli.surveys import Surveyed

SETTINGS = (
    "model",
    "models",
    "mode",
    "verify",
    "on_unverified",
    "repairs",
    "candidates",
    "tests",
    "max_calls",
    "max_tokens",
    "timeout",
    "context",
    "jobs",
)
"""Settings that the command line may give, each as `--its-name VALUE`."""

SWITCHES = ("strict", "types")
"""Those that it may give as `--its-name` or `--no-its-name`."""

LETTING_GO = 2.0
"""Seconds that an interrupted module has to come to an end."""


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to the command line."""
    parser = commands.add_parser("complete", help="have missing and stale bodies written", description=__doc__)
    add_paths(parser)
    parser.add_argument("--dry-run", action="store_true", help="show what would be sent, and send nothing")
    parser.add_argument("--fresh", action="store_true", help="complete anew what is fresh, too")
    parser.add_argument("--retry", action="store_true", help="try again what failed before")
    parser.add_argument(
        "--edited", choices=("keep", "overwrite"), help="bodies edited by hand: keep them under a changed stub, or not"
    )
    for name in SETTINGS:
        parser.add_argument(f"--{name.replace('_', '-')}", metavar="VALUE", help=f"as JITC_{name.upper()}")
    for name in SWITCHES:
        parser.add_argument(f"--{name}", action=argparse.BooleanOptionalAction, help=f"as JITC_{name.upper()}")
    parser.set_defaults(command=run)


def run(arguments: argparse.Namespace) -> int:
    """Complete the modules that the arguments name; returns 1 where a stub stays without a body."""
    overrides = {name: value for name in (*SETTINGS, *SWITCHES) if (value := getattr(arguments, name)) is not None}
    wish = Wish(fresh=arguments.fresh, retry=arguments.retry, edited=arguments.edited)
    surveys = list(survey_all(arguments.paths, overrides, mending=not arguments.dry_run))
    if not surveys:
        print("jitc: no stubs there; a module is marked with `# jitc: enable`", file=sys.stderr)
    if arguments.dry_run:
        return max([_show_prompts(surveyed, wish) for surveyed in surveys], default=0)
    try:
        crew = _Crew(surveys, wish)
        failures = crew.work(max([surveyed.settings.jobs for surveyed in surveys], default=1))
        for failure in failures:
            print(f"jitc: {failure}", file=sys.stderr)
        say_untried(len(crew.untried), arguments.paths)
    finally:
        _say_what_it_took(surveys)  # what was interrupted has cost something, too
    return 1 if failures else 0


def _say_what_it_took(surveys: Sequence[Surveyed]) -> None:
    prices = {model: price for one in surveys for model, *price in one.settings.prices}
    if summary := PROCESS.account.summary({model: (read, written) for model, (read, written) in prices.items()}):
        display().say(summary)


class _Crew:
    """Completes modules side by side, in threads that end with the process: each waits for a model, not for a core."""

    def __init__(self, surveys: Sequence[Surveyed], wish: Wish) -> None:
        self.wish = wish
        self.todo = Order(surveys)
        self.threads = 0
        self.ended: queue.SimpleQueue[None] = queue.SimpleQueue()
        self.failures: list[str] = []
        self.untried: list[str] = []
        self.crash: BaseException | None = None

    def work(self, jobs: int) -> list[str]:
        """Work all of it off; returns what failed, in words."""
        self.threads = min(jobs, len(self.todo))
        for _ in range(self.threads):
            threading.Thread(target=self._take, daemon=True).start()
        try:
            self._await()
        except KeyboardInterrupt as interrupt:
            self._stop(interrupt)
        if self.crash:
            raise self.crash
        return sorted(self.failures)

    def _await(self, seconds: float = math.inf) -> None:
        """Wait until all threads have ended, or the time is over.

        Not by `Thread.join`: interrupted, that takes a thread for ended that still runs (Python 3.10 to 3.12).
        """
        deadline = time.monotonic() + seconds
        while self.threads and time.monotonic() < deadline:
            with contextlib.suppress(queue.Empty):
                self.ended.get(timeout=0.2)  # a wait without end would not let Ctrl-C through on every system
                self.threads -= 1

    def _stop(self, interrupt: KeyboardInterrupt) -> None:
        """End the requests and checks under way, and give their threads time to let go of locks and displays."""
        from jitc_import.checks.sandbox.session import interrupt_sandboxes
        from jitc_import.model.transport import interrupt_requests

        self.crash = interrupt
        self.todo.close()
        interrupt_requests()
        interrupt_sandboxes()
        self._await(LETTING_GO)

    def _take(self) -> None:
        try:
            while surveyed := self.todo.take():
                self._complete_one(surveyed)
                self.todo.done(surveyed.target)
        except BaseException as error:  # noqa: BLE001 -- carried into the main thread, which raises it
            self.crash = error
            self.todo.close()
        finally:
            self.ended.put(None)

    def _complete_one(self, surveyed: Surveyed) -> None:
        try:
            self._complete(surveyed)
        except JitcError as error:
            self.failures.append(str(error))

    def _complete(self, surveyed: Surveyed) -> None:
        if surveyed.survey is None:
            self.failures.append(surveyed.error or "")
            return
        survey = settle(
            surveyed.survey,
            surveyed.settings,
            keep_edited=self.wish.edited == "keep",
            forget_failures=self.wish.retry,
        )
        completed = settle(complete_module(survey, surveyed.settings, self.wish), surveyed.settings)
        self.untried.extend(untried_in(completed, surveyed.settings))
        waiting = [stub.key for stub in survey.in_state(State.MISSING, State.STALE) if stub.dynamic]
        if waiting:
            display().say(
                f"{survey.module.name}: {name_stubs(waiting)} left to their decorators, which run with values"
            )


def _show_prompts(surveyed: Surveyed, wish: Wish) -> int:
    if surveyed.survey is None:
        print(f"jitc: {surveyed.error}", file=sys.stderr)
        return 1
    stubs = wanted_stubs(surveyed.survey, wish)
    module = surveyed.survey.module
    prompts = prompts_for(module, stubs, surveyed.settings, wish)
    for number, prompt in enumerate(prompts, start=1):
        print(
            f"=== {module.name}: request {number} of {len(prompts)}, {count_stubs(len(prompt.stubs))}, "
            f"about {prompt.tokens} tokens"
        )
        for message in prompt.messages:
            print(f"--- {message['role']}\n{message['content']}")
    if not prompts:
        print(f"=== {module.name}: nothing to ask")
    return 0
