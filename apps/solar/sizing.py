"""How large a system is: what the home uses, what the roof holds, what is allowed. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal

_STEP = Decimal("0.1")  # kW


@dataclass(frozen=True)
class Roof:
    """How much a roof takes: its area, the share that stays after access paths and edges, and the
    area of a kW. Area None: not stated, so it limits nothing."""

    area_m2: Decimal | None
    usable_percent: Decimal
    m2_per_kw: Decimal

    @property
    def capacity_kw(self) -> Decimal | None:
        if self.area_m2 is None:
            return None
        usable = self.area_m2 * self.usable_percent / 100
        return (usable / self.m2_per_kw).quantize(_STEP, rounding=ROUND_DOWN)


@dataclass(frozen=True)
class Size:
    """The capacity of an estimate and what held it down: "", "roof", "usual_roof" or "limit".

    `wanted_kw` is what was asked for, or what would cover the home's use.
    """

    capacity_kw: Decimal
    wanted_kw: Decimal
    held_by: str = ""


def system_size(
    *,
    asked_kw: Decimal | None,
    yearly_use_kwh: Decimal,
    yield_per_kw: Decimal,
    roof: Roof,
    usual_roof_kw: Decimal | None = None,
    smallest_kw: Decimal,
    largest_kw: Decimal,
) -> Size:
    """A stated capacity is kept as stated. Else the one whose first year covers the home's use,
    as far as the roof (or where none is stated, the usual one of such a home) and the limit for
    ordinary homes go. Never under the smallest sold."""
    if asked_kw is not None:
        return Size(asked_kw, asked_kw)
    wanted = smallest_kw
    if yield_per_kw > 0:
        wanted = (yearly_use_kwh / yield_per_kw).quantize(_STEP, rounding=ROUND_DOWN)
    wanted = max(wanted, smallest_kw)
    limits = [(largest_kw, "limit")]
    if roof.capacity_kw is not None:
        limits.append((roof.capacity_kw, "roof"))
    elif usual_roof_kw is not None:
        limits.append((usual_roof_kw, "usual_roof"))
    limit, name = min(limits)
    if wanted <= limit:
        return Size(wanted, wanted)
    return Size(max(limit, smallest_kw), wanted, name)
