"""What senders call things, under our names. Pure; never raises."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from apps.integrations.doors import words

_CANONICAL = {
    alias: name for name, aliases in words.FIELD_NAMES.items() for alias in (name, *aliases)
}


def canonical(*objects: Any) -> dict[str, Any]:
    """The fields of several loosely named objects under our names, earlier objects first.

    What no field of ours can be (an empty text, a list, an object) does not hide a later mention.
    """
    found: dict[str, Any] = {}
    for mapping in objects:
        if isinstance(mapping, Mapping):
            for key, value in mapping.items():
                name = _CANONICAL.get(_snake(str(key)))
                if name and name not in found and _says_something(value):
                    found[name] = value
    return found


def field_called(name: str) -> str:
    """The name we have for what somebody calls `name`, or ""."""
    return _CANONICAL.get(_snake(name), "")


def _says_something(value: Any) -> bool:
    return bool(value.strip()) if isinstance(value, str) else isinstance(value, bool | int | float)


def _snake(key: str) -> str:
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", key[:100])
    return re.sub(r"\W+", "_", spaced).strip("_").lower()
