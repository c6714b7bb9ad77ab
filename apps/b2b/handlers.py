"""What the outbox calls."""

from __future__ import annotations

from django.utils import timezone

from apps.b2b.actions.delivering import delivery_send
from apps.b2b.actions.offering import lead_offer_next
from apps.b2b.actions.packing import DELIVERY_DUE
from apps.b2b.actions.settling import SALE_SETTLED
from apps.b2b.choices import ReleaseReason, SaleState
from apps.b2b.models import Delivery, Sale
from apps.core.outbox import Message, handles

_THEN_THE_NEXT = {
    ReleaseReason.REJECTED,
    ReleaseReason.DUPLICATE,
    ReleaseReason.UNDELIVERABLE,
}


@handles(DELIVERY_DUE, queue="delivery")
def send_delivery(message: Message) -> None:
    """Send what was sold a moment ago. What fails is tried again by the clock."""
    found = Delivery.objects.filter(public_id=message.payload["delivery"]).only("pk").first()
    if found is not None:
        delivery_send(found.pk)


@handles(SALE_SETTLED, queue="journey")
def offer_to_the_next(message: Message) -> None:
    """A buyer did not take it: the next one is asked. Repeatable: what is sold stays sold."""
    if message.payload["state"] != SaleState.RELEASED:
        return
    sales = Sale.objects.select_related("route", "platform")
    sale = sales.get(public_id=message.payload["sale"])
    if sale.release_reason in _THEN_THE_NEXT:
        lead_offer_next(sale, now=timezone.now())
