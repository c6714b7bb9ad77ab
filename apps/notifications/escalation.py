"""Who is told next of an alert that nobody takes, and when. Pure."""

from __future__ import annotations

from dataclasses import dataclass

TOLD, MANAGERS, ADMINS = 0, 1, 2


@dataclass(frozen=True)
class Patience:
    """Minutes after an alert was raised until managers and admins are told; None: never."""

    managers_after: int | None
    admins_after: int | None


@dataclass(frozen=True)
class Next:
    """The step that follows, and how many minutes after the one before."""

    step: int
    minutes: int


def step_after(step: int, patience: Patience) -> Next | None:
    """The next step after `step`, leaving out those that are never told; None after the last.

    Whoever was told late has as long to react as whoever was told in time.
    """
    ladder = [(MANAGERS, patience.managers_after), (ADMINS, patience.admins_after)]
    passed = max((minutes or 0 for to, minutes in ladder if to <= step), default=0)
    return next(
        (
            Next(to, max(minutes - passed, 0))
            for to, minutes in ladder
            if to > step and minutes is not None
        ),
        None,
    )
