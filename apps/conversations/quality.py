"""What a conversation is worth so far: the score a lead of these facts would have. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from apps.leads.scoring import LeadFacts, Parameters, Score, score_lead
from apps.solar.contracts import Place

_OWNERSHIP = {True: "owner", False: "renter", None: ""}


def conversation_score(
    facts: Mapping[str, Any],
    *,
    market: str,
    place: Place | None,
    month: int,
    minutes: float | None,
    technical_questions: int | None,
    objections_resolved: float | None,
    parameters: Parameters,
) -> Score:
    """The score of what a visitor said, with how they talked. For staff, never for the visitor."""
    bill = facts.get("monthly_bill")
    return score_lead(
        LeadFacts(
            market=market,
            ownership=_OWNERSHIP[facts.get("homeowner")],
            monthly_bill=None if bill is None else float(bill),
            service=place.service if place else "",
            property_type=str(facts.get("property_type") or ""),
            engagement_minutes=None if minutes is None else round(minutes, 1),
            technical_questions=technical_questions,
            objections_resolved=objections_resolved,
            timeline=str(facts.get("timeline") or ""),
            credit_range=str(facts.get("credit_range") or ""),
            decision_maker=str(facts.get("decision_maker") or ""),
            adoption_index=place.adoption_index if place else None,
            income_rank=place.income_rank if place else None,
            demand_index=place.demand_index if place else None,
            month=month,
        ),
        parameters,
    )
