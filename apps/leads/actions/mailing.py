"""Mail to a lead: queued in a transaction, sent outside of any, settled in another."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F

from apps.contacts.actions import email_set_reachable
from apps.core import outbox
from apps.core.errors import Conflict, InvalidInput
from apps.leads.actions.following import sequence_stop
from apps.leads.actions.responding import first_response_note
from apps.leads.actions.tasks import tasks_done_by_contact
from apps.leads.choices import ActivityKind, TaskKind
from apps.leads.mail.facts import mail_verdict
from apps.leads.mail.letter import message_id_of, one_line
from apps.leads.mail.told import tell_of_failure
from apps.leads.mail.wording import unfilled
from apps.leads.models import Lead, LeadMail, MailTemplate, Purpose
from apps.leads.timeline import activity_add
from apps.users.models import User

QUEUED = "lead_mail.queued"
SENT = "lead_mail.sent"
_LONGEST_BODY = 20_000
_LONGEST_SUBJECT = 200
Status = LeadMail.Status


@transaction.atomic
def lead_mail_queue(
    lead_id: UUID,
    *,
    mail_id: UUID,
    subject: str,
    body: str,
    purpose: str,
    actor: User | None,
    now: datetime,
    template: MailTemplate | None = None,
    answers: LeadMail | None = None,
) -> LeadMail:
    """Put a mail on its way. The same `mail_id` again is the same mail, however often.

    A template's purpose goes before `purpose`: an offer does not become an answer by being edited.
    Without an actor it is a follow-up of the system. Raises InvalidInput for empty words or
    placeholders that still stand, Conflict with the gate's reason when it may not go.
    """
    lead = Lead.objects.select_for_update().get(public_id=lead_id)
    known = LeadMail.objects.filter(public_id=mail_id, lead=lead).first()
    if known is not None:
        return known
    subject, body = one_line(subject), body.replace("\r\n", "\n").strip()
    _refuse_unfinished(subject, body)
    purpose = template.purpose if template else purpose
    verdict = mail_verdict(lead, is_marketing=purpose == Purpose.MARKETING)
    if not verdict.may_send:
        raise Conflict(verdict.reason, details={"reason": verdict.reason})
    mail = LeadMail.objects.create(
        public_id=mail_id,
        lead=lead,
        purpose=purpose,
        template=template,
        actor=actor,
        address=lead.email,
        subject=subject,
        body=body,
        message_id=message_id_of(mail_id),
        answers=answers,
        is_automatic=actor is None,
        created_at=now,
    )
    outbox.publish(QUEUED, key=str(mail_id), mail=str(mail_id))
    return mail


@transaction.atomic
def lead_mail_sent(mail: LeadMail, *, carrier: str, carrier_id: str, now: datetime) -> None:
    """Note that a mail left the house. Repeatable: a second sending is no second line."""
    left = LeadMail.objects.filter(pk=mail.pk, status=Status.QUEUED).update(
        status=Status.SENT,
        carrier=carrier,
        carrier_id=carrier_id,
        attempts=F("attempts") + 1,
        problem="",
        sent_at=now,
    )
    if not left:
        return
    lead = Lead.objects.select_for_update().get(pk=mail.lead_id)
    activity_add(
        lead.pk,
        ActivityKind.MAIL,
        f"Mail: {mail.subject}",
        now=now,
        actor_pk=mail.actor_id,
        mail=str(mail.public_id),
    )
    if mail.actor is not None:
        # A person answered. What a machine sends is no answer.
        first_response_note(lead.pk, reached=False, now=now)
        tasks_done_by_contact(
            lead.pk, kinds={TaskKind.MAIL}, result="Mailed", actor=mail.actor, now=now
        )
    outbox.publish(SENT, key=str(mail.public_id), mail=str(mail.public_id))


@transaction.atomic
def lead_mail_not_sent(
    mail: LeadMail,
    *,
    problem: str,
    now: datetime,
    came_back: bool = False,
    address_is_dead: bool = False,
) -> None:
    """Note that a mail will not go, or came back. A dead address is not written to again."""
    status = Status.BOUNCED if came_back or address_is_dead else Status.FAILED
    unsettled = LeadMail.objects.filter(pk=mail.pk).exclude(
        status__in=[Status.FAILED, Status.BOUNCED]
    )
    if not unsettled.update(status=status, problem=problem[:300]):
        return
    if address_is_dead:
        email_set_reachable(mail.address, is_reachable=False)
    if status == Status.BOUNCED:
        sequence_stop(mail.lead_id, reason="A mail came back", now=now)
    activity_add(
        mail.lead_id,
        ActivityKind.MAIL_FAILED,
        f"Mail not delivered: {mail.subject}",
        now=now,
        mail=str(mail.public_id),
        text=problem[:300],
    )
    tell_of_failure(mail, problem[:300], now=now)


def lead_mail_failed_once(mail: LeadMail, *, problem: str) -> None:
    """Note an attempt that will be followed by another."""
    LeadMail.objects.filter(pk=mail.pk, status=Status.QUEUED).update(
        attempts=F("attempts") + 1, problem=problem[:300]
    )


def _refuse_unfinished(subject: str, body: str) -> None:
    details: dict[str, Any] = {}
    if not subject or len(subject) > _LONGEST_SUBJECT:
        details["subject"] = [f"Write a subject of at most {_LONGEST_SUBJECT} characters."]
    if not body or len(body) > _LONGEST_BODY:
        details["body"] = [f"Write something, of at most {_LONGEST_BODY} characters."]
    if standing := unfilled(subject, body):
        details["body"] = [
            f"There is no value for {', '.join(standing)}: write it, or take it out."
        ]
    if details:
        raise InvalidInput("The mail is not finished.", details=details)
