"""Entries that are only ever added, and the invoices that gather them."""

from __future__ import annotations

from typing import Any, NoReturn

from django.db import models
from django.utils import timezone

from apps.core.ids import PublicIdModel


class PartyKind(models.TextChoices):
    """Whom money is exchanged with. The id beside it is the public id of that row."""

    PLATFORM = "platform", "Buyer of leads"
    CUSTOMER = "customer", "Customer"
    VENDOR = "vendor", "Vendor of leads"


class EntryKind(models.TextChoices):
    """What an entry says. `hold` and `release` keep money aside; the others move it."""

    HOLD = "hold", "Held for a sale"
    RELEASE = "release", "Released again"
    SALE = "sale", "Sale"
    COMMISSION = "commission", "Commission"
    RETURN = "return", "Return"
    ADJUSTMENT = "adjustment", "Adjustment"
    PAYMENT = "payment", "Payment"


REVENUE_KINDS = (EntryKind.SALE, EntryKind.COMMISSION, EntryKind.RETURN, EntryKind.ADJUSTMENT)


class LedgerIsAppendOnlyError(RuntimeError):
    """Somebody tried to change what may only be added to."""


class EntryQuerySet(models.QuerySet["RevenueTransaction"]):
    def update(self, **kwargs: Any) -> NoReturn:
        raise LedgerIsAppendOnlyError("The ledger is only added to: write a correcting entry.")


class RevenueTransaction(PublicIdModel):
    """One entry of the ledger. Positive: the party owes us more; negative: less.

    The database refuses changes too (a trigger on PostgreSQL). A balance is the sum of a party's
    entries; revenue is the sum of those that are not held, released or paid.
    """

    party_kind = models.CharField(max_length=20, choices=PartyKind)
    party_id = models.UUIDField()
    party_name = models.CharField(max_length=120, help_text="As it was called then.")
    kind = models.CharField(max_length=20, choices=EntryKind)
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    currency = models.CharField(max_length=3, help_text="ISO 4217")
    key = models.CharField(
        max_length=120, unique=True, help_text="What it books, once: a repeat adds nothing."
    )
    subject_kind = models.CharField(max_length=20, blank=True, help_text="What it is for.")
    subject_id = models.UUIDField(null=True, blank=True)
    words = models.CharField(max_length=200, blank=True)
    is_sample = models.BooleanField(default=False, editable=False)
    occurred_at = models.DateTimeField(default=timezone.now)

    objects = EntryQuerySet.as_manager()

    class Meta:
        ordering = ("-occurred_at", "-id")
        verbose_name = "ledger entry"
        verbose_name_plural = "ledger entries"
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(amount=0), name="ledger_entry_moves_something"
            ),
        ]
        indexes = [
            models.Index(fields=["party_kind", "party_id", "-occurred_at"], name="ledger_by_party"),
            models.Index(fields=["-occurred_at", "-id"], name="ledger_newest"),
            models.Index(fields=["kind", "-occurred_at"], name="ledger_by_kind"),
            models.Index(fields=["subject_id"], name="ledger_by_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.amount} {self.currency}"


class Invoice(PublicIdModel):
    """What a party is asked to pay for a period. Its lines never change once it is issued."""

    number = models.CharField(max_length=30, unique=True)
    party_kind = models.CharField(max_length=20, choices=PartyKind)
    party_id = models.UUIDField()
    party_name = models.CharField(max_length=120)
    period_from = models.DateField()
    period_to = models.DateField(help_text="The last day, included.")
    currency = models.CharField(max_length=3)
    total = models.DecimalField(max_digits=14, decimal_places=2)
    due_on = models.DateField()
    is_sample = models.BooleanField(default=False, editable=False)
    issued_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("-issued_at", "-id")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(period_to__gte=models.F("period_from")),
                name="ledger_invoice_period_runs_forward",
            ),
        ]
        indexes = [
            models.Index(fields=["party_kind", "party_id", "-issued_at"], name="invoice_by_party")
        ]

    def __str__(self) -> str:
        return self.number


class InvoiceLine(models.Model):
    """One entry on an invoice. An entry is invoiced once."""

    invoice = models.ForeignKey(Invoice, on_delete=models.CASCADE, related_name="lines")
    entry = models.OneToOneField(
        RevenueTransaction, on_delete=models.PROTECT, related_name="invoice_line"
    )

    class Meta:
        ordering = ("entry__occurred_at", "entry_id")

    def __str__(self) -> str:
        return str(self.entry)
