"""What happens at each step. Every function runs inside one transaction and may be run again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from apps.contacts.suppression import suppressed_kinds
from apps.core.errors import InvalidInput, Permanent
from apps.core.json_data import parse_object
from apps.integrations.doors.registry import Door, door_of
from apps.integrations.setting import reading_setting
from apps.leads.actions.assigning import lead_assign_by_rule
from apps.leads.actions.capturing import LeadOrigin, lead_capture
from apps.leads.actions.scoring import lead_score
from apps.leads.choices import ActivityKind
from apps.leads.contracts import LeadDraft
from apps.leads.models import Lead
from apps.leads.timeline import activity_add
from apps.pipeline.decide import DecisionFacts, decide
from apps.pipeline.models import Journey, Outcome, StepName


@dataclass(frozen=True)
class GoOn:
    """The step is done; this one is next."""

    to: StepName


@dataclass(frozen=True)
class Arrived:
    """The journey is over."""

    outcome: Outcome


Result = GoOn | Arrived


def parse(journey: Journey, now: datetime) -> Result:
    """Can it be read, and is there anybody in it?"""
    door, payload, draft = _read(journey)
    if draft.person.has_identity and not (draft.is_partial and draft.consent is None):
        _refuse_without_certificate(journey, draft)
        return GoOn(StepName.CAPTURE)
    door.keep(journey.event.public_id, payload, draft, None)
    return Arrived(Outcome.NO_CONSENT if draft.person.has_identity else Outcome.NO_IDENTITY)


def capture(journey: Journey, now: datetime) -> Result:
    """Recognise the person; find or make the lead; write down the consent."""
    door, payload, draft = _read(journey)
    event = journey.event
    captured = lead_capture(
        draft,
        LeadOrigin(
            event_id=event.public_id,
            source_pk=event.source_id,
            source_name=event.source.name,
            provenance=event.source.provenance,
            payload=dict(payload),
        ),
        now=now,
    )
    door.keep(event.public_id, payload, draft, captured.lead_pk)
    journey.lead_id = captured.lead_pk
    return GoOn(StepName.SCORE)


def score(journey: Journey, now: datetime) -> Result:
    """How good is it, and why?"""
    lead_score(_lead_pk(journey), now=now)
    return GoOn(StepName.DECIDE)


def decide_way(journey: Journey, now: datetime) -> Result:
    """Work it, sell it, or leave the person alone?"""
    lead = Lead.objects.only("email", "phone").get(pk=_lead_pk(journey))
    decision = decide(
        DecisionFacts(
            has_email=bool(lead.email),
            has_phone=bool(lead.phone),
            suppressed=frozenset(suppressed_kinds(email=lead.email, phone=lead.phone)),
        )
    )
    if journey.decision != asdict(decision):
        journey.decision = asdict(decision)
        activity_add(lead.pk, ActivityKind.DECIDED, decision.reason, now=now, way=decision.way)
    return GoOn(StepName.WORK) if decision.way == "work" else Arrived(Outcome.HELD)


def work(journey: Journey, now: datetime) -> Result:
    """Give it to a person."""
    person = lead_assign_by_rule(_lead_pk(journey), now=now)
    return Arrived(Outcome.WORKED if person else Outcome.UNASSIGNED)


def _read(journey: Journey) -> tuple[Door, Mapping[str, Any], LeadDraft]:
    """Read the event's body. Pure but for the list of markets, so each step may read again."""
    event = journey.event
    try:
        payload = parse_object(bytes(event.body))
    except InvalidInput as error:
        raise Permanent(f"Cannot be read: {error.message}") from error
    door = door_of(event.source.kind)
    return door, payload, door.parse(payload, reading_setting(event))


def _refuse_without_certificate(journey: Journey, draft: LeadDraft) -> None:
    if journey.event.source.requires_certificate and not draft.certificate_url:
        raise Permanent("This source must send a consent certificate, and there is none.")


def _lead_pk(journey: Journey) -> int:
    if journey.lead_id is None:
        raise Permanent("The lead of this journey was deleted.")
    return journey.lead_id
