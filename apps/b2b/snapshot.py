"""The exchange as it stands at a moment: buyers, prices and one lead, for the pure rooms."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal

from django.conf import settings
from django.db.models import Q

from apps.b2b.caps import PERIODS, Cap, Use, period_start, with_pacing
from apps.b2b.choices import LIVE_SALES, Payment, PlatformStatus
from apps.b2b.filters import LeadFacts, read_filters
from apps.b2b.forecast import Arrival, read_arrival
from apps.b2b.models import (
    CapacityPlan,
    CapUse,
    Platform,
    PlatformAccount,
    PricingPolicy,
    RouteDecision,
    RoutingRule,
    Sale,
)
from apps.b2b.pricing import FIRST_POLICY, FIRST_VERSION, Policy, Terms, read_policy
from apps.b2b.room import BidPrices, read_scarce
from apps.b2b.routing import Buyer, Rule
from apps.b2b.windows import read_windows
from apps.contacts.models import Consent
from apps.contacts.selectors import consent_state
from apps.contacts.suppression import suppressed_kinds
from apps.leads.models import Lead

_SECONDS_A_DAY = 86_400.0


def active_policies() -> list[Policy]:
    """The active pricing policies, the oldest first; the built-in one is stored when none is."""
    rows = list(PricingPolicy.objects.filter(is_active=True))
    if not rows:
        row, _ = PricingPolicy.objects.get_or_create(
            version=FIRST_VERSION,
            defaults={"parameters": FIRST_POLICY, "note": "The prices of the requirements"},
        )
        PricingPolicy.objects.filter(pk=row.pk).update(is_active=True)
        rows = [row]
    return [
        read_policy(
            row.version,
            row.parameters,
            share=row.share_percent,
            surge_from=settings.SURGE_PRICING_THRESHOLD,
        )
        for row in rows
    ]


def rules_of(market: str) -> list[Rule]:
    """The overrides that hold in a market."""
    rows = RoutingRule.objects.filter(market=market, is_active=True).prefetch_related(
        "platforms", "territories", "sources"
    )
    return [
        Rule(
            name=row.name,
            effect=row.effect,
            buyers=frozenset(one.slug for one in row.platforms.all()),
            territories=frozenset(one.code for one in row.territories.all()),
            sources=frozenset(one.slug for one in row.sources.all()),
            tiers=frozenset(row.tiers),
            score_min=row.score_min,
        )
        for row in rows
    ]


def buyers_of(market: str, now: datetime) -> list[Buyer]:
    """Every buyer of a market, also one that is being set up or paused: the trace says so.

    As it stands now. Four queries.
    """
    platforms = list(
        Platform.objects.filter(market=market)
        .exclude(status=PlatformStatus.ENDED)
        .select_related("market", "account")
        .prefetch_related("caps__territory")
    )
    return buyers_from(platforms, now)


def buyers_from(platforms: Sequence[Platform], now: datetime) -> list[Buyer]:
    """Buyers as the router sees them."""
    caps = {one.pk: caps_of(one) for one in platforms}
    used = _used(platforms, now)
    return [
        Buyer(
            key=one.slug,
            name=one.name,
            market=one.market_id,
            currency=one.market.currency,
            terms=terms_of(one),
            filters=read_filters(one.filters),
            caps=tuple(Use(cap, used.get(_cap_key(one, cap, now), 0)) for cap in caps[one.pk]),
            windows=read_windows(one.windows),
            waits=one.waits_for_window,
            spendable=spendable(one, one.account),
            duplicate_days=one.duplicate_days,
            share_limit=one.share_limit,
            acceptance=float(one.acceptance_rate),
            history=float(one.history_mark),
            paused=why_paused(one, now),
        )
        for one in platforms
    ]


def bid_prices_of(market: str, now: datetime) -> tuple[CapacityPlan | None, BidPrices | None]:
    """The newest plan of a market, and the bid prices it found. One query."""
    plan = CapacityPlan.objects.filter(market=market, computed_at__lte=now).first()
    if plan is None:
        return None, None
    scarce = {
        buyer: tuple(read_scarce(one) for one in stored) for buyer, stored in plan.scarce.items()
    }
    return plan, BidPrices(plan.computed_at, scarce, plan.why_none)


def arrivals_of(market: str, *, since: datetime) -> list[Arrival]:
    """The leads that came to be sold, each as it was the first time. One query."""
    decisions = RouteDecision.objects.filter(
        lead__market=market, decided_at__gte=since, only=""
    ).order_by("decided_at", "pk")
    found: dict[int, Arrival] = {}
    for lead_pk, facts, at in decisions.values_list("lead_id", "facts", "decided_at"):
        if lead_pk not in found:
            found[lead_pk] = read_arrival(facts, at)
    return list(found.values())


def terms_of(platform: Platform) -> Terms:
    """What was agreed with a buyer about prices."""
    return Terms(
        platform.tier,
        platform.price_floor,
        platform.price_ceiling,
        platform.bid,
        platform.time_zone,
    )


def caps_of(platform: Platform) -> tuple[Cap, ...]:
    """A buyer's caps with what pacing adds."""
    return with_pacing(
        (
            Cap(row.period, row.limit, row.territory.code if row.territory else None)
            for row in platform.caps.all()
        ),
        day_percent=platform.pacing_day_percent,
        week_percent=platform.pacing_week_percent,
    )


def spendable(platform: Platform, account: PlatformAccount) -> Decimal | None:
    """What a buyer can still pay: its wallet, or what is left of its credit; None: no limit."""
    if platform.payment == Payment.PREPAID:
        return max(Decimal(0), -account.balance)
    if platform.credit_limit is None:
        return None
    return max(Decimal(0), platform.credit_limit - account.balance)


def why_paused(platform: Platform, now: datetime) -> str:
    """Why a buyer takes nothing at the moment; "" when it does."""
    if platform.status != PlatformStatus.ACTIVE:
        return platform.paused_because or platform.get_status_display()
    if platform.resting_until is not None and platform.resting_until > now:
        return f"Does not answer; tried again at {platform.resting_until:%H:%M} UTC"
    return ""


def lead_facts(lead: Lead, now: datetime) -> LeadFacts:
    """A lead as buyers see it: its facts, the consents that hold, and who had it before."""
    consents = given_consents(lead)
    sales = Sale.objects.filter(lead__contact=lead.contact_id).select_related("platform")
    bought: dict[str, float] = {}
    for sale in sales.exclude(lead=lead.pk).filter(state__in=LIVE_SALES):
        days = (now - sale.reserved_at).total_seconds() / _SECONDS_A_DAY
        bought[sale.platform.slug] = min(days, bought.get(sale.platform.slug, days))
    offered = [sale for sale in sales if sale.lead_id == lead.pk]
    suppressed = suppressed_kinds(email=lead.email, phone=lead.phone)
    return LeadFacts(
        id=str(lead.public_id),
        market=lead.market_id,
        currency=lead.market.currency,
        score=lead.score,
        tier=lead.tier,
        territory=lead.territory.code if lead.territory else "",
        postal_code=lead.postal_code,
        utility=lead.utility.lower(),
        ownership=lead.ownership,
        property_type=lead.property_type,
        monthly_bill=lead.monthly_bill,
        roof_type=lead.roof_type,
        roof_age=lead.roof_age,
        shading=lead.shading,
        credit_range=lead.credit_range,
        provenance=lead.provenance,
        source=lead.source.slug,
        age_hours=max(0.0, (now - lead.created_at).total_seconds() / 3600),
        has_email=bool(lead.email),
        has_valid_phone=bool(lead.phone and lead.phone_valid),
        is_suppressed=bool(suppressed),
        certified=frozenset(channel for channel, one in consents.items() if one.certificate_url),
        consents={
            channel: (now - one.occurred_at).total_seconds() / _SECONDS_A_DAY
            for channel, one in consents.items()
        },
        bought=bought,
        offered=frozenset(sale.platform.slug for sale in offered),
        shared_by=sum(sale.state in LIVE_SALES for sale in offered),
    )


def given_consents(lead: Lead) -> dict[str, Consent]:
    """The consents of the person that hold today, by channel."""
    return {
        channel: line
        for channel, line in consent_state(lead.contact_id).items()
        if line is not None and line.kind == Consent.Kind.GIVEN
    }


def settings_digest(platform: Platform) -> str:
    """What a test delivery vouches for: change any of it, and it has to be passed again."""
    text = "\n".join(
        (
            platform.method,
            str(sorted(platform.endpoint.items())),
            platform.credentials,
            str(sorted(platform.mapping.items())),
            str(sorted(platform.answers.items())),
        )
    )
    return hashlib.sha256(text.encode()).hexdigest()


def live_sales(lead_pk: int) -> list[Sale]:
    """The sales of a lead that hold."""
    found = Sale.objects.filter(lead=lead_pk, state__in=LIVE_SALES).select_related("platform")
    return list(found.order_by("pk"))


def _cap_key(platform: Platform, cap: Cap, now: datetime) -> tuple[int, str, str, datetime]:
    start = period_start(cap.period, now, platform.time_zone)
    return platform.pk, cap.period, cap.territory or "", start


def _used(
    platforms: Iterable[Platform], now: datetime
) -> dict[tuple[int, str, str, datetime], int]:
    """How much of each present period is taken."""
    wanted = Q(pk__in=[])
    zones: dict[str, list[int]] = {}
    for one in platforms:
        zones.setdefault(one.time_zone, []).append(one.pk)
    for zone, pks in zones.items():
        starts = {period_start(period, now, zone) for period in PERIODS}
        wanted |= Q(platform__in=pks, starts_at__in=starts)
    rows = CapUse.objects.filter(wanted)
    return {(row.platform_id, row.period, row.territory, row.starts_at): row.used for row in rows}
