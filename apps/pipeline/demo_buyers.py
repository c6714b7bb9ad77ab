"""The buyers of the demo: nine stand-ins with manners of their own, and what goes with them."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from apps.b2b.actions.booking import book
from apps.b2b.actions.feedback import feedback_key_issue
from apps.b2b.actions.planning import capacity_plan
from apps.b2b.actions.platforms import platform_open
from apps.b2b.choices import Method, PlatformStatus
from apps.b2b.credentials import write_credentials
from apps.b2b.models import (
    BuyerFeedback,
    CapacityPlan,
    Delivery,
    DeliveryPayload,
    Platform,
    PlatformCap,
    RouteDecision,
    Sale,
)
from apps.b2b.selectors import markets_with_buyers
from apps.b2b.snapshot import settings_digest
from apps.b2b.standins.files import PASSWORD, endpoint, host_key, standin_folder
from apps.intake.models import LeadSource
from apps.leads.models import Lead
from apps.ledger.models import Invoice, RevenueTransaction
from apps.pipeline.models import Way, WayRule

_OFFICE_HOURS = [{"days": [0, 1, 2, 3, 4, 5, 6], "from": "07:00", "to": "21:00"}]
# Behaviour of the stand-in, then what differs from a plain buyer.
_BUYERS: tuple[tuple[str, str, str, dict[str, Any]], ...] = (
    (
        "suntrade-network",
        "SunTrade Network",
        "picky",
        {
            "tier": "premium",
            "method": "webhook",
            "filters": {
                "ownership": ["owner"],
                "bill_min": "150",
                "tiers": ["premium", "standard"],
            },
            "caps": {"day": 8, "month": 120},
            "commission": Decimal(10),
        },
    ),
    (
        "empire-solar",
        "Empire Solar Installers",
        "accept-empire",
        {
            "tier": "direct",
            "filters": {
                "territories": ["manhattan", "queens"],
                "tiers": ["premium"],
                "consent_channels": ["call"],
            },
            "bid": Decimal(300),
            "caps": {"day": 3, "month": 40},
            "windows": _OFFICE_HOURS,
            "payment": "prepaid",
            "wallet": Decimal(1500),
        },
    ),
    (
        "brooklyn-energy",
        "Brooklyn Energy Co-op",
        "reject",
        {
            "tier": "standard",
            "filters": {"territories": ["brooklyn"], "property_types": ["brownstone", "townhouse"]},
            "bid": Decimal(280),
            "pause_after_rejections": 4,
        },
    ),
    (
        "homequotes",
        "HomeQuotes Exchange",
        "accept-homequotes",
        {
            "tier": "volume",
            "filters": {"accepts_unknown": True},
            "caps": {"hour": 20, "month": 400},
            "share_limit": 3,
            "credit_limit": Decimal(5000),
        },
    ),
    (
        "harlem-roofs",
        "Harlem Roofs",
        "forgetful",
        {"tier": "standard", "filters": {"territories": ["bronx"]}, "bid": Decimal(210)},
    ),
    (
        "five-boroughs",
        "Five Boroughs Solar",
        "files",
        {
            "tier": "standard",
            "method": "sftp",
            "filters": {"territories": ["queens", "staten_island"], "accepts_unknown": True},
            "bid": Decimal(265),
            "caps": {"day": 1, "month": 20},
        },
    ),
    (
        "harbor-light",
        "Harbor Light Electric",
        "mail",
        {
            "tier": "standard",
            "method": "csv_email",
            "filters": {"territories": ["manhattan", "brooklyn"], "accepts_unknown": True},
            "bid": Decimal(255),
            "caps": {"day": 2, "month": 30},
        },
    ),
    (
        "surya-partners",
        "Surya Partners",
        "accept-surya",
        {"market_id": "india", "tier": "premium", "filters": {"ownership": ["owner"]}},
    ),
    (
        "rooftop-bharat",
        "Rooftop Bharat",
        "picky-bharat",
        {"market_id": "india", "tier": "standard", "filters": {"accepts_unknown": True}},
    ),
)
_MARKETS: dict[str, dict[str, Any]] = {
    "nyc": {
        "time_zone": "America/New_York",
        "price_floor": Decimal(25),
        "price_ceiling": Decimal(400),
    },
    "india": {
        "time_zone": "Asia/Kolkata",
        "price_floor": Decimal(200),
        "price_ceiling": Decimal(2500),
    },
}


FEEDBACK_BUYER = "suntrade-network"


def demo_buyers_load(vendor: LeadSource, *, feedback_key: str) -> None:
    """The buyers, and the rules that sell the vendor's leads and those from India. Repeatable."""
    now = timezone.now()
    for slug, name, behaviour, facts in _BUYERS:
        platform = Platform.objects.filter(slug=slug).first() or _buyer(slug, name, facts, now)
        if platform.is_sample:
            _point_at_the_stand_in(platform, behaviour, now)
    for buyer in Platform.objects.filter(slug=FEEDBACK_BUYER, is_sample=True):
        feedback_key_issue(buyer.pk, key=feedback_key)
    form = LeadSource.objects.get(slug="website-form")
    for source, market in ((vendor, None), (form, "india")):
        WayRule.objects.get_or_create(
            source=source, market_id=market, defaults={"way": Way.SELL, "is_sample": True}
        )


def demo_plans(*, now: datetime) -> None:
    """What room is worth, without waiting for the clock. Repeatable."""
    if not CapacityPlan.objects.exists():
        for market in markets_with_buyers():
            capacity_plan(market, now=now)


def demo_sales_rows(leads: QuerySet[Lead]) -> dict[str, QuerySet[Any]]:
    """What goes before the leads go, in this order."""
    buyers = Platform.objects.filter(is_sample=True)
    sales = Sale.objects.filter(lead__in=leads) | Sale.objects.filter(platform__in=buyers)
    deliveries = Delivery.objects.filter(sale__in=sales)
    return {
        "payloads": DeliveryPayload.objects.filter(deliveries__in=deliveries),
        "deliveries": deliveries,
        "feedback": BuyerFeedback.objects.filter(sale__in=sales),
        "sales": sales,
        "routes": RouteDecision.objects.filter(lead__in=leads),
        # They looked at the demo's leads as well. New ones come within the hour.
        "plans": CapacityPlan.objects.all(),
        "invoices": Invoice.objects.filter(is_sample=True),
        "ledger entries": RevenueTransaction.objects.filter(is_sample=True),
        "buyers": buyers,
        "rules": WayRule.objects.filter(is_sample=True),
    }


def demo_delivery_ids(leads: QuerySet[Lead]) -> list[str]:
    """The deliveries of these leads, as messages name them."""
    found = Delivery.objects.filter(sale__lead__in=leads).values_list("public_id", flat=True)
    return [str(one) for one in found]


def _buyer(slug: str, name: str, facts: dict[str, Any], now: datetime) -> Platform:
    fields = dict(facts)
    caps, wallet = fields.pop("caps", {}), fields.pop("wallet", None)
    market = fields.setdefault("market_id", "nyc")
    platform = platform_open(
        Platform(
            slug=slug,
            name=name,
            contact_email=f"leads@{slug}.example",
            is_sample=True,
            **_MARKETS[market],
            **fields,
        )
    )
    PlatformCap.objects.bulk_create(
        PlatformCap(platform=platform, period=period, limit=limit) for period, limit in caps.items()
    )
    if wallet is not None:
        key = f"payment:{platform.public_id}:demo"
        book(platform, kind="payment", amount=-wallet, key=key, now=now, words="Demo payment")
    return platform


def _point_at_the_stand_in(platform: Platform, behaviour: str, now: datetime) -> None:
    """Its address is another one on every start. Live at once: the stand-in needs no test."""
    if platform.method == Method.SFTP:
        platform.endpoint = endpoint(settings.STANDIN_FILES_PORT, host_key(standin_folder()))
        write_credentials(platform, {"password": PASSWORD})
    elif platform.method == Method.CSV_EMAIL:
        platform.endpoint = {"to": platform.contact_email, "subject": "New solar lead"}
    else:
        platform.endpoint = {"url": f"{settings.STANDIN_BUYERS_URL}/{behaviour}/leads"}
        write_credentials(platform, {"signing_secret": "whsec_c3RhbmQtaW4gYnV5ZXJzIG9ubHk="})
    if platform.status == PlatformStatus.ONBOARDING:
        platform.status = PlatformStatus.ACTIVE
    platform.tested_at, platform.tested_digest = now, settings_digest(platform)
    platform.save()
