"""The admin's home page: what came in, what stands still, what to do next."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from unfold.dataclasses import SearchResult

from apps.leads.choices import Tier
from apps.leads.figures import leads_by_day, median_first_response, promise_kept
from apps.leads.search import search_leads
from apps.leads.selectors import leads_visible_to
from apps.pipeline.chart import bar_chart
from apps.pipeline.earnings import earnings
from apps.pipeline.todos import leads_to_do, system_to_do
from apps.users.selectors import signed_in

_DAYS = 14
_NEWEST = 8
_FOUND = 20


def home_page(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """What the home page shows this person: only what their role may see."""
    now = timezone.localtime()
    context |= {
        "title": "Home",
        "now": now,
        "greeting": _greeting(now.hour),
        "todos": [*leads_to_do(request), *system_to_do(request)],
        "may_see_leads": request.user.has_perm("leads.view_lead"),
        "may_add_leads": request.user.has_perm("leads.add_lead"),
        "earnings": earnings(request, now),
    }
    if context["may_see_leads"]:
        leads = leads_visible_to(signed_in(request))
        days = leads_by_day(leads, today=now.date(), days=_DAYS)
        since = now - timedelta(days=_DAYS)
        wait = median_first_response(leads, since=since)
        context |= {
            "today": days[-1],
            "tiers": [(tier, Tier(tier).label, days[-1].by_tier[tier]) for tier in Tier.values],
            "first_response": _duration(wait) if wait is not None else "",
            "promise": promise_kept(leads, since=since, now=now),
            "may_work": request.user.has_perm("leads.change_lead"),
            "chart": bar_chart(days),
            "newest": leads.select_related("territory", "market", "assigned_to").defer(
                "original_data", "score_detail"
            )[:_NEWEST],
        }
    return context


def environment_label(request: HttpRequest) -> list[str] | None:
    """Says where this is, everywhere but in production."""
    if settings.ENVIRONMENT == "production":
        return None
    return [settings.ENVIRONMENT.capitalize(), "warning"]


def find(request: HttpRequest, text: str) -> list[SearchResult]:
    """What the search of the whole dashboard finds: leads this person may see."""
    leads = search_leads(leads_visible_to(signed_in(request)), text).defer("original_data")
    return [
        SearchResult(
            title=lead.name,
            description=f"{lead.get_status_display()}, {lead.score} of 100",
            link=reverse("admin:leads_lead_change", args=[lead.pk]),
            icon="solar_power",
        )
        for lead in leads[:_FOUND]
    ]


def _greeting(hour: int) -> str:
    if hour < 12:
        return "Good morning"
    return "Good afternoon" if hour < 18 else "Good evening"


def _duration(wait: timedelta) -> str:
    minutes = wait.total_seconds() / 60
    if minutes < 120:
        return f"{minutes:.0f} min"
    return f"{minutes / 60:.0f} h" if minutes < 48 * 60 else f"{minutes / 1440:.0f} days"
