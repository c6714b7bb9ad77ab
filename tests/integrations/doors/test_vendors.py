"""The door of the vendors: keys, signatures, certificates."""

from __future__ import annotations

import base64
import json
import time
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from apps.core.signatures import TOLERANCE_SECONDS, sign
from apps.intake.actions import source_issue_key
from apps.intake.choices import EventState
from apps.intake.models import SourceKey
from apps.leads.models import Lead
from apps.leads.selectors import lead_of_event
from apps.pipeline.models import Journey, JourneyState
from tests.factories.sources import make_vendor
from tests.integrations.doors.knocking import MARCUS, event_of, nothing_happened, post
from tests.walking import settle

pytestmark = pytest.mark.django_db


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
