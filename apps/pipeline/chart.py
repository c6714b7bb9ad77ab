"""The bars of the home page, laid out for an SVG. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

WIDTH, HEIGHT = 560, 190
_TOP, _BOTTOM = 20, 24
_GAP = 0.3  # of the room of a bar
_TIERS = ("premium", "standard", "basic", "unqualified")  # from the ground up


class Day(Protocol):
    """What is counted for a day."""

    @property
    def on(self) -> object: ...
    @property
    def by_tier(self) -> dict[str, int]: ...
    @property
    def total(self) -> int: ...


@dataclass(frozen=True)
class Piece:
    """The part of a bar that belongs to one tier."""

    tier: str
    count: int
    y: float
    height: float


@dataclass(frozen=True)
class Bar:
    """One day."""

    day: Day
    x: float
    width: float
    middle: float
    top: float
    pieces: tuple[Piece, ...]
    has_label: bool


@dataclass(frozen=True)
class Chart:
    """All of it. `most` is the total of the fullest day; 0 means there is nothing to draw."""

    width: int
    height: int
    ground: int
    most: int
    bars: tuple[Bar, ...]


def bar_chart(days: Sequence[Day]) -> Chart:
    """Stacked bars, one for each day, as high as their share of the fullest day."""
    most = max((day.total for day in days), default=0)
    ground = HEIGHT - _BOTTOM
    scale = (ground - _TOP) / most if most else 0.0
    room = WIDTH / len(days) if days else 0.0
    bars = tuple(
        _bar(day, number, room, ground, scale, has_label=(len(days) - 1 - number) % 2 == 0)
        for number, day in enumerate(days)
    )
    return Chart(WIDTH, HEIGHT, ground, most, bars)


def _bar(day: Day, number: int, room: float, ground: int, scale: float, *, has_label: bool) -> Bar:
    pieces, y = [], float(ground)
    for tier in _TIERS:
        if count := day.by_tier.get(tier, 0):
            y -= count * scale
            pieces.append(Piece(tier, count, round(y, 1), round(count * scale, 1)))
    x = room * (number + _GAP / 2)
    return Bar(
        day=day,
        x=round(x, 1),
        width=round(room * (1 - _GAP), 1),
        middle=round(room * (number + 0.5), 1),
        top=round(y - 5, 1),
        pieces=tuple(pieces),
        has_label=has_label,
    )
