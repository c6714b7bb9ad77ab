"""A lead entered by the API or by hand: the same road as what comes in, only at once."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction

from apps.contacts.identity import read_email, read_phone
from apps.core import outbox
from apps.core.errors import Conflict, InvalidInput
from apps.core.ids import new_id
from apps.intake.actions import RECORDED, event_record
from apps.intake.contracts import Arrival
from apps.leads.models import Lead
from apps.leads.selectors import lead_of_event, open_lead_with_identity
from apps.solar.selectors import market_by_code, read_postal_code

_SOURCE = "api"


@dataclass(frozen=True)
class Entered:
    """What became of it. `lead` is None when it was kept but could not be worked on at once."""

    event_id: UUID
    lead: Lead | None


def identity_stated(
    *, market: str, email: str, phone: str, postal_code: str = ""
) -> dict[str, str]:
    """The three in their normal form. Raises InvalidInput, by field, for what is not what it says.

    Stricter than a door: who enters a lead here can be asked to correct it.
    """
    found = market_by_code(market)
    if found is None:
        raise InvalidInput(details={"market": ["There is no such market."]})
    if not (email or phone):
        raise InvalidInput(details={"email": ["Give an e-mail or a phone number."]})
    normal_email, normal_phone = read_email(email), read_phone(phone, region=found.region)
    if email and normal_email is None:
        raise InvalidInput(details={"email": ["This is not an e-mail address."]})
    if phone and normal_phone is None:
        raise InvalidInput(details={"phone": ["This is not a phone number."]})
    if postal_code and not read_postal_code(postal_code, found):
        words = f"This is not a {found.postal_code_name} of {found.name}."
        raise InvalidInput(details={"postal_code": [words]})
    return {
        "market": found.code,
        "email": normal_email or "",
        "phone": normal_phone.e164 if normal_phone else "",
    }


def lead_enter(
    stated: Mapping[str, Any], *, ip_address: str, user_agent: str, now: datetime
) -> Entered:
    """Take a lead in and walk it down the road before returning.

    `stated` holds columns of a lead, with the identity as `identity_stated` gives it, and
    `message`. Raises Conflict, naming the lead, when this person already has an open one.
    """
    known = open_lead_with_identity(email=stated["email"], phone=stated["phone"])
    if known is not None:
        raise Conflict(
            "This person already has an open lead.", details={"lead_id": str(known.public_id)}
        )
    body = json.dumps(dict(stated), cls=DjangoJSONEncoder)
    arrival = Arrival(
        source=_SOURCE,
        body=body.encode(),
        payload=json.loads(body),
        # Each call is an event of its own: repeats are the entrance's business.
        idempotency_key=str(new_id()),
        ip_address=ip_address,
        user_agent=user_agent,
    )
    with transaction.atomic():  # together, or a worker may be quicker and nobody is answered
        recorded = event_record(arrival, now=now)
        ours = outbox.claim(RECORDED, key=str(recorded.event_id))
    outbox.deliver(ours)
    return Entered(recorded.event_id, lead_of_event(recorded.event_id))
