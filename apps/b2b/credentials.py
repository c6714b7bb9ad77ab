"""A buyer's secrets: a JSON object, encrypted at rest, never shown again."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from apps.b2b.models import Platform
from apps.core.errors import Misconfigured


def read_credentials(platform: Platform) -> dict[str, Any]:
    """What a transport signs in with. Raises Misconfigured when it cannot be read."""
    if not platform.credentials:
        return {}
    try:
        found = json.loads(platform.credentials)
    except ValueError as error:
        raise Misconfigured(f"The credentials of {platform} are not JSON.") from error
    return found if isinstance(found, dict) else {}


def write_credentials(platform: Platform, secrets: Mapping[str, str]) -> None:
    """Put secrets beside those that are there; "" leaves the old one."""
    kept = read_credentials(platform) | {name: value for name, value in secrets.items() if value}
    platform.credentials = json.dumps(kept) if kept else ""
