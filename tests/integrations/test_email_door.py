"""The e-mail door: who gets in; what becomes of answers, bounces, farewells, first letters."""

from __future__ import annotations

import base64
import json
import time
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from apps.contacts.models import Consent, ContactIdentity, Suppression
from apps.contacts.suppression import suppressed_kinds
from apps.core.errors import Conflict
from apps.core.signatures import sign
from apps.intake.models import InboundEvent, LeadSource
from apps.intake.selectors import forget_sources
from apps.integrations.models import EmailLog
from apps.leads.models import Lead, LeadMail
from apps.notifications.models import Notification
from apps.pipeline.models import Journey, Outcome
from tests.factories.leads import make_lead
from tests.factories.sources import mailbox_key, make_vendor
from tests.integrations.reading import payload
from tests.leads.mailing import queue_mail
from tests.walking import settle

pytestmark = pytest.mark.django_db
DOOR = "/api/integrations/webhooks/email/"
RAW = Path(__file__).parent / "email" / "raw"
SECRET = "whsec_c2VjcmV0LXNlY3JldC1zZWNyZXQ="


@pytest.fixture(autouse=True)
def _only_our_mail(settings) -> None:
    settings.LEAD_NOTIFICATION_RECIPIENTS = []


def post(body: Any, *, key: str = "", kind: str = "application/json", **headers: str) -> Any:
    raw = body if isinstance(body, bytes) else json.dumps(body)
    headers = {"X-API-Key": key} | headers if key else headers
    return Client().post(DOOR, raw, content_type=kind, headers=headers)


def arrive(body: Any, **extra: Any) -> Journey:
    """Send a mail to the door, and let everything happen."""
    answer = post(body, key=mailbox_key(), **extra)
    assert answer.status_code == 202, answer.content
    settle()
    return Journey.objects.get(event__public_id=answer.json()["data"]["event_id"])


def sent(lead: Lead, **changed: Any) -> LeadMail:
    mail = queue_mail(lead, **changed)
    settle()
    mail.refresh_from_db()
    assert mail.status == "sent"
    return mail


def reply(mail: LeadMail, **changed: Any) -> dict[str, Any]:
    return {
        "from": mail.address,
        "to": "hello@aurum-solar.example",
        "subject": f"Re: {mail.subject}",
        "text": "Tuesday after six.\n\nOn Tue, Nov 24, 2026, Sam wrote:\n> when may we look at it?",
        "message_id": "<r1@example.com>",
        "in_reply_to": f"<{mail.message_id}>",
    } | changed


# --- who gets in ----------------------------------------------------------------------------------


def test_nobody_without_a_key_or_with_another_doors() -> None:
    body = payload("email", "first_letter")
    _, vendors = make_vendor()
    for answer in (post(body), post(body, key="src_x"), post(body, key=vendors)):
        assert answer.status_code == 401
    vendor_door = Client().post(
        "/api/integrations/webhooks/leads/",
        json.dumps(body),
        content_type="application/json",
        headers={"X-API-Key": mailbox_key()},
    )
    assert vendor_door.status_code == 401
    assert not InboundEvent.objects.exists()


def test_the_key_may_be_a_password_for_services_that_take_only_an_address() -> None:
    basic = base64.b64encode(f"mail:{mailbox_key()}".encode()).decode()
    assert post({"from": "a@b.co"}, Authorization=f"Basic {basic}").status_code == 202
    assert post({"from": "a@b.co"}, Authorization="Basic %%%").status_code == 401


def test_a_mailbox_with_a_secret_is_signed() -> None:
    key = mailbox_key()
    LeadSource.objects.filter(slug="mailbox").update()
    source = LeadSource.objects.get(slug="mailbox")
    source.signing_secret = SECRET
    source.save()
    forget_sources()
    body = json.dumps({"from": "a@b.co"}).encode()
    now = int(time.time())
    signature = sign(SECRET, message_id="m1", timestamp=now, body=body)
    stamped = {"webhook-id": "m1", "webhook-timestamp": str(now), "webhook-signature": signature}
    assert post(body, key=key).status_code == 401
    assert not InboundEvent.objects.exists()
    assert post(body, key=key, **stamped).status_code == 202
    assert post(body + b" ", key=key, **stamped).status_code == 401


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"[]", "application/json", 400),
        (b"{", "application/json", 400),
        (b"x=1", "application/x-www-form-urlencoded", 415),
        (b"x" * (10 * 1024 * 1024 + 1), "message/rfc822", 413),
    ],
)
def test_what_is_no_mail(body: bytes, kind: str, status: int) -> None:
    assert post(body, key=mailbox_key(), kind=kind).status_code == status
    assert not InboundEvent.objects.exists()


def test_a_large_attachment_comes_in_and_stays_outside() -> None:
    heavy = payload("email", "first_letter") | {
        "attachments": [{"name": "roof.jpg", "content": "x" * 500_000}]
    }
    journey = arrive(heavy)
    assert len(journey.event.body) < 2000
    assert "Attached: roof.jpg" not in journey.lead.original_data
    assert EmailLog.objects.get().parsed_data["attachments"] == ["roof.jpg"]


# --- answers --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "how",
    [
        lambda mail: {},
        lambda mail: {"in_reply_to": "", "references": f"<x@y> <{mail.message_id}>"},
        lambda mail: {"in_reply_to": "", "to": f"reply+{mail.token.upper()}@in.example.com"},
        lambda mail: {"in_reply_to": ""},
        lambda mail: {"from": "somebody.else@example.com"},
        lambda mail: {"in_reply_to": f"<{mail.carrier_id}@service.example>"},
    ],
    ids=["in-reply-to", "references", "token", "sender", "other address", "service's id"],
)
def test_an_answer_joins_its_conversation(how, sam) -> None:
    lead = make_lead(assigned_to=sam)
    mail = sent(lead, actor=sam)
    LeadMail.objects.filter(pk=mail.pk).update(carrier_id="pm-77")
    mail.refresh_from_db()
    journey = arrive(reply(mail, **how(mail)))
    assert (journey.outcome, journey.lead) == (Outcome.JOINED, lead)
    received = lead.mails.get(direction="in")
    assert received.body == "Tuesday after six."
    assert lead.activities.get(kind="mail_received").data["message"] == "Tuesday after six."
    assert Lead.objects.count() == 1
    task = lead.tasks.get(title="Answer their mail")
    assert (task.assignee, task.priority, task.state) == (sam, "high", "open")
    assert Notification.objects.get(kind="lead.replied").recipient == sam
    assert EmailLog.objects.get().processing_status == "joined"
    assert "wrote:" in EmailLog.objects.get().raw_content  # nothing of it is lost


def test_our_mail_is_answered_and_they_are_reached(sam) -> None:
    lead = make_lead(assigned_to=sam)
    mail = sent(lead, actor=sam)
    arrive(reply(mail))
    mail.refresh_from_db()
    lead.refresh_from_db()
    assert mail.status == "replied"
    assert lead.first_reached_at is not None


def test_an_answer_to_the_answer_does_the_task_and_keeps_the_thread(sam) -> None:
    lead = make_lead(assigned_to=sam)
    first = sent(lead, actor=sam)
    arrive(reply(first))
    theirs = lead.mails.get(direction="in")
    second = sent(lead, actor=sam, subject="Re: Your roof", answers=theirs)
    assert not lead.tasks.filter(title="Answer their mail", state="open").exists()
    arrive(reply(second, message_id="<r2@example.com>", text="Good."))
    assert lead.mails.count() == 4


def test_the_same_mail_twice_is_one(sam) -> None:
    lead = make_lead(assigned_to=sam)
    mail = sent(lead, actor=sam)
    arrive(reply(mail))
    arrive(reply(mail))  # the service did not hear our answer
    arrive(reply(mail, to="office@aurum-solar.example"))  # and a copy by another address
    assert lead.mails.filter(direction="in").count() == 1
    assert lead.activities.filter(kind="mail_received").count() == 1
    assert Notification.objects.filter(kind="lead.replied").count() == 1


def test_a_machines_answer_is_shown_and_answers_nothing(sam) -> None:
    lead = make_lead(assigned_to=sam)
    mail = sent(lead, actor=sam)
    arrive(reply(mail, subject="Automatic reply: Your roof", headers={"Auto-Submitted": "auto"}))
    mail.refresh_from_db()
    assert mail.status == "sent"
    assert lead.mails.get(direction="in").is_automatic
    assert not lead.tasks.filter(title="Answer their mail").exists()
    assert not Notification.objects.filter(kind="lead.replied").exists()


def test_an_answer_of_a_lost_lead_is_a_new_lead_of_the_same_person() -> None:
    lead = make_lead()
    mail = sent(lead, actor=None)
    Lead.objects.filter(pk=lead.pk).update(status="lost")
    journey = arrive(reply(mail, text="We thought again: yes, please."))
    assert journey.lead != lead
    assert journey.lead.contact == lead.contact
    assert journey.lead.source.slug == "mailbox"


def test_nobodys_lead_tells_the_managers(mia) -> None:
    mail = sent(make_lead(), actor=None)
    arrive(reply(mail))
    assert Notification.objects.get(kind="lead.replied").recipient == mia


# --- farewells, bounces ---------------------------------------------------------------------------


def test_a_farewell_is_stored_before_anything_else() -> None:
    lead = make_lead(email="ana@example.com")
    mail = sent(lead, actor=None)
    arrive(reply(mail, text="Please stop sending me emails."))
    assert suppressed_kinds(email="ana@example.com", phone="") == {"email"}
    assert Consent.objects.get(contact=lead.contact, channel="email").kind == "revoked"
    assert lead.activities.get(kind="suppressed").summary == "Asked by mail for no more mails"
    with pytest.raises(Conflict):
        queue_mail(lead)
    assert EmailLog.objects.get().processing_status == "opted_out"


def test_a_farewell_of_a_stranger_makes_no_lead() -> None:
    journey = arrive({"from": "who@example.com", "text": "unsubscribe", "message_id": "<u@x.co>"})
    assert journey.outcome == Outcome.NOTHING
    assert suppressed_kinds(email="who@example.com", phone="") == {"email"}
    assert not Lead.objects.exists()


def test_a_bounce_marks_the_mail_and_the_address(sam) -> None:
    lead = make_lead(assigned_to=sam, email="nobody@example.com")
    mail = sent(lead, actor=sam)
    raw = (RAW / "bounce.eml").read_bytes()
    raw = raw.replace(b"mail.5@aurum-solar.example", mail.message_id.encode())
    journey = arrive(raw, kind="message/rfc822")
    mail.refresh_from_db()
    assert (mail.status, journey.lead) == ("bounced", lead)
    assert "user unknown" in mail.problem
    assert not ContactIdentity.objects.get(value="nobody@example.com").valid
    with pytest.raises(Conflict, match="came back"):
        queue_mail(lead)


def test_whoever_writes_is_reachable_again(sam) -> None:
    lead = make_lead(assigned_to=sam, email="ana@example.com")
    mail = sent(lead, actor=sam)
    ContactIdentity.objects.filter(value="ana@example.com").update(valid=False)
    arrive(reply(mail))
    assert ContactIdentity.objects.get(value="ana@example.com").valid


def test_a_bounce_of_a_mail_that_is_not_ours_touches_nobody() -> None:
    make_lead(email="nobody@example.com")
    journey = arrive((RAW / "bounce.eml").read_bytes(), kind="message/rfc822")
    assert journey.outcome == Outcome.NOTHING
    assert ContactIdentity.objects.get(value="nobody@example.com").valid


# --- new people -----------------------------------------------------------------------------------


def test_a_first_letter_becomes_a_lead_with_its_letter() -> None:
    journey = arrive(payload("email", "first_letter"))
    lead = journey.lead
    assert (lead.name, lead.phone) == ("Hannah Weiss", "+12125550177")
    assert lead.source.slug == "mailbox"
    letter = lead.mails.get()
    assert (letter.direction, letter.subject) == ("in", "Solar for our co-op?")
    assert EmailLog.objects.get().processing_status == "understood"
    assert not Consent.objects.exists()


@pytest.mark.parametrize("name", ["newsletter", "out_of_office", "hostile"])
def test_what_nobody_would_answer_makes_no_lead(name: str) -> None:
    journey = arrive(payload("email", name))
    assert journey.state == "done"
    assert not Lead.objects.exists()
    assert not Suppression.objects.exists()
    assert EmailLog.objects.count() == 1


def test_a_mail_of_ourselves_does_not_go_round() -> None:
    journey = arrive({"from": "hello@aurum-solar.example", "text": "Hi", "message_id": "<o@x.co>"})
    assert journey.outcome == Outcome.NOTHING
    assert not Lead.objects.exists()
