"""A mail to a lead: queued once, sent for real, settled; and what stops it on the way."""

from __future__ import annotations

import smtplib
import socket
from email import message_from_bytes, policy

import pytest
from aiosmtpd.controller import Controller
from django.core import mail as django_mail
from django.core.mail.backends.locmem import EmailBackend

from apps.contacts.models import ContactIdentity
from apps.contacts.suppression import suppress
from apps.core import outbox
from apps.core.errors import Conflict, InvalidInput
from apps.core.ids import new_id
from apps.core.models import OutboxMessage
from apps.core.outbox.delivery import MAX_ATTEMPTS
from apps.leads.actions.mailing import QUEUED
from apps.leads.mail.account import mail_account
from apps.leads.models import LeadMail, MailTemplate
from apps.notifications.models import Notification
from tests.factories.leads import make_lead
from tests.leads.mailing import mail_service, queue_mail
from tests.walking import settle

pytestmark = pytest.mark.django_db
INACTIVE = (
    "You tried to send to recipient(s) that have been marked as inactive. Found inactive addresses:"
    " ana@example.com. Inactive recipients are ones that have generated a hard bounce."
)


@pytest.fixture(autouse=True)
def _only_our_mail(settings) -> None:
    settings.LEAD_NOTIFICATION_RECIPIENTS = []


def test_a_mail_goes_out_with_everything_it_needs(sam, settings) -> None:
    settings.MAIL_REPLY_ADDRESS = "reply@in.example.com"
    sam.first_name, sam.last_name = "Sam", "Ortiz"
    sam.save()
    lead = make_lead(assigned_to=sam, email="ana@example.com")
    queued = queue_mail(lead)
    assert django_mail.outbox == []  # nothing leaves the house inside the transaction
    settle()
    queued.refresh_from_db()
    (message,) = django_mail.outbox
    assert (queued.status, queued.carrier) == ("sent", "locmem")
    assert message.to == ["ana@example.com"]
    assert message.from_email == '"Sam Ortiz, Aurum Solar" <hello@aurum-solar.example>'
    assert message.reply_to == [f"reply+{queued.token}@in.example.com"]
    headers = message.message()
    assert headers["Message-ID"] == f"<{queued.message_id}>"
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert headers["List-Unsubscribe"].startswith("<http://localhost:8000/unsubscribe/")
    assert "1 Example Street" in message.body
    ((html, kind),) = message.alternatives
    assert kind == "text/html"
    assert "<p>when may we look at it?</p>" in html
    line = lead.activities.get(kind="mail")
    assert (line.actor, line.data["mail"]) == (sam, str(queued.public_id))
    lead.refresh_from_db()
    assert lead.first_response_at is not None


def test_the_same_mail_twice_is_one(sam) -> None:
    lead = make_lead(assigned_to=sam)
    once = new_id()
    assert queue_mail(lead, mail_id=once).pk == queue_mail(lead, mail_id=once).pk
    settle()
    assert len(django_mail.outbox) == 1


def test_what_a_machine_sends_is_no_first_response() -> None:
    lead = make_lead()
    queue_mail(lead, actor=None)
    settle()
    lead.refresh_from_db()
    assert lead.first_response_at is None
    assert django_mail.outbox[0].message()["Auto-Submitted"] == "auto-generated"


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"subject": " \n "}, "subject"),
        ({"subject": "x" * 201}, "subject"),
        ({"body": "  "}, "body"),
        ({"body": "You pay {monthly_bill}"}, "body"),
    ],
)
def test_an_unfinished_mail_is_refused(changed: dict, field: str) -> None:
    lead = make_lead()
    with pytest.raises(InvalidInput) as refusal:
        queue_mail(lead, **changed)
    assert set(refusal.value.details) == {field}
    assert not lead.mails.exists()
    assert not OutboxMessage.objects.filter(topic=QUEUED).exists()


def test_an_offer_stays_an_offer_whatever_is_said() -> None:
    lead = make_lead()
    template = MailTemplate.objects.get(key="still-thinking")
    with pytest.raises(Conflict, match="needs their consent"):
        queue_mail(lead, template=template, purpose="transactional")
    assert not lead.mails.exists()


def test_who_said_stop_while_it_waited_gets_nothing(sam) -> None:
    lead = make_lead(assigned_to=sam)
    queued = queue_mail(lead)
    suppress(kind="email", value=lead.email, reason="opt_out")
    settle()
    queued.refresh_from_db()
    assert django_mail.outbox == []
    assert queued.status == "failed"
    assert "do-not-contact" in queued.problem
    lead.refresh_from_db()
    assert lead.first_response_at is None


def test_a_header_cannot_be_smuggled_in() -> None:
    queue_mail(make_lead(), subject="Hi\nBcc: eve@example.com")
    settle()
    (message,) = django_mail.outbox
    assert message.subject == "Hi Bcc: eve@example.com"
    assert message.bcc == []


def test_a_name_in_any_script_and_with_any_sign_is_a_sender(sam) -> None:
    sam.first_name, sam.last_name = 'Añaïs "Sol"', "प्रिया\nBcc: eve@example.com"
    sam.save()
    queue_mail(make_lead(assigned_to=sam))
    settle()
    (message,) = django_mail.outbox
    read = message_from_bytes(message.message().as_bytes(), policy=policy.default)
    (sender,) = read["From"].addresses
    assert sender.addr_spec == "hello@aurum-solar.example"
    assert sender.display_name.startswith("Añaïs Sol प्रिया Bcc")
    assert message.recipients() == [sam.leads.get().email]


def test_a_fault_of_our_own_ends_in_sight(monkeypatch) -> None:
    mail = queue_mail(make_lead())
    _fails_with(monkeypatch, RuntimeError("ours"))
    OutboxMessage.objects.filter(topic=QUEUED).update(attempts=MAX_ATTEMPTS - 1)
    row = _deliver_once(mail)
    assert row.state == OutboxMessage.State.DEAD
    assert mail.status == "failed"


def _fails_with(monkeypatch, error: Exception) -> None:
    def refuse(self, messages):
        raise error

    monkeypatch.setattr(EmailBackend, "send_messages", refuse)


def _deliver_once(mail: LeadMail) -> OutboxMessage:
    outbox.deliver_now(QUEUED, key=str(mail.public_id))
    mail.refresh_from_db()
    return OutboxMessage.objects.get(topic=QUEUED, key=str(mail.public_id))


@pytest.mark.parametrize(
    "error",
    [
        smtplib.SMTPServerDisconnected("gone"),
        TimeoutError("slow"),
        smtplib.SMTPDataError(451, b"later"),
        smtplib.SMTPAuthenticationError(535, b"who?"),
        smtplib.SMTPRecipientsRefused({"a@b.co": (450, b"greylisted")}),
    ],
)
def test_what_may_pass_is_tried_again_under_the_same_id(monkeypatch, error) -> None:
    mail = queue_mail(make_lead())
    with monkeypatch.context() as patched:
        _fails_with(patched, error)
        row = _deliver_once(mail)
    assert (mail.status, mail.attempts) == ("queued", 1)
    assert row.state == OutboxMessage.State.PENDING
    assert mail.address not in row.last_error
    settle()
    assert django_mail.outbox[0].message()["Message-ID"] == f"<{mail.message_id}>"


@pytest.mark.parametrize(
    ("error", "status", "reachable"),
    [
        (smtplib.SMTPDataError(554, b"spam"), "failed", True),
        (smtplib.SMTPRecipientsRefused({"a@b.co": (550, b"5.7.1 policy")}), "failed", True),
        (smtplib.SMTPRecipientsRefused({"a@b.co": (550, b"5.1.1 no such")}), "bounced", False),
    ],
)
def test_what_is_final_is_shown_and_not_repeated(
    monkeypatch, sam, error, status, reachable
) -> None:
    lead = make_lead()
    mail = queue_mail(lead, actor=sam)
    _fails_with(monkeypatch, error)
    row = _deliver_once(mail)
    assert Notification.objects.get(kind="lead.mail_failed").recipient == sam
    assert mail.status == status
    assert mail.problem
    assert row.state == OutboxMessage.State.DONE
    assert lead.activities.filter(kind="mail_failed").count() == 1
    assert ContactIdentity.objects.get(value=lead.email).valid is reachable
    if not reachable:
        with pytest.raises(Conflict, match="came back"):
            queue_mail(lead)


def test_a_real_mail_server_gets_a_real_mail(settings, sam) -> None:
    received = []

    class Keep:
        async def handle_DATA(self, server, session, envelope):
            received.append(envelope)
            return "250 kept"

    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = Controller(Keep(), hostname="127.0.0.1", port=port)
    server.start()
    try:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST = "127.0.0.1"
        settings.EMAIL_PORT = port
        mail = queue_mail(make_lead(assigned_to=sam), subject="आपकी छत", body="नमस्ते\n\nधूप ☀")
        settle()
    finally:
        server.stop()
    mail.refresh_from_db()
    assert (mail.status, mail.carrier) == ("sent", "smtp")
    (envelope,) = received
    read = message_from_bytes(envelope.content, policy=policy.default)
    assert read["Subject"] == "आपकी छत"
    assert "धूप ☀" in read.get_body(("plain",)).get_content()
    assert "<p>धूप ☀</p>" in read.get_body(("html",)).get_content()


def _use_postmark(settings, url: str) -> None:
    settings.EMAIL_BACKEND = "anymail.backends.postmark.EmailBackend"
    settings.ANYMAIL = {"POSTMARK_SERVER_TOKEN": "key", "POSTMARK_API_URL": url}


def test_a_mail_service_gets_it_by_its_api(settings, sam) -> None:
    taken = {"ErrorCode": 0, "Message": "OK", "MessageID": "pm-1", "To": "ana@example.com"}
    with mail_service(lambda body: (200, taken)) as (url, received):
        _use_postmark(settings, url)
        assert mail_account().words == "Sent by Postmark"
        mail = queue_mail(make_lead(assigned_to=sam, email="ana@example.com"))
        settle()
    mail.refresh_from_db()
    assert (mail.problem, mail.status, mail.carrier, mail.carrier_id) == (
        "",
        "sent",
        "postmark",
        "pm-1",
    )
    (body,) = received
    assert body["To"] == "ana@example.com"
    headers = {one["Name"]: one["Value"] for one in body["Headers"]}
    assert headers["Message-ID"] == f"<{mail.message_id}>"
    assert headers["X-PM-KeepID"] == "true"


@pytest.mark.parametrize(
    ("status", "said", "becomes"),
    [
        (503, {"Message": "busy"}, "queued"),
        (401, {"Message": "wrong key"}, "queued"),
        (422, {"ErrorCode": 406, "Message": INACTIVE}, "failed"),
        (400, {"Message": "no"}, "failed"),
    ],
)
def test_what_a_mail_service_answers_decides(settings, status, said, becomes) -> None:
    with mail_service(lambda body: (status, said)) as (url, _):
        _use_postmark(settings, url)
        mail = queue_mail(make_lead(email="ana@example.com"))
        _deliver_once(mail)
    assert mail.status == becomes
    assert mail.problem
