"""What buyers pay by: invoices for a period."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from apps.b2b.actions.booking import party_of
from apps.b2b.models import Platform
from apps.core.errors import InvalidInput
from apps.ledger.actions import invoice_issue
from apps.ledger.models import Invoice


def platform_invoice(platform_pk: int, *, first: date, last: date, now: datetime) -> Invoice:
    """Put what a buyer bought in a period on an invoice; both days on the buyer's own clock.

    Raises InvalidInput for a period that runs backwards or is not over, Conflict when nothing is
    left to invoice.
    """
    platform = Platform.objects.select_related("market").get(pk=platform_pk)
    if first > last:
        raise InvalidInput("The first day is not after the last.")
    if last >= _today(platform, now):
        raise InvalidInput("The period is not over yet.")
    return invoice_issue(
        party_of(platform),
        first=first,
        last=last,
        zone=platform.time_zone,
        days_to_pay=platform.days_to_pay,
        now=now,
    )


def last_month(platform: Platform, now: datetime) -> tuple[date, date]:
    """The first and the last day of the month before, on the buyer's own clock."""
    last = _today(platform, now).replace(day=1) - timedelta(days=1)
    return last.replace(day=1), last


def _today(platform: Platform, now: datetime) -> date:
    return now.astimezone(ZoneInfo(platform.time_zone)).date()
