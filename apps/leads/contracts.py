"""What a door understood of a request, as this room takes it."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID

from apps.contacts.contracts import ConsentDraft, PersonDraft


@dataclass(frozen=True)
class Behaviour:
    """How somebody behaved before they became a lead. None means nobody observed it."""

    engagement_minutes: float | None = None
    technical_questions: int | None = None
    objections_resolved: float | None = None  # share of 0 to 1
    sentiment: float | None = None  # -1 to 1
    compares_offers: bool | None = None


@dataclass(frozen=True)
class LeadDraft:
    """What was understood of one request. Empty or None means not said, never "no".

    `details` holds the columns of a lead that were stated, by name, already in the values of
    `choices`. `monthly_bill` is in the market's currency; `estimated_capacity` in kW.
    """

    person: PersonDraft
    market: str
    postal_code: str = ""
    details: dict[str, Any] = field(default_factory=dict)
    monthly_bill: Decimal | None = None
    behaviour: Behaviour = field(default_factory=Behaviour)
    consent: ConsentDraft | None = None
    certificate_url: str = ""  # of the consent, also where the request itself does not word one
    attribution: dict[str, dict[str, str]] = field(default_factory=dict)  # first_touch, last_touch
    message: str = ""
    assign_to: UUID | None = None  # who shall work it, where our own people said so
    is_partial: bool = False
    is_sample: bool = False


@dataclass(frozen=True)
class ReceivedMail:
    """A mail that came in, as a door understood it. `words` are the writer's own."""

    event_id: UUID
    sender: str
    subject: str
    words: str
    message_id: str
    is_automatic: bool = False
    is_first: bool = False  # the lead was made from it
