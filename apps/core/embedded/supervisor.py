"""Keeps the parts of a running system together: all of them run, or none."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

from apps.core.embedded.processes import Child

_LOOK_EVERY_SECONDS = 0.2
_AGAIN_SECONDS = 1.0
_ASKING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class PartDiedError(RuntimeError):
    """A part stopped on its own; the message holds the end of its log."""


class Stopped(BaseException):
    """Somebody asked us to stop.

    Raised by a signal, so anywhere: as an Exception, a library that forgives all of them at that
    moment would swallow it, and Ctrl-C would do nothing. Python itself forgives everything in some
    places, such as while it starts a process: so it is raised again until it is heard.
    """


class Supervisor:
    """Starts children in order, watches them, and stops them in the opposite order."""

    def __init__(self) -> None:
        self._children: list[Child] = []

    def __enter__(self) -> Supervisor:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def add(self, child: Child) -> None:
        self._children.append(child)

    def watch(self) -> None:
        """Return never; raise PartDiedError when a part stops, Stopped when asked to."""
        while True:
            for child in self._children:
                if not child.is_running():
                    code = child.process.returncode
                    raise PartDiedError(
                        f"{child.name} stopped by itself (exit {code}). Its last words:\n"
                        f"{child.tail()}\n\nThe whole log: {child.log}"
                    )
            time.sleep(_LOOK_EVERY_SECONDS)

    def stop(self) -> None:
        """Stop everything, last started first. Repeatable; a second Ctrl-C changes nothing."""
        with _ignoring_signals():
            while self._children:
                self._children.pop().stop()


@contextmanager
def stopping_on_signals() -> Iterator[None]:
    """Inside the block, Ctrl-C and SIGTERM raise Stopped."""

    def stop(number: int, frame: FrameType | None) -> None:
        signal.setitimer(signal.ITIMER_REAL, _AGAIN_SECONDS)
        raise Stopped

    with _handling_signals(stop, *_ASKING, signal.SIGALRM):
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)


@contextmanager
def _ignoring_signals() -> Iterator[None]:
    with _handling_signals(signal.SIG_IGN, *_ASKING):
        yield


@contextmanager
def _handling_signals(
    handler: Callable[[int, FrameType | None], Any] | signal.Handlers, *numbers: signal.Signals
) -> Iterator[None]:
    before = [signal.signal(number, handler) for number in numbers]
    try:
        yield
    finally:
        for number, earlier in zip(numbers, before, strict=True):
            signal.signal(number, earlier)
