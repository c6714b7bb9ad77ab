"""The doors over HTTP: what can be read is kept and answered; what cannot leaves no trace."""

from __future__ import annotations

import base64
import json
import socket
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from kombu import pools
from rest_framework.test import APIClient

from apps.contacts.models import Consent
from apps.core import outbox
from apps.core.models import OutboxMessage
from apps.core.outbox import publishing
from apps.intake.actions import RECORDED, events_mark_spam, events_replay, source_issue_key
from apps.intake.choices import EventState
from apps.intake.models import InboundEvent, LeadSource, SourceKey
from apps.intake.selectors import forget_sources
from apps.integrations.models import CalculatorData, ChatbotInteraction, EmailLog
from apps.integrations.signatures import TOLERANCE_SECONDS, sign
from apps.leads.models import Lead
from apps.leads.selectors import lead_of_event
from apps.pipeline.journey import journey_advance
from apps.pipeline.models import Journey, JourneyState, Outcome
from solar_crm.celery import app as celery_app
from tests.factories.sources import make_vendor
from tests.integrations.reading import payload
from tests.walking import knock, settle

pytestmark = pytest.mark.django_db

DOORS = ("emailjs", "chatbot", "calculator")
GRACE = {"contact_info": {"name": "Grace Feldman", "email": "grace@example.com"}}


def post(client: Client, body: Any, *, door: str = "emailjs", **extra: Any) -> Any:
    raw = body if isinstance(body, bytes | str) else json.dumps(body)
    extra.setdefault("content_type", "application/json")
    return client.post(f"/api/integrations/webhooks/{door}/", raw, **extra)


def event_of(response: Any) -> InboundEvent:
    assert response.status_code == 202, response.content
    return InboundEvent.objects.get(public_id=response.json()["data"]["event_id"])


def nothing_happened() -> bool:
    return not InboundEvent.objects.exists() and not OutboxMessage.objects.exists()


# --- what is taken in ---------------------------------------------------------------------------


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("root", ["/api/", "/api/v1/"])
@pytest.mark.parametrize("end", ["/", ""])
def test_a_door_takes_in_with_and_without_slash_and_version(
    client: Client, door: str, root: str, end: str
) -> None:
    response = client.post(
        f"{root}integrations/webhooks/{door}{end}", GRACE, content_type="application/json"
    )
    event = event_of(response)
    body = response.json()
    assert body == {
        "status": "success",
        "data": {"event_id": str(event.public_id)},
        "message": "Received",
        "timestamp": body["timestamp"],
    }
    assert response["X-Request-ID"]
    assert (event.state, bytes(event.body)) == (EventState.RECEIVED, json.dumps(GRACE).encode())
    assert OutboxMessage.objects.filter(key=str(event.public_id)).count() == 1
    assert not Lead.objects.exists()  # that is the journey's


@pytest.mark.parametrize(
    "content_type", ["text/plain", "text/plain;charset=UTF-8", "application/json; charset=utf-8"]
)
def test_what_a_beacon_sends_is_read(client: Client, content_type: str) -> None:
    assert event_of(post(client, GRACE, content_type=content_type)).state == EventState.RECEIVED


def test_the_bytes_are_kept_exactly_as_they_came(client: Client) -> None:
    raw = '\ufeff {"b": "\\u0000\\ud800 😀", "a": 1.50, "a": 2}  '.encode()
    assert bytes(event_of(post(client, raw)).body) == raw


def test_where_it_came_from_is_kept(client: Client) -> None:
    event = event_of(
        post(client, GRACE, headers={"User-Agent": "B" * 900, "Referer": "https://aurum.example/q"})
    )
    assert (event.ip_address, event.user_agent) == ("127.0.0.1", "B" * 400)
    assert event.page_url == "https://aurum.example/q"


# --- what is refused ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"", 400, "VALIDATION_ERROR"),
        (b"   ", 400, "VALIDATION_ERROR"),
        (b"name=Grace", 400, "VALIDATION_ERROR"),
        (b'{"a": 1', 400, "VALIDATION_ERROR"),
        (b"[]", 400, "VALIDATION_ERROR"),
        (b'"text"', 400, "VALIDATION_ERROR"),
        (b"null", 400, "VALIDATION_ERROR"),
        (b"7", 400, "VALIDATION_ERROR"),
        (b'{"bill": NaN}', 400, "VALIDATION_ERROR"),
        (b'{"bill": -Infinity}', 400, "VALIDATION_ERROR"),
        (b'{"name": "\xff\xfe"}', 400, "VALIDATION_ERROR"),
        (b'{"a":' * 65 + b"1" + b"}" * 65, 400, "VALIDATION_ERROR"),
        (b'{"a":' * 100_000 + b"1" + b"}" * 100_000, 413, "PAYLOAD_TOO_LARGE"),
        (b'{"a":' + b"[" * 20_000 + b"]" * 20_000 + b"}", 400, "VALIDATION_ERROR"),
        (b'{"a": "' + b"x" * 256 * 1024 + b'"}', 413, "PAYLOAD_TOO_LARGE"),
        (b'{"a": "' + b"x" * 2 * 1024 * 1024 + b'"}', 413, "PAYLOAD_TOO_LARGE"),
        (json.dumps({"idempotency_key": "k" * 151}).encode(), 400, "VALIDATION_ERROR"),
    ],
    ids=range(17),
)
@pytest.mark.parametrize("door", DOORS)
def test_what_cannot_be_read_is_refused_and_nothing_is_stored(
    client: Client, door: str, body: bytes, status: int, code: str
) -> None:
    response = post(client, body, door=door)
    answer = response.json()
    assert (response.status_code, answer["status"]) == (status, "error")
    assert answer["error"]["code"] == code
    assert set(answer["error"]) == {"code", "message", "details"}
    assert nothing_happened()


def test_exactly_256_kib_still_fits(client: Client) -> None:
    body = b'{"a": "' + b"x" * (256 * 1024 - 9) + b'"}'
    assert len(body) == 256 * 1024
    assert event_of(post(client, body)).state == EventState.RECEIVED


@pytest.mark.parametrize(
    "content_type",
    ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/html", "x"],
)
def test_another_media_type_is_refused(client: Client, content_type: str) -> None:
    response = post(client, json.dumps(GRACE), content_type=content_type)
    assert response.status_code == 415
    assert response.json()["error"]["code"] == "UNSUPPORTED_MEDIA_TYPE"
    assert nothing_happened()


def test_a_content_length_that_is_no_number_is_not_our_failure(client: Client) -> None:
    assert post(client, GRACE, CONTENT_LENGTH="abc").status_code == 400
    assert nothing_happened()


@pytest.mark.parametrize("method", ["get", "put", "patch", "delete"])
def test_a_door_is_only_knocked_at(client: Client, method: str) -> None:
    response = getattr(client, method)("/api/integrations/webhooks/emailjs/")
    assert response.status_code == 405
    assert response.json()["error"]["code"] == "METHOD_NOT_ALLOWED"
    assert nothing_happened()


@pytest.mark.parametrize("door", DOORS)
def test_a_source_that_is_switched_off_is_refused(client: Client, door: str) -> None:
    LeadSource.objects.update(is_active=False)
    forget_sources()
    response = post(client, GRACE, door=door)
    assert (response.status_code, response.json()["error"]["code"]) == (403, "PERMISSION_DENIED")
    assert nothing_happened()


# --- the same request again ---------------------------------------------------------------------


@pytest.mark.parametrize("where", ["header", "body", "number"])
def test_the_same_key_and_body_get_the_same_answer(client: Client, where: str) -> None:
    body = dict(GRACE, timestamp="1")
    headers = {"Idempotency-Key": "k-1"} if where == "header" else {}
    if where != "header":
        body["idempotency_key"] = "k-1" if where == "body" else 17
    first = event_of(post(client, body, headers=headers))
    again = event_of(post(client, body | {"timestamp": "2"}, headers=headers))
    assert again == first
    assert InboundEvent.objects.count() == OutboxMessage.objects.count() == 1


def test_a_known_key_with_another_body_conflicts(client: Client) -> None:
    headers = {"Idempotency-Key": "k-1"}
    post(client, GRACE, headers=headers)
    response = post(client, GRACE | {"message": "other"}, headers=headers)
    assert (response.status_code, response.json()["error"]["code"]) == (409, "CONFLICT")
    assert InboundEvent.objects.count() == OutboxMessage.objects.count() == 1


def test_the_same_key_at_another_door_is_another_request(client: Client) -> None:
    headers = {"Idempotency-Key": "k-1"}
    one = event_of(post(client, GRACE, headers=headers))
    assert event_of(post(client, {"x": 1}, door="chatbot", headers=headers)) != one


def test_a_key_keeps_its_answer_for_good(client: Client) -> None:
    headers = {"Idempotency-Key": "k-1"}
    with time_machine.travel("2026-11-21T12:00:00Z", tick=False) as clock:
        first = event_of(post(client, GRACE, headers=headers))
        clock.shift(timedelta(days=30))
        assert event_of(post(client, GRACE, headers=headers)) == first


@pytest.mark.parametrize("second", [0, 1, 150, 298, 299])  # of a window of 300
@pytest.mark.parametrize("later", [0, 1, 149, 299])
def test_only_another_timestamp_within_300_seconds_is_the_same_event(
    client: Client, second: int, later: int
) -> None:
    with time_machine.travel("2026-11-21T12:00:00Z", tick=False) as clock:
        clock.shift(second)
        first = event_of(post(client, GRACE | {"timestamp": "a"}))
        clock.shift(later)
        assert event_of(post(client, GRACE | {"timestamp": "b"})) == first
    assert InboundEvent.objects.count() == OutboxMessage.objects.count() == 1


@pytest.mark.parametrize("second", [0, 1, 150, 299])
@pytest.mark.parametrize("later", [300, 301, 599, 900])
def test_after_300_seconds_the_same_words_are_a_new_event(
    client: Client, second: int, later: int
) -> None:
    with time_machine.travel("2026-11-21T12:00:00Z", tick=False) as clock:
        clock.shift(second)
        first = event_of(post(client, GRACE))
        clock.shift(later)
        assert event_of(post(client, GRACE)) != first


def test_another_word_is_another_event(client: Client) -> None:
    assert event_of(post(client, GRACE)) != event_of(post(client, GRACE | {"x": 1}))


def test_the_order_of_names_is_not_content(client: Client) -> None:
    first = event_of(post(client, b'{"a": 1, "b": 2}'))
    assert event_of(post(client, b'{ "b":2,"a":1 }')) == first


# --- spam ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("door", DOORS)
def test_a_filled_honeypot_is_kept_and_told_what_everybody_is_told(
    client: Client, door: str
) -> None:
    response = post(client, GRACE | {"website": "http://spam.example"}, door=door)
    event = event_of(response)
    assert response.json()["message"] == "Received"
    settle()
    assert event.state == EventState.SPAM
    assert not OutboxMessage.objects.exists()
    assert not Lead.objects.exists()
    status = client.get(f"/api/integrations/events/{event.public_id}/").json()["data"]
    assert status == {"event_id": str(event.public_id), "status": "processed"}


@pytest.mark.parametrize(
    "harmless",
    [
        {"website": ""},
        {"website": "   "},
        {"website": None},
        {"website": []},
        {"form_data": {"website": "https://my-shop.example"}},
        {"contact_info": {**GRACE["contact_info"], "website": "https://my-shop.example"}},
    ],
)
def test_only_a_top_level_website_is_the_honeypot(client: Client, harmless: dict) -> None:
    assert event_of(post(client, GRACE | harmless)).state == EventState.RECEIVED


def test_spam_can_be_released(client: Client) -> None:
    event = event_of(post(client, GRACE | {"website": "x"}))
    assert events_replay([event.public_id]) == 1
    settle()
    event.refresh_from_db()
    assert event.state == EventState.PROCESSED
    lead = lead_of_event(event.public_id)
    assert lead is not None
    assert lead.name == "Grace Feldman"


def test_what_staff_mark_as_spam_before_it_was_read_makes_no_lead(client: Client) -> None:
    event = event_of(post(client, GRACE))
    assert events_mark_spam([event.public_id]) == 1
    settle()
    assert not Lead.objects.exists()
    assert not Journey.objects.exists()
    assert events_replay([event.public_id]) == 1
    settle()
    assert Lead.objects.count() == 1


def test_what_became_a_lead_is_not_marked_as_spam_any_more(client: Client) -> None:
    event = event_of(post(client, GRACE))
    settle()
    assert events_mark_spam([event.public_id]) == 0
    event.refresh_from_db()
    assert event.state == EventState.PROCESSED


# --- what became of it --------------------------------------------------------------------------


def test_the_status_of_an_event_tells_nothing_but_the_status(client: Client) -> None:
    event = event_of(post(client, GRACE))
    address = f"/api/integrations/events/{event.public_id}/"
    assert client.get(address).json()["data"]["status"] == "received"
    settle()
    answer = client.get(address)
    assert answer.json()["data"] == {"event_id": str(event.public_id), "status": "processed"}
    assert "Grace" not in answer.content.decode()


def test_there_is_no_status_of_an_unknown_event(client: Client) -> None:
    assert client.get(f"/api/integrations/events/{uuid4()}/").status_code == 404
    assert client.get("/api/integrations/events/1/").status_code == 404


def test_an_event_without_identity_makes_no_lead_but_is_kept(client: Client) -> None:
    for door, name in (("emailjs", "nobody"), ("emailjs", "only_junk"), ("chatbot", "nobody")):
        event = event_of(post(client, payload(door, name), door=door))
        settle()
        event.refresh_from_db()
        assert (event.state, event.note) == (EventState.PROCESSED, "Nobody to answer to")
        assert event.journey.outcome == Outcome.NO_IDENTITY
    assert not Lead.objects.exists()
    assert EmailLog.objects.filter(processing_status="incomplete", lead=None).count() == 2
    assert ChatbotInteraction.objects.get().user_messages == ["Is solar worth it if I rent?"]


def test_an_unfinished_form_without_consent_makes_no_lead(client: Client) -> None:
    event = event_of(post(client, payload("emailjs", "partial_without_consent")))
    settle()
    assert Journey.objects.get(event=event).outcome == Outcome.NO_CONSENT
    assert not Lead.objects.exists()
    assert not Consent.objects.exists()


def test_an_unfinished_form_with_consent_makes_a_partial_lead(api: APIClient) -> None:
    said = payload("emailjs", "partial_without_consent")
    said["consent"] = {"given": True, "channels": ["email"], "text": "Remind me."}
    lead = knock(api, "emailjs", said)
    assert lead is not None
    assert lead.is_partial


@pytest.mark.parametrize(
    ("door", "name"),
    [
        ("emailjs", "hostile"),
        ("chatbot", "hostile"),
        ("calculator", "hostile"),
        ("emailjs", "last_name_first"),
        ("emailjs", "one_name_field_in_hindi"),
        ("chatbot", "phone_in_a_sentence"),
    ],
)
def test_odd_and_hostile_payloads_walk_all_the_way(client: Client, door: str, name: str) -> None:
    event = event_of(post(client, payload(door, name), door=door))
    settle()
    assert Journey.objects.get(event=event).state == JourneyState.DONE


def test_names_of_full_length_fit_everywhere(api: APIClient) -> None:
    said = {
        "contact_info": {"first_name": "F" * 150, "last_name": "L" * 150, "email": "f@l.example"}
    }
    lead = knock(api, "emailjs", said)
    assert lead is not None
    assert (lead.first_name, lead.last_name) == ("F" * 100, "L" * 100)
    assert len(EmailLog.objects.get().sender_name) == 200


def test_one_interaction_for_each_session_and_a_shorter_report_does_not_shorten_it(
    api: APIClient,
) -> None:
    report = payload("chatbot", "conversation")
    lead = knock(api, "chatbot", report)
    longer = report | {"user_messages": [*report["user_messages"], "and my phone is 917 456 7890"]}
    assert knock(api, "chatbot", longer) == lead
    assert knock(api, "chatbot", report | {"user_messages": ["hi"], "n": 3}) is None
    row = ChatbotInteraction.objects.get()
    assert (len(row.user_messages), row.lead) == (3, lead)


def test_a_calculation_is_kept_with_its_lead_and_its_claims_are_only_kept(api: APIClient) -> None:
    lead = knock(api, "calculator", payload("calculator", "result"))
    row = CalculatorData.objects.get()
    assert (row.lead, row.calculation_results["annual_savings"]) == (lead, 99999)
    assert (row.session_id, row.user_inputs["zip"]) == ("calc_1763500000003", "11377")


# --- the worked example: the owner of a co-op in Manhattan, 10021, a bill of $400 ----------------

WORKED_EXAMPLE: dict[str, dict[str, Any]] = {
    "emailjs": {
        "contact_info": {"name": "Grace Feldman", "phone": "212 555 0142"},
        "form_data": {"zip": "10021", "property": "Co-op", "homeowner": "yes", "bill": "$400"},
    },
    "chatbot": {
        "user_messages": ["you can write to grace@example.com"],
        "conversation_context": {
            "zip_code": "10021",
            "property_type": "co-op",
            "homeowner_verified": True,
            "bill_amount": 400,
        },
    },
    "calculator": {
        "user_inputs": {"zip": 10021, "propertyType": "co_op", "own": "", "ownership": "own"},
        "calculation_results": {"monthlyBill": "400.00"},
        "user_info": {"first_name": "Grace", "email": "grace@example.com"},
    },
    "leads": {
        "email": "grace@example.com",
        "zip": "10021",
        "building_type": "COOP",
        "own_or_rent": "OWN",
        "electric_bill": 400,
    },
}


@pytest.mark.parametrize("door", WORKED_EXAMPLE)
def test_the_worked_example_is_premium_through_each_door(client: Client, door: str) -> None:
    headers = {"X-API-Key": make_vendor()[1]} if door == "leads" else {}
    event = event_of(post(client, WORKED_EXAMPLE[door], door=door, headers=headers))
    settle()
    lead = lead_of_event(event.public_id)
    assert lead is not None
    assert (lead.tier, lead.ownership, lead.property_type) == ("premium", "owner", "co_op")
    assert (lead.postal_code, lead.territory.code) == ("10021", "manhattan")
    assert (lead.monthly_bill, lead.priority_level) == (400, "high")


# --- vendors ------------------------------------------------------------------------------------

MARCUS = {"name": "Marcus Bell", "email": "marcus@example.com", "external_id": "v-1"}


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-API-Key": ""},
        {"X-API-Key": "src_wrong"},
        {"Authorization": "Basic src_wrong"},
        {"X-API-Key": "clé\xff"},
    ],
)
def test_without_its_key_a_vendor_is_refused(client: Client, headers: dict[str, str]) -> None:
    make_vendor()
    response = post(client, MARCUS, door="leads", headers=headers)
    assert response.status_code == 401
    assert response.json()["error"]["code"] == "AUTHENTICATION_REQUIRED"
    assert nothing_happened()


def test_a_revoked_key_opens_nothing_and_the_next_one_does(client: Client) -> None:
    source, key = make_vendor()
    SourceKey.objects.update(revoked_at=timezone.now())
    assert post(client, MARCUS, door="leads", headers={"X-API-Key": key}).status_code == 401
    assert nothing_happened()
    headers = {"X-API-Key": source_issue_key(source)}
    assert event_of(post(client, MARCUS, door="leads", headers=headers)).source == source


@pytest.mark.parametrize("scheme", ["X-API-Key", "Bearer"])
def test_a_vendors_lead_is_third_party(client: Client, scheme: str) -> None:
    source, key = make_vendor(provenance="third_party")
    headers = {"X-API-Key": key} if scheme == "X-API-Key" else {"Authorization": f"Bearer {key}"}
    event = event_of(post(client, MARCUS, door="leads", headers=headers))
    settle()
    lead = lead_of_event(event.public_id)
    assert lead is not None
    assert (lead.source, lead.provenance) == (source, "third_party")
    assert SourceKey.objects.get().last_used_on == timezone.now().date()


def test_a_key_is_kept_as_a_digest_only(client: Client) -> None:
    _, key = make_vendor()
    row = SourceKey.objects.get()
    assert key not in f"{row.digest}{row.prefix}"
    assert key.startswith(row.prefix)


def test_the_vendors_own_id_makes_two_posts_one(client: Client) -> None:
    headers = {"X-API-Key": make_vendor()[1]}
    with time_machine.travel("2026-11-21T12:00:00Z", tick=False) as clock:
        first = event_of(post(client, MARCUS, door="leads", headers=headers))
        clock.shift(timedelta(days=3))
        again = post(client, MARCUS | {"timestamp": "later"}, door="leads", headers=headers)
        assert event_of(again) == first
        changed = post(client, MARCUS | {"name": "Other"}, door="leads", headers=headers)
        assert changed.status_code == 409
        assert (
            event_of(post(client, MARCUS | {"external_id": "v-2"}, door="leads", headers=headers))
            != first
        )


def test_two_vendors_may_use_the_same_id(client: Client) -> None:
    one, other = (make_vendor(slug)[1] for slug in ("acme", "bolt"))
    events = {
        event_of(post(client, MARCUS, door="leads", headers={"X-API-Key": key})).pk
        for key in (one, other)
    }
    assert len(events) == 2


def test_a_vendors_website_is_no_honeypot(client: Client) -> None:
    headers = {"X-API-Key": make_vendor()[1]}
    body = MARCUS | {"website": "https://bell-bakery.example"}
    assert event_of(post(client, body, door="leads", headers=headers)).state == EventState.RECEIVED


def test_a_switched_off_vendor_is_refused(client: Client) -> None:
    headers = {"X-API-Key": make_vendor(is_active=False)[1]}
    assert post(client, MARCUS, door="leads", headers=headers).status_code == 403
    assert nothing_happened()


SECRET = "whsec_" + base64.b64encode(b"a secret of thirty-two bytes ...").decode()


def signed(body: bytes, *, secret: str = SECRET, at: int | None = None) -> dict[str, str]:
    timestamp = int(time.time()) if at is None else at
    signature = sign(secret, message_id="msg_1", timestamp=timestamp, body=body)
    return {
        "webhook-id": "msg_1",
        "webhook-timestamp": str(timestamp),
        "webhook-signature": f"v1,AAAA {signature}",
    }


def test_a_signed_vendor_with_a_good_signature(client: Client) -> None:
    _, key = make_vendor(signing_secret=SECRET)
    body = json.dumps(MARCUS).encode()
    response = post(client, body, door="leads", headers={"X-API-Key": key, **signed(body)})
    assert event_of(response).state == EventState.RECEIVED


@pytest.mark.parametrize(
    "fault", ["none", "secret", "body", "old", "ahead", "no id", "words", "not ascii"]
)
def test_a_signed_vendor_without_one_is_refused(client: Client, fault: str) -> None:
    _, key = make_vendor(signing_secret=SECRET)
    body = json.dumps(MARCUS).encode()
    now = int(time.time())
    headers = {
        "none": {},
        "secret": signed(body, secret="whsec_other"),
        "body": signed(body + b" "),
        "old": signed(body, at=now - TOLERANCE_SECONDS - 2),
        "ahead": signed(body, at=now + TOLERANCE_SECONDS + 2),
        "no id": signed(body) | {"webhook-id": ""},
        "words": signed(body) | {"webhook-timestamp": "yesterday"},
        "not ascii": signed(body) | {"webhook-signature": "v1,é\xff"},
    }[fault]
    response = post(client, body, door="leads", headers={"X-API-Key": key, **headers})
    assert response.status_code == 401
    assert nothing_happened()


def test_without_its_certificate_a_lead_is_parked_with_its_payload(client: Client) -> None:
    headers = {"X-API-Key": make_vendor(requires_certificate=True)[1]}
    event = event_of(post(client, MARCUS, door="leads", headers=headers))
    settle()
    event.refresh_from_db()
    assert event.state == EventState.PARKED
    assert "certificate" in event.note
    assert json.loads(bytes(event.body)) == MARCUS
    assert Journey.objects.get(event=event).state == JourneyState.PARKED
    assert not Lead.objects.exists()
    status = client.get(f"/api/integrations/events/{event.public_id}/").json()["data"]["status"]
    assert status == "parked"


@pytest.mark.parametrize(
    "proof",
    [
        {"trustedform_cert_url": "https://cert.trustedform.com/1"},
        {"consent": {"given": True, "channels": ["call"], "certificate_url": "https://c.example"}},
    ],
)
def test_with_its_certificate_it_goes_on(client: Client, proof: dict[str, Any]) -> None:
    headers = {"X-API-Key": make_vendor(requires_certificate=True)[1]}
    event = event_of(post(client, MARCUS | proof, door="leads", headers=headers))
    settle()
    assert Journey.objects.get(event=event).state == JourneyState.DONE
    assert lead_of_event(event.public_id) is not None


# --- limits and other origins -------------------------------------------------------------------


def test_past_the_limit_a_sender_is_told_when_to_come_back(client: Client, settings: Any) -> None:
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"webhook": "2/h"}
    for number in range(2):
        assert post(client, {"n": number}).status_code == 202
    response = post(client, {"n": 3})
    assert (response.status_code, response.json()["error"]["code"]) == (429, "RATE_LIMITED")
    assert 1 <= int(response["Retry-After"]) <= 3600
    assert InboundEvent.objects.count() == 2
    assert post(client, {"n": 3}, REMOTE_ADDR="198.51.100.7").status_code == 202


def test_vendors_are_limited_by_key_not_by_address(client: Client, settings: Any) -> None:
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"b2b": "1/h", "webhook": "1/h"}
    one, other = (make_vendor(slug)[1] for slug in ("acme", "bolt"))
    posts = [post(client, MARCUS, door="leads", headers={"X-API-Key": key}).status_code
             for key in (one, one, other)]  # fmt: skip
    assert posts == [202, 429, 202]


def test_guessing_keys_is_limited(client: Client, settings: Any) -> None:
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"webhook": "2/h"}
    guesses = [
        post(client, MARCUS, door="leads", headers={"X-API-Key": f"src_{n}"}).status_code
        for n in range(4)
    ]
    assert guesses == [401, 401, 429, 429]


@pytest.mark.parametrize("end", ["/", ""])
def test_a_site_of_ours_may_knock_from_another_origin(
    client: Client, settings: Any, end: str
) -> None:
    settings.CORS_ALLOWED_ORIGINS = ["https://www.aurum.example"]
    address = f"/api/integrations/webhooks/emailjs{end}"
    asks = {
        "Origin": "https://www.aurum.example",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type,idempotency-key",
    }
    preflight = client.options(address, headers=asks)
    assert preflight.status_code == 200
    assert preflight["Access-Control-Allow-Origin"] == "https://www.aurum.example"
    assert "POST" in preflight["Access-Control-Allow-Methods"]
    assert "idempotency-key" in preflight["Access-Control-Allow-Headers"]
    response = client.post(
        address, GRACE, content_type="application/json",
        headers={"Origin": "https://www.aurum.example"},
    )  # fmt: skip
    assert response.status_code == 202
    assert response["Access-Control-Allow-Origin"] == "https://www.aurum.example"
    # Without this a browser hides the header, and the site would come back too early.
    assert "Retry-After" in response["Access-Control-Expose-Headers"]
    assert "X-Request-ID" in response["Access-Control-Expose-Headers"]


def test_a_strange_site_may_not(client: Client, settings: Any) -> None:
    settings.CORS_ALLOWED_ORIGINS = ["https://www.aurum.example"]
    response = post(client, GRACE, headers={"Origin": "https://evil.example"})
    assert "Access-Control-Allow-Origin" not in response


# --- without a broker ---------------------------------------------------------------------------


@pytest.fixture(params=["away", "hanging"])
def dead_broker(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Celery sends to a port where nobody listens, or where somebody does and never answers."""
    monkeypatch.setattr(publishing, "_next_nudge", 0.0)
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        if request.param == "hanging":
            silent.listen()
        _send_to(f"redis://127.0.0.1:{silent.getsockname()[1]}/0")
        yield
    _send_to(None)


def _send_to(url: str | None) -> None:
    celery_app.conf.broker_write_url = url or celery_app.conf.broker_url
    pools.reset()
    celery_app._pool = celery_app.amqp._producer_pool = None


def test_with_the_broker_down_a_door_still_answers_and_the_lead_appears_later(
    client: Client,
    transactional_db: None,
    dead_broker: None,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
) -> None:
    tried: list[str] = []
    warning = publishing._logger.warning
    monkeypatch.setattr(
        publishing._logger, "warning", lambda *a, **k: (tried.append(a[0]), warning(*a, **k))
    )
    limit = 2.5 if "hanging" in request.node.name else 1.0
    began = time.monotonic()
    event = event_of(post(client, GRACE))
    assert time.monotonic() - began < limit
    assert tried == ["outbox.broker_unavailable"]  # the control: there really was no broker
    assert not Lead.objects.exists()
    assert OutboxMessage.objects.get().state == OutboxMessage.State.PENDING
    began = time.monotonic()
    for number in range(20):  # and it is not tried at every request
        post(client, {"n": number})
    assert time.monotonic() - began < 1

    handed_out: list[int] = []
    from apps.core import tasks

    monkeypatch.setattr(
        tasks.deliver_outbox, "apply_async", lambda args, **_: handed_out.extend(args[0])
    )
    monkeypatch.setattr(tasks.relay_outbox, "apply_async", lambda **_: None)
    assert outbox.relay() == 21
    outbox.deliver(handed_out)
    lead = lead_of_event(event.public_id)
    assert lead is not None
    recorded = OutboxMessage.objects.filter(topic=RECORDED)
    assert set(recorded.values_list("state", flat=True)) == {OutboxMessage.State.DONE}
    journey_advance(Journey.objects.get(event=event).pk)  # nothing is left to do
    assert Lead.objects.get() == lead
