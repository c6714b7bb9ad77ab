"""What follows from a try: the sale comes true, the next buyer is asked, or it is tried again."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

from django.db import transaction

from apps.b2b.actions.booking import lock_accounts
from apps.b2b.actions.offering import lead_lock, lead_offer_instead
from apps.b2b.actions.settling import sale_accept, sale_release
from apps.b2b.answers import Reading
from apps.b2b.choices import (
    DUE_DELIVERIES,
    AttemptOutcome,
    DeliveryState,
    ReleaseReason,
    SaleState,
)
from apps.b2b.models import Delivery, DeliveryAttempt, Platform
from apps.b2b.watching import DOWN_AFTER
from apps.b2b.windows import next_opening, read_windows

# After the first try, the second, … : seconds until the next. The last one is followed by nothing.
LADDER = (10, 60, 300, 900, 3600)
# Nobody was there so often: another buyer is worth more than the rest of the ladder.
TRIES_AT_NOBODY = 2
_REST_SECONDS = (60, 120, 300, 600, 900)


@transaction.atomic
def attempt_settle(
    attempt_pk: int,
    *,
    reading: Reading,
    status: int | None,
    answer: str,
    milliseconds: int | None,
    now: datetime,
) -> bool:
    """Keep what came of a try, and do what follows. Returns whether anything followed.

    An answer that comes after the reaper gave the try up still counts when it is a yes.
    """
    attempt = DeliveryAttempt.objects.select_related("delivery__sale").get(pk=attempt_pk)
    lead_lock(attempt.delivery.sale.lead_id)
    delivery = delivery_locked(attempt.delivery_id)
    attempt.refresh_from_db()
    is_late = attempt.ended_at is not None
    attempt.outcome, attempt.status = reading.outcome, status
    attempt.answer, attempt.words = answer, reading.words[:300]
    attempt.milliseconds, attempt.ended_at = milliseconds, now
    attempt.save()
    is_present = delivery.state == DeliveryState.SENDING and attempt.number == last_number(delivery)
    outcome = AttemptOutcome(reading.outcome)
    if (is_late or not is_present) and outcome != AttemptOutcome.ACCEPTED:
        return False
    _count_failures(delivery, reading, now)
    _FOLLOWS[outcome](delivery, reading, now)
    return True


def _accepted(delivery: Delivery, reading: Reading, now: datetime) -> None:
    if sale_accept(delivery.sale_id, now=now, answered_price=reading.price):
        delivery_end(delivery, DeliveryState.ACCEPTED, reading.words, now)
    elif delivery.sale.state == SaleState.RELEASED:
        delivery_end(delivery, DeliveryState.MANUAL, "Accepted after it had been taken back", now)


def _rejected(delivery: Delivery, reading: Reading, now: datetime) -> None:
    """To the next buyer. A person known after a try without an answer may be known from that."""
    if reading.outcome == "duplicate" and delivery.may_have_arrived:
        words = f"They know it: perhaps from our own earlier try. {reading.words}"
        delivery_end(delivery, DeliveryState.MANUAL, words, now)
        return
    reason = ReleaseReason.DUPLICATE if reading.outcome == "duplicate" else ReleaseReason.REJECTED
    delivery_end(delivery, DeliveryState.REJECTED, reading.words, now)
    sale_release(delivery.sale_id, reason=reason, words=reading.words, now=now)


def _failed(delivery: Delivery, reading: Reading, now: datetime) -> None:
    """Tried again while the ladder has rungs. Then: to the next buyer, if surely nobody has it."""
    delivery.may_have_arrived |= reading.outcome == "unknown"
    if delivery.tries <= len(LADDER):
        asked_for = min(reading.retry_after or 0.0, LADDER[-1])
        wait = max(_jittered(LADDER[delivery.tries - 1]), asked_for)
        delivery.state, delivery.words = DeliveryState.RETRYING, reading.words[:300]
        delivery.claimed_at, delivery.not_before = None, now + timedelta(seconds=wait)
        delivery.save()
    elif delivery.may_have_arrived:
        delivery_end(delivery, DeliveryState.MANUAL, f"It may have arrived. {reading.words}", now)
    else:
        delivery_give_up(delivery, reading.words, now)


def _refused(delivery: Delivery, reading: Reading, now: datetime) -> None:
    """As it is, they will never take it: the mapping or the key is wrong."""
    if delivery.may_have_arrived:
        delivery_end(delivery, DeliveryState.MANUAL, f"It may have arrived. {reading.words}", now)
    else:
        delivery_give_up(delivery, reading.words, now)


_FOLLOWS = {
    AttemptOutcome.ACCEPTED: _accepted,
    AttemptOutcome.REJECTED: _rejected,
    AttemptOutcome.DUPLICATE: _rejected,
    AttemptOutcome.FAILED: _failed,
    AttemptOutcome.UNKNOWN: _failed,
    AttemptOutcome.REFUSED: _refused,
}


def _count_failures(delivery: Delivery, reading: Reading, now: datetime) -> None:
    """The circuit breaker: a buyer that fails so often in a row is left alone for a while.

    Locked without its key: a sale that points to the buyer need not wait for it.
    """
    platform = Platform.objects.select_for_update(no_key=True).get(pk=delivery.platform_id)
    if reading.outcome not in {"failed", "unknown"}:
        platform.failures_in_a_row, platform.resting_until = 0, None
    else:
        platform.failures_in_a_row += 1
        beyond = platform.failures_in_a_row - DOWN_AFTER
        if beyond >= 0:
            rest = _REST_SECONDS[min(beyond, len(_REST_SECONDS) - 1)]
            platform.resting_until = now + timedelta(seconds=rest)
    platform.save(update_fields=["failures_in_a_row", "resting_until"])


def delivery_end(delivery: Delivery, state: str, words: str, now: datetime) -> None:
    """It stands where it stands, until a person comes."""
    delivery.state, delivery.words = state, words[:300]
    delivery.claimed_at, delivery.ended_at = None, now
    delivery.save()


def delivery_give_up(delivery: Delivery, words: str, now: datetime) -> None:
    """It did not arrive: the sale is given back, and the next buyer is asked."""
    delivery_end(delivery, DeliveryState.FAILED, words, now)
    sale_release(delivery.sale_id, reason=ReleaseReason.UNDELIVERABLE, words=words, now=now)


@transaction.atomic
def delivery_pass_on(delivery_pk: int, *, nobody_there: bool, now: datetime) -> bool:
    """Let the next buyer have what waits for one that is not there, if one takes it now.

    `nobody_there`: the last try found no connection; else only the circuit breaker counts. What
    may have arrived stays. Returns whether it was passed on; otherwise nothing has changed.
    """
    waiting = Delivery.objects.filter(pk=delivery_pk, state__in=DUE_DELIVERIES)
    waiting = waiting.filter(may_have_arrived=False, sale__state=SaleState.RESERVED)
    if (lead_pk := waiting.values_list("sale__lead", flat=True).first()) is None:
        return False
    lead_lock(lead_pk)  # nobody sends or settles any of its deliveries without
    delivery = waiting.select_related("platform", "sale__route", "sale__platform").first()
    if delivery is None:
        return False
    is_gone = nobody_there and delivery.tries >= TRIES_AT_NOBODY
    if not is_gone and not is_at_rest(delivery.platform, now):
        return False
    return lead_offer_instead(
        delivery.sale,
        give_up=lambda: delivery_give_up(
            delivery_locked(delivery_pk), "The buyer does not answer", now
        ),
        now=now,
    )


def is_at_rest(platform: Platform, now: datetime) -> bool:
    """Whether its circuit breaker, and not its hours, keeps a buyer from getting anything now."""
    rests = platform.resting_until
    if rests is None:
        return False
    return rests > next_opening(read_windows(platform.windows), now, platform.time_zone)


def delivery_locked(delivery_pk: int) -> Delivery:
    """The delivery, locked, and the account of its buyer before it; its lead must be already."""
    lock_accounts(Delivery.objects.filter(pk=delivery_pk).values_list("platform", flat=True))
    deliveries = Delivery.objects.select_for_update(of=("self",))
    return deliveries.select_related(
        "payload",
        "platform__market",
        "sale__lead__market",
        "sale__lead__territory",
        "sale__lead__source",
        "sale__platform__market",
        "sale__consent",
    ).get(pk=delivery_pk)


def last_number(delivery: Delivery) -> int:
    """The number of the newest try; 0 before the first."""
    newest = delivery.attempts.order_by("-number").values_list("number", flat=True).first()
    return newest or 0


def _jittered(seconds: float) -> float:
    return seconds * random.uniform(0.8, 1.2)  # noqa: S311 (not a secret)
