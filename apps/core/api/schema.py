"""The published OpenAPI schema, with the envelope and the errors every endpoint can answer."""

from __future__ import annotations

import inspect
from typing import Any

from drf_spectacular.extensions import OpenApiSerializerFieldExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import Direction

_NOTHING = {"nullable": True, "enum": [None]}
_TIMESTAMP = {"type": "string", "format": "date-time"}
_TIME_OF_DAY = {
    "type": "string",
    "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]{1,6})?)?$",
    "example": "22:00:00",
}
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
_REFUSALS = _SIGNED_IN | {"404": "Not there"}
_WITH_BODY = {
    "400": "Not valid",
    "413": "Body too large",
    "415": "Not JSON",
}


def every_address_once(endpoints: list[Any]) -> list[Any]:
    """Without the second ways to the same endpoint: `/api/v1/`, and the doors' without a slash."""
    return [
        endpoint
        for endpoint in endpoints
        if endpoint[0].endswith("/") and not endpoint[0].startswith("/api/v1/")
    ]


class TimeOfDay(OpenApiSerializerFieldExtension):  # type: ignore[no-untyped-call]  # untyped base
    """A time of day without a zone; `format: time` (RFC 3339) would promise one."""

    target_class = "rest_framework.serializers.TimeField"

    def map_serializer_field(self, auto_schema: AutoSchema, direction: Direction) -> dict[str, Any]:
        return dict(_TIME_OF_DAY)


class EnvelopeAutoSchema(AutoSchema):
    """Wraps each documented 2xx answer in the envelope and adds the errors of DESIGN's table."""

    def get_summary(self) -> str | None:
        """The first sentence of what the method, or else the view, says of itself."""
        method = getattr(self.view, self.method.lower(), None)
        words = inspect.getdoc(method) or inspect.getdoc(type(self.view)) or ""
        return words.split("\n\n")[0].replace("\n", " ").partition(". ")[0].rstrip(".") or None

    def get_operation_id(self) -> str:
        """A view whose address reads like another's says with `operation_suffix` what it is."""
        suffix: str = getattr(self.view, "operation_suffix", "")
        return f"{super().get_operation_id()}{suffix}"

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
        found |= {status: _REFUSALS[status] for status in getattr(self.view, "refuses", ())}
        if self.view.permission_classes and self.view.authentication_classes:
            found |= _SIGNED_IN
        if "requestBody" in operation:
            found |= _WITH_BODY
        if self.method != "GET":
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
