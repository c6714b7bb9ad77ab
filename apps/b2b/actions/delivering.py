"""Sending a lead to a buyer: claim, send, settle. Every try bears the same key.

The claim and the settling are a transaction each; between them, outside of any, is the network. A
worker that dies there leaves a delivery in flight, which the reaper puts back: whether the buyer
has the lead is then unknown, and the next try asks again under the same key.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from apps.b2b.actions.offering import lead_lock
from apps.b2b.actions.outcomes import (
    attempt_settle,
    delivery_end,
    delivery_locked,
    delivery_pass_on,
    last_number,
)
from apps.b2b.actions.sending import parcel_send
from apps.b2b.actions.settling import sale_release
from apps.b2b.answers import Reading
from apps.b2b.choices import (
    DUE_DELIVERIES,
    DeliveryState,
    PlatformStatus,
    ReleaseReason,
    SaleState,
)
from apps.b2b.credentials import read_credentials
from apps.b2b.filters import read_filters
from apps.b2b.models import Delivery, DeliveryAttempt
from apps.b2b.snapshot import given_consents
from apps.b2b.transports.contracts import Parcel
from apps.b2b.windows import next_opening, read_windows
from apps.contacts.suppression import suppressed_kinds
from apps.core.context import logging_facts
from apps.core.json_data import clean_text

_ANSWER_KEPT = 2000


@dataclass(frozen=True)
class _Try:
    """One try that this worker has claimed."""

    delivery_pk: int
    attempt_pk: int
    method: str
    answers: dict[str, Any]
    parcel: Parcel


def delivery_send(delivery_pk: int) -> None:
    """Try to deliver, if it is due and nobody else is at it. Raises nothing a buyer could cause.

    A buyer that is not there loses it to the next one, see `delivery_pass_on`.
    """
    claimed = _claim(delivery_pk, timezone.now())
    if claimed is None:
        delivery_pass_on(delivery_pk, nobody_there=False, now=timezone.now())
        return
    with logging_facts(delivery=claimed.parcel.key):
        began = timezone.now()
        sent = parcel_send(claimed.method, claimed.parcel, claimed.answers)
        took = timezone.now() - began
        attempt_settle(
            claimed.attempt_pk,
            reading=sent.reading,
            status=sent.status,
            answer=clean_text(sent.body[:_ANSWER_KEPT].decode("utf-8", "replace")),
            milliseconds=round(took.total_seconds() * 1000),
            now=timezone.now(),
        )
        if sent.reading.nobody_there:
            delivery_pass_on(delivery_pk, nobody_there=True, now=timezone.now())


def deliveries_due(now: datetime, *, limit: int = 200) -> list[int]:
    """Deliveries that could be sent now."""
    due = Delivery.objects.filter(state__in=DUE_DELIVERIES, not_before__lte=now)
    return list(due.order_by("not_before").values_list("pk", flat=True)[:limit])


def deliveries_reap(now: datetime) -> int:
    """Put back what a dead worker left in flight. Returns how many."""
    # The lease of the message that began it is longer than any task may run.
    lapsed = now - timedelta(seconds=settings.OUTBOX_LEASE_SECONDS)
    stuck = Delivery.objects.filter(state=DeliveryState.SENDING, claimed_at__lt=lapsed)
    reaped = 0
    for pk in list(stuck.values_list("pk", flat=True)[:200]):
        attempt = DeliveryAttempt.objects.filter(delivery=pk).order_by("-number").first()
        if attempt is not None:
            reaped += attempt_settle(
                attempt.pk,
                reading=Reading("unknown", "The worker that sent it went away"),
                status=None,
                answer="",
                milliseconds=None,
                now=now,
            )
    return reaped


@transaction.atomic
def _claim(delivery_pk: int, now: datetime) -> _Try | None:
    """Take the next try. None when it is not due, not wanted any more, or somebody is at it."""
    row = Delivery.objects.filter(pk=delivery_pk).select_related("sale").first()
    if row is None or row.state not in DUE_DELIVERIES:
        return None
    lead_lock(row.sale.lead_id)
    delivery = delivery_locked(delivery_pk)
    if delivery.state not in DUE_DELIVERIES or delivery.not_before > now:
        return None
    if delivery.sale.state != SaleState.RESERVED:
        delivery_end(delivery, DeliveryState.CANCELLED, "The sale was taken back", now)
        return None
    if _must_not_be_sent(delivery, now) or _waits(delivery, now):
        return None
    attempt = DeliveryAttempt.objects.create(
        delivery=delivery, number=last_number(delivery) + 1, started_at=now
    )
    delivery.state, delivery.claimed_at, delivery.tries = (
        DeliveryState.SENDING,
        now,
        delivery.tries + 1,
    )
    delivery.save(update_fields=["state", "claimed_at", "tries"])
    platform = delivery.platform
    return _Try(
        delivery_pk,
        attempt.pk,
        delivery.method,
        platform.answers,
        Parcel(
            key=str(delivery.public_id),
            body=bytes(delivery.payload.body) if delivery.payload else b"",
            content_type=delivery.payload.content_type if delivery.payload else "",
            endpoint=platform.endpoint,
            credentials=read_credentials(platform),
            now=now,
            is_test=platform.is_test,
        ),
    )


def _must_not_be_sent(delivery: Delivery, now: datetime) -> bool:
    """The person, or the buyer, has changed their mind since it was sold."""
    lead, platform = delivery.sale.lead, delivery.platform
    if suppressed_kinds(email=lead.email, phone=lead.phone):
        words, reason = "Must not be contacted any more", ReleaseReason.SUPPRESSED
    elif not _still_agrees(delivery):
        words, reason = "The consent it was sold with was withdrawn", ReleaseReason.SUPPRESSED
    elif platform.status != PlatformStatus.ACTIVE:
        words, reason = "The buyer is paused", ReleaseReason.UNDELIVERABLE
    elif delivery.payload is None:
        words, reason = "What was to be sent is past its time", ReleaseReason.UNDELIVERABLE
    else:
        return False
    if delivery.may_have_arrived:
        delivery_end(delivery, DeliveryState.MANUAL, f"It may have arrived. {words}", now)
        if reason == ReleaseReason.UNDELIVERABLE:
            return True
    else:
        delivery_end(delivery, DeliveryState.CANCELLED, words, now)
    sale_release(delivery.sale_id, reason=reason, words=words, now=now)
    return True


def _still_agrees(delivery: Delivery) -> bool:
    """Whether the consents hold that the sale and the buyer rely on; one at least."""
    given = given_consents(delivery.sale.lead).keys()
    needed = set(read_filters(delivery.platform.filters).consent_channels)
    if delivery.sale.consent is not None:
        needed.add(delivery.sale.consent.channel)
    return bool(given) and needed <= given


def _waits(delivery: Delivery, now: datetime) -> bool:
    """It waits for the buyer's hours, or for a buyer that does not answer to be tried again."""
    platform = delivery.platform
    opens = next_opening(read_windows(platform.windows), now, platform.time_zone)
    rests = platform.resting_until
    words = "Waits for the buyer's hours"
    if rests is not None and rests > opens:
        opens, words = rests, "Waits: the buyer does not answer"
    if opens <= now:
        return False
    delivery.not_before, delivery.words = opens, words
    delivery.save(update_fields=["not_before", "words"])
    return True
