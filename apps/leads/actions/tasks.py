"""What is to be done for leads: written down, done, put off, dropped."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from apps.contacts.suppression import suppressed_kinds
from apps.core.errors import Conflict, InvalidInput
from apps.leads.choices import (
    OPEN_STATUSES,
    ActivityKind,
    Level,
    TaskKind,
    TaskReason,
    TaskState,
)
from apps.leads.first_response import after_office_time, next_office_day
from apps.leads.models import Lead, Task
from apps.leads.office import office_hours_of
from apps.leads.timeline import activity_add
from apps.users.models import User

# Nobody plans further; and a moment at the end of the calendar has no time in some other zone.
_FURTHEST = timedelta(days=10 * 365)


@transaction.atomic
def task_add(
    lead_pk: int,
    *,
    kind: str,
    title: str,
    due_at: datetime,
    now: datetime,
    priority: str = Level.MEDIUM,
    reason: str = TaskReason.BY_HAND,
    actor: User | None = None,
) -> Task:
    """Write down what to do for an open lead; whoever has the lead has the task.

    Raises InvalidInput without a title or for a day that nobody plans for (`is_plannable`),
    Conflict when the lead is closed.
    """
    if not title.strip():
        raise InvalidInput("Say what is to be done.", details={"title": ["Say what."]})
    _require_plannable(due_at, now)
    lead = Lead.objects.select_for_update().only("status", "assigned_to").get(pk=lead_pk)
    if lead.status not in OPEN_STATUSES:
        raise Conflict("This lead is closed: reopen it first.")
    return Task.objects.create(
        lead_id=lead_pk,
        kind=kind,
        title=title.strip()[:200],
        due_at=due_at,
        priority=priority,
        reason=reason,
        assignee_id=lead.assigned_to_id,
        created_by=actor,
        created_at=now,
    )


@transaction.atomic
def task_change(task_id: UUID, *, changes: dict[str, Any], now: datetime) -> Task:
    """Change an open task: its `title`, `kind`, `due_at` or `priority`. Raises Conflict for one
    that is done, InvalidInput for a day that nobody plans for."""
    task = _open(task_id)
    if "due_at" in changes:
        _require_plannable(changes["due_at"], now)
    for name, value in changes.items():
        setattr(task, name, value)
    task.save(update_fields=[*changes])
    return task


@transaction.atomic
def task_put_off(task_id: UUID, *, by: str, now: datetime) -> Task:
    """Put an open task off in office time, from now: by an `hour`, to `tomorrow` as the office
    opens, by a `week`. Raises InvalidInput for another time, Conflict for a task that is done."""
    task = _open(task_id)
    hours = office_hours_of(task.lead.market)
    later = {
        "hour": lambda: after_office_time(hours, now, timedelta(hours=1)),
        "tomorrow": lambda: next_office_day(hours, now),
        "week": lambda: after_office_time(hours, now + timedelta(days=7), timedelta()),
    }.get(by)
    if later is None:
        raise InvalidInput("Say until when.", details={"by": ["hour, tomorrow or week."]})
    task.due_at = later() or now + timedelta(days=1)
    task.save(update_fields=["due_at"])
    return task


@transaction.atomic
def task_done(task_id: UUID, *, actor: User, now: datetime, result: str = "") -> Task:
    """Note that a task is done, on the timeline too. Raises Conflict when it is no longer open."""
    task = _open(task_id)
    task.state, task.done_at, task.done_by = TaskState.DONE, now, actor
    task.result = result.strip()[:200]
    task.save(update_fields=["state", "done_at", "done_by", "result"])
    activity_add(
        task.lead_id,
        ActivityKind.TASK,
        f"Done: {task.title}",
        now=now,
        actor_pk=actor.pk,
        task=str(task.public_id),
        text=task.result,
    )
    return task


def tasks_done_by_contact(
    lead_pk: int, *, kinds: Collection[str], result: str, actor: User, now: datetime
) -> None:
    """A call or a mail does what was to be called or mailed; its own line tells of it."""
    Task.objects.filter(lead=lead_pk, state=TaskState.OPEN, kind__in=kinds).update(
        state=TaskState.DONE, done_at=now, done_by=actor, result=result[:200]
    )


def tasks_drop(
    lead_pk: int, *, why: str, now: datetime, kinds: Collection[str] | None = None
) -> None:
    """Nothing of this is to be done any more: the lead was closed, the number must not be used."""
    tasks = Task.objects.filter(lead=lead_pk, state=TaskState.OPEN)
    if kinds is not None:
        tasks = tasks.filter(kind__in=kinds)
    tasks.update(state=TaskState.DROPPED, done_at=now, result=why[:200])


def tasks_follow_lead(lead_pk: int, *, user_pk: int | None) -> None:
    """Who is given a lead is given what is to be done for it."""
    Task.objects.filter(lead=lead_pk, state=TaskState.OPEN).update(assignee=user_pk)


@transaction.atomic
def next_task_ensure(lead_pk: int, *, now: datetime, because: str = "They wrote again") -> None:
    """A lead that came in, wrote again or was opened again has something to do. Repeatable."""
    lead = Lead.objects.select_for_update().get(pk=lead_pk)
    if lead.status not in OPEN_STATUSES or lead.tasks.filter(state=TaskState.OPEN).exists():
        return
    is_new = lead.first_response_at is None
    kind = TaskKind.CALL if may_be_called(lead) else TaskKind.MAIL
    verb = kind.label.lower()
    task_add(
        lead_pk,
        kind=kind,
        title=f"First {verb}" if is_new else f"{because}: {verb} them",
        due_at=(lead.first_response_due_at if is_new else None) or now,
        priority=lead.priority_level,
        reason=TaskReason.FIRST_CALL if is_new else TaskReason.FOLLOW_UP,
        now=now,
    )


def is_plannable(moment: datetime, *, now: datetime) -> bool:
    """Whether a moment is one that people plan for or look back to: within ten years."""
    return abs(moment - now) <= _FURTHEST


def may_be_called(lead: Lead) -> bool:
    """Whether there is a number, and nobody who said not to use it."""
    return bool(lead.phone) and "phone" not in suppressed_kinds(email="", phone=lead.phone)


def _require_plannable(due_at: datetime, now: datetime) -> None:
    if not is_plannable(due_at, now=now):
        words = f"{due_at:%-d %B} {due_at.year} is more than ten years away: look at the year."
        raise InvalidInput(words, details={"due_at": [words]})


def _open(task_id: UUID) -> Task:
    task = Task.objects.select_for_update().get(public_id=task_id)
    if task.state != TaskState.OPEN:
        raise Conflict(f"This task is {task.get_state_display().lower()} already.")
    return task
