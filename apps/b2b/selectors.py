"""What can be asked of the exchange."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import cast
from uuid import UUID

from django.core.cache import cache
from django.db.models import Avg, Count, Exists, OuterRef, Q, QuerySet, Sum

from apps.b2b.choices import DeliveryState, FeedbackType, Health, PlatformStatus, SaleState
from apps.b2b.models import BuyerFeedback, Delivery, Platform, PlatformAlert, Sale
from apps.b2b.statistics import conversion_probability
from apps.b2b.watching import DOWN_AFTER
from apps.core.errors import NotFound
from apps.core.json_data import clean_text
from apps.core.keys import key_digest
from apps.core.money import round_cents
from apps.leads.choices import LeadStatus
from apps.leads.models import Lead
from apps.ledger.models import EntryKind, PartyKind, RevenueTransaction
from apps.ledger.selectors import revenue_between, revenue_by_party

_KEPT_SECONDS = 300


def platform_by(key: str) -> Platform:
    """A buyer by its slug or its id. Raises NotFound."""
    found = platform_named(key)
    if found is None:
        raise NotFound("There is no such buyer.")
    return found


def platform_named(key: str) -> Platform | None:
    """A buyer by its slug or its id, if there is one."""
    key = clean_text(key)
    platforms = Platform.objects.select_related("market", "account")
    found = platforms.filter(slug=key).first()
    if found is None and (uid := _uuid(key)) is not None:
        found = platforms.filter(public_id=uid).first()
    return found


def platform_by_feedback_key(key: str) -> Platform | None:
    """The buyer a feedback key belongs to."""
    found = Platform.objects.filter(feedback_key_digest=key_digest(key))
    return found.select_related("market").first()


def markets_with_buyers() -> list[str]:
    """The codes of the markets in which somebody buys."""
    live = Platform.objects.filter(status=PlatformStatus.ACTIVE).order_by("market")
    return list(live.values_list("market", flat=True).distinct())


def delivery_by(delivery_id: UUID) -> Delivery:
    """A delivery with its tries. Raises NotFound."""
    found = (
        Delivery.objects.select_related("sale__lead", "platform")
        .prefetch_related("attempts")
        .filter(public_id=delivery_id)
        .first()
    )
    if found is None:
        raise NotFound("There is no such delivery.")
    return found


def open_alerts() -> QuerySet[PlatformAlert]:
    """Alerts of what still lasts, the newest first."""
    return PlatformAlert.objects.filter(resolved_at=None).select_related(
        "platform", "acknowledged_by"
    )


@dataclass(frozen=True)
class RevenueMetrics:
    """Money of the exchange in one currency. Revenue is what was accepted, less commission."""

    currency: str
    current_hour_revenue: Decimal
    today_revenue: Decimal
    week_revenue: Decimal
    month_revenue: Decimal
    held: Decimal
    outstanding: Decimal
    sold_this_month: int
    average_price: Decimal
    acceptance_rate: float | None
    by_platform: list[tuple[str, Decimal, int]]


def revenue_metrics(currency: str, now: datetime) -> RevenueMetrics:
    """Revenue of the present hour, day, week and month, on the clock `now` is on."""
    hour = now.replace(minute=0, second=0, microsecond=0)
    day = hour.replace(hour=0)
    week, month = day - timedelta(days=day.weekday()), day.replace(day=1)
    sales = Sale.objects.filter(currency=currency)
    accepted = sales.filter(state=SaleState.ACCEPTED, accepted_at__gte=month)
    figures = accepted.aggregate(count=Count("pk"), average=Avg("price"))
    answered = sales.filter(reserved_at__gte=month).exclude(state=SaleState.RESERVED)
    counts = answered.aggregate(
        yes=Count("pk", filter=Q(state=SaleState.ACCEPTED)),
        no=Count("pk", filter=Q(release_reason="rejected")),
    )
    asked = counts["yes"] + counts["no"]
    held = sales.filter(state=SaleState.RESERVED).aggregate(total=Sum("price"))["total"]
    entries = RevenueTransaction.objects.filter(party_kind=PartyKind.PLATFORM, currency=currency)
    settled = entries.exclude(kind__in=[EntryKind.HOLD, EntryKind.RELEASE])
    return RevenueMetrics(
        currency=currency,
        current_hour_revenue=revenue_between(hour, now, currency=currency),
        today_revenue=revenue_between(day, now, currency=currency),
        week_revenue=revenue_between(week, now, currency=currency),
        month_revenue=revenue_between(month, now, currency=currency),
        held=held or Decimal("0.00"),
        outstanding=settled.aggregate(total=Sum("amount"))["total"] or Decimal("0.00"),
        sold_this_month=figures["count"],
        average_price=round_cents(figures["average"] or Decimal(0)),
        acceptance_rate=counts["yes"] / asked if asked else None,
        by_platform=revenue_by_party(month, now, currency=currency),
    )


@dataclass(frozen=True)
class PlatformHealth:
    """How a buyer's side does: the last look at it, and what came of the last day's deliveries."""

    platform: Platform
    delivered: int
    accepted: int
    failed: int
    waiting: int
    manual: int

    @property
    def status(self) -> str:
        one = self.platform
        if one.failures_in_a_row >= DOWN_AFTER or one.is_healthy is False:
            return Health.DOWN
        if self.failed or self.manual or one.failures_in_a_row:
            return Health.DEGRADED
        return Health.HEALTHY if one.is_healthy or self.delivered else Health.UNKNOWN


def platform_health(platform: Platform, now: datetime) -> PlatformHealth:
    """Two queries, and no call to the buyer: that is done by the clock, every 15 minutes."""
    lately = Delivery.objects.filter(platform=platform, created_at__gte=now - timedelta(days=1))
    counts = dict(lately.order_by().values_list("state").annotate(Count("pk")))
    unfinished = (DeliveryState.QUEUED, DeliveryState.SENDING, DeliveryState.RETRYING)
    return PlatformHealth(
        platform=platform,
        delivered=sum(counts.values()),
        accepted=counts.get(DeliveryState.ACCEPTED, 0),
        failed=counts.get(DeliveryState.FAILED, 0),
        waiting=sum(counts.get(state, 0) for state in unfinished),
        manual=counts.get(DeliveryState.MANUAL, 0),
    )


def conversion_probability_of(tier: str) -> Decimal:
    """How likely a lead of this tier becomes a customer: ours, or of the buyer who says so.

    A lead counts once, whatever is said how often; as won where anybody won it. As it stood within
    the last five minutes: every turn of a chat asks, and all leads of the tier are counted for it.
    """
    key = f"conversion-probability:{tier}"
    found = cache.get_or_set(key, lambda: _counted_probability(tier), _KEPT_SECONDS)
    return cast("Decimal", found)


def _counted_probability(tier: str) -> Decimal:
    said = BuyerFeedback.objects.filter(sale__lead=OuterRef("pk"))
    leads = Lead.objects.filter(tier=tier).annotate(
        was_won=Q(status=LeadStatus.WON) | Exists(said.filter(type=FeedbackType.CONVERTED)),
        was_lost=Q(status=LeadStatus.LOST) | Exists(said.filter(type=FeedbackType.LOST)),
    )
    won = leads.filter(was_won=True).count()
    lost = leads.filter(was_won=False, was_lost=True).count()
    return conversion_probability(tier, won, lost)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
