"""What a door hands over, and what it gets back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID


@dataclass(frozen=True)
class Arrival:
    """A request as a door received it."""

    source: str  # slug of the LeadSource
    body: bytes
    payload: dict[str, Any]
    idempotency_key: str = ""
    is_spam: bool = False
    ip_address: str | None = None
    user_agent: str = ""
    page_url: str = ""


@dataclass(frozen=True)
class Recorded:
    """The event a request became. `is_repeat`: it had been recorded before."""

    event_id: UUID
    is_repeat: bool = False


@dataclass(frozen=True)
class SourceFacts:
    """What the hot path needs to know of a source."""

    pk: int
    slug: str
    kind: str
    market: str
    is_active: bool
    signing_secret: str
