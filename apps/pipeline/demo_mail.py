"""Mail in the demo: two that were sent, one that was answered, one lead in a follow-up sequence.

The answer comes in by the e-mail door and goes down the road, like everything else of the demo.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from django.db import transaction
from django.db.models import Case, QuerySet, When
from django.utils import timezone

from apps.core import outbox
from apps.core.errors import Conflict
from apps.core.models import OutboxMessage
from apps.intake.actions import RECORDED, event_record
from apps.intake.contracts import Arrival
from apps.leads.actions.following import lead_enrol
from apps.leads.actions.mailing import lead_mail_queue, lead_mail_sent
from apps.leads.choices import OPEN_STATUSES, CallStatus
from apps.leads.mail.values import mail_values
from apps.leads.mail.wording import fill
from apps.leads.models import Enrolment, Lead, LeadMail, MailTemplate, Sequence

MAILBOX = "mailbox"
_MISSED = (CallStatus.NO_ANSWER, CallStatus.VOICEMAIL, CallStatus.BUSY)
_SOON = timedelta(minutes=20)
_JUST_NOW = timedelta(minutes=1)
_ANSWER = (
    "Hello, Tuesday after six works for both of us.\n\nOur bill was $412 last month, and the co-op"
    " board meets in January. Do they have to vote before you look at the roof?\n\nGrace"
)


def demo_mail(*, key: str, now: datetime) -> None:
    """Load what is missing of it. Repeatable: `key` is the same on every start."""
    asked = _write("grace.feldman@example.com", "first-answer", key, now - timedelta(hours=26))
    _write("darnell.brooks@example.com", "board-approval", key, now - timedelta(hours=5))
    _begin("nobody-reached", now - timedelta(hours=20))
    if asked is not None:
        _answer(asked, key, now)


def demo_mail_traces() -> dict[str, QuerySet[Any]]:
    """What the demo's mails left behind in other rooms, to be deleted before them."""
    mails = LeadMail.objects.filter(lead__is_sample=True).values_list("public_id", flat=True)
    ids = [str(one) for one in mails]
    return {"mail messages": OutboxMessage.objects.filter(payload__mail__in=ids)}


@transaction.atomic
def _write(email: str, template_key: str, key: str, at: datetime) -> LeadMail | None:
    """A mail of the owner that has gone already: nothing is sent to people who do not exist."""
    lead = _lead(email)
    template = MailTemplate.objects.filter(key=template_key).first()
    if lead is None or template is None:
        return None
    at = _after(lead, at)
    values = mail_values(lead, rep=lead.assigned_to)
    try:
        mail = lead_mail_queue(
            lead.public_id,
            mail_id=uuid5(NAMESPACE_URL, f"{key}:{email}:{template_key}"),
            subject=fill(template.subject, values).text,
            body=fill(template.body, values).text,
            purpose=template.purpose,
            template=template,
            actor=lead.assigned_to,
            now=at,
        )
    except Conflict:  # they said no meanwhile
        return None
    lead_mail_sent(mail, carrier="demo", carrier_id="", now=at)
    return mail


def _answer(asked: LeadMail, key: str, now: datetime) -> None:
    payload = {
        "from": f"{asked.lead.name} <{asked.address}>",
        "to": "hello@aurum-solar.example",
        "subject": f"Re: {asked.subject}",
        "text": f"{_ANSWER}\n\nOn Thursday, {asked.actor} wrote:\n> {asked.subject}",
        "message_id": f"<{asked.token}@mail.example.com>",
        "in_reply_to": f"<{asked.message_id}>",
        "attachments": ["bill-october.jpg"],
    }
    with transaction.atomic():
        recorded = event_record(
            Arrival(
                source=MAILBOX,
                body=json.dumps(payload).encode(),
                payload=payload,
                idempotency_key=f"{key}answer",
            ),
            now=now,
        )
    if not recorded.is_repeat:
        outbox.deliver_now(RECORDED, key=str(recorded.event_id))


def _begin(sequence_key: str, at: datetime) -> None:
    """Somebody who was called and not reached is in a sequence, if there is one."""
    sequence = Sequence.objects.filter(key=sequence_key, is_active=True).first()
    if sequence is None or Enrolment.objects.filter(lead__is_sample=True).exists():
        return
    is_missed = Case(When(call_status__in=_MISSED, then=0), default=1)
    lead = _open_leads().filter(mails=None).order_by(is_missed, "pk").first()
    if lead is not None:
        at = _after(lead, at)
        lead_enrol(lead.public_id, sequence, actor=lead.assigned_to, now=at)


def _after(lead: Lead, at: datetime) -> datetime:
    """This moment, or soon after the lead came in, which may have been minutes ago."""
    return max(at, min(lead.created_at + _SOON, timezone.now() - _JUST_NOW))


def _lead(email: str) -> Lead | None:
    return _open_leads().filter(email=email).first()


def _open_leads() -> QuerySet[Lead]:
    leads = Lead.objects.select_related("market", "territory", "assigned_to", "contact")
    mine = leads.filter(is_sample=True, status__in=OPEN_STATUSES).exclude(email="")
    return mine.exclude(assigned_to=None).order_by("pk")
