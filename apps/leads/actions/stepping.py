"""Taking the steps of sequences that are due: each exactly once, by day, and only while it may."""

from __future__ import annotations

from datetime import datetime

from django.db import connection, transaction

from apps.contacts.selectors import email_is_reachable
from apps.contacts.suppression import suppressed_kinds
from apps.core.errors import Conflict
from apps.leads.actions.following import enrolment_go_on, sequence_stop
from apps.leads.actions.mailing import lead_mail_queue
from apps.leads.actions.tasks import task_add
from apps.leads.choices import OPEN_STATUSES, AppointmentStatus, Level, TaskKind, TaskReason
from apps.leads.mail.pace import Standing, is_daytime, step_moment, why_over
from apps.leads.mail.values import mail_values
from apps.leads.mail.wording import fill
from apps.leads.models import Enrolment, EnrolmentStep, Lead, LeadMail, MailTemplate
from apps.leads.models.sequence import StepKind
from apps.leads.office import office_hours_of

StepState = EnrolmentStep.State
_AT_ONCE = 500


def steps_due(now: datetime) -> list[int]:
    """The steps whose moment has come, the oldest first. One indexed query."""
    due = EnrolmentStep.objects.filter(state=StepState.AHEAD, due_at__lte=now)
    return list(due.order_by("due_at").values_list("pk", flat=True)[:_AT_ONCE])


def step_take(step_pk: int, *, now: datetime) -> bool:
    """Take a due step, if it is still to be taken and it may be. Returns whether it was taken.

    The lead's row is locked first, as everywhere, and a lead that somebody holds is left to the
    next sweep: so two sweeps at once take a step once. A mail bears the step's own id besides.
    """
    with transaction.atomic():
        lead = _hold_lead_of(step_pk)
        if lead is None:
            return False
        step = (
            EnrolmentStep.objects.select_related("enrolment", "template")
            .filter(pk=step_pk, state=StepState.AHEAD, due_at__lte=now)
            .first()
        )
        if step is None:
            return False
        if over := why_over(_standing(lead, step.enrolment)):
            sequence_stop(lead.pk, reason=over, now=now)
            return False
        hours = office_hours_of(lead.market)
        if not is_daytime(hours, now):  # the sweep was away while it was day
            moment = step_moment(hours, after=now, wait_days=0, at=step.at)
            EnrolmentStep.objects.filter(pk=step.pk).update(due_at=moment)
            return False
        _do(step, lead, now)
        enrolment_go_on(step.enrolment, lead, now=now)
        return True


def _hold_lead_of(step_pk: int) -> Lead | None:
    leads = Lead.objects.filter(enrolments__steps=step_pk)
    if connection.features.has_select_for_update_skip_locked:
        leads = leads.select_for_update(skip_locked=True, of=("self",))
    return leads.select_related("market", "territory", "assigned_to").first()


def _standing(lead: Lead, enrolment: Enrolment) -> Standing:
    suppressed = suppressed_kinds(email=lead.email, phone="")
    theirs = lead.mails.filter(direction=LeadMail.Direction.IN, is_automatic=False)
    return Standing(
        is_open=lead.status in OPEN_STATUSES,
        is_suppressed="email" in suppressed,
        is_reachable=not lead.email or email_is_reachable(lead.email),
        has_written=theirs.filter(created_at__gte=enrolment.created_at).exists(),
        has_booked=lead.appointments.filter(
            status=AppointmentStatus.BOOKED, booked_at__gte=enrolment.created_at
        ).exists(),
    )


def _do(step: EnrolmentStep, lead: Lead, now: datetime) -> None:
    if step.kind == StepKind.CALL:
        _to_do(lead, TaskKind.CALL, step.title, now)
        _settle(step, StepState.DONE, "", now)
        return
    template = step.template
    if template is None or not template.is_active:
        _settle(step, StepState.SKIPPED, "Its template was put away", now)
        return
    values = mail_values(lead, rep=None)
    subject, body = fill(template.subject, values), fill(template.body, values)
    if missing := sorted({*subject.missing, *body.missing}):
        names = ", ".join(missing).replace("_", " ")
        _to_do(lead, TaskKind.MAIL, f"Send “{template.name}” yourself: no {names}", now)
        _settle(step, StepState.SKIPPED, f"No value for {names}: a task for a person", now)
        return
    _mail(step, lead, template, subject.text, body.text, now)


def _mail(
    step: EnrolmentStep,
    lead: Lead,
    template: MailTemplate,
    subject: str,
    body: str,
    now: datetime,
) -> None:
    try:
        with transaction.atomic():
            mail = lead_mail_queue(
                lead.public_id,
                mail_id=step.public_id,
                subject=subject,
                body=body,
                purpose=template.purpose,
                template=template,
                actor=None,
                now=now,
            )
    except Conflict as refusal:  # the gate: an offer to somebody who did not agree to offers
        _settle(step, StepState.SKIPPED, refusal.message, now)
        return
    _settle(step, StepState.DONE, "", now, mail=mail)


def _to_do(lead: Lead, kind: TaskKind, title: str, now: datetime) -> None:
    task_add(
        lead.pk,
        kind=kind,
        title=title,
        due_at=now,
        priority=Level.MEDIUM,
        reason=TaskReason.FOLLOW_UP,
        now=now,
    )


def _settle(
    step: EnrolmentStep, state: str, note: str, now: datetime, *, mail: LeadMail | None = None
) -> None:
    EnrolmentStep.objects.filter(pk=step.pk).update(
        state=state, note=note[:200], done_at=now, due_at=None, mail=mail
    )
