"""A mail of theirs joins the correspondence of their lead, and somebody is told to answer."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from apps.contacts.actions import email_set_reachable
from apps.core import outbox
from apps.leads.actions.following import sequence_stop
from apps.leads.actions.responding import first_response_note
from apps.leads.actions.tasks import task_add
from apps.leads.choices import OPEN_STATUSES, ActivityKind, Level, TaskKind, TaskReason, TaskState
from apps.leads.contracts import ReceivedMail
from apps.leads.mail.told import tell_of_reply
from apps.leads.models import Lead, LeadMail
from apps.leads.timeline import activity_add

RECEIVED = "lead_mail.received"
Direction, Status = LeadMail.Direction, LeadMail.Status


@transaction.atomic
def lead_mail_received(
    lead_pk: int, received: ReceivedMail, *, answers: LeadMail | None, now: datetime
) -> bool:
    """Keep a mail of theirs. Returns whether it is new: a mail that comes twice is one.

    Words of a person are answered: the owner is told and has a task. What a machine sent is only
    shown.
    """
    lead = Lead.objects.select_for_update().get(pk=lead_pk)
    if _is_known(lead, received):
        return False
    mail = LeadMail.objects.create(
        lead=lead,
        direction=Direction.IN,
        status=Status.RECEIVED,
        address=received.sender,
        subject=received.subject[:300],
        body=received.words,
        message_id=received.message_id[:250],
        answers=answers,
        is_automatic=received.is_automatic,
        inbound_event=received.event_id,
        created_at=now,
    )
    if received.is_first:
        return True  # the lead itself tells of it
    kind = "Automatic answer" if received.is_automatic else "They wrote"
    activity_add(
        lead.pk,
        ActivityKind.MAIL_RECEIVED,
        f"{kind}: {mail.subject or '(no subject)'}",
        now=now,
        inbound_event=received.event_id,
        message=received.words[:5000],
        mail=str(mail.public_id),
    )
    if not received.is_automatic:
        _answered_by_a_person(lead, mail, answers, now)
    return True


def _answered_by_a_person(
    lead: Lead, mail: LeadMail, answers: LeadMail | None, now: datetime
) -> None:
    if answers is not None:
        # A bounce that was none: they did get it.
        LeadMail.objects.filter(pk=answers.pk, direction=Direction.OUT).update(
            status=Status.REPLIED
        )
        first_response_note(lead.pk, reached=True, now=now)
    sequence_stop(lead.pk, reason="They wrote", now=now)
    email_set_reachable(mail.address, is_reachable=True)
    Lead.objects.filter(pk=lead.pk).update(updated_at=now)
    if lead.status in OPEN_STATUSES and not _is_to_be_answered(lead):
        task_add(
            lead.pk,
            kind=TaskKind.MAIL,
            title="Answer their mail",
            due_at=now,
            priority=Level.HIGH,
            reason=TaskReason.FOLLOW_UP,
            now=now,
        )
    tell_of_reply(lead, mail, now=now)
    outbox.publish(RECEIVED, key=str(mail.public_id), mail=str(mail.public_id))


def _is_to_be_answered(lead: Lead) -> bool:
    return lead.tasks.filter(state=TaskState.OPEN, kind=TaskKind.MAIL).exists()


def _is_known(lead: Lead, received: ReceivedMail) -> bool:
    same = LeadMail.objects.filter(direction=Direction.IN, inbound_event=received.event_id)
    if same.exists():
        return True
    # A copy that came by another of our addresses.
    copies = lead.mails.filter(direction=Direction.IN, message_id=received.message_id[:250])
    return bool(received.message_id) and copies.exists()
