"""The bars of the funnel page: visits a day, and inside them those who sent something. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

_WIDTH, _HEIGHT, _TOP, _GROUND = 720, 180, 16, 150


@dataclass(frozen=True)
class Bar:
    """One day. Positions in the chart's own units."""

    on: date
    visits: int
    sent: int
    x: float
    width: float
    visits_y: float
    visits_height: float
    sent_y: float
    sent_height: float
    has_label: bool

    @property
    def middle(self) -> float:
        return round(self.x + self.width / 2, 1)


@dataclass(frozen=True)
class Chart:
    width: int
    height: int
    ground: int
    most: int
    bars: tuple[Bar, ...]


def funnel_chart(days: Sequence[tuple[date, int, int]]) -> Chart:
    """Bars for (day, visits, sent), oldest first. A day nobody came has a bar of no height."""
    most = max((max(visits, sent) for _, visits, sent in days), default=0)
    slot = _WIDTH / max(1, len(days))
    scale = (_GROUND - _TOP) / most if most else 0.0
    bars = tuple(
        Bar(
            on=day,
            visits=visits,
            sent=sent,
            x=round(slot * number + slot * 0.15, 1),
            width=round(slot * 0.7, 1),
            visits_y=round(_GROUND - visits * scale, 1),
            visits_height=round(visits * scale, 1),
            sent_y=round(_GROUND - sent * scale, 1),
            sent_height=round(sent * scale, 1),
            has_label=(len(days) - 1 - number) % 7 == 0,
        )
        for number, (day, visits, sent) in enumerate(days)
    )
    return Chart(_WIDTH, _HEIGHT, _GROUND, most, bars)
