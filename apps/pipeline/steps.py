"""What happens at each step. Every function runs inside one transaction and may be run again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from apps.b2b.actions.offering import lead_offer
from apps.b2b.choices import SaleState, Strategy
from apps.b2b.snapshot import given_consents, live_sales
from apps.contacts.suppression import suppressed_kinds
from apps.core.errors import InvalidInput, Permanent
from apps.core.json_data import parse_object
from apps.core.reading import read_once
from apps.integrations.doors.registry import Door, door_of
from apps.integrations.setting import reading_setting
from apps.leads.actions.assigning import lead_assign_by_rule
from apps.leads.actions.capturing import LeadOrigin, lead_capture
from apps.leads.actions.responding import first_response_clock_set
from apps.leads.actions.scoring import lead_score
from apps.leads.actions.tasks import next_task_ensure
from apps.leads.choices import OPEN_STATUSES, ActivityKind, LeadStatus
from apps.leads.contracts import LeadDraft
from apps.leads.models import Lead
from apps.leads.telling import lead_tell_unowned
from apps.leads.timeline import activity_add
from apps.pipeline.decide import DecisionFacts, Rule, decide
from apps.pipeline.models import Journey, Outcome, StepName, Way, WayRule

# A settled sale wakes the journey; this only catches what was lost.
_LOOK_AGAIN_AFTER = timedelta(minutes=10)


@dataclass(frozen=True)
class GoOn:
    """The step is done; this one is next."""

    to: StepName


@dataclass(frozen=True)
class Arrived:
    """The journey is over."""

    outcome: Outcome


@dataclass(frozen=True)
class Wait:
    """Nothing failed, and nothing is to be done before `until` or before somebody wakes it."""

    until: datetime
    words: str


Result = GoOn | Arrived | Wait


def parse(journey: Journey, now: datetime) -> Result:
    """Can it be read, does it belong to something we know, and is there anybody in it?"""
    door, payload, draft = _read(journey)
    settled = door.settle(journey.event.public_id, payload, now)
    if settled is not None:
        journey.lead_id = settled.lead_pk
        return Arrived(Outcome.JOINED if settled.lead_pk else Outcome.NOTHING)
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
    lead = Lead.objects.select_related("source").get(pk=_lead_pk(journey))
    decision = decide(
        DecisionFacts(
            has_email=bool(lead.email),
            has_phone=bool(lead.phone),
            suppressed=frozenset(suppressed_kinds(email=lead.email, phone=lead.phone)),
            source=lead.source.slug,
            market=lead.market_id,
            has_consent=bool(given_consents(lead)),
            rules=way_rules(),
        )
    )
    if journey.decision != asdict(decision):
        journey.decision = asdict(decision)
        activity_add(lead.pk, ActivityKind.DECIDED, decision.reason, now=now, way=decision.way)
    if decision.way == "hold":
        return Arrived(Outcome.HELD)
    return GoOn(StepName.SELL if decision.way == "sell" else StepName.WORK)


def work(journey: Journey, now: datetime) -> Result:
    """Give it to a person, start the clock of the first answer, and say what is to be done.

    Sell it later, where the rule says so and nobody gets in touch.
    """
    person = lead_assign_by_rule(_lead_pk(journey), now=now)
    first_response_clock_set(_lead_pk(journey), now=now)
    next_task_ensure(_lead_pk(journey), now=now)
    if journey.decision.get("way") == Way.SELL_UNTAKEN:
        return GoOn(StepName.SELL)
    if person is None:
        lead_tell_unowned(_lead_pk(journey), now=now)
    return Arrived(Outcome.WORKED if person else Outcome.UNASSIGNED)


def sell(journey: Journey, now: datetime) -> Result:
    """Offer it to buyers, and wait in the database until one of them has taken it or none will."""
    lead = Lead.objects.only("status", "first_response_at", "assigned_to").get(pk=_lead_pk(journey))
    untaken = journey.decision.get("way") == Way.SELL_UNTAKEN
    if lead.status != LeadStatus.SOLD and not live_sales(lead.pk):
        if lead.status not in OPEN_STATUSES or (untaken and _is_taken(lead)):
            return Arrived(Outcome.WORKED)
        due = journey.created_at + timedelta(minutes=journey.decision.get("untaken_minutes", 0))
        if untaken and now < due:
            return Wait(due, "Sold when nobody gets in touch until then")
    offer = lead_offer(
        lead.pk,
        strategy=journey.decision.get("strategy") or Strategy.WEIGHTED,
        share_up_to=journey.decision.get("share_up_to", 1),
        now=now,
    )
    if any(sale.state == SaleState.ACCEPTED for sale in offer.sales):
        return Arrived(Outcome.SOLD)
    if offer.sales:
        names = ", ".join(sale.platform.name for sale in offer.sales)
        return Wait(now + _LOOK_AGAIN_AFTER, f"Waits for the answer of {names}"[:200])
    if untaken:  # they have it already, and keep it
        return Arrived(Outcome.WORKED if lead.assigned_to_id else Outcome.UNASSIGNED)
    return GoOn(StepName.WORK)


@read_once
def way_rules() -> tuple[Rule, ...]:
    """The rules managers keep, as the decision takes them."""
    rows = WayRule.objects.filter(is_active=True).select_related("source")
    return tuple(
        Rule(
            way=row.way,
            source=row.source.slug if row.source else "",
            market=row.market_id or "",
            untaken_minutes=row.untaken_minutes,
            strategy=row.strategy,
            share_up_to=row.share_up_to,
        )
        for row in rows
    )


def _is_taken(lead: Lead) -> bool:
    """Whether one of our own people got in touch: a name on the lead alone serves nobody."""
    return lead.status != LeadStatus.NEW or lead.first_response_at is not None


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
