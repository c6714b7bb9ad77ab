"""Taking in a mail: as a mail service's JSON, or as it travels (`message/rfc822`)."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.http.request import RawPostDataException, UnreadablePostError

from apps.core import errors
from apps.core.client_address import client_address
from apps.core.json_data import clean_text, parse_object
from apps.intake.actions import event_record
from apps.intake.contracts import Arrival, Recorded
from apps.integrations.doors.email.raw import payload_of, slim

RAW = "message/rfc822"
MAX_MAIL_BYTES = 10 * 1024 * 1024  # photographs of bills come along; they are not kept


def read_mail_body(request: HttpRequest) -> bytes:
    """The bytes of the request. Raises PayloadTooLarge and UnsupportedMediaType."""
    if (request.content_type or "").lower() not in {"application/json", RAW}:
        raise errors.UnsupportedMediaType(f"Send application/json or {RAW}.")
    try:
        body: bytes = request.read(MAX_MAIL_BYTES + 1)
    except (RawPostDataException, UnreadablePostError, OSError) as error:
        raise errors.InvalidInput("The body was cut off.") from error
    if len(body) > MAX_MAIL_BYTES:
        raise errors.PayloadTooLarge(f"The mail is over {MAX_MAIL_BYTES // 1024**2} MiB.")
    return body


def record_mail(request: HttpRequest, body: bytes, *, source: str, now: datetime) -> Recorded:
    """Keep a mail as an event. The same bytes again, whenever, are the same event.

    What is attached stays behind but for its name, and a mail is kept as the JSON it is read from.
    """
    payload, kept = _payload(request, body)
    return event_record(
        Arrival(
            source=source,
            body=kept,
            payload=payload,
            idempotency_key=f"mail:{hashlib.sha256(body).hexdigest()}",
            ip_address=client_address(request),
            user_agent=clean_text(request.headers.get("User-Agent", "")),
        ),
        now=now,
    )


def _payload(request: HttpRequest, body: bytes) -> tuple[dict[str, Any], bytes]:
    if (request.content_type or "").lower() == RAW:
        payload = payload_of(body)
    else:
        payload = parse_object(body)
        if len(body) <= settings.INTAKE_MAX_BODY_BYTES:
            return payload, body
        payload = slim(payload)
    kept = json.dumps(payload, ensure_ascii=True).encode()
    if len(kept) > 4 * settings.INTAKE_MAX_BODY_BYTES:
        raise errors.PayloadTooLarge("The words of this mail alone are too many.")
    return payload, kept
