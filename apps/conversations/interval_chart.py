"""Shares with the interval each lies in, laid out for an SVG. Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from apps.conversations.variants import Interval

WIDTH = 640
_LEFT, _RIGHT, _TOP, _ROW = 150, 24, 8, 34
_AXIS = 26
_STEPS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.25)  # between two marks of the axis, as shares


@dataclass(frozen=True)
class Bar:
    """One share: the whisker from `x` on, `width` long, and the dot at `dot`."""

    name: str
    x: float
    width: float
    dot: float | None  # None where nobody has been counted
    y: float


@dataclass(frozen=True)
class Mark:
    """A line of the axis and what stands below it, in per cent."""

    x: float
    percent: int


@dataclass(frozen=True)
class Chart:
    """All of it, in the chart's own units."""

    width: int
    height: int
    ground: int
    bars: tuple[Bar, ...]
    marks: tuple[Mark, ...]


def interval_chart(rows: Sequence[tuple[str, float | None, Interval]]) -> Chart:
    """A row for each (name, share, interval), on one axis that begins at nought."""
    highest = max((interval.high for _, _, interval in rows), default=1.0)
    step = next((one for one in _STEPS if highest / one <= 5), _STEPS[-1])
    end = min(1.0, math.ceil(highest / step) * step)
    scale = (WIDTH - _LEFT - _RIGHT) / end
    bars = tuple(
        Bar(
            name=name,
            x=_at(interval.low, scale),
            width=round((interval.high - interval.low) * scale, 1),
            dot=None if share is None else _at(share, scale),
            y=_TOP + _ROW * number + _ROW / 2,
        )
        for number, (name, share, interval) in enumerate(rows)
    )
    marks = tuple(
        Mark(_at(step * number, scale), round(step * number * 100))
        for number in range(round(end / step) + 1)
    )
    ground = _TOP + _ROW * len(rows)
    return Chart(WIDTH, ground + _AXIS, ground, bars, marks)


def _at(share: float, scale: float) -> float:
    return round(_LEFT + share * scale, 1)
