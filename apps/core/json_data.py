"""JSON as the outside sends it, and JSON as PostgreSQL can keep it."""

from __future__ import annotations

import json
import math
from typing import Any

from apps.core.errors import InvalidInput

MAX_DEPTH = 64
_MAX_DIGITS = 300  # a longer number is nobody's telephone and nobody's bill


def parse_object(body: bytes) -> dict[str, Any]:
    """The JSON object in `body`. Raises InvalidInput when it is not one, whatever it is."""
    try:
        value = json.loads(body, parse_constant=_refuse_constant, parse_int=_integer)
    except (ValueError, RecursionError) as error:
        raise InvalidInput("The body is not JSON.") from error
    if not isinstance(value, dict):
        raise InvalidInput("The body must be a JSON object.")
    if not _is_within(value, MAX_DEPTH):
        raise InvalidInput(f"The body is nested more than {MAX_DEPTH} levels deep.")
    return value


def storable(value: Any) -> Any:
    """`value` as `jsonb` accepts it: no NUL, no lone surrogates, no infinities.

    What had to be replaced is replaced visibly (U+FFFD, or the text of the number); the exact
    bytes are kept with the inbound event.
    """
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if isinstance(value, dict):
        return {clean_text(str(key)): storable(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [storable(item) for item in value]
    return value


def clean_text(text: str) -> str:
    """`text` as PostgreSQL can keep it."""
    if "\x00" in text:
        text = text.replace("\x00", "\ufffd")
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def _is_within(value: Any, levels: int) -> bool:
    if not isinstance(value, dict | list):
        return True
    items = value.values() if isinstance(value, dict) else value
    return levels > 0 and all(_is_within(item, levels - 1) for item in items)


def _integer(text: str) -> int | str:
    # Python refuses integers of over 4,300 digits with a ValueError; the sender meant some text.
    return int(text) if len(text) <= _MAX_DIGITS else text


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")
