"""The envelope around every answer of the API."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response


def success(data: Any, *, message: str = "") -> dict[str, Any]:
    body: dict[str, Any] = {"status": "success", "data": data}
    if message:
        body["message"] = message
    return body | {"timestamp": _now()}


def failure(code: str, message: str, details: Mapping[str, Any] | None = None) -> dict[str, Any]:
    error: dict[str, Any] = {"code": code, "message": message, "details": dict(details or {})}
    return {"status": "error", "error": error, "timestamp": _now()}


def answer(data: Any, *, message: str = "", status: int = 200) -> Response:
    """A successful answer with a message for people."""
    return Response(success(data, message=message), status=status)


class EnvelopeRenderer(JSONRenderer):
    """Wraps plain data in the success envelope; what already is an envelope passes through."""

    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,
        renderer_context: Mapping[str, Any] | None = None,
    ) -> bytes:
        response = (renderer_context or {}).get("response")
        if response is not None and response.status_code == 204:
            return b""
        if not (isinstance(data, dict) and data.get("status") in {"success", "error"}):
            data = success(data)
        rendered: bytes = super().render(data, accepted_media_type, renderer_context)
        return rendered


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
