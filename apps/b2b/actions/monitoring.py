"""Every fifteen minutes: what is wrong becomes an alert, what is over resolves itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Count, Exists, OuterRef, Q, Subquery

from apps.b2b.actions.booking import lock_accounts
from apps.b2b.choices import (
    DUE_DELIVERIES,
    LIVE_SALES,
    DeliveryState,
    Payment,
    PlatformStatus,
    Strategy,
)
from apps.b2b.kinds import ALERT
from apps.b2b.models import (
    CapacityPlan,
    Delivery,
    Platform,
    PlatformAlert,
    RouteDecision,
    Sale,
)
from apps.b2b.room import STALE_AFTER
from apps.b2b.routing import Buyer
from apps.b2b.snapshot import buyers_from
from apps.b2b.watching import BuyerWatched, Condition, PlanWatched, conditions
from apps.core.errors import NotFound
from apps.core.money import Money
from apps.ledger.models import PartyKind
from apps.ledger.selectors import balance_of, balances_of
from apps.notifications.actions.notifying import notify
from apps.solar.models import Market
from apps.users.models import User
from apps.users.selectors import people_who_may

# What its newest lead cost: the floor alone says little of how far a buyer's money reaches.
_LAST_PRICE = Subquery(
    Sale.objects.filter(platform=OuterRef("pk")).order_by("-reserved_at", "-pk").values("price")[:1]
)
_ORDER = ("info", "warning", "critical")


def exchange_watch(now: datetime) -> int:
    """Open what is new, touch what lasts, resolve what is over. Returns how many are open."""
    platforms = list(
        Platform.objects.exclude(status__in=[PlatformStatus.ENDED, PlatformStatus.ONBOARDING])
        .select_related("market", "account")
        .prefetch_related("caps__territory")
        .annotate(
            given_up=Count(
                "deliveries",
                filter=Q(
                    deliveries__state=DeliveryState.FAILED,
                    deliveries__ended_at__gte=now - timedelta(hours=1),
                ),
            ),
            last_price=_LAST_PRICE,
        )
    )
    buyers = {one.key: one for one in buyers_from(platforms, now)}
    differing = _accounts_differing(platforms)
    found = list(
        conditions(
            (_watched(one, buyers[one.slug], differing, now) for one in platforms),
            manual=Delivery.objects.filter(state=DeliveryState.MANUAL).count(),
            unsold=_unsold(now),
            late_minutes=_late_minutes(now),
            old_plans=_old_plans(now),
        )
    )
    by_slug = {one.slug: one for one in platforms}
    for condition in found:
        _raise(condition, by_slug.get(condition.buyer), now)
    _resolve([condition.key for condition in found], now)
    return len(found)


def platforms_to_check() -> list[str]:
    """The slugs of the buyers whose side is asked whether it is there."""
    return list(
        Platform.objects.filter(status=PlatformStatus.ACTIVE).values_list("slug", flat=True)
    )


@transaction.atomic
def alert_acknowledge(alert_id: UUID, *, actor: User, now: datetime) -> PlatformAlert:
    """Somebody has seen it and takes care. Repeatable: the first one stays. Raises NotFound."""
    alerts = PlatformAlert.objects.select_for_update(of=("self",))
    alert = alerts.select_related("platform").filter(public_id=alert_id).first()
    if alert is None:
        raise NotFound("There is no such alert.")
    if alert.acknowledged_at is None:
        alert.acknowledged_at, alert.acknowledged_by = now, actor
        alert.save(update_fields=["acknowledged_at", "acknowledged_by"])
    return alert


def _watched(
    platform: Platform, buyer: Buyer, differing: Mapping[int, Money], now: datetime
) -> BuyerWatched:
    left = None
    if buyer.spendable is not None and (
        platform.payment == Payment.PREPAID or platform.credit_limit is not None
    ):
        usual = platform.last_price or platform.bid or 0  # type: ignore[attr-defined]  # annotated
        left = int(buyer.spendable // max(platform.price_floor, usual))
    return BuyerWatched(
        key=platform.slug,
        name=platform.name,
        is_paused=platform.status == PlatformStatus.PAUSED,
        paused_because=platform.paused_because,
        failures_in_a_row=platform.failures_in_a_row,
        is_healthy=platform.is_healthy,
        health_words=platform.health_words,
        acceptance=buyer.acceptance,
        samples=platform.acceptance_samples,
        leads_left=left,
        full_caps=tuple(refusal.words for _, refusal in buyer.full),
        given_up=platform.given_up,  # type: ignore[attr-defined]  # annotated
        differs_by=str(differing.get(platform.pk, "")),
    )


def _accounts_differing(platforms: Sequence[Platform]) -> dict[int, Money]:
    """By how much accounts differ from the sum of their entries: never, if nobody meddles.

    Who seems to is looked at again under its lock: an entry may have come in between.
    """
    sums = balances_of(PartyKind.PLATFORM)
    found = {}
    for one in platforms:
        if one.account.balance != sums.get(one.public_id, 0) and (by := _differs_by(one)):
            found[one.pk] = Money(by, one.market.currency)
    return found


@transaction.atomic
def _differs_by(platform: Platform) -> Decimal:
    account = lock_accounts([platform.pk])[platform.pk]
    return account.balance - balance_of(PartyKind.PLATFORM, platform.public_id)


def _unsold(now: datetime) -> int:
    """Leads that everybody was asked about in the last hour and nobody has."""
    lately = RouteDecision.objects.filter(decided_at__gte=now - timedelta(hours=1), only="")
    has_it = Sale.objects.filter(lead=OuterRef("lead"), state__in=LIVE_SALES)
    return lately.filter(~Exists(has_it), sales=None).values("lead").distinct().count()


def _old_plans(now: datetime) -> list[PlanWatched]:
    """Markets where leads went by bid prices lately, and these are too old or were never made."""
    asked = RouteDecision.objects.filter(
        strategy=Strategy.OPTIMAL, decided_at__gte=now - timedelta(days=1)
    )
    newest = CapacityPlan.objects.filter(market=OuterRef("pk")).order_by("-computed_at")
    markets = Market.objects.filter(pk__in=asked.values("lead__market")).annotate(
        computed_at=Subquery(newest.values("computed_at")[:1])
    )
    found = []
    for market in markets.order_by("pk"):
        computed = market.computed_at
        age = now - computed if computed else None
        if age is None or age > STALE_AFTER:
            hours = age.total_seconds() / 3600 if age else None
            found.append(PlanWatched(market.pk, market.name, hours))
    return found


def _late_minutes(now: datetime) -> int:
    oldest = (
        Delivery.objects.filter(state__in=DUE_DELIVERIES, not_before__lte=now)
        .order_by("not_before")
        .values_list("not_before", flat=True)
        .first()
    )
    return int((now - oldest).total_seconds() // 60) if oldest else 0


@transaction.atomic
def _raise(condition: Condition, platform: Platform | None, now: datetime) -> None:
    """One open alert for each condition; told when it opens and when it gets worse."""
    open_ones = PlatformAlert.objects.filter(key=condition.key, resolved_at=None)
    alert = open_ones.select_for_update().first()
    facts = {
        "level": condition.level,
        "title": condition.title[:120],
        "words": condition.words[:300],
        "last_seen_at": now,
    }
    if alert is None:
        try:
            with transaction.atomic():
                alert = PlatformAlert.objects.create(
                    key=condition.key, platform=platform, opened_at=now, **facts
                )
        except IntegrityError:  # another watch opened it at this very moment
            return
        _tell(alert, now)
        return
    is_worse = _ORDER.index(condition.level) > _ORDER.index(alert.level)
    open_ones.update(**facts)
    if is_worse:
        alert.level = condition.level
        _tell(alert, now)


def _resolve(keys: Sequence[str], now: datetime) -> None:
    PlatformAlert.objects.filter(resolved_at=None).exclude(key__in=keys).update(resolved_at=now)


def _tell(alert: PlatformAlert, now: datetime) -> None:
    if alert.level == "info":
        return
    notify(
        ALERT,
        recipients=people_who_may("b2b.change_platformalert"),
        title=alert.title,
        body=alert.words,
        link=f"/admin/b2b/platformalert/{alert.pk}/change/",
        key=f"{alert.public_id}:{alert.level}",
        level=alert.level,
        now=now,
    )
