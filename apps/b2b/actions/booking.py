"""Caps and money of a sale, taken and given back together. Called under the account's lock."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import F
from django.utils.dateparse import parse_datetime

from apps.b2b.caps import Cap, period_start
from apps.b2b.choices import LIVE_SALES, CommissionKind, SaleState
from apps.b2b.models import CapUse, Platform, PlatformAccount, Sale
from apps.core.money import round_cents
from apps.ledger.actions import Party, entry_add
from apps.ledger.models import EntryKind, PartyKind


def party_of(platform: Platform) -> Party:
    """A buyer as the ledger knows it."""
    return Party(
        PartyKind.PLATFORM,
        platform.public_id,
        platform.name,
        platform.market.currency,
        platform.is_sample,
    )


def lock_accounts(platform_pks: Iterable[int]) -> dict[int, PlatformAccount]:
    """The accounts of these buyers, locked in order. Everything they have is changed under it."""
    accounts = PlatformAccount.objects.select_for_update().filter(platform__in=set(platform_pks))
    return {account.platform_id: account for account in accounts.order_by("platform_id")}


def book(
    platform: Platform, *, kind: str, amount: Decimal, key: str, now: datetime, **entry: Any
) -> bool:
    """Add a ledger entry of a buyer and move its account with it. Repeatable by `key`.

    Returns whether it is new.
    """
    if not entry_add(party_of(platform), kind=kind, amount=amount, key=key, now=now, **entry):
        return False
    PlatformAccount.objects.filter(platform=platform.pk).update(
        balance=F("balance") + round_cents(amount)
    )
    return True


def book_hold(sale: Sale, now: datetime) -> None:
    """Keep the price of a sale aside."""
    _book_sale(sale, EntryKind.HOLD, sale.price, f"{_key(sale)}:hold", now)


def book_release(sale: Sale, now: datetime) -> None:
    """Give back what was kept aside: it was not bought, or is paid for real now."""
    _book_sale(sale, EntryKind.RELEASE, -sale.price, f"{_key(sale)}:release", now)


def book_sale(sale: Sale, now: datetime) -> None:
    """What was bought, and what the buyer keeps of it."""
    book_release(sale, now)
    _book_sale(sale, EntryKind.SALE, sale.price, f"{_key(sale)}:sale", now)
    _book_sale(sale, EntryKind.COMMISSION, -sale.commission, f"{_key(sale)}:commission", now)


def commission_of(platform: Platform, price: Decimal) -> Decimal:
    """What a buyer keeps of a price; never more than the price."""
    is_percent = platform.commission_kind == CommissionKind.PERCENT
    kept = round_cents(price * platform.commission / 100) if is_percent else platform.commission
    return min(price, kept)


def take_caps(
    platform: Platform, caps: Iterable[Cap], territory: str, now: datetime
) -> list[dict[str, str]]:
    """Count one lead in every period that has a cap. Returns what to give back on release."""
    periods = {
        (cap.period, cap.territory or "")
        for cap in caps
        if cap.territory is None or cap.territory == territory
    }
    taken = []
    for period, place in sorted(periods):
        start = period_start(period, now, platform.time_zone)
        CapUse.objects.bulk_create(
            [CapUse(platform=platform, period=period, territory=place, starts_at=start)],
            ignore_conflicts=True,
        )
        _count(platform, period, place, start, 1)
        taken.append({"period": period, "territory": place, "starts_at": start.isoformat()})
    return taken


def count_caps_anew(platform: Platform, caps: Iterable[Cap], now: datetime) -> None:
    """Count what was taken of every present period, for caps that were not counted until now.

    A new cap, a changed pacing or another clock begins with what is sold already, not with nothing.
    """
    live = Sale.objects.filter(platform=platform, state__in=LIVE_SALES)
    for period, place in sorted({(cap.period, cap.territory or "") for cap in caps}):
        start = period_start(period, now, platform.time_zone)
        taken = live.filter(reserved_at__gte=start)
        if place:
            taken = taken.filter(lead__territory__code=place)
        CapUse.objects.update_or_create(
            platform=platform,
            period=period,
            territory=place,
            starts_at=start,
            defaults={"used": taken.count()},
        )
        to_give_back = {"period": period, "territory": place, "starts_at": start.isoformat()}
        for sale in taken.filter(state=SaleState.RESERVED):
            if to_give_back not in sale.caps_taken:
                sale.caps_taken.append(to_give_back)
                sale.save(update_fields=["caps_taken"])


def give_caps_back(sale: Sale) -> None:
    """Uncount a lead where it was counted, also in a period that is over."""
    for one in sale.caps_taken:
        start = parse_datetime(one["starts_at"])
        if start is not None:
            _count(sale.platform, one["period"], one["territory"], start, -1)


def _count(platform: Platform, period: str, place: str, start: datetime, by: int) -> None:
    CapUse.objects.filter(
        platform=platform, period=period, territory=place, starts_at=start, used__gte=-by
    ).update(used=F("used") + by)


def _book_sale(sale: Sale, kind: str, amount: Decimal, key: str, now: datetime) -> None:
    book(
        sale.platform,
        kind=kind,
        amount=amount,
        key=key,
        now=now,
        subject_kind="sale",
        subject_id=sale.public_id,
        words=f"Lead {str(sale.lead.public_id)[-8:]}",
    )


def _key(sale: Sale) -> str:
    """A sale that was released and is made again is booked again."""
    return f"sale:{sale.public_id}:{sale.rounds}"
