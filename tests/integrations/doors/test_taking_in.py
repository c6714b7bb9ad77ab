"""What can be read is kept and answered; what cannot leaves no trace."""

from __future__ import annotations

import json

import pytest
from django.test import Client

from apps.core.models import OutboxMessage
from apps.intake.choices import EventState
from apps.intake.models import LeadSource
from apps.intake.selectors import forget_sources
from apps.leads.models import Lead
from tests.integrations.doors.knocking import DOORS, GRACE, event_of, nothing_happened, post

pytestmark = pytest.mark.django_db


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


# --- what is refused ------------------------------------------------------------------------------


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
