"""What changes buyers: opening, testing, going live, pausing, copying."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.text import slugify

from apps.b2b.accounts import standing_of
from apps.b2b.actions.booking import book, count_caps_anew, lock_accounts
from apps.b2b.actions.packing import EXAMPLE_FIELDS, body_of
from apps.b2b.actions.sending import parcel_send
from apps.b2b.actions.settling import deliveries_look_again
from apps.b2b.answers import Reading
from apps.b2b.choices import PlatformStatus
from apps.b2b.credentials import read_credentials, write_credentials
from apps.b2b.models import Platform, PlatformAccount, PlatformCap
from apps.b2b.onboarding import missing_before_live
from apps.b2b.snapshot import caps_of, settings_digest
from apps.b2b.transports.contracts import Parcel
from apps.b2b.transports.registry import transport_of
from apps.core.errors import Conflict, InvalidInput, ProcessingError
from apps.core.ids import new_id
from apps.ledger.models import EntryKind

_HEALTH_WORDS = 200
_NOBODY_PAYS = Decimal(10) ** 9


@dataclass(frozen=True)
class Tested:
    """How a test delivery went, in words."""

    passed: bool
    words: str


@transaction.atomic
def platform_open(platform: Platform) -> Platform:
    """Save a new buyer with its account. It gets leads once it has gone live."""
    platform.status = PlatformStatus.ONBOARDING
    if not platform.mapping:
        platform.mapping = dict(transport_of(platform.method).template)
    platform.save()
    PlatformAccount.objects.get_or_create(platform=platform)
    return platform


@transaction.atomic
def platform_save(platform: Platform, stated: Mapping[str, Any], *, now: datetime) -> Platform:
    """Save what a program states of a buyer, new or known. Caps, when stated, replace the old."""
    columns = {name: value for name, value in stated.items() if name not in _NO_COLUMNS}
    for name, value in columns.items():
        setattr(platform, name, value)
    if "credentials" in stated:
        write_credentials(platform, stated["credentials"])
    if platform.pk is None:
        platform_open(platform)
    else:
        secrets = ["credentials"] if "credentials" in stated else []
        platform_write(platform, [*columns, *secrets])
    if "caps" in stated:
        platform.caps.all().delete()
        PlatformCap.objects.bulk_create(
            PlatformCap(platform=platform, **cap) for cap in stated["caps"]
        )
    if stated.keys() & CAP_FIELDS:
        platform_caps_changed(platform.pk, now=now)
    return platform


@transaction.atomic
def platform_write(platform: Platform, columns: Iterable[str]) -> None:
    """Save these columns of a buyer: what is learnt meanwhile, or a pause, stays.

    The account first, as whoever sells takes it before the buyer's row.
    """
    lock_accounts([platform.pk])
    platform.save(update_fields=columns)


_NO_COLUMNS = {"caps", "credentials"}
CAP_FIELDS = {"caps", "pacing_day_percent", "pacing_week_percent", "time_zone"}


@transaction.atomic
def platform_caps_changed(platform_pk: int, *, now: datetime) -> None:
    """Hold what was sold already against the present caps. Repeatable."""
    platform = _locked(platform_pk)
    count_caps_anew(platform, caps_of(platform), now)


def platform_onboard(platform: Platform, *, test: bool, go_live: bool, now: datetime) -> str:
    """Send the test delivery where it is wanted, and go live when nothing is missing.

    Returns how the test went, in words. Raises nothing for what is missing: the steps tell.
    """
    words = platform_test(platform, now=now).words if test else ""
    platform.refresh_from_db()
    if go_live and not missing_before_live(platform):
        platform_go_live(platform.pk)
    return words


@transaction.atomic
def platform_end(platform_pk: int, *, now: datetime) -> None:
    """A buyer buys no more; what it bought, owes and said stays. Repeatable."""
    platform = _locked(platform_pk)
    if platform.status == PlatformStatus.ENDED:
        return
    platform.status, platform.paused_at, platform.paused_because = PlatformStatus.ENDED, now, ""
    platform.save(update_fields=["status", "paused_at", "paused_because"])
    deliveries_look_again(platform.pk, now)


@transaction.atomic
def platform_clone(platform: Platform) -> Platform:
    """A copy to be set up: what it wants and how it is sent, without secrets, money or history."""
    copied = {
        field.attname: getattr(platform, field.attname)
        for field in Platform._meta.concrete_fields
        if field.editable and field.attname not in {"id", "slug", "name", "credentials"}
    }
    base = slugify(f"{platform.slug[:40]}-copy")
    taken = set(Platform.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    slug = next(one for n in range(1, 10_000) if (one := f"{base}-{n}") not in taken)
    clone = platform_open(Platform(**copied, slug=slug, name=f"{platform.name} (copy)"[:120]))
    PlatformCap.objects.bulk_create(
        PlatformCap(platform=clone, period=cap.period, territory=cap.territory, limit=cap.limit)
        for cap in platform.caps.all()
    )
    return clone


def platform_test(platform: Platform, *, now: datetime) -> Tested:
    """Send a made-up lead, marked as a test, the real way. No sale, no money. Passes when the
    buyer accepts it; then the present settings may go live.
    """
    reading = _try_out(platform, now)
    if reading.outcome != "accepted":
        return Tested(False, f"{_VERDICTS[reading.outcome]}: {reading.words}")
    Platform.objects.filter(pk=platform.pk).update(
        tested_at=now,
        tested_digest=settings_digest(platform),
        failures_in_a_row=0,
        resting_until=None,
    )
    return Tested(True, "The test lead was accepted.")


_VERDICTS = {
    "rejected": "The buyer rejected the test lead",
    "duplicate": "The buyer says it knows the test lead",
    "failed": "The buyer could not be reached",
    "unknown": "The buyer's answer cannot be read",
    "refused": "It cannot be sent as it is",
}


def _try_out(platform: Platform, now: datetime) -> Reading:
    key = str(new_id())
    body, content_type = body_of(platform, EXAMPLE_FIELDS | {"delivery_id": key})
    parcel = Parcel(
        key=key,
        body=body,
        content_type=content_type,
        endpoint=platform.endpoint,
        credentials=read_credentials(platform),
        now=now,
        is_test=True,
    )
    return parcel_send(platform.method, parcel, platform.answers).reading


def platform_check(platform: Platform, *, now: datetime) -> bool:
    """Ask whether the buyer's side is there. Sends no lead. Returns the verdict."""
    try:
        words = transport_of(platform.method).reach(platform.endpoint, read_credentials(platform))
        is_healthy = True
    except ProcessingError as error:
        words, is_healthy = str(error), False
    Platform.objects.filter(pk=platform.pk).update(
        checked_at=now, is_healthy=is_healthy, health_words=words[:_HEALTH_WORDS]
    )
    return is_healthy


@transaction.atomic
def platform_go_live(platform_pk: int) -> None:
    """Let a buyer have leads. Raises Conflict, naming what is missing."""
    platform = _locked(platform_pk)
    if platform.status == PlatformStatus.ACTIVE:
        return
    missing = missing_before_live(platform)
    if missing:
        raise Conflict(f"Not yet: {missing[0].lower()}.", details={"missing": missing})
    platform.status, platform.paused_at, platform.paused_because = PlatformStatus.ACTIVE, None, ""
    platform.rejections_in_a_row, platform.resting_until = 0, None
    platform.save(
        update_fields=[
            "status", "paused_at", "paused_because", "rejections_in_a_row", "resting_until",
        ]
    )  # fmt: skip


@transaction.atomic
def platform_pause(platform_pk: int, *, because: str, now: datetime) -> None:
    """Send a buyer nothing more. What is on its way and surely not there goes to others."""
    platform = _locked(platform_pk)
    if platform.status != PlatformStatus.ACTIVE:
        raise Conflict("This buyer is not live.")
    platform.status, platform.paused_at = PlatformStatus.PAUSED, now
    platform.paused_because = because[:200]
    platform.save(update_fields=["status", "paused_at", "paused_because"])
    deliveries_look_again(platform.pk, now)


@transaction.atomic
def platform_book_payment(
    platform_pk: int, *, amount: Decimal, key: str, words: str, now: datetime
) -> str:
    """A buyer has paid. Raises InvalidInput for less than a cent or what nobody pays, Conflict for
    a `key` that was booked: the same payment twice, or another one under its reference.

    Returns its new standing in words.
    """
    if not Decimal("0.01") <= amount < _NOBODY_PAYS:
        raise InvalidInput("That is no amount to book.", details={"amount": ["Out of bounds."]})
    platform = _locked(platform_pk)
    if not book(platform, kind=EntryKind.PAYMENT, amount=-amount, key=key, now=now, words=words):
        raise Conflict(f"“{words}” was booked before. A new payment has a reference of its own.")
    return f"Booked. {standing_of(platform).words}"


def _locked(platform_pk: int) -> Platform:
    accounts = lock_accounts([platform_pk])
    platform = Platform.objects.select_related("market").get(pk=platform_pk)
    platform.account = accounts[platform_pk]
    return platform
