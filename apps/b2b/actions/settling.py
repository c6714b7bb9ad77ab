"""A sale comes true, or is given back."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import F

from apps.b2b.actions.booking import book_release, book_sale, give_caps_back, lock_accounts
from apps.b2b.actions.offering import lead_lock
from apps.b2b.choices import DUE_DELIVERIES, PlatformStatus, ReleaseReason, SaleState
from apps.b2b.models import Delivery, Platform, Sale
from apps.core import outbox
from apps.core.money import Money
from apps.leads.actions.selling import lead_mark_sold
from apps.leads.choices import ActivityKind
from apps.leads.timeline import activity_add

SALE_SETTLED = "b2b.sale_settled"
# What says something of the lead, and not only that the buyer has this person.
_COUNTS_IN_A_ROW = {ReleaseReason.REJECTED}


@transaction.atomic
def sale_accept(sale_pk: int, *, now: datetime, answered_price: Decimal | None = None) -> bool:
    """The buyer took it: what was held is owed now. Returns whether this call made it so.

    The agreed price holds; what the buyer named is kept beside it.
    """
    sale = _locked(sale_pk)
    if sale.state != SaleState.RESERVED:
        return False
    lock_accounts([sale.platform_id])
    sale.state, sale.accepted_at, sale.answered_price = SaleState.ACCEPTED, now, answered_price
    sale.save(update_fields=["state", "accepted_at", "answered_price"])
    book_sale(sale, now)
    Platform.objects.filter(pk=sale.platform_id).update(rejections_in_a_row=0)
    price = Money(sale.price, sale.currency)
    lead_mark_sold(
        sale.lead_id, f"{sale.platform} accepted it for {price}", now=now, sale=sale.public_id
    )
    _publish(sale)
    return True


@transaction.atomic
def sale_release(
    sale_pk: int, *, reason: str, words: str, now: datetime, actor_pk: int | None = None
) -> bool:
    """Nobody bought it after all: caps and money go back. Returns whether this call made it so.

    A buyer that rejects so many in a row as it was allowed is paused.
    """
    sale = _locked(sale_pk)
    if sale.state != SaleState.RESERVED:
        return False
    lock_accounts([sale.platform_id])
    sale.state, sale.released_at = SaleState.RELEASED, now
    sale.release_reason, sale.release_words = reason, words[:300]
    sale.save(update_fields=["state", "released_at", "release_reason", "release_words"])
    give_caps_back(sale)
    book_release(sale, now)
    if reason in _COUNTS_IN_A_ROW:
        _count_rejection(sale.platform_id, now)
    activity_add(
        sale.lead_id,
        ActivityKind.REJECTED,
        f"{sale.platform}: {ReleaseReason(reason).label.lower()}{f' ({words})' if words else ''}",
        now=now,
        actor_pk=actor_pk,
        sale=str(sale.public_id),
    )
    _publish(sale)
    return True


def _locked(sale_pk: int) -> Sale:
    lead_lock(Sale.objects.only("lead_id").get(pk=sale_pk).lead_id)
    sales = Sale.objects.select_for_update(of=("self",))
    return sales.select_related("platform__market", "lead").get(pk=sale_pk)


def _count_rejection(platform_pk: int, now: datetime) -> None:
    this = Platform.objects.filter(pk=platform_pk)
    this.update(rejections_in_a_row=F("rejections_in_a_row") + 1)
    paused = this.filter(
        status=PlatformStatus.ACTIVE,
        pause_after_rejections__gt=0,
        rejections_in_a_row__gte=F("pause_after_rejections"),
    ).update(
        status=PlatformStatus.PAUSED,
        paused_at=now,
        paused_because="Rejected too many leads in a row",
    )
    if paused:
        deliveries_look_again(platform_pk, now)


def deliveries_look_again(platform_pk: int, now: datetime) -> None:
    """What waits for a buyer that takes nothing more is looked at now, and goes to others.

    Under the lock of its account, without which nobody sends.
    """
    waiting = Delivery.objects.filter(platform=platform_pk, state__in=DUE_DELIVERIES)
    waiting.update(not_before=now)


def _publish(sale: Sale) -> None:
    outbox.publish(
        SALE_SETTLED,
        key=f"{sale.public_id}:{sale.rounds}:{sale.state}",
        sale=str(sale.public_id),
        lead=str(sale.lead.public_id),
        platform=str(sale.platform.public_id),
        state=sale.state,
    )
