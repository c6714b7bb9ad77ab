"""What a mail service reports of our mails, in Postmark's own words."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from django.test import Client

from apps.contacts.models import ContactIdentity, Suppression
from apps.leads.models import LeadMail
from tests.factories.leads import make_lead
from tests.leads.mailing import queue_mail

pytestmark = pytest.mark.django_db
URL = "/api/integrations/webhooks/mail-service/"
BOUNCE = {
    "RecordType": "Bounce",
    "Type": "HardBounce",
    "MessageID": "pm-1",
    "Email": "ana@example.com",
    "Description": "The server was unable to deliver your message (unknown user)",
    "BouncedAt": "2026-11-27T12:00:00Z",
    "ID": 42,
}
COMPLAINT = BOUNCE | {"RecordType": "SpamComplaint", "Type": "SpamComplaint"}
DELIVERY = {
    "RecordType": "Delivery",
    "MessageID": "pm-1",
    "Recipient": "ana@example.com",
    "DeliveredAt": "2026-11-27T12:00:00Z",
}


@pytest.fixture
def mail(settings) -> LeadMail:
    settings.EMAIL_BACKEND = "anymail.backends.postmark.EmailBackend"
    settings.ANYMAIL = {"POSTMARK_SERVER_TOKEN": "key", "WEBHOOK_SECRET": "us:secret"}
    sent = queue_mail(make_lead(email="ana@example.com"))
    LeadMail.objects.filter(pk=sent.pk).update(status="sent", carrier="postmark", carrier_id="pm-1")
    return sent


def report(body: Any, password: str = "us:secret") -> Any:
    basic = base64.b64encode(password.encode()).decode()
    raw = body if isinstance(body, bytes) else json.dumps(body)
    return Client().post(
        URL, raw, content_type="application/json", headers={"Authorization": f"Basic {basic}"}
    )


def test_a_bounce_closes_the_address_once(mail) -> None:
    for _ in range(2):
        answer = report(BOUNCE)
        assert answer.json()["data"] == {"heeded": 1}
    mail.refresh_from_db()
    assert mail.status == "bounced"
    assert "unknown user" in mail.problem
    assert not ContactIdentity.objects.get(value="ana@example.com").valid
    assert mail.lead.activities.filter(kind="mail_failed").count() == 1


def test_a_complaint_is_a_farewell(mail) -> None:
    report(COMPLAINT)
    assert Suppression.objects.get().reason == "complaint"
    mail.refresh_from_db()
    assert mail.status == "sent"


def test_what_arrived_changes_nothing(mail) -> None:
    assert report(DELIVERY).status_code == 200
    assert report(BOUNCE | {"MessageID": "somebody else's"}).json()["data"] == {"heeded": 0}
    mail.refresh_from_db()
    assert mail.status == "sent"


@pytest.mark.parametrize(
    ("body", "password", "status"),
    [(BOUNCE, "us:wrong", 401), (b"{", "us:secret", 400), ([1], "us:secret", 400)],
)
def test_who_is_somebody_else_or_says_nothing(mail, body, password, status) -> None:
    assert report(body, password).status_code == status
    mail.refresh_from_db()
    assert mail.status == "sent"


def test_without_a_service_or_a_secret_nobody_reports(settings, mail) -> None:
    settings.ANYMAIL = {"POSTMARK_SERVER_TOKEN": "key"}
    assert report(BOUNCE).status_code == 404
