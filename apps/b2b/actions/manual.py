"""What people do with deliveries that need them."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from apps.b2b.actions.booking import book_hold, lock_accounts, take_caps
from apps.b2b.actions.offering import OFFERED, lead_lock
from apps.b2b.actions.outcomes import delivery_end, delivery_locked
from apps.b2b.actions.packing import delivery_repack
from apps.b2b.actions.reserving import consent_relied_on
from apps.b2b.actions.settling import sale_accept, sale_release
from apps.b2b.choices import DeliveryState, PlatformStatus, ReleaseReason, SaleState
from apps.b2b.filters import read_filters
from apps.b2b.models import Delivery, Sale
from apps.b2b.sharing import places_left
from apps.b2b.snapshot import buyers_from, caps_of, lead_facts, live_sales
from apps.core.errors import Conflict
from apps.leads.choices import ActivityKind
from apps.leads.timeline import activity_add
from apps.users.models import User

RESENDABLE = (DeliveryState.MANUAL, DeliveryState.FAILED, DeliveryState.REJECTED)


@transaction.atomic
def delivery_resend(delivery_pk: int, *, now: datetime) -> None:
    """Send it once more, packed anew with the buyer's present mapping, under the same key.

    A sale that was given back is reserved again first, at its price. Raises Conflict when the
    lead is closed or has gone to somebody else, when the buyer has no room or money left, or is
    paused.
    """
    delivery = _locked(delivery_pk)
    if delivery.state not in RESENDABLE:
        raise Conflict("It is not in need of being sent again.")
    if delivery.platform.status != PlatformStatus.ACTIVE:
        raise Conflict("The buyer is not live.")
    if delivery.sale.state == SaleState.RELEASED:
        _reserve_again(delivery.sale, now)
    delivery_repack(delivery, now=now)


@transaction.atomic
def delivery_confirm(delivery_pk: int, *, now: datetime) -> None:
    """Somebody asked the buyer: they have it. The sale is accepted.

    One that was given back is reserved again first; raises Conflict where that cannot be, as for
    `delivery_resend`. Then they are asked to delete it: see `delivery_withdraw`.
    """
    delivery = _locked(delivery_pk)
    if delivery.state != DeliveryState.MANUAL:
        raise Conflict("It does not wait for a person.")
    if delivery.sale.state == SaleState.RELEASED:
        _reserve_again(delivery.sale, now)
    sale_accept(delivery.sale_id, now=now)
    delivery_end(delivery, DeliveryState.ACCEPTED, "Confirmed by a person", now)


@transaction.atomic
def delivery_confirm_by_feedback(sale_pk: int, *, said: str, now: datetime) -> None:
    """The buyer says something of a lead that it may have: then it has it, and nobody need ask.

    Nothing happens to what does not wait for a person, or was taken back from the buyer.
    """
    waiting = Delivery.objects.filter(sale=sale_pk, state=DeliveryState.MANUAL).only("pk").first()
    if waiting is None:
        return
    delivery = _locked(waiting.pk)
    if delivery.state == DeliveryState.MANUAL and sale_accept(sale_pk, now=now):
        words = f"They have it, for their feedback says: {said}"
        delivery_end(delivery, DeliveryState.ACCEPTED, words, now)


@transaction.atomic
def delivery_deny(delivery_pk: int, *, actor: User, now: datetime) -> None:
    """Somebody asked the buyer: they do not have it. It goes to the next one."""
    delivery = _locked(delivery_pk)
    if delivery.state != DeliveryState.MANUAL:
        raise Conflict("It does not wait for a person.")
    if delivery.sale.state != SaleState.RESERVED:
        raise Conflict("It was taken back before: nobody else is asked because of it.")
    delivery_end(delivery, DeliveryState.FAILED, f"{actor} asked: the buyer does not have it", now)
    sale_release(
        delivery.sale_id,
        reason=ReleaseReason.UNDELIVERABLE,
        words="The buyer does not have it",
        now=now,
        actor_pk=actor.pk,
    )


@transaction.atomic
def delivery_withdraw(delivery_pk: int, *, actor: User, now: datetime) -> None:
    """A buyer has deleted what was taken back from it. It owes nothing.

    Raises Conflict for a delivery whose sale still holds.
    """
    delivery = _locked(delivery_pk)
    if not is_taken_back(delivery):
        raise Conflict("It was not taken back from them.")
    delivery_end(delivery, DeliveryState.CANCELLED, f"{actor} asked: the buyer has deleted it", now)
    activity_add(
        delivery.sale.lead_id,
        ActivityKind.REJECTED,
        f"{delivery.platform}: has deleted what was taken back",
        now=now,
        actor_pk=actor.pk,
        sale=str(delivery.sale.public_id),
    )


def is_taken_back(delivery: Delivery) -> bool:
    """Whether the buyer has, or may have, a lead that was taken back from it."""
    return delivery.state == DeliveryState.MANUAL and delivery.sale.state == SaleState.RELEASED


def others_who_have_it(sale: Sale) -> list[str]:
    """The buyers that leave no place for a sale that was given back; none: there is one."""
    others = [one for one in live_sales(sale.lead_id) if one.pk != sale.pk]
    promises = [one.shared_up_to for one in others]
    if not promises or places_left(promises, sale.shared_up_to) > 0:
        return []
    return [one.platform.name for one in others]


def _reserve_again(sale: Sale, now: datetime) -> None:
    """Caps and money once more, as for a new sale; the price stays what it was."""
    if sale.lead.status not in OFFERED:
        raise Conflict(f"The lead is closed: {sale.lead.get_status_display().lower()}.")
    if others := others_who_have_it(sale):
        raise Conflict(f"The lead has gone to {' and '.join(others)} meanwhile.")
    account = lock_accounts([sale.platform_id])[sale.platform_id]
    platform = sale.platform
    platform.account = account
    [buyer] = buyers_from([platform], now)
    facts = lead_facts(sale.lead, now)
    if facts.is_suppressed:
        raise Conflict("This person must not be contacted any more.")
    if any(place in (None, facts.territory) for place, _ in buyer.full):
        raise Conflict("The buyer's cap is full.")
    if buyer.spendable is not None and sale.price > buyer.spendable:
        raise Conflict("The buyer's money does not reach.")
    sale.consent = consent_relied_on(sale.lead, read_filters(platform.filters))
    sale.state, sale.rounds = SaleState.RESERVED, sale.rounds + 1
    sale.released_at, sale.release_reason, sale.release_words = None, "", ""
    sale.reserved_at = now
    sale.caps_taken = take_caps(platform, caps_of(platform), facts.territory, now)
    sale.save()
    book_hold(sale, now)


def _locked(delivery_pk: int) -> Delivery:
    lead_lock(Delivery.objects.values_list("sale__lead", flat=True).get(pk=delivery_pk))
    return delivery_locked(delivery_pk)
