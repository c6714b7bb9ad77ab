"""What the page of a lead shows to whoever works it: the clock, the next task, the call."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from apps.leads.call_outcomes import OUTCOMES, Consequences
from apps.leads.calling_hours import CallPermit, call_permit, zone_of
from apps.leads.choices import OPEN_STATUSES, CallStatus, TaskState
from apps.leads.first_response import Reading, read_clock
from apps.leads.models import Lead, Task
from apps.leads.office import office_hours_of

CLOCK_TONES = {
    "late": "bad",
    "due_soon": "warn",
    "running": "info",
    "answered": "good",
    "answered_late": "warn",
}


@dataclass(frozen=True)
class OutcomeButton:
    """One way a call can end."""

    value: str
    label: str
    follows: Consequences


@dataclass(frozen=True)
class TaskLine:
    """An open task; `is_next` for the one that comes first."""

    task: Task
    is_overdue: bool
    is_next: bool


@dataclass(frozen=True)
class WorkPart:
    """What somebody needs to work on a lead now."""

    clock: Reading
    clock_tone: str
    reached: str
    permit: CallPermit
    zone: str
    zone_name: str
    tasks: tuple[TaskLine, ...]
    outcomes: tuple[OutcomeButton, ...]
    is_open: bool
    earliest: str  # a moment in their time zone, as a date field takes it


def work_part(lead: Lead, *, consent: str, is_suppressed: bool, now: datetime) -> WorkPart:
    """`consent` to calls as the ledger has it: given, revoked or unknown. Three queries."""
    zone = contact_zone(lead)
    hours = office_hours_of(lead.market)
    clock = read_clock(
        hours,
        due_at=lead.first_response_due_at,
        warn_at=lead.first_response_warn_at,
        answered_at=lead.first_response_at,
        is_over=lead.status not in OPEN_STATUSES,
        now=now,
    )
    tasks = lead.tasks.filter(state=TaskState.OPEN).select_related("assignee")
    return WorkPart(
        clock=clock,
        clock_tone=CLOCK_TONES.get(clock.state, "plain"),
        reached=_reached(lead),
        permit=call_permit(
            has_phone=bool(lead.phone),
            is_suppressed=is_suppressed,
            consent=consent,
            zone=zone,
            now=now,
        ),
        zone=zone,
        zone_name=zone.rpartition("/")[2].replace("_", " "),
        tasks=tuple(
            TaskLine(task, is_overdue=task.due_at < now, is_next=position == 0)
            for position, task in enumerate(tasks)
        ),
        outcomes=tuple(
            OutcomeButton(value, CallStatus(value).label, follows)
            for value, follows in OUTCOMES.items()
        ),
        is_open=lead.status in OPEN_STATUSES,
        earliest=now.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%dT%H:%M"),
    )


def contact_zone(lead: Lead) -> str:
    """The time zone the person of a lead lives in, as far as we know."""
    return zone_of(
        phone=lead.phone, market_zone=lead.market.time_zone, has_place=bool(lead.postal_code)
    )


def _reached(lead: Lead) -> str:
    if lead.first_response_at is None:
        return ""
    return "reached" if lead.first_reached_at else "not reached yet"
