"""What a mail may say of a lead: its facts, our facts, and the figures of its own estimate."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone
from django.utils.dateparse import parse_date

from apps.core.money import Money
from apps.leads.choices import ActivityKind
from apps.leads.models import Lead
from apps.leads.surveys import booking_link
from apps.solar.models import EstimateRun
from apps.users.models import User

_SOURCES = {
    "pvwatts": "PVWatts and the tariffs and incentives in force that day",
    "model": "our PVWatts model and the tariffs and incentives in force that day",
}


def mail_values(lead: Lead, *, rep: User | None) -> dict[str, str]:
    """Every variable of `wording.VARIABLES` that has a value for this lead; others are "".

    `lead` comes with market, territory and assigned_to.
    """
    brand = settings.BRAND
    rep = rep or lead.assigned_to
    return {
        "first_name": lead.first_name,
        "last_name": lead.last_name,
        "brand": brand["name"],
        "brand_phone": brand["phone"],
        "rep": str(rep) if rep else "",
        "rep_phone": (rep.phone if rep else "") or brand["phone"],
        "place": str(lead.territory) if lead.territory else "",
        "postal_code": lead.postal_code,
        "monthly_bill": _money(lead.monthly_bill, lead.market.currency),
        "booking_link": brand["booking_url"] or booking_link(lead),
        **_figures(lead),
    }


def _figures(lead: Lead) -> dict[str, str]:
    run = _estimate(lead)
    if run is None:
        return {}
    zone = ZoneInfo(lead.market.time_zone)
    day = timezone.localtime(run.created_at, zone).date()
    result: Mapping[str, Any] = run.result
    stated = {
        "system_kw": f"{result['system_capacity_kw']:g}",
        "annual_kwh": f"{result['annual_production_kwh']:,.0f}",
        "annual_savings": _money(result["annual_savings"], result["currency"]),
        "estimate_date": f"{day.day} {day:%B %Y}",
        "estimate_source": _SOURCES.get(run.yield_source, ""),
    }
    if _has_lapsed(result, timezone.localdate(timezone=zone)):
        # What was true that day is not true any more: then the cost is not stated at all.
        return stated
    payback = result["financing"]["cash"]["payback_years"]
    return stated | {
        "net_cost": _money(result["net_cost"], result["currency"]),
        "payback_years": "" if payback is None else f"{payback:g}",
    }


def _estimate(lead: Lead) -> EstimateRun | None:
    """The last estimate this lead was shown."""
    line = lead.activities.filter(kind=ActivityKind.ESTIMATED).order_by("-created_at", "-id")
    run_id = next((one.data.get("run") for one in line[:1]), None)
    return EstimateRun.objects.filter(public_id=run_id).first() if run_id else None


def _has_lapsed(result: Mapping[str, Any], today: date) -> bool:
    ends = (parse_date(str(one.get("valid_to") or "")) for one in result["incentives"])
    return any(end is not None and end < today for end in ends)


def _money(amount: Any, currency: str) -> str:
    return "" if amount is None else str(Money(Decimal(str(amount)), currency))
