"""What can be asked of the ledger. Every figure is a sum of entries."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db.models import Count, Sum

from apps.ledger.models import REVENUE_KINDS, EntryKind, RevenueTransaction

_NOTHING = Decimal("0.00")


def balance_of(kind: str, party_id: UUID) -> Decimal:
    """What a party owes us; negative when it has paid ahead. Holds count."""
    entries = RevenueTransaction.objects.filter(party_kind=kind, party_id=party_id)
    total: Decimal | None = entries.aggregate(total=Sum("amount"))["total"]
    return total or _NOTHING


def balances_of(kind: str) -> dict[UUID, Decimal]:
    """What every party of a kind owes us; who has no entries is left out."""
    entries = RevenueTransaction.objects.filter(party_kind=kind).order_by()
    return dict(entries.values_list("party_id").annotate(total=Sum("amount")))


def revenue_between(
    start: datetime, end: datetime, *, currency: str, kinds: Iterable[str] = REVENUE_KINDS
) -> Decimal:
    """What was earned from `start` until just before `end`, in one currency."""
    entries = RevenueTransaction.objects.filter(
        kind__in=list(kinds), currency=currency, occurred_at__gte=start, occurred_at__lt=end
    )
    total: Decimal | None = entries.aggregate(total=Sum("amount"))["total"]
    return total or _NOTHING


def revenue_by_party(
    start: datetime, end: datetime, *, currency: str
) -> list[tuple[str, Decimal, int]]:
    """Name, revenue and number of sales of each party, the best first."""
    entries = RevenueTransaction.objects.filter(
        kind__in=REVENUE_KINDS, currency=currency, occurred_at__gte=start, occurred_at__lt=end
    )
    totals = dict(entries.order_by().values_list("party_id").annotate(total=Sum("amount")))
    sales = dict(
        entries.filter(kind=EntryKind.SALE)
        .order_by()
        .values_list("party_id")
        .annotate(count=Count("pk"))
    )
    names = dict(entries.order_by("occurred_at", "pk").values_list("party_id", "party_name"))
    rows = [(names[party], total, sales.get(party, 0)) for party, total in totals.items()]
    return sorted(rows, key=lambda row: (-row[1], row[0]))


def currencies_used() -> list[str]:
    """The currencies anything was ever booked in."""
    used = RevenueTransaction.objects.order_by("currency").values_list("currency", flat=True)
    return list(used.distinct())
