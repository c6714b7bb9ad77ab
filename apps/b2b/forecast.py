"""Which leads will come to be sold, from those that came. Pure.

A segment is a tier in a territory. What it brings in a week is what it brought in the past ones,
and, counted as one more week, what its tier's and its territory's shares of all leads let one
expect: so that one lead too many does not make a trend. When in the week they come is seen the same
way, hour by hour, with some leads assumed evenly.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from apps.b2b.filters import LeadFacts

LOOKS_BACK = timedelta(weeks=4)
ENOUGH = 10  # leads: with fewer nothing is forecast
ASSUMED_WEEKS = 1.0
EVEN_LEADS = 42  # a quarter of a lead for every hour of the week
_HOURS_A_WEEK = 168
_HOUR = timedelta(hours=1)


class Arrival(NamedTuple):
    """A lead as it was when it first came to be sold."""

    lead: LeadFacts
    at: datetime


class Segment(NamedTuple):
    """Leads of a tier in a territory; "" for leads from nowhere in particular."""

    tier: str
    territory: str


class Rate(NamedTuple):
    """How many leads of a segment were seen, and how many a week are expected."""

    seen: int
    a_week: float


@dataclass(frozen=True)
class Forecast:
    """What is expected of each segment that was ever seen, and when in the week."""

    weeks: float
    rates: Mapping[Segment, Rate]
    hours: tuple[float, ...]  # the share of a week's leads in each of its hours, from Monday 0:00
    zone: str

    def weeks_between(self, start: datetime, end: datetime) -> float:
        """How much of a week's leads come from `start` until `end`; over 1 for long spans."""
        share, moment, zone = 0.0, start, ZoneInfo(self.zone)
        while moment < end:
            local = moment.astimezone(zone)
            past = timedelta(minutes=local.minute, seconds=local.second)
            step = min(end - moment, max(_HOUR - past, timedelta(seconds=1)))
            share += self.hours[_hour_of_week(local)] * (step / _HOUR)
            moment += step
        return share


def forecast(arrivals: Sequence[Arrival], *, now: datetime, zone: str) -> Forecast | None:
    """What will come, from the arrivals of the last weeks; None when they are too few to tell."""
    if len(arrivals) < ENOUGH:
        return None
    first = min(arrival.at for arrival in arrivals)
    weeks = max(1.0, min((now - first) / timedelta(weeks=1), LOOKS_BACK / timedelta(weeks=1)))
    seen = Counter(segment_of(arrival.lead) for arrival in arrivals)
    tiers: Counter[str] = Counter()
    places: Counter[str] = Counter()
    for segment, count in seen.items():
        tiers[segment.tier] += count
        places[segment.territory] += count
    total = len(arrivals)
    rates = {}
    for segment, count in sorted(seen.items()):
        assumed = tiers[segment.tier] * places[segment.territory] / total / weeks
        a_week = (count + ASSUMED_WEEKS * assumed) / (weeks + ASSUMED_WEEKS)
        rates[segment] = Rate(count, a_week)
    return Forecast(weeks, rates, _hours(arrivals, zone), zone)


def segment_of(lead: LeadFacts) -> Segment:
    return Segment(lead.tier, lead.territory)


def read_arrival(stored: Mapping[str, Any], at: datetime) -> Arrival:
    """A lead from the facts that its route kept. What it had been offered to before is left out."""
    facts = {name: stored[name] for name in _KEPT if name in stored}
    if facts.get("monthly_bill") is not None:
        facts["monthly_bill"] = Decimal(facts["monthly_bill"])
    facts["certified"] = frozenset(facts.get("certified", ()))
    return Arrival(LeadFacts(**facts), at)


_KEPT = {one.name for one in fields(LeadFacts)} - {"bought", "offered", "shared_by"}


def _hours(arrivals: Iterable[Arrival], zone: str) -> tuple[float, ...]:
    where = ZoneInfo(zone)
    counts = Counter(_hour_of_week(arrival.at.astimezone(where)) for arrival in arrivals)
    total = counts.total() + EVEN_LEADS
    return tuple(
        (counts[hour] + EVEN_LEADS / _HOURS_A_WEEK) / total for hour in range(_HOURS_A_WEEK)
    )


def _hour_of_week(local: datetime) -> int:
    return local.weekday() * 24 + local.hour
