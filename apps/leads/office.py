"""The hours and answer times of a market, read from what staff entered."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, time

from apps.core.reading import read_once
from apps.leads.choices import Weekday
from apps.leads.first_response import OfficeHours, Policy, choose_policy
from apps.leads.models import Holiday, Lead, OfficeSpan, ResponsePolicy
from apps.solar.models import Market


def office_hours(markets: Iterable[Market]) -> dict[str, OfficeHours]:
    """The hours of each market's office, by its code. Two queries, however many markets."""
    wanted = {market.code: market for market in markets}
    week: dict[str, dict[int, list[tuple[time, time]]]] = defaultdict(lambda: defaultdict(list))
    spans = OfficeSpan.objects.filter(market__in=wanted).order_by()
    for market, day, opens, closes in spans.values_list(
        "market_id", "weekday", "opens_at", "closes_at"
    ):
        week[market][day].append((opens, closes))
    closed: dict[str, set[date]] = defaultdict(set)
    holidays = Holiday.objects.filter(market__in=wanted, is_closed=True).order_by()
    for code, holiday in holidays.values_list("market_id", "day"):
        closed[code].add(holiday)
    return {
        code: OfficeHours(
            market.time_zone,
            tuple(tuple(week[code][day]) for day in Weekday.values)
            if code in week
            else OfficeHours.around_the_clock(market.time_zone).week,
            frozenset(closed[code]),
        )
        for code, market in wanted.items()
    }


@read_once
def office_hours_of(market: Market) -> OfficeHours:
    """The hours of one market's office."""
    return office_hours([market])[market.code]


def policy_of(lead: Lead) -> Policy | None:
    """How soon this lead is answered; None where nobody has said."""
    policies = _policies(lead.market_id)
    return choose_policy(policies, priority=lead.priority_level, tier=lead.tier)


@read_once
def _policies(market: str) -> tuple[Policy, ...]:
    return tuple(
        Policy(
            priority=row.priority_level,
            tier=row.tier,
            target_minutes=row.target_minutes,
            warn_percent=row.warn_percent,
            reassigns=row.escalation == ResponsePolicy.Escalation.REASSIGN,
        )
        for row in ResponsePolicy.objects.filter(market=market)
    )
