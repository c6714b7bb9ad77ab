"""What the exchange earned, for the home page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest

from apps.b2b.selectors import revenue_metrics
from apps.core.money import Money
from apps.ledger.selectors import currencies_used

_BUYERS = 5


@dataclass(frozen=True)
class Earned:
    """One currency: what came in today and this month, what is still on its way, who pays best."""

    currency: str
    today: Money
    month: Money
    held: Money
    sold: int
    acceptance: str
    buyers: tuple[tuple[str, Money, int], ...]


def earnings(request: HttpRequest, now: datetime) -> list[Earned]:
    """The figures for those who may see money, by currency; nothing before the first sale."""
    if not (request.user.has_perm("users.view_revenue") and request.user.has_perm("b2b.view_sale")):
        return []
    return [_of(currency, now) for currency in currencies_used()]


def _of(currency: str, now: datetime) -> Earned:
    found = revenue_metrics(currency, now)
    return Earned(
        currency=currency,
        today=Money(found.today_revenue, currency),
        month=Money(found.month_revenue, currency),
        held=Money(found.held, currency),
        sold=found.sold_this_month,
        acceptance="" if found.acceptance_rate is None else f"{found.acceptance_rate:.0%}",
        buyers=tuple(
            (name, Money(revenue, currency), sales)
            for name, revenue, sales in found.by_platform[:_BUYERS]
            if revenue
        ),
    )
