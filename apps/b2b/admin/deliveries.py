"""Deliveries, and among them the queue of those that need a person."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin import action, display
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.safestring import SafeString
from unfold.contrib.filters.admin import MultipleChoicesDropdownFilter, RelatedDropdownFilter

from apps.b2b.actions.manual import (
    RESENDABLE,
    delivery_confirm,
    delivery_deny,
    delivery_resend,
    delivery_withdraw,
    is_taken_back,
    others_who_have_it,
)
from apps.b2b.choices import DUE_DELIVERIES, DeliveryState, ReleaseReason
from apps.b2b.models import Delivery
from apps.core.errors import AppError
from apps.core.money import Money
from apps.core.staff.filters import DaysFilter
from apps.core.staff.marks import age, mark, page_link, shorten
from apps.core.staff.pages import Button, ButtonsMixin, ReadOnlyAdmin
from apps.core.staff.panels import Panel, page_panel
from apps.users.selectors import signed_in

_CHANGE = "b2b.change_delivery"
DELIVERY_TONES = {
    "queued": "info",
    "sending": "info",
    "retrying": "warn",
    "accepted": "good",
    "rejected": "plain",
    "manual": "bad",
    "failed": "bad",
    "cancelled": "plain",
}
ATTEMPT_TONES = {
    "": "info",
    "accepted": "good",
    "rejected": "plain",
    "duplicate": "plain",
    "failed": "warn",
    "unknown": "warn",
    "refused": "bad",
}


def _is_manual(delivery: Delivery) -> bool:
    return delivery.state == DeliveryState.MANUAL


def _may_be_theirs(delivery: Delivery) -> bool:
    """Unless somebody else has it, or the person wants nobody to have it."""
    if not is_taken_back(delivery):
        return _is_manual(delivery)
    unwanted = delivery.sale.release_reason == ReleaseReason.SUPPRESSED
    return not unwanted and not others_in_the_way(delivery)


def _is_doubtful(delivery: Delivery) -> bool:
    return _is_manual(delivery) and not is_taken_back(delivery)


def others_in_the_way(delivery: Delivery) -> list[str]:
    """Who has the lead that was taken back from this buyer."""
    return others_who_have_it(delivery.sale) if is_taken_back(delivery) else []


@admin.register(Delivery)
class DeliveryAdmin(ButtonsMixin, ReadOnlyAdmin):
    """What buyers were sent, and where it stands."""

    when_empty = (
        "Nothing was sent yet: rules under Work or sell say which leads are offered to buyers."
    )

    list_display = ("state_mark", "of_lead", "platform", "method", "tried", "why", "since")
    list_display_links = ("state_mark",)
    list_filter = (
        ("state", MultipleChoicesDropdownFilter),
        ("platform", RelatedDropdownFilter),
        ("created_at", DaysFilter),
    )
    list_select_related = ("platform", "sale__lead")
    search_fields = ("public_id",)
    search_help_text = "Our id of the delivery, as the buyer was sent it"
    actions = ("resend_chosen",)
    readonly_fields = (
        "state_mark", "of_lead", "of_sale", "why", "what_to_do", "reference", "since",
    )  # fmt: skip
    buttons = (
        Button("resend", "Send again", "replay", _CHANGE,
               shown=lambda one: one.state in RESENDABLE and not is_taken_back(one), tone="gold"),
        Button("confirm", "They have it", "check_circle", _CHANGE, shown=_may_be_theirs),
        Button("deny", "They do not have it", "cancel", _CHANGE, shown=_is_doubtful,
               sure="The lead goes to the next buyer."),
        Button("withdraw", "They have deleted it", "delete", _CHANGE, shown=is_taken_back,
               sure="They owe nothing for it."),
    )  # fmt: skip

    def get_fields(self, request: HttpRequest, obj: Delivery | None = None) -> Any:
        is_due = obj is not None and obj.state in DUE_DELIVERIES
        return (
            ("state_mark", "platform"),
            ("of_lead", "of_sale"),
            "why",
            *(["what_to_do"] if obj is not None and _is_manual(obj) else []),
            ("reference", "method"),
            ("since", "not_before" if is_due else "ended_at"),
        )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Delivery]:
        deliveries: QuerySet[Delivery] = super().get_queryset(request)
        return deliveries.select_related("platform", "sale__lead")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Delivery], search_term: str
    ) -> tuple[QuerySet[Delivery], bool]:
        digits = search_term.strip().lower().replace("-", "")
        if len(digits) == 32 and set(digits) <= set("0123456789abcdef"):
            return queryset.filter(public_id=digits), False
        return (queryset.none() if digits else queryset), False

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        context["title"] = "A delivery"
        return super().render_change_form(request, context, *args, **kwargs)

    def has_resend_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm(_CHANGE))

    @action(description="Send again", permissions=["resend"])
    def resend_chosen(self, request: HttpRequest, queryset: QuerySet[Delivery]) -> None:
        sent, refused = 0, ""
        for delivery in queryset.filter(state__in=RESENDABLE):
            try:
                delivery_resend(delivery.pk, now=timezone.now())
                sent += 1
            except AppError as refusal:
                refused = refusal.message
        messages.success(request, f"{sent} on their way again.")
        if refused:
            messages.warning(request, f"Not all: {refused}")

    def press_resend(self, request: HttpRequest, delivery: Delivery) -> str:
        delivery_resend(delivery.pk, now=timezone.now())
        return "On its way again, under the same key, in the buyer's present words."

    def press_confirm(self, request: HttpRequest, delivery: Delivery) -> str:
        delivery_confirm(delivery.pk, now=timezone.now())
        return "Accepted: it is sold and owed."

    def press_deny(self, request: HttpRequest, delivery: Delivery) -> str:
        delivery_deny(delivery.pk, actor=signed_in(request), now=timezone.now())
        return "Taken back. The next buyer is asked."

    def press_withdraw(self, request: HttpRequest, delivery: Delivery) -> str:
        delivery_withdraw(delivery.pk, actor=signed_in(request), now=timezone.now())
        return "Noted. They owe nothing for it."

    @display(description="State", ordering="state")
    def state_mark(self, delivery: Delivery) -> SafeString:
        return mark(delivery.get_state_display(), DELIVERY_TONES[delivery.state])

    @display(description="Lead")
    def of_lead(self, delivery: Delivery) -> SafeString:
        return page_link("leads.lead", delivery.sale.lead_id, delivery.sale.lead)

    @display(description="Sale")
    def of_sale(self, delivery: Delivery) -> SafeString:
        sale = delivery.sale
        words = f"{Money(sale.price, sale.currency)}, {sale.get_state_display().lower()}"
        return page_link("b2b.sale", sale.pk, words)

    @display(description="What to do")
    def what_to_do(self, delivery: Delivery) -> str:
        """Whom to ask for what, and what each answer leads to."""
        whom = delivery.platform.contact_email or delivery.platform.name
        if is_taken_back(delivery) and not _may_be_theirs(delivery):
            others = others_in_the_way(delivery)
            now_with = f"with {' and '.join(others)} now" if others else "for nobody to call"
            return (
                f"It was taken back from them, and is {now_with}. Ask {whom} to delete the lead"
                " with the reference below and not to get in touch; then press “They have deleted"
                " it”. They owe nothing for it."
            )
        if is_taken_back(delivery):
            return (
                f"They said yes after the lead had been taken back, and nobody else has it. Ask"
                f" {whom} whether they keep the lead with the reference below. “They have it” sells"
                " it to them after all, at its price, where their caps and money still allow it."
                " Otherwise ask them to delete it, and press “They have deleted it”: nothing is"
                " booked."
            )
        return (
            f"Ask {whom} whether they have the lead with the reference below. Press what they say:"
            " “They have it” books the sale, “They do not have it” asks the next buyer. Until then"
            " the lead is kept for them. “Send again” only if they lost it, or know our reference."
        )

    @display(description="Reference")
    def reference(self, delivery: Delivery) -> str:
        return str(delivery.public_id)

    @display(description="Tries", ordering="tries")
    def tried(self, delivery: Delivery) -> int:
        return delivery.tries

    @display(description="Why it stands there")
    def why(self, delivery: Delivery) -> str:
        return shorten(delivery.words, 120) or "—"

    @display(description="Since", ordering="created_at")
    def since(self, delivery: Delivery) -> SafeString | str:
        return age(delivery.created_at)


@page_panel("b2b.delivery")
def _tries(request: HttpRequest, delivery: Delivery) -> Panel:
    rows = [
        (one, mark(one.get_outcome_display(), ATTEMPT_TONES[one.outcome]))
        for one in delivery.attempts.all()
    ]
    return Panel("Tries", "admin/b2b/tries.html", {"rows": rows}, count=len(rows))


@page_panel("b2b.delivery", place=60)
def _sent(request: HttpRequest, delivery: Delivery) -> Panel | None:
    """What the buyer was sent: personal, so only for those who see the lead's details."""
    payload = delivery.payload
    if payload is None or not request.user.has_perm("leads.view_lead"):
        return None
    return Panel(
        "What was sent",
        "admin/b2b/sent.html",
        {"payload": payload, "text": bytes(payload.body).decode("utf-8-sig", "replace")},
    )
