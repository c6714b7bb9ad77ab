"""Letting what was published happen, without a worker."""

from __future__ import annotations

from typing import Any

from apps.core import outbox
from apps.core.models import OutboxMessage
from apps.leads.models import Lead
from apps.leads.selectors import lead_of_event

_ROUNDS = 20


def settle() -> None:
    """Run the handlers of everything published, and of what they publish."""
    for _ in range(_ROUNDS):
        waiting = list(
            OutboxMessage.objects.filter(state=OutboxMessage.State.PENDING).values_list(
                "topic", "key"
            )
        )
        if not waiting:
            return
        for topic, key in waiting:
            outbox.deliver_now(topic, key=key)
    raise AssertionError("Messages keep coming: a handler publishes what it handles.")


def knock(client: Any, door: str, payload: dict[str, Any], **headers: str) -> Lead | None:
    """Send a payload to a door, let everything happen, and return the lead it became."""
    response = client.post(
        f"/api/integrations/webhooks/{door}/", payload, format="json", headers=headers
    )
    assert response.status_code == 202, response.content
    settle()
    return lead_of_event(response.json()["data"]["event_id"])
