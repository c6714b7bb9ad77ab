"""The consent ledger: exactly what was shown, added to and never changed."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from apps.contacts.actions import consent_record, consent_revoke, contact_capture
from apps.contacts.contracts import ConsentDraft, PersonDraft
from apps.contacts.models import AppendOnlyError, Consent
from apps.contacts.selectors import consent_state
from apps.core.ids import new_id

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
WORDING = "Aurum Solar may call and text me. – Ünïcode, exactly as shown."


@pytest.fixture
def person(db) -> int:
    return contact_capture(PersonDraft(email="ana@example.com")).contact_pk


def give(person: int, *channels: str, event=None, now=NOON, **fields) -> list[Consent]:
    draft = ConsentDraft(
        channels=channels or ("call",), wording=WORDING, version="2026-11", **fields
    )
    return consent_record(contact_pk=person, consent=draft, inbound_event=event, now=now)


def holds(person: int) -> dict[str, str | None]:
    return {channel: line and line.kind for channel, line in consent_state(person).items()}


def test_one_line_for_each_channel_with_what_was_shown(person) -> None:
    event = new_id()
    give(
        person, "sms", "call", "pigeon", event=event,
        page_url="https://x.example/" + "p" * 600, user_agent="u" * 600, ip_address="203.0.113.7",
        certificate_url="https://c.example/1", given_at=NOON - timedelta(minutes=1),
    )  # fmt: skip
    lines = Consent.objects.filter(contact=person)
    assert {line.channel for line in lines} == {"call", "sms"}
    for line in lines:
        assert (line.kind, line.wording, line.wording_version) == ("given", WORDING, "2026-11")
        assert line.wording_digest == hashlib.sha256(WORDING.encode()).hexdigest()
        assert (line.ip_address, line.inbound_event) == ("203.0.113.7", event)
        assert line.occurred_at == NOON - timedelta(minutes=1)
        assert (len(line.page_url), len(line.user_agent)) == (500, 400)


def test_nobody_consents_in_the_future(person) -> None:
    [line] = give(person, given_at=NOON + timedelta(days=1))
    assert line.occurred_at == NOON


def test_an_event_is_written_once(person) -> None:
    event = new_id()
    give(person, "call", event=event)
    give(person, "call", "sms", event=event)
    assert Consent.objects.filter(contact=person).count() == 2
    give(person, "call", event=new_id())
    assert Consent.objects.filter(contact=person).count() == 3


def test_the_latest_line_holds(person) -> None:
    assert holds(person) == {"call": None, "sms": None, "email": None}
    give(person, "call", "email")
    assert holds(person) == {"call": "given", "sms": None, "email": "given"}
    later = NOON + timedelta(hours=1)
    consent_revoke(contact_pk=person, channels=["call"], inbound_event=None, now=later)
    assert holds(person) == {"call": "revoked", "sms": None, "email": "given"}
    give(person, "call", now=later + timedelta(hours=1))
    assert holds(person)["call"] == "given"


def test_a_consent_that_arrives_late_does_not_undo_a_revocation(person) -> None:
    consent_revoke(contact_pk=person, channels=["call"], inbound_event=None, now=NOON)
    give(person, now=NOON + timedelta(hours=1), given_at=NOON - timedelta(hours=1))
    assert holds(person)["call"] == "revoked"


def test_revoking_is_repeatable_and_needs_no_consent_before(person) -> None:
    event = new_id()
    for _ in range(2):
        consent_revoke(
            contact_pk=person, channels=iter(["sms", "fax"]), inbound_event=event, now=NOON
        )
    assert Consent.objects.filter(contact=person).count() == 1
    assert holds(person)["sms"] == "revoked"


def test_python_refuses_to_change_a_line(person) -> None:
    give(person)
    with pytest.raises(AppendOnlyError):
        Consent.objects.filter(contact=person).update(kind="revoked")
    with pytest.raises(AppendOnlyError), transaction.atomic():
        Consent.objects.bulk_update(Consent.objects.all(), ["wording"])
    assert holds(person)["call"] == "given"


def test_the_database_refuses_to_change_a_line(person) -> None:
    give(person)
    line = Consent.objects.get()
    line.wording = "something else"
    with pytest.raises(IntegrityError, match="only added to"), transaction.atomic():
        line.save()
    with (
        pytest.raises(IntegrityError, match="only added to"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE contacts_consent SET kind = 'revoked'")
    assert Consent.objects.get().wording == WORDING
    assert holds(person)["call"] == "given"
