"""The ledger and its invoices, to be read."""

from __future__ import annotations

from django.contrib import admin
from django.contrib.admin import display
from django.http import HttpRequest
from django.utils.safestring import SafeString
from unfold.contrib.filters.admin import ChoicesDropdownFilter, MultipleChoicesDropdownFilter

from apps.core.money import Money
from apps.core.staff.filters import DaysFilter
from apps.core.staff.marks import age, mark
from apps.core.staff.pages import ReadOnlyAdmin
from apps.core.staff.panels import Panel, page_panel
from apps.ledger.models import Invoice, RevenueTransaction

_TONES = {
    "hold": "info",
    "release": "plain",
    "sale": "good",
    "commission": "warn",
    "return": "bad",
    "adjustment": "warn",
    "payment": "gold",
}
_MOST_LINES = 500


@admin.register(RevenueTransaction)
class RevenueTransactionAdmin(ReadOnlyAdmin):
    """Every movement of money. Nothing here is ever changed."""

    list_display = ("booked", "kind_mark", "money", "party_name", "what_for")
    when_empty = "Nothing was booked yet. The first sale to a buyer begins it."
    list_display_links = ("booked",)
    list_filter = (
        ("kind", MultipleChoicesDropdownFilter),
        ("party_kind", ChoicesDropdownFilter),
        ("occurred_at", DaysFilter),
    )
    search_fields = ("party_name", "key")
    search_help_text = "The party's name, or the key of an entry"
    fields = (
        ("kind_mark", "money"),
        ("party_name", "party_kind"),
        ("what_for", "occurred_at"),
        "key",
    )
    readonly_fields = ("kind_mark", "money", "what_for")

    @display(description="Booked", ordering="occurred_at")
    def booked(self, entry: RevenueTransaction) -> SafeString | str:
        return age(entry.occurred_at)

    @display(description="Kind", ordering="kind")
    def kind_mark(self, entry: RevenueTransaction) -> SafeString:
        return mark(entry.get_kind_display(), _TONES[entry.kind])

    @display(description="What for")
    def what_for(self, entry: RevenueTransaction) -> str:
        return entry.words or "—"

    @display(description="Amount", ordering="amount")
    def money(self, entry: RevenueTransaction) -> str:
        return str(Money(entry.amount, entry.currency))


@admin.register(Invoice)
class InvoiceAdmin(ReadOnlyAdmin):
    """What buyers are asked to pay."""

    list_display = ("number", "party_name", "period", "money", "due_on", "issued")
    when_empty = "No invoices yet: a buyer's page makes one of a period that is over."
    list_filter = (("issued_at", DaysFilter),)
    search_fields = ("number", "party_name")
    fields = (("number", "party_name"), ("period", "due_on"), "money")
    readonly_fields = ("period", "money")

    @display(description="Period")
    def period(self, invoice: Invoice) -> str:
        first, last = invoice.period_from, invoice.period_to
        year = f" {first:%Y}" if first.year != last.year else ""
        return f"{first:%-d %b}{year} – {last:%-d %b %Y}"

    @display(description="Total", ordering="total")
    def money(self, invoice: Invoice) -> str:
        return str(Money(invoice.total, invoice.currency))

    @display(description="Issued", ordering="issued_at")
    def issued(self, invoice: Invoice) -> SafeString | str:
        return age(invoice.issued_at)


@page_panel("ledger.invoice")
def _lines(request: HttpRequest, invoice: Invoice) -> Panel:
    lines = list(invoice.lines.select_related("entry")[:_MOST_LINES])
    rows = [(line.entry, Money(line.entry.amount, line.entry.currency)) for line in lines]
    return Panel("Lines", "admin/ledger/lines.html", {"rows": rows}, count=len(rows))
