"""Posting a lead to a webhook, signed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from apps.b2b.transports.contracts import Parcel, Reply
from apps.b2b.transports.json_api.transport import address, ask
from apps.b2b.transports.webhook.config import SETTINGS, TEMPLATE
from apps.core import http
from apps.core.errors import Misconfigured
from apps.core.signatures import sign


class Webhook:
    """Standard Webhooks: the id is our delivery's, the signature covers id, time and body."""

    label = "Signed webhook"
    body: Literal["json", "csv"] = "json"
    settings = SETTINGS
    template = TEMPLATE

    def send(self, parcel: Parcel) -> Reply:
        secret = str(parcel.credentials.get("signing_secret") or "")
        if not secret:
            raise Misconfigured("There is no signing secret.")
        timestamp = int(parcel.now.timestamp())
        headers = {
            "content-type": parcel.content_type,
            "accept": "application/json",
            "idempotency-key": parcel.key,
            "webhook-id": parcel.key,
            "webhook-timestamp": str(timestamp),
            "webhook-signature": sign(
                secret, message_id=parcel.key, timestamp=timestamp, body=parcel.body
            ),
        }
        url = address(parcel.endpoint)
        answer = http.send("POST", url, content=parcel.body, headers=headers)
        return Reply(answer.status, answer.body, answer.headers)

    def reach(self, endpoint: Mapping[str, Any], credentials: Mapping[str, Any]) -> str:
        return ask(endpoint, {})
