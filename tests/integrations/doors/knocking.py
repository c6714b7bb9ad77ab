"""Knocking at a door by plain HTTP, and what is there afterwards."""

from __future__ import annotations

import json
from typing import Any

from django.test import Client

from apps.core.models import OutboxMessage
from apps.intake.models import InboundEvent

DOORS = ("emailjs", "chatbot", "calculator")
GRACE = {"contact_info": {"name": "Grace Feldman", "email": "grace@example.com"}}
MARCUS = {"name": "Marcus Bell", "email": "marcus@example.com", "external_id": "v-1"}


def post(client: Client, body: Any, *, door: str = "emailjs", **extra: Any) -> Any:
    raw = body if isinstance(body, bytes | str) else json.dumps(body)
    extra.setdefault("content_type", "application/json")
    return client.post(f"/api/integrations/webhooks/{door}/", raw, **extra)


def event_of(response: Any) -> InboundEvent:
    assert response.status_code == 202, response.content
    return InboundEvent.objects.get(public_id=response.json()["data"]["event_id"])


def nothing_happened() -> bool:
    return not InboundEvent.objects.exists() and not OutboxMessage.objects.exists()
