"""From what a request says to a lead: found and brought up to date, or made."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from apps.contacts.actions import consent_record, contact_capture
from apps.contacts.suppression import suppressed_kinds
from apps.core import outbox
from apps.core.json_data import storable
from apps.leads.actions.assigning import lead_assign_as_stated
from apps.leads.actions.survey_attaching import surveys_attach
from apps.leads.choices import OPEN_STATUSES, ActivityKind, CallStatus
from apps.leads.contracts import Behaviour, LeadDraft
from apps.leads.models import Lead
from apps.leads.timeline import activity_add
from apps.solar.selectors import place_of

CAPTURED = "lead.captured"


@dataclass(frozen=True)
class LeadOrigin:
    """The request a draft was read from."""

    event_id: UUID
    source_pk: int
    source_name: str
    provenance: str
    payload: dict[str, Any]


@dataclass(frozen=True)
class CapturedLead:
    """The lead a request belongs to."""

    lead_pk: int
    created: bool


@transaction.atomic
def lead_capture(draft: LeadDraft, origin: LeadOrigin, *, now: datetime) -> CapturedLead:
    """Recognise the person, then bring their open lead up to date or make one.

    The contact's identities stay locked to the end, so a person has one open lead however many
    requests arrive at the same moment. Must run once per event: the journey sees to it.
    """
    captured = contact_capture(draft.person)
    columns = _columns(draft)
    lead = (
        Lead.objects.select_for_update()
        .filter(contact=captured.contact_pk, status__in=OPEN_STATUSES)
        .first()
    )
    created = lead is None
    if lead is None:
        lead = _create(draft, origin, captured.contact_pk, columns, now)
        is_replay = False
    else:
        is_replay = lead.activities.filter(inbound_event=origin.event_id).exists()
        _update(lead, draft, origin, columns, now, is_replay=is_replay)
    if created and draft.assign_to:
        lead_assign_as_stated(lead.pk, user_id=draft.assign_to, now=now)
    _note_consent(lead, draft, origin, now, is_replay=is_replay)
    _note_suppression(lead, now)
    surveys_attach(origin.event_id, lead, now=now)
    if captured.conflict:
        activity_add(
            lead.pk,
            ActivityKind.POSSIBLE_DUPLICATE,
            "The e-mail and the phone belong to two people we know",
            now=now,
            inbound_event=origin.event_id,
            contact=str(captured.conflict),
        )
    outbox.publish(
        CAPTURED,
        key=str(origin.event_id),
        lead=str(lead.public_id),
        event=str(origin.event_id),
        created=created,
    )
    return CapturedLead(lead_pk=lead.pk, created=created)


def _columns(draft: LeadDraft) -> dict[str, Any]:
    """The columns a draft states, and nothing it does not. A postal code decides the territory."""
    person = draft.person
    stated = {
        "first_name": person.first_name,
        "last_name": person.last_name,
        "email": person.email,
        "postal_code": draft.postal_code,
        "monthly_bill": draft.monthly_bill,
        **draft.details,
    }
    if person.phone:
        stated |= {"phone": person.phone.e164, "phone_valid": person.phone.valid}
    columns = {name: value for name, value in stated.items() if value not in ("", None)}
    place = place_of(draft.market, draft.postal_code)
    if place is not None:
        # None too: who moves to a place we do not know is no longer where they were.
        columns["territory_id"] = place.territory_pk
        columns.setdefault("utility", place.utility)
    return columns


def _create(
    draft: LeadDraft,
    origin: LeadOrigin,
    contact_pk: int,
    columns: dict[str, Any],
    now: datetime,
) -> Lead:
    lead = Lead.objects.create(
        contact_id=contact_pk,
        source_id=origin.source_pk,
        provenance=origin.provenance,
        market_id=draft.market,
        is_partial=draft.is_partial,
        is_sample=draft.is_sample,
        behaviour=_observed(draft.behaviour),
        first_touch=draft.attribution.get("first_touch", {}),
        last_touch=draft.attribution.get("last_touch", {}),
        original_data=storable(origin.payload),
        created_at=now,
        updated_at=now,
        **columns,
    )
    activity_add(
        lead.pk,
        ActivityKind.CREATED,
        f"Came in by {origin.source_name}",
        now=now,
        inbound_event=origin.event_id,
        message=draft.message,
    )
    return lead


def _update(
    lead: Lead,
    draft: LeadDraft,
    origin: LeadOrigin,
    columns: dict[str, Any],
    now: datetime,
    *,
    is_replay: bool,
) -> None:
    """A request that is only read again is no new word: the timeline tells what that changed."""
    changes = _corrections(lead, draft, columns)
    if is_replay and not changes:
        return
    Lead.objects.filter(pk=lead.pk).update(**changes, updated_at=now)
    for name, value in changes.items():
        setattr(lead, name, value)
    activity_add(
        lead.pk,
        ActivityKind.INBOUND,
        "Read again" if is_replay else f"Wrote again by {origin.source_name}",
        now=now,
        inbound_event=origin.event_id,
        message=draft.message,
        changed=sorted(name.removesuffix("_id") for name in changes),
    )


def _corrections(lead: Lead, draft: LeadDraft, columns: dict[str, Any]) -> dict[str, Any]:
    """Later words correct earlier ones, but for what the person is known by."""
    known = {name for name in ("first_name", "last_name", "email", "phone") if getattr(lead, name)}
    if "phone" in known:
        known.add("phone_valid")
    if draft.postal_code:
        # The market is read from the place, and without a place only assumed.
        columns = columns | {"market_id": draft.market}
        if draft.postal_code == lead.postal_code and "utility" not in draft.details:
            known.add("utility")  # what the person said outlives what the place suggests
    if draft.attribution.get("last_touch"):
        columns = columns | {"last_touch": draft.attribution["last_touch"]}
    columns = columns | {
        "behaviour": lead.behaviour | _observed(draft.behaviour),
        "is_partial": lead.is_partial and draft.is_partial,
    }
    return {
        name: value
        for name, value in columns.items()
        if name not in known and getattr(lead, name) != value
    }


def _observed(behaviour: Behaviour) -> dict[str, Any]:
    return {name: value for name, value in asdict(behaviour).items() if value is not None}


def _note_consent(
    lead: Lead, draft: LeadDraft, origin: LeadOrigin, now: datetime, *, is_replay: bool
) -> None:
    if draft.consent is None:
        return
    lines = consent_record(
        contact_pk=lead.contact_id,
        consent=draft.consent,
        inbound_event=origin.event_id,
        now=now,
    )
    if lines and not is_replay:
        activity_add(
            lead.pk,
            ActivityKind.CONSENT,
            "Agreed to be contacted by " + ", ".join(draft.consent.channels),
            now=now,
            inbound_event=origin.event_id,
            version=draft.consent.version,
        )


def _note_suppression(lead: Lead, now: datetime) -> None:
    suppressed = suppressed_kinds(email=lead.email, phone=lead.phone)
    if not suppressed or lead.call_status == CallStatus.DO_NOT_CALL:
        return
    if "phone" in suppressed:
        Lead.objects.filter(pk=lead.pk).update(call_status=CallStatus.DO_NOT_CALL)
    summary = "On the do-not-contact list: " + ", ".join(sorted(suppressed))
    if not lead.activities.filter(kind=ActivityKind.SUPPRESSED, summary=summary).exists():
        activity_add(lead.pk, ActivityKind.SUPPRESSED, summary, now=now)
