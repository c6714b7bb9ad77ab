"""What the home page says is to be done next, and where."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from apps.core.health import Result, Verdict, run_checks
from apps.core.models import OutboxMessage
from apps.intake.choices import EventState
from apps.intake.models import InboundEvent
from apps.leads.choices import LeadStatus
from apps.leads.day_order import Place
from apps.leads.models import Lead
from apps.leads.my_day import DayItem, my_day
from apps.leads.selectors import (
    leads_visible_to,
    markets_without_people,
    pairs_to_look_at,
    pairs_visible_to,
    unanswered,
)
from apps.pipeline.badges import bounded, manual_badge
from apps.pipeline.models import Journey, JourneyState
from apps.users.selectors import signed_in

_MINE = 6


@dataclass(frozen=True)
class ToDo:
    """One thing to do, and where. `lead` adds its score."""

    icon: str
    title: str
    words: str
    link: str = ""
    is_bad: bool = False
    lead: Lead | None = None


def leads_to_do(request: HttpRequest) -> list[ToDo]:
    if not request.user.has_perm("leads.change_lead"):
        return []
    leads = leads_visible_to(signed_in(request))
    day = my_day(signed_in(request), now=timezone.now())
    todos = [_of_my_day(item) for item in day.now[:_MINE]]
    if (more := len(day.now) - _MINE) > 0:
        todos.append(
            ToDo(
                "today",
                f"{more} more {'is' if more == 1 else 'are'} due now",
                "My day has all of them in order",
                reverse("admin:leads_my_day"),
            )
        )
    unassigned = bounded(leads.filter(assigned_to=None, status=LeadStatus.NEW))
    if request.user.has_perm("users.manage_leads"):
        todos += _waiting_long(leads)
    pairs = pairs_visible_to(signed_in(request), pairs_to_look_at())
    doubles = bounded(pairs.filter(kind="person"))
    if doubles:
        todos.append(
            ToDo(
                "group",
                f"{doubles} may be somebody we know",
                "Compare the two: merge them, or say that they are two people",
                _list("leads_duplicatesuggestion", state__exact="open", kind__exact="person"),
            )
        )
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


def _of_my_day(item: DayItem) -> ToDo:
    place = str(item.lead.territory or item.lead.market)
    is_urgent = item.place is Place.ANSWER
    words = item.clock.words if is_urgent or item.task is None else item.task.title
    return ToDo(
        "timer" if is_urgent else "call" if item.lead.phone else "mail",
        item.lead.name,
        f"{words}, {place}",
        item.link,
        is_bad=item.clock.state == "late",
        lead=item.lead,
    )


def _waiting_long(leads: QuerySet[Lead]) -> list[ToDo]:
    waiting = bounded(unanswered(leads).filter(first_response_due_at__lt=timezone.now()))
    if not waiting:
        return []
    return [
        ToDo(
            "hourglass_top",
            f"{waiting} {'waits' if waiting == '1' else 'wait'} for a first answer that is late",
            "Ask their owners, or give them to somebody who has time",
            _list("leads_lead", answer="late"),
            is_bad=True,
        )
    ]


def system_to_do(request: HttpRequest) -> list[ToDo]:
    """What keeps leads from moving, for those who can do something about it."""
    user, todos = request.user, []
    if user.has_perm("users.replay_events"):
        todos += _stuck()
    if manual := manual_badge(request):
        todos.append(
            ToDo(
                "local_shipping",
                f"{manual} {'delivery needs' if manual == '1' else 'deliveries need'} a person",
                "Ask the buyer whether they have it, then say so on the delivery's page",
                _list("b2b_delivery", state__in="manual"),
                is_bad=True,
            )
        )
    if user.has_perm("leads.change_ruleset"):
        todos += [
            ToDo(
                "group_off",
                f"Nobody takes leads in {market}",
                "Write a rule for all its leads, else they may stay without an owner",
                reverse("admin:leads_ruleset_changelist"),
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
        if (count := bounded(rows))
    ]


def _ailing(result: Result) -> ToDo:
    link = reverse("admin:core_system")
    title = f"{result.name.capitalize()}: {result.words}"
    return ToDo("heart_broken", title, result.cure, link, is_bad=True)


def _list(model: str, **narrowed: str) -> str:
    return f"{reverse(f'admin:{model}_changelist')}?{urlencode(narrowed)}"
