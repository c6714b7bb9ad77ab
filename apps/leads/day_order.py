"""In which order a salesperson works through the day. Pure.

First whoever waits for a first answer that is late or nearly so, the one due first before the
others; then those who asked to be called at this time; then what else is due; then new leads, the
best first. What is due later today follows by its time.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum

from apps.leads.first_response import State

_A_LITTLE_BEFORE = timedelta(minutes=5)  # a callback is shown so early, to be on time


class Place(IntEnum):
    """The parts of a day, in order."""

    ANSWER = 0
    CALLBACK = 1
    DUE = 2
    NEW = 3
    LATER = 4

    @property
    def label(self) -> str:
        return _LABELS[self]

    @property
    def is_now(self) -> bool:
        return self is not Place.LATER


_LABELS = {
    Place.ANSWER: "Waiting for an answer",
    Place.CALLBACK: "Asked to be called now",
    Place.DUE: "Due",
    Place.NEW: "New leads, the best first",
    Place.LATER: "Later today",
}


@dataclass(frozen=True)
class Waiting:
    """A lead and what is to be done for it, as the order needs to know it.

    `answer_due_at` only while nobody has answered. `is_callback`: they named the time.
    """

    clock: State
    score: int
    answer_due_at: datetime | None = None
    task_due_at: datetime | None = None
    is_callback: bool = False


def place_in_day(waiting: Waiting, *, now: datetime) -> tuple[Place, float]:
    """Where it stands: its part of the day, and its rank there, the lowest first.

    A task that was put off leaves its lead alone until then, but not past the moment at which the
    first answer becomes urgent.
    """
    due = waiting.task_due_at
    if waiting.clock in ("late", "due_soon") and waiting.answer_due_at is not None:
        return Place.ANSWER, waiting.answer_due_at.timestamp()
    if due is not None and waiting.is_callback and due <= now + _A_LITTLE_BEFORE:
        return Place.CALLBACK, due.timestamp()
    if due is not None and due <= now:
        return Place.DUE, due.timestamp()
    if waiting.clock in ("running", "none") and not _is_put_off(waiting):
        return Place.NEW, -waiting.score
    return Place.LATER, (due or now).timestamp()


def _is_put_off(waiting: Waiting) -> bool:
    if waiting.task_due_at is None:
        return False
    return waiting.answer_due_at is None or waiting.task_due_at > waiting.answer_due_at
