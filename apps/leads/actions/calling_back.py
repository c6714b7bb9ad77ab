"""Somebody asked to be called, and said when."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from apps.leads.actions.tasks import may_be_called, task_add
from apps.leads.choices import (
    OPEN_STATUSES,
    ActivityKind,
    CallStatus,
    Level,
    TaskKind,
    TaskReason,
    TaskState,
)
from apps.leads.models import Lead
from apps.leads.timeline import activity_add

_TITLE = "Call back, as they asked"
_WAITS_FOR_A_CALL = (
    CallStatus.TO_CALL,
    CallStatus.NO_ANSWER,
    CallStatus.VOICEMAIL,
    CallStatus.BUSY,
)


@transaction.atomic
def lead_callback_ask(lead_pk: int, *, at: datetime, words: str, now: datetime) -> bool:
    """Write down that an open lead wants to be called `at`. Returns whether there is such a task.

    A first call that waits becomes this one: nobody is to be called twice. A lead that is closed,
    or must not be called, gets none.
    """
    lead = Lead.objects.select_for_update().get(pk=lead_pk)
    if lead.status not in OPEN_STATUSES or not may_be_called(lead):
        return False
    waiting = lead.tasks.filter(
        state=TaskState.OPEN, reason__in=(TaskReason.FIRST_CALL, TaskReason.CALLBACK)
    )
    changed = waiting.update(
        kind=TaskKind.CALL,
        title=_TITLE,
        due_at=at,
        reason=TaskReason.CALLBACK,
        priority=Level.HIGH,
    )
    if not changed:
        task_add(
            lead_pk,
            kind=TaskKind.CALL,
            title=_TITLE,
            due_at=at,
            priority=Level.HIGH,
            reason=TaskReason.CALLBACK,
            now=now,
        )
    if lead.call_status in _WAITS_FOR_A_CALL:
        Lead.objects.filter(pk=lead_pk).update(call_status=CallStatus.CALLBACK_REQUESTED)
    activity_add(
        lead_pk, ActivityKind.TASK, f"Wants to be called: {words}", now=now, at=at.isoformat()
    )
    return True
