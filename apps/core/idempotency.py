"""`Idempotency-Key`: the same key and body get the same answer, however often they are sent."""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.errors import Conflict, InvalidInput
from apps.core.json_data import clean_text
from apps.core.models import IdempotentAnswer

_FORGOTTEN = {409, 429, 500, 503}  # the caller is meant to try these again
_IN_FLIGHT_AT_MOST = timedelta(seconds=60)
_MAX_KEY_LENGTH = 200

View = Callable[..., Response]


def idempotent(view: View) -> View:
    """Make a creating method of an API view honour `Idempotency-Key`. Without one: as before.

    Same key and body: the first answer again. Same key and another body: 409. Still in flight:
    409 with `Retry-After`. Answers that are meant to be retried are not kept.
    """

    @functools.wraps(view)
    def wrapped(self: Any, request: Request, *args: Any, **kwargs: Any) -> Response:
        key = clean_text(request.headers.get("Idempotency-Key", ""))
        if not key:
            return view(self, request, *args, **kwargs)
        if len(key) > _MAX_KEY_LENGTH:
            raise InvalidInput(f"Idempotency-Key is over {_MAX_KEY_LENGTH} characters.")
        caller = f"user:{request.user.pk}"
        digest = _digest(request)
        kept = _reserve(caller, key, digest)
        if kept is not None:
            return Response(kept.body, status=kept.status)
        mine = IdempotentAnswer.objects.filter(caller=caller, key=key, status=None)
        try:
            response = view(self, request, *args, **kwargs)
        except Exception:
            mine.delete()
            raise
        if response.status_code in _FORGOTTEN:
            mine.delete()
        else:
            mine.update(status=response.status_code, body=_plain(response.data))
        return response

    return wrapped


def _reserve(caller: str, key: str, digest: str) -> IdempotentAnswer | None:
    """The kept answer, or None when this call now holds the key."""
    now = timezone.now()
    with transaction.atomic():
        answer, created = IdempotentAnswer.objects.select_for_update().get_or_create(
            caller=caller, key=key, defaults={"request_digest": digest, "created_at": now}
        )
        if created:
            return None
        if answer.request_digest != digest:
            raise Conflict("This Idempotency-Key was used with another body.")
        if answer.status is not None:
            return answer
        if now - answer.created_at < _IN_FLIGHT_AT_MOST:
            raise Conflict("The first request with this key is still in work.", retry_after=2)
        answer.created_at = now  # its process died: this call takes over
        answer.save(update_fields=["created_at"])
        return None


def _digest(request: Request) -> str:
    path = request.path.replace("/api/v1/", "/api/", 1)  # the same thing
    text = f"{request.method} {path}\n".encode() + request.body
    return hashlib.sha256(text).hexdigest()


def _plain(data: Any) -> Any:
    from rest_framework.utils.encoders import JSONEncoder  # noqa: PLC0415 (needs settings)

    return json.loads(json.dumps(data, cls=JSONEncoder))
