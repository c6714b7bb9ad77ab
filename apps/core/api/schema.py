"""The published OpenAPI schema, with the envelope and the errors every endpoint can answer."""

from __future__ import annotations

from typing import Any

from drf_spectacular.openapi import AutoSchema

_NOTHING = {"nullable": True, "enum": [None]}
_TIMESTAMP = {"type": "string", "format": "date-time"}
_ERROR = {
    "type": "object",
    "required": ["status", "error", "timestamp"],
    "properties": {
        "status": {"type": "string", "enum": ["error"]},
        "error": {
            "type": "object",
            "required": ["code", "message", "details"],
            "properties": {
                "code": {"type": "string"},
                "message": {"type": "string"},
                "details": {"type": "object", "additionalProperties": {}},
            },
        },
        "timestamp": _TIMESTAMP,
    },
}
_ALWAYS = {"429": "Too many requests; see `Retry-After`", "503": "Try again; see `Retry-After`"}
_SIGNED_IN = {"401": "Not signed in", "403": "Not allowed"}
_WITH_BODY = {
    "400": "Not valid",
    "413": "Body too large",
    "415": "Not JSON",
}


def with_slash_only(endpoints: list[Any]) -> list[Any]:
    """Every address once: the doors answer without the slash too, and that is no other endpoint."""
    return [endpoint for endpoint in endpoints if endpoint[0].endswith("/")]


class EnvelopeAutoSchema(AutoSchema):
    """Wraps each documented 2xx answer in the envelope and adds the errors of DESIGN's table."""

    def get_operation(self, *args: Any, **kwargs: Any) -> Any:
        operation = super().get_operation(*args, **kwargs)
        if operation is None:
            return None
        responses = operation["responses"]
        for status, response in responses.items():
            if status.startswith("2") and status != "204":
                response.setdefault("content", {"application/json": {"schema": _NOTHING}})
                for media in response.get("content", {}).values():
                    media["schema"] = _enveloped(media.get("schema", {}))
        for status, words in self._errors(operation).items():
            responses.setdefault(status, _error_response(words))
        return operation

    def _errors(self, operation: dict[str, Any]) -> dict[str, str]:
        found = dict(_ALWAYS)
        # What a view refuses by itself, beyond what its classes say.
        found |= {status: _SIGNED_IN[status] for status in getattr(self.view, "refuses", ())}
        if self.view.permission_classes and self.view.authentication_classes:
            found |= _SIGNED_IN
        if "requestBody" in operation:
            found |= _WITH_BODY
            found["409"] = "Conflicts with what is there, or with the Idempotency-Key"
        if operation.get("parameters"):
            found["400"] = "Not valid"
            found["404"] = "Not there"
        return found


def _enveloped(schema: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "required": ["status", "data", "timestamp"],
        "properties": {
            "status": {"type": "string", "enum": ["success"]},
            "data": schema,
            "message": {"type": "string"},
            "timestamp": _TIMESTAMP,
        },
    }


def _error_response(words: str) -> dict[str, Any]:
    return {"description": words, "content": {"application/json": {"schema": _ERROR}}}
