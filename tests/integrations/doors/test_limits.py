"""Limits, other origins, and a broker that is not there."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from kombu import pools

from apps.core import outbox
from apps.core.models import OutboxMessage
from apps.core.outbox import publishing
from apps.intake.actions import RECORDED
from apps.intake.models import InboundEvent
from apps.leads.models import Lead
from apps.leads.selectors import lead_of_event
from apps.pipeline.journey import journey_advance
from apps.pipeline.models import Journey
from solar_crm.celery import app as celery_app
from tests.factories.sources import make_vendor
from tests.integrations.doors.knocking import GRACE, MARCUS, event_of, post

pytestmark = pytest.mark.django_db


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


# --- without a broker -----------------------------------------------------------------------------


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
) -> None:
    tried: list[str] = []
    warning = publishing._logger.warning
    monkeypatch.setattr(
        publishing._logger, "warning", lambda *a, **k: (tried.append(a[0]), warning(*a, **k))
    )
    stopped = time.monotonic()
    monkeypatch.setattr(publishing, "time", SimpleNamespace(monotonic=lambda: stopped))
    event = event_of(post(client, GRACE))  # a broker that hangs would hold this for good
    assert tried == ["outbox.broker_unavailable"]  # the control: there really was no broker
    assert not Lead.objects.exists()
    assert OutboxMessage.objects.get().state == OutboxMessage.State.PENDING
    for number in range(20):
        post(client, {"n": number})
    assert len(tried) == 1  # it rests, and is not tried at every request

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
