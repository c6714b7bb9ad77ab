"""Taking a request in at a door: read it, keep it, answer. Nothing is understood here."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.http.request import RawPostDataException

from apps.core import errors
from apps.core.client_address import client_address
from apps.core.json_data import clean_text, parse_object
from apps.intake.actions import event_record
from apps.intake.contracts import Arrival, Recorded

# `sendBeacon` sends text/plain without asking first; programs that name no type mean JSON.
_MEDIA_TYPES = {"application/json", "text/plain", ""}
_MAX_KEY_LENGTH = 150


def receive(
    request: HttpRequest,
    *,
    source: str,
    now: datetime,
    fallback_key: str = "",
    honeypot: bool = True,
) -> Recorded:
    """Record the request for `source`. Raises the error that its envelope will say.

    `honeypot=False` for senders with a key: their `website` is a company's, not a robot's.
    """
    body = read_body(request)
    payload = parse_object(body)
    key = idempotency_key(request, payload) or fallback_key
    return event_record(
        Arrival(
            source=source,
            body=body,
            payload=payload,
            idempotency_key=key,
            is_spam=honeypot and bool(str(payload.get("website") or "").strip()),
            ip_address=client_address(request),
            user_agent=clean_text(request.headers.get("User-Agent", "")),
            page_url=clean_text(request.headers.get("Referer", "")),
        ),
        now=now,
    )


def read_body(request: HttpRequest) -> bytes:
    """The bytes of the request. Raises PayloadTooLarge and UnsupportedMediaType."""
    if (request.content_type or "").lower() not in _MEDIA_TYPES:
        raise errors.UnsupportedMediaType("Send application/json.")
    limit = settings.INTAKE_MAX_BODY_BYTES
    try:
        if int(request.META.get("CONTENT_LENGTH") or 0) > limit:
            raise errors.PayloadTooLarge(f"The body is over {limit // 1024} KiB.")
        body: bytes = request.body
    except (RawPostDataException, OSError, ValueError) as error:
        raise errors.InvalidInput("The body was cut off.") from error
    if len(body) > limit:
        raise errors.PayloadTooLarge(f"The body is over {limit // 1024} KiB.")
    return body


def idempotency_key(request: HttpRequest, payload: dict[str, Any]) -> str:
    """The sender's key: from the header, else from the body. Raises InvalidInput for a long one."""
    stated = request.headers.get("Idempotency-Key") or payload.get("idempotency_key")
    if not isinstance(stated, str | int) or isinstance(stated, bool):
        return ""
    key = clean_text(str(stated)).strip()
    if len(key) > _MAX_KEY_LENGTH:
        raise errors.InvalidInput(
            f"The idempotency key is over {_MAX_KEY_LENGTH} characters.",
            details={"idempotency_key": ["Too long."]},
        )
    return key
