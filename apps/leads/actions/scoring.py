"""Giving a lead its score, and keeping how it came about."""

from __future__ import annotations

import time
from dataclasses import asdict
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from apps.core.reading import read_once
from apps.leads.actions.responding import first_response_clock_set
from apps.leads.choices import ActivityKind, Level, Tier
from apps.leads.models import Lead, LeadScore, ScoringModel
from apps.leads.scoring import LeadFacts, Parameters, Score, score_lead
from apps.leads.timeline import activity_add
from apps.solar.selectors import place_of

DEFAULT_VERSION = "2026-11"
_REMEMBER_SECONDS = 10.0
_remembered: dict[str, tuple[float, tuple[str, Parameters]]] = {}
_BEHAVIOUR = (
    "engagement_minutes",
    "technical_questions",
    "objections_resolved",
    "sentiment",
    "compares_offers",
)


@transaction.atomic
def lead_score(lead_pk: int, *, now: datetime, actor_pk: int | None = None) -> Score:
    """Score a lead with the active model. The same facts again change nothing."""
    lead = Lead.objects.select_for_update(of=("self",)).select_related("market").get(pk=lead_pk)
    model = scoring_model_active()
    facts = _facts(lead, now)
    score = score_lead(facts, Parameters.from_json(model.parameters))
    detail = _detail(score, model.version)
    row, is_new = LeadScore.objects.get_or_create(
        lead=lead,
        model=model,
        input_digest=facts.digest(),
        defaults={
            "inputs": asdict(facts),
            "total": score.total,
            "tier": score.tier,
            "detail": detail,
            "created_at": now,
        },
    )
    if not is_new and lead.score_detail == detail:
        return score
    changes: dict[str, Any] = {"score": score.total, "tier": score.tier, "score_detail": detail}
    if score.tier == Tier.PREMIUM:
        changes["priority_level"] = Level.HIGH
    Lead.objects.filter(pk=lead.pk).update(**changes, updated_at=now)
    if lead.first_response_due_at is not None:
        first_response_clock_set(lead.pk, now=now)
    activity_add(
        lead.pk,
        ActivityKind.SCORED,
        f"Scored {score.total}: {Tier(score.tier).label.lower()}",
        now=now,
        actor_pk=actor_pk,
        score=row.pk,
        before=lead.score if lead.score_detail else None,
    )
    return score


@read_once
def scoring_model_active() -> ScoringModel:
    """The model in use. A new database starts with the tables of `scoring.Parameters`."""
    model = ScoringModel.objects.filter(is_active=True).first()
    if model is None:
        model, _ = ScoringModel.objects.get_or_create(
            version=DEFAULT_VERSION,
            defaults={
                "parameters": Parameters().to_json(),
                "is_active": True,
                "note": "The tables the product ships with",
            },
        )
    return model


def scoring_in_use() -> tuple[str, Parameters]:
    """The version and tables of the active model, remembered for ten seconds: for scores that are
    shown while somebody still talks. A lead's own score asks for the model."""
    until, known = _remembered.get("active", (0.0, ("", Parameters())))
    if time.monotonic() > until:
        model = scoring_model_active()
        known = (model.version, Parameters.from_json(model.parameters))
        _remembered["active"] = (time.monotonic() + _REMEMBER_SECONDS, known)
    return known


def _facts(lead: Lead, now: datetime) -> LeadFacts:
    place = place_of(lead.market_id, lead.postal_code)
    observed = {name: lead.behaviour.get(name) for name in _BEHAVIOUR}
    return LeadFacts(
        market=lead.market_id,
        ownership=lead.ownership,
        monthly_bill=None if lead.monthly_bill is None else float(lead.monthly_bill),
        service=place.service if place else "",
        property_type=lead.property_type,
        timeline=lead.timeline,
        credit_range=lead.credit_range,
        decision_maker=lead.decision_maker,
        adoption_index=place.adoption_index if place else None,
        income_rank=place.income_rank if place else None,
        demand_index=place.demand_index if place else None,
        month=now.astimezone(ZoneInfo(lead.market.time_zone)).month,
        **observed,
    )


def _detail(score: Score, version: str) -> dict[str, Any]:
    return {
        "model": version,
        "parts": dict(score.parts),
        "factors": [asdict(factor) for factor in score.factors],
        "cap": score.cap,
        "uncapped": score.uncapped,
        "offer_community_solar": score.offer_community_solar,
    }
