"""The admin's home page: what came in, what stands still, what to do next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from unfold.dataclasses import SearchResult

from apps.core.health import Result, Verdict, run_checks
from apps.core.models import OutboxMessage
from apps.intake.choices import EventState
from apps.intake.models import InboundEvent
from apps.leads.choices import LeadStatus, Tier
from apps.leads.figures import leads_by_day, median_first_response, new_leads_of
from apps.leads.models import Lead
from apps.leads.search import search_leads
from apps.leads.selectors import leads_visible_to, markets_without_people
from apps.pipeline.chart import bar_chart
from apps.pipeline.models import Journey, JourneyState
from apps.users.selectors import signed_in

_DAYS = 14
_MINE = 6
_NEWEST = 8
_FOUND = 20
_COUNT_AT_MOST = 100  # "99+" says enough


@dataclass(frozen=True)
class ToDo:
    """One thing to do, and where. `lead` adds its score."""

    icon: str
    title: str
    words: str
    link: str = ""
    is_bad: bool = False
    lead: Lead | None = None


def home_page(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """What the home page shows this person: only what their role may see."""
    now = timezone.localtime()
    context |= {
        "title": "Home",
        "now": now,
        "greeting": _greeting(now.hour),
        "todos": [*_leads_to_do(request), *_system_to_do(request)],
        "may_see_leads": request.user.has_perm("leads.view_lead"),
        "may_add_leads": request.user.has_perm("leads.add_lead"),
    }
    if context["may_see_leads"]:
        leads = leads_visible_to(signed_in(request))
        days = leads_by_day(leads, today=now.date(), days=_DAYS)
        wait = median_first_response(leads, since=now - timedelta(days=_DAYS))
        context |= {
            "today": days[-1],
            "tiers": [(tier, Tier(tier).label, days[-1].by_tier[tier]) for tier in Tier.values],
            "first_response": _duration(wait) if wait is not None else "",
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


def new_leads_badge(request: HttpRequest) -> str:
    """How many new leads wait for this person."""
    if not request.user.has_perm("leads.change_lead"):
        return ""
    leads = Lead.objects.filter(status=LeadStatus.NEW)
    return _bounded(leads.filter(assigned_to=signed_in(request)))


def parked_badge(request: HttpRequest) -> str:
    """How many journeys wait for a person."""
    if not request.user.has_perm("users.replay_events"):
        return ""
    return _bounded(Journey.objects.filter(state=JourneyState.PARKED))


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


def _leads_to_do(request: HttpRequest) -> list[ToDo]:
    if not request.user.has_perm("leads.change_lead"):
        return []
    leads = leads_visible_to(signed_in(request))
    todos = [
        ToDo(
            "call" if lead.phone else "mail",
            lead.name,
            f"New, {lead.territory or lead.market}: get in touch",
            reverse("admin:leads_lead_change", args=[lead.pk]),
            lead=lead,
        )
        for lead in new_leads_of(signed_in(request), leads, most=_MINE)
    ]
    unassigned = _bounded(leads.filter(assigned_to=None, status=LeadStatus.NEW))
    if request.user.has_perm("users.manage_leads"):
        todos += _waiting_long(leads)
    if unassigned:
        todos.append(
            ToDo(
                "back_hand",
                f"{unassigned} new without an owner",
                "Nobody answers these people yet: take one, or give them to somebody",
                _list("leads_lead", assigned="nobody", status__in="new"),
            )
        )
    return todos


def _waiting_long(leads: QuerySet[Lead]) -> list[ToDo]:
    until = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    until -= timedelta(days=1)
    waiting = _bounded(leads.filter(status=LeadStatus.NEW, created_at__lt=until))
    if not waiting:
        return []
    return [
        ToDo(
            "hourglass_top",
            f"{waiting} wait for a first answer for over a day",
            "Ask their owners, or give them to somebody who has time",
            _list(
                "leads_lead",
                status__in="new",
                created_at_to=(until - timedelta(days=1)).date().isoformat(),
            ),
            is_bad=True,
        )
    ]


def _system_to_do(request: HttpRequest) -> list[ToDo]:
    """What keeps leads from moving, for those who can do something about it."""
    user, todos = request.user, []
    if user.has_perm("users.replay_events"):
        todos += _stuck()
    if user.has_perm("leads.change_assignmentpool"):
        todos += [
            ToDo(
                "group_off",
                f"Nobody takes leads in {market}",
                "Put people into the pool of this market, else its leads stay without an owner",
                reverse("admin:leads_assignmentpool_changelist"),
                is_bad=True,
            )
            for market in markets_without_people()
        ]
    if user.has_perm("users.view_system"):
        todos += [_ailing(result) for result in run_checks() if result.verdict != Verdict.OK]
    return todos


def _stuck() -> list[ToDo]:
    found = (
        (
            Journey.objects.filter(state=JourneyState.PARKED),
            ToDo(
                "warning",
                "{} parked on the road",
                "Read why, mend it, press Resume",
                _list("pipeline_journey", state__in="parked"),
                is_bad=True,
            ),
        ),
        (
            InboundEvent.objects.filter(state=EventState.SPAM),
            ToDo(
                "report",
                "{} held as spam",
                "A person may have been taken for a robot: have a look",
                _list("intake_inboundevent", state__in="spam"),
            ),
        ),
        (
            OutboxMessage.objects.filter(state=OutboxMessage.State.DEAD),
            ToDo(
                "outbox",
                "{} given up in the outbox",
                "Something did not hear of a lead: look at the error, then try again",
                _list("core_outboxmessage", state__in="dead"),
                is_bad=True,
            ),
        ),
    )
    return [
        ToDo(todo.icon, todo.title.format(count), todo.words, todo.link, todo.is_bad)
        for rows, todo in found
        if (count := _bounded(rows))
    ]


_CURES = {
    "database": "Ask whoever runs the servers at once: nothing can be taken in.",
    "redis": "Ask whoever runs the servers to start Redis again. Nothing is lost meanwhile.",
    "broker": "Ask whoever runs the servers to start Redis again. What came in is kept and waits.",
    "worker": "Start a worker. What came in is kept and waits for it.",
    "outbox": "Workers do not keep up, or none is running. Nothing is lost, but it comes late.",
}


def _ailing(result: Result) -> ToDo:
    cure = _CURES.get(result.name, "Tell whoever runs the servers.")
    return ToDo("heart_broken", f"{result.name.capitalize()}: {result.words}", cure, is_bad=True)


def _list(model: str, **narrowed: str) -> str:
    return f"{reverse(f'admin:{model}_changelist')}?{urlencode(narrowed)}"


def _bounded(rows: QuerySet[Any]) -> str:
    """How many, up to 99; "" for none, so that a badge has nothing to say."""
    count = rows.order_by()[:_COUNT_AT_MOST].count()
    return "99+" if count >= _COUNT_AT_MOST else str(count or "")


def _greeting(hour: int) -> str:
    if hour < 12:
        return "Good morning"
    return "Good afternoon" if hour < 18 else "Good evening"


def _duration(wait: timedelta) -> str:
    minutes = wait.total_seconds() / 60
    if minutes < 120:
        return f"{minutes:.0f} min"
    return f"{minutes / 60:.0f} h" if minutes < 48 * 60 else f"{minutes / 1440:.0f} days"
