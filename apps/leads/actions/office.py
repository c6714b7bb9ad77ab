"""What an office starts with, written where it is missing."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from apps.leads.models import Holiday, OfficeSpan, ResponsePolicy
from apps.leads.office_defaults import POLICIES, default_hours, public_holidays
from apps.solar.models import Market

_YEARS_AHEAD = 1


@transaction.atomic
def office_prepare(*, today: date) -> int:
    """Give each market hours and answer times if it has none, and this year's and next year's
    public holidays. Returns how many holidays are new.

    Repeatable: what staff changed stays, and a holiday they want to work on is one they switch
    off, not one they delete.
    """
    new = 0
    for market in Market.objects.select_for_update().order_by("code"):
        _hours(market)
        _policies(market)
        before = market.holidays.count()
        Holiday.objects.bulk_create(
            (
                Holiday(
                    market=market,
                    kind=Holiday.Kind.PUBLIC,
                    day=holiday.day,
                    name=holiday.name,
                    is_closed=holiday.is_closed,
                    note=holiday.note,
                )
                for year in range(today.year, today.year + _YEARS_AHEAD + 1)
                for holiday in public_holidays(market.code, market.region, year)
            ),
            ignore_conflicts=True,
        )
        new += market.holidays.count() - before
    return new


def _hours(market: Market) -> None:
    if not market.office_spans.exists():
        OfficeSpan.objects.bulk_create(
            OfficeSpan(market=market, weekday=day, opens_at=opens, closes_at=closes)
            for day, (opens, closes) in default_hours(market.code).items()
        )


def _policies(market: Market) -> None:
    if not market.response_policies.exists():
        ResponsePolicy.objects.bulk_create(
            ResponsePolicy(
                market=market,
                priority_level=policy.priority,
                tier=policy.tier,
                target_minutes=policy.target_minutes,
                warn_percent=policy.warn_percent,
            )
            for policy in POLICIES
        )
