"""What ends with a lead that is closed, and begins anew with one that is opened again, whoever
does it: a person by hand, a buyer, a merge."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.dateparse import parse_datetime

from apps.leads.actions.following import sequence_stop
from apps.leads.actions.responding import first_response_begin_again, first_response_stop
from apps.leads.actions.tasks import next_task_ensure, tasks_drop
from apps.leads.choices import LeadStatus
from apps.leads.models import Enrolment, EnrolmentStep, Lead, WaitingLead
from apps.leads.telling import lead_settle_unowned

Running = dict[str, Any]


@transaction.atomic
def lead_closed(lead_pk: int, *, status: str, now: datetime) -> None:
    """A lead was closed: nobody is told that its answer is late, nothing is to be done for it, it
    is in no sequence, and it waits for no person. Repeatable."""
    lead = Lead.objects.select_for_update().get(pk=lead_pk)
    first_response_stop(lead, now=now)
    sequence_stop(lead_pk, reason="The lead is closed", now=now)
    tasks_drop(lead_pk, why=f"Closed: {LeadStatus(status).label.lower()}", now=now)
    WaitingLead.objects.filter(lead=lead_pk).delete()
    lead_settle_unowned(lead, words="The lead was closed.", now=now)


@transaction.atomic
def lead_reopened(lead_pk: int, *, now: datetime) -> None:
    """A lead is open again: who never got an answer waits from now on, and somebody has something
    to do for it. Repeatable."""
    first_response_begin_again(lead_pk, now=now)
    next_task_ensure(lead_pk, now=now, because="Opened again")


def running_of(lead_pks: Collection[int]) -> Running:
    """What goes on for leads beside tasks and clocks, as JSON keeps it: for `running_resume`."""
    steps = EnrolmentStep.objects.filter(
        enrolment__lead__in=lead_pks, enrolment__state=Enrolment.State.RUNNING, due_at__isnull=False
    )
    waiting = WaitingLead.objects.filter(lead__in=lead_pks)
    return {
        "steps": [
            {"pk": step.pk, "enrolment": step.enrolment_id, "due_at": _text(step.due_at)}
            for step in steps
        ],
        "waiting": [
            {
                "pk": row.pk,
                "lead_id": row.lead_id,
                "reason": row.reason,
                "since": _text(row.since),
                "tried_at": _text(row.tried_at),
            }
            for row in waiting
        ],
    }


@transaction.atomic
def running_resume(running: Mapping[str, Any]) -> None:
    """Let go on what `running_of` found, where it ended since: closing the lead was a mistake."""
    for step in running.get("steps", ()):
        stopped = Enrolment.objects.filter(pk=step["enrolment"], state=Enrolment.State.STOPPED)
        if stopped.update(state=Enrolment.State.RUNNING, reason="", ended_at=None):
            EnrolmentStep.objects.filter(pk=step["pk"], state=EnrolmentStep.State.AHEAD).update(
                due_at=parse_datetime(step["due_at"])
            )
    waiting = {row["lead_id"]: row for row in running.get("waiting", ())}
    unowned = Lead.objects.filter(pk__in=waiting, assigned_to=None).values_list("pk", flat=True)
    WaitingLead.objects.bulk_create(
        [WaitingLead(**waiting[lead_pk]) for lead_pk in unowned], ignore_conflicts=True
    )


def _text(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
