"""Adding to the ledger, and gathering its entries on an invoice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction

from apps.core.errors import Conflict
from apps.core.locks import lock_names
from apps.core.money import round_cents
from apps.ledger.models import REVENUE_KINDS, Invoice, InvoiceLine, RevenueTransaction


@dataclass(frozen=True)
class Party:
    """Somebody money is exchanged with."""

    kind: str
    id: UUID
    name: str
    currency: str
    is_sample: bool = False


def entry_add(
    party: Party,
    *,
    kind: str,
    amount: Decimal,
    key: str,
    now: datetime,
    subject_kind: str = "",
    subject_id: UUID | None = None,
    words: str = "",
) -> bool:
    """Add one entry, in the transaction of what it books. Returns whether it is new.

    `key` names what is booked: the same key again adds nothing. An amount of nothing is not
    booked. Positive amounts are owed to us.
    """
    amount = round_cents(amount)
    if not amount:
        return False
    entry = RevenueTransaction(
        party_kind=party.kind,
        party_id=party.id,
        party_name=party.name,
        currency=party.currency,
        is_sample=party.is_sample,
        kind=kind,
        amount=amount,
        key=key,
        subject_kind=subject_kind,
        subject_id=subject_id,
        words=words[:200],
        occurred_at=now,
    )
    # Looking first would not tell whether another worker books the same key at this moment.
    RevenueTransaction.objects.bulk_create([entry], ignore_conflicts=True)
    return RevenueTransaction.objects.filter(public_id=entry.public_id).exists()


@transaction.atomic
def invoice_issue(
    party: Party, *, first: date, last: date, zone: str, days_to_pay: int, now: datetime
) -> Invoice:
    """Put everything a party owes for a period on one invoice; both days in `zone`.

    Entries that are on an invoice already stay there. Raises Conflict when nothing is left to
    invoice. Locks the party, so two clerks at once make one invoice.
    """
    lock_names(f"invoice:{party.kind}:{party.id}")
    entries = list(
        RevenueTransaction.objects.filter(
            party_kind=party.kind,
            party_id=party.id,
            currency=party.currency,
            kind__in=REVENUE_KINDS,
            occurred_at__gte=_begins(first, zone),
            occurred_at__lt=_begins(last + timedelta(days=1), zone),
            invoice_line=None,
        ).order_by("occurred_at", "pk")
    )
    if not entries:
        raise Conflict("There is nothing to invoice in this period.")
    invoice = Invoice.objects.create(
        number=_next_number(now),
        party_kind=party.kind,
        party_id=party.id,
        party_name=party.name,
        is_sample=party.is_sample,
        period_from=first,
        period_to=last,
        currency=party.currency,
        total=sum((entry.amount for entry in entries), Decimal(0)),
        due_on=now.astimezone(ZoneInfo(zone)).date() + timedelta(days=days_to_pay),
        issued_at=now,
    )
    InvoiceLine.objects.bulk_create(InvoiceLine(invoice=invoice, entry=one) for one in entries)
    return invoice


def _begins(day: date, zone: str) -> datetime:
    return datetime.combine(day, time.min, tzinfo=ZoneInfo(zone))


def _next_number(now: datetime) -> str:
    """Numbers without gaps, by year: accountants ask for that."""
    lock_names("invoice:number")
    prefix = f"{now:%Y}-"
    newest = (
        Invoice.objects.filter(number__startswith=prefix)
        .order_by("-number")
        .values_list("number", flat=True)
        .first()
    )
    return f"{prefix}{int(newest.removeprefix(prefix)) + 1 if newest else 1:05}"
