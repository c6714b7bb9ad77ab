"""Sequences: a lead begins one, steps are taken when they are due, something ends it."""

from __future__ import annotations

from collections.abc import Sequence as Several
from contextlib import suppress
from datetime import datetime
from uuid import UUID

from django.db import transaction

from apps.core.errors import Conflict, InvalidInput
from apps.leads.choices import OPEN_STATUSES, ActivityKind
from apps.leads.mail.pace import step_moment
from apps.leads.models import Enrolment, EnrolmentStep, Lead, Sequence
from apps.leads.office import office_hours_of
from apps.leads.timeline import activity_add
from apps.users.models import User

State, StepState = Enrolment.State, EnrolmentStep.State


@transaction.atomic
def lead_enrol(
    lead_id: UUID, sequence: Sequence, *, actor: User | None, now: datetime
) -> Enrolment:
    """Begin a sequence with a lead: its steps are copied, the first gets its moment.

    Raises Conflict for a closed lead or one that is in a sequence, InvalidInput for a sequence
    that is switched off or has no steps.
    """
    lead = (
        Lead.objects.select_for_update(of=("self",)).select_related("market").get(public_id=lead_id)
    )
    steps = list(sequence.steps.order_by("position"))
    if not (sequence.is_active and steps):
        raise InvalidInput(
            "This sequence is not in use.", details={"sequence": ["Not in use, or empty."]}
        )
    if lead.status not in OPEN_STATUSES:
        raise Conflict("This lead is closed: reopen it first.")
    if lead.enrolments.filter(state=State.RUNNING).exists():
        raise Conflict("This lead is in a sequence already: stop that one first.")
    enrolment = Enrolment.objects.create(
        lead=lead, sequence=sequence, name=sequence.name, actor=actor, created_at=now
    )
    EnrolmentStep.objects.bulk_create(
        EnrolmentStep(
            enrolment=enrolment,
            position=number,
            kind=step.kind,
            wait_days=step.wait_days,
            at=step.at,
            template_id=step.template_id,
            title=step.title,
        )
        for number, step in enumerate(steps, start=1)
    )
    activity_add(
        lead.pk,
        ActivityKind.SEQUENCE,
        f"Begins the sequence {sequence.name}",
        now=now,
        actor_pk=actor.pk if actor else None,
        enrolment=str(enrolment.public_id),
    )
    enrolment_go_on(enrolment, lead, now=now)
    return enrolment


def sequence_begin_by_rule(lead: Lead, *, now: datetime) -> None:
    """Begin the sequence that the lead's source names, if one does. Repeatable."""
    by_rule = Sequence.objects.filter(sources=lead.source_id, is_active=True)
    sequence = by_rule.order_by("pk").first()
    if sequence is None or lead.enrolments.exists():
        return
    with suppress(Conflict, InvalidInput):  # closed meanwhile, or emptied
        lead_enrol(lead.public_id, sequence, actor=None, now=now)


def leads_enrol(
    lead_ids: Several[UUID], sequence: Sequence, *, actor: User, now: datetime
) -> tuple[int, int]:
    """Begin a sequence with several leads. Returns how many began, and how many could not."""
    began = refused = 0
    for lead_id in lead_ids:
        try:
            lead_enrol(lead_id, sequence, actor=actor, now=now)
            began += 1
        except Conflict:
            refused += 1
    return began, refused


def enrolment_go_on(enrolment: Enrolment, lead: Lead, *, now: datetime) -> None:
    """Give the next step its moment, or end a sequence that has none left. The caller holds the
    lead's row."""
    step = enrolment.steps.filter(state=StepState.AHEAD).order_by("position").first()
    due_at = None
    if step is not None:
        hours = office_hours_of(lead.market)
        due_at = step_moment(hours, after=now, wait_days=step.wait_days, at=step.at)
    if step is None or due_at is None:
        _end(enrolment, State.DONE, "", now)
        return
    EnrolmentStep.objects.filter(pk=step.pk).update(due_at=due_at)


@transaction.atomic
def sequence_stop(lead_pk: int, *, reason: str, now: datetime, actor: User | None = None) -> bool:
    """Stop the sequence of a lead, if it is in one. Returns whether it was. Repeatable."""
    Lead.objects.select_for_update().only("pk").get(pk=lead_pk)
    running = Enrolment.objects.filter(lead=lead_pk, state=State.RUNNING).first()
    if running is None:
        return False
    _end(running, State.STOPPED, reason, now)
    activity_add(
        lead_pk,
        ActivityKind.SEQUENCE,
        f"The sequence {running.name} ends: {reason[:1].lower()}{reason[1:]}",
        now=now,
        actor_pk=actor.pk if actor else None,
        enrolment=str(running.public_id),
    )
    return True


@transaction.atomic
def sequence_skip(lead_pk: int, *, actor: User, now: datetime) -> bool:
    """Leave the next step of a lead's sequence out. Returns whether there was one."""
    lead = Lead.objects.select_for_update(of=("self",)).select_related("market").get(pk=lead_pk)
    step = (
        EnrolmentStep.objects.select_related("enrolment")
        .filter(enrolment__lead=lead, enrolment__state=State.RUNNING, state=StepState.AHEAD)
        .order_by("position")
        .first()
    )
    if step is None:
        return False
    EnrolmentStep.objects.filter(pk=step.pk).update(
        state=StepState.SKIPPED, done_at=now, due_at=None, note=f"Left out by {actor}"[:200]
    )
    enrolment_go_on(step.enrolment, lead, now=now)
    return True


def _end(enrolment: Enrolment, state: str, reason: str, now: datetime) -> None:
    Enrolment.objects.filter(pk=enrolment.pk).update(state=state, reason=reason[:200], ended_at=now)
    enrolment.steps.filter(state=StepState.AHEAD).update(due_at=None)
