"""Which values stay when two leads become one. Pure.

Nothing that was said is lost: where only one of the two says something, it stays; where both do,
what was said later stays unless a person chose otherwise, and the other word is kept with the
merge.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

Side = Literal["survivor", "duplicate"]

_PLACE = ("market_id", "territory_id", "postal_code", "address", "city", "state")
# What a person chooses, and the columns that go with it: half a place would be nobody's place.
UNITS: dict[str, tuple[str, ...]] = {
    "first_name": ("first_name",),
    "last_name": ("last_name",),
    "email": ("email",),
    "phone": ("phone", "phone_valid"),
    "company": ("company",),
    "place": _PLACE,
    "property_type": ("property_type",),
    "ownership": ("ownership",),
    "roof_type": ("roof_type",),
    "roof_age": ("roof_age",),
    "roof_area_m2": ("roof_area_m2",),
    "shading": ("shading",),
    "monthly_bill": ("monthly_bill",),
    "utility": ("utility",),
    "estimated_capacity": ("estimated_capacity",),
    "budget_range": ("budget_range",),
    "timeline": ("timeline",),
    "decision_maker": ("decision_maker",),
    "credit_range": ("credit_range",),
    "service_type": ("service_type",),
    "assigned_to": ("assigned_to_id",),
}
_FOLLOWS = ("market_id", "territory_id", "phone_valid")  # from the others of its unit
CLOCK = (
    "first_response_target", "first_response_warn_at", "first_response_due_at",
    "first_response_stage", "first_response_alert_at", "reopened_at",
)  # fmt: skip
# In the currency, or of the companies, of a market: they go with the place where markets differ.
_OF_A_MARKET = ("monthly_bill", "utility", "budget_range")
# Words of `choices`, from the least to the furthest; a test holds the two lists together.
OPEN = ("new", "contacted", "qualified", "proposal", "negotiation")
LEVELS = ("low", "medium", "high")


@dataclass(frozen=True)
class Told:
    """One of the two leads: its columns, when each was last stated, and when it came in."""

    values: Mapping[str, Any]
    stated_at: Mapping[str, datetime]
    created_at: datetime

    def said(self, column: str) -> Any:
        return self.values.get(column)

    def says(self, column: str) -> bool:
        return self.values.get(column) not in ("", None, {}, [])

    def last_said(self, columns: tuple[str, ...]) -> datetime:
        times = [self.stated_at.get(column, self.created_at) for column in columns]
        return max(times)


@dataclass(frozen=True)
class Choice:
    """One thing both leads may state: whose word stays, and whether there is a choice at all."""

    unit: str
    pick: Side
    differs: bool  # both say something, and not the same


def choices(
    survivor: Told, duplicate: Told, keep: Mapping[str, Side] | None = None
) -> list[Choice]:
    """Whose word stays, unit by unit. `keep` holds what a person chose."""
    keep = dict(keep or {})
    found = [_choice(unit, survivor, duplicate, keep.get(unit)) for unit in UNITS]
    if survivor.said("market_id") == duplicate.said("market_id"):
        return found
    place = next(choice.pick for choice in found if choice.unit == "place")
    return [
        Choice(choice.unit, place, False) if choice.unit in _OF_A_MARKET else choice
        for choice in found
    ]


def merged_values(survivor: Told, duplicate: Told, chosen: list[Choice]) -> dict[str, Any]:
    """The columns of the survivor after the merge."""
    values: dict[str, Any] = {}
    one_market = survivor.said("market_id") == duplicate.said("market_id")
    for choice in chosen:
        taken, other = _sides(survivor, duplicate, choice.pick)
        columns = UNITS[choice.unit]
        may_fill = one_market or choice.unit not in _OF_A_MARKET
        if may_fill and not _contradict(taken, other, columns):
            for column in columns:
                values[column] = taken.said(column) if taken.says(column) else other.said(column)
        else:
            values |= {column: taken.said(column) for column in columns}
    return values | _follow(survivor, duplicate)


def _choice(unit: str, survivor: Told, duplicate: Told, kept: Side | None) -> Choice:
    columns = UNITS[unit]
    asked = tuple(name for name in columns if name not in _FOLLOWS)
    ours = any(survivor.says(column) for column in asked)
    theirs = any(duplicate.says(column) for column in asked)
    if not theirs or not ours:
        return Choice(unit, "duplicate" if theirs else "survivor", False)
    if not _contradict(survivor, duplicate, asked):
        return Choice(unit, "survivor", False)
    if kept is None:
        kept = "survivor"
        # Who works a lead does not lose it because the other one was given away later.
        if unit != "assigned_to" and duplicate.last_said(asked) > survivor.last_said(asked):
            kept = "duplicate"
    return Choice(unit, kept, True)


def _contradict(one: Told, other: Told, columns: tuple[str, ...]) -> bool:
    return any(
        one.says(name) and other.says(name) and one.said(name) != other.said(name)
        for name in columns
    )


def _sides(survivor: Told, duplicate: Told, pick: Side) -> tuple[Told, Told]:
    return (survivor, duplicate) if pick == "survivor" else (duplicate, survivor)


def _follow(survivor: Told, duplicate: Told) -> dict[str, Any]:
    """What nobody is asked about, because there is one right answer."""
    older, newer = sorted((survivor, duplicate), key=lambda side: side.created_at)
    answered = _earliest("first_response_at", survivor, duplicate)
    return _clock(survivor, duplicate, answered) | {
        "status": _further(survivor.said("status"), duplicate.said("status")),
        "call_status": _call_status(survivor.said("call_status"), duplicate.said("call_status")),
        "interest_level": _higher("interest_level", survivor, duplicate),
        "priority_level": _higher("priority_level", survivor, duplicate),
        "is_partial": survivor.said("is_partial") and duplicate.said("is_partial"),
        "behaviour": (older.said("behaviour") or {}) | (newer.said("behaviour") or {}),
        "first_touch": older.said("first_touch") or newer.said("first_touch") or {},
        "last_touch": newer.said("last_touch") or older.said("last_touch") or {},
        "first_response_at": answered,
        "first_reached_at": _earliest("first_reached_at", survivor, duplicate),
    }


def _clock(survivor: Told, duplicate: Told, answered: datetime | None) -> dict[str, Any]:
    """The person has waited since they first wrote: the clock that is due first goes on.

    An alert of the duplicate ends with it, so the last stage is told of the survivor anew.
    """
    due = _earliest("first_response_due_at", survivor, duplicate)
    runs = next(side for side in (survivor, duplicate) if side.said("first_response_due_at") == due)
    clock = {column: runs.said(column) for column in CLOCK}
    if runs is duplicate and clock["first_response_stage"] == "escalated":
        clock["first_response_alert_at"] = due
    return clock if answered is None else clock | {"first_response_alert_at": None}


def _earliest(column: str, survivor: Told, duplicate: Told) -> datetime | None:
    times = [at for side in (survivor, duplicate) if (at := side.said(column)) is not None]
    return min(times, default=None)


def _further(mine: str, theirs: str) -> str:
    """The open status that is further on; a closed survivor stays as it is."""
    if mine in OPEN and theirs in OPEN:
        return max(mine, theirs, key=OPEN.index)
    return mine


def _call_status(mine: str, theirs: str) -> str:
    """Who must not be called under one record must not be called."""
    if "do_not_call" in (mine, theirs):
        return "do_not_call"
    return theirs if mine == "to_call" else mine


def _higher(column: str, survivor: Told, duplicate: Told) -> str:
    both: tuple[str, str] = (survivor.said(column), duplicate.said(column))
    return max(both, key=LEVELS.index)
