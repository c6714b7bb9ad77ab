"""The office hears of a new lead by mail, once, and of nothing else."""

from __future__ import annotations

import smtplib

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend

from apps.core import outbox
from apps.core.models import OutboxMessage
from tests.factories.leads import make_lead
from tests.walking import settle

pytestmark = pytest.mark.django_db


def test_a_new_lead_is_mailed_with_what_it_said() -> None:
    make_lead(first_name="Ana", last_name="Rivera", email="ana@example.com", monthly_bill=400)
    settle()
    (message,) = mail.outbox
    assert message.to == ["leads@aurum-solar.example"]
    assert message.subject == "New lead: Ana Rivera"
    assert message.reply_to == ["ana@example.com"]
    assert "400.00 USD a month" in message.body


def test_a_second_request_of_the_same_person_is_not_mailed() -> None:
    make_lead(email="ana@example.com")
    settle()
    make_lead(email="ana@example.com")
    settle()
    assert len(mail.outbox) == 1


def test_nobody_is_mailed_where_nobody_is_named(settings) -> None:
    settings.LEAD_NOTIFICATION_RECIPIENTS = []
    make_lead()
    settle()
    assert mail.outbox == []


def test_a_line_break_in_a_name_does_not_become_a_header() -> None:
    make_lead(first_name="Ana\nBcc: eve@example.com")
    settle()
    (message,) = mail.outbox
    assert message.subject.startswith("New lead: Ana Bcc: eve@example.com")
    assert message.bcc == []


def test_a_mail_server_that_is_away_is_tried_again(monkeypatch) -> None:
    def refuse(self, messages):
        raise smtplib.SMTPServerDisconnected("gone")

    monkeypatch.setattr(EmailBackend, "send_messages", refuse)
    make_lead()
    row = OutboxMessage.objects.get(handler="mail_the_office")
    outbox.deliver_now(row.topic, key=row.key)
    row.refresh_from_db()
    assert (row.state, row.attempts) == (OutboxMessage.State.PENDING, 1)
    assert "SMTPServerDisconnected" in row.last_error
