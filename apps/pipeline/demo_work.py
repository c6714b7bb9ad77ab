"""What the people of the demo did with its leads: most were answered in time, a few wait."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from apps.leads.actions.changing import leads_set_status
from apps.leads.actions.contacting import call_outcome
from apps.leads.actions.responding import first_response_clock_set
from apps.leads.actions.tasks import next_task_ensure
from apps.leads.choices import LeadStatus, ResponseStage, TaskState
from apps.leads.first_response import OfficeHours, after_office_time
from apps.leads.models import Lead, Task
from apps.leads.office import office_hours
from apps.users.models import User

_STILL_WAITING = timedelta(hours=2)  # who came in later has not been answered yet
_LATE = 90  # minutes of office time, past every target but the longest
_HOUR = timedelta(hours=1)
# What became of each lead in turn: minutes of office time after it came in, and what was noted.
_STORIES: tuple[tuple[tuple[int, str], ...], ...] = (
    ((4, "no_answer"), (130, "callback_requested")),
    ((9, "qualified"),),
    ((12, "voicemail"), (600, "not_qualified")),
    ((_LATE, "callback_requested"),),
    ((6, "qualified"), (700, LeadStatus.PROPOSAL)),
    ((11, "callback_requested"), (900, LeadStatus.LOST)),
    ((3, "busy"), (40, "no_answer")),
    ((8, "qualified"), (500, LeadStatus.NEGOTIATION)),
)
_REASONS = ("Rents the flat, and the roof is not theirs", "Went with somebody cheaper")
# When what is left to do is due, in turn: one thing is overdue, the others are spread out.
_DUE = (-2 * _HOUR, 3 * _HOUR, 26 * _HOUR, _HOUR / 2, 50 * _HOUR)


def demo_work(leads: Sequence[Lead], *, now: datetime) -> None:
    """Let the owners of these leads have worked them; each since it came in."""
    hours = office_hours({lead.market for lead in leads})
    for number, lead in enumerate(leads):
        _restart(lead)
        if lead.assigned_to is not None and lead.created_at < now - _STILL_WAITING:
            story = _STORIES[number % len(_STORIES)]
            _tell(lead, lead.assigned_to, story, hours[lead.market_id], now)
    worked = Task.objects.filter(lead__in=leads, state=TaskState.OPEN)
    worked = worked.exclude(lead__first_response_at=None).order_by("pk")
    for number, task in enumerate(worked):
        Task.objects.filter(pk=task.pk).update(due_at=now + _DUE[number % len(_DUE)])


def _restart(lead: Lead) -> None:
    """The clock and the first task begin when the lead is said to have come in."""
    lead.tasks.all().delete()
    Lead.objects.filter(pk=lead.pk).update(
        first_response_target=None,
        first_response_warn_at=None,
        first_response_due_at=None,
        first_response_alert_at=None,
        first_response_stage=ResponseStage.QUIET,
    )
    first_response_clock_set(lead.pk, now=lead.created_at)
    next_task_ensure(lead.pk, now=lead.created_at)


def _tell(
    lead: Lead,
    owner: User,
    story: Sequence[tuple[int, str]],
    hours: OfficeHours,
    now: datetime,
) -> None:
    for minutes, what in story:
        at = after_office_time(hours, lead.created_at, timedelta(minutes=minutes))
        if at is None or at >= now:
            return
        reason = _REASONS[lead.pk % len(_REASONS)]
        if what in LeadStatus.values and what != LeadStatus.QUALIFIED:
            ids = [lead.public_id]
            leads_set_status(ids, status=what, lost_reason=reason, actor=owner, now=at)
            continue
        asks: dict[str, dict[str, Any]] = {
            "callback_requested": {"callback_at": now + _HOUR},
            "not_qualified": {"reason": reason},
        }
        asked = asks.get(what, {})
        call_outcome(lead.public_id, outcome=what, actor=owner, now=at, **asked)
