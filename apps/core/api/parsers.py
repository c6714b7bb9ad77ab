"""Reading the bodies of API requests."""

from __future__ import annotations

from collections.abc import Mapping
from typing import IO, Any

from django.conf import settings
from rest_framework.parsers import JSONParser

from apps.core.errors import InvalidInput, PayloadTooLarge
from apps.core.json_data import parse_object, storable


class StrictJSONParser(JSONParser):
    """A JSON object and nothing else, cleaned of what the database could not keep."""

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        body = stream.read(limit + 1)
        if len(body) > limit:
            raise PayloadTooLarge()
        try:
            cleaned: dict[str, Any] = storable(parse_object(body))
        except InvalidInput:
            if body.strip():
                raise
            return {}
        return cleaned
