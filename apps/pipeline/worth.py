"""What a conversation is worth so far, and what would make it worth more. For staff alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from apps.b2b.filters import LeadFacts
from apps.b2b.models import Platform
from apps.b2b.pricing import Policy
from apps.b2b.routing import Buyer, Candidate, Route, Rule, route
from apps.b2b.selectors import conversion_probability_of
from apps.b2b.snapshot import active_policies, buyers_of, lead_facts, rules_of
from apps.conversations.memory import facts_from_json
from apps.conversations.models import Conversation, Message
from apps.core.money import round_cents
from apps.pipeline.models import ConversationAdvice
from apps.solar.contracts import Place
from apps.solar.selectors import place_of

_ADVICE = {
    "homeowner": "Find out whether they own the home: it decides more than anything else",
    "monthly_bill": "Ask for the bill: without it there is no estimate and a lower score",
    "zip_code": "Ask for the postal code: it names the utility and the incentives",
    "property_type": "Find out what kind of home it is",
    "timeline": "Ask when they want it done",
    "decision_maker": "Find out who decides",
}
_OBJECTIONS = {
    "co_op_board": "Explain the approval of the board, and what we prepare for it",
    "cost": "Show the estimate with cash, loan and lease side by side",
    "trust": "Show the source of each figure",
    "roof": "Offer the survey: it tells whether the roof can carry panels",
    "shade": "Offer the survey: it measures the shade",
}
_MOST_ADVICE = 4
_MOST_OF_THE_MARKET = 2
_OWNERSHIP = {True: "owner", False: "renter", None: ""}


def conversation_worth(conversation: Conversation, *, now: datetime) -> dict[str, Any]:
    """The block `revenue_optimization` of the requirements, from what is really known.

    `revenue_potential` is what the best buyer would pay for such a lead if it could be reached and
    had agreed; the routing decision is for the lead as it stands. Money is in the market's
    currency, null where no buyer could take it.
    """
    facts = {key: fact.value for key, fact in facts_from_json(conversation.facts).items()}
    minutes = max((now - conversation.started_at).total_seconds() / 60, 0.1)
    asked = int(conversation.memory.get("technical_questions", 0))
    lines = conversation.messages.filter(role=Message.Role.VISITOR).count()
    as_is = _as_buyers_see_it(conversation, facts, now)
    offers = offers_in(as_is.market, now)
    best = offers.best(reached(as_is))
    potential = _amount(best)
    chance = float(conversion_probability_of(conversation.tier)) if conversation.tier else None
    return {
        "currency": as_is.currency,
        "lead_score": {
            "total_score": conversation.score,
            "quality_tier": conversation.tier or None,
            "revenue_potential": potential,
            "conversion_probability": chance,
        },
        "conversation_metrics": {
            "duration_minutes": round(minutes, 1),
            "revenue_per_minute": None if potential is None else round(potential / minutes, 2),
            "technical_engagement": round(asked / max(lines, 1), 2),
            "questions_asked": asked,
        },
        "optimization_recommendations": [
            *_recommendations(facts),
            *_of_the_market(conversation.market_id),
        ],
        "routing_decision": _decision(offers.route(as_is)),
        "revenue_insights": {
            "quality_assessment": f"Lead quality: {conversation.tier or 'not scored'}",
            "revenue_potential": (
                "No buyer takes such a lead now"
                if potential is None
                else f"Best price: {potential:.2f} {as_is.currency}"
            ),
            "conversion_likelihood": (
                "Not known" if chance is None else f"Conversion probability: {chance:.0%}"
            ),
            "assessment": f"{conversation.score or 0} of 100 so far",
        },
    }


def reached(facts: LeadFacts) -> LeadFacts:
    """The same lead, if it could be reached and had agreed to everything."""
    consents = {"call": 0.0, "sms": 0.0, "email": 0.0}
    return replace(facts, consents=consents, has_email=True, has_valid_phone=True)


def _as_buyers_see_it(
    conversation: Conversation, facts: dict[str, Any], now: datetime
) -> LeadFacts:
    """The lead it became; before that, what such a lead would be."""
    if conversation.lead is not None:
        return lead_facts(conversation.lead, now)
    place = place_of(conversation.market_id, str(facts.get("zip_code") or ""))
    return such_a_lead(conversation, facts, place)


def such_a_lead(
    conversation: Conversation, facts: Mapping[str, Any], place: Place | None
) -> LeadFacts:
    """What buyers would see of a lead made of these facts."""
    market = conversation.market
    bill = facts.get("monthly_bill")
    consent = conversation.consent
    channels = consent.get("channels", ()) if consent.get("given") else ()
    return LeadFacts(
        id=str(conversation.public_id),
        market=market.code,
        currency=market.currency,
        score=conversation.score or 0,
        tier=conversation.tier or "unqualified",
        territory=place.territory_code if place else "",
        postal_code=str(facts.get("zip_code") or ""),
        utility=(place.utility if place else "").lower(),
        ownership=_OWNERSHIP[facts.get("homeowner")],
        property_type=str(facts.get("property_type") or ""),
        monthly_bill=None if bill is None else Decimal(str(bill)),
        roof_type=str(facts.get("roof_type") or ""),
        roof_age=facts.get("roof_age"),
        shading=str(facts.get("shading") or ""),
        credit_range=str(facts.get("credit_range") or ""),
        source="chatbot",
        has_email=bool(facts.get("email")),
        has_valid_phone=bool(facts.get("phone")),
        consents=dict.fromkeys(channels, 0.0),
    )


@dataclass(frozen=True)
class Offers:
    """The buyers of a market with their prices and rules, read once for many leads."""

    buyers: Sequence[Buyer]
    policies: Sequence[Policy]
    rules: Sequence[Rule]
    now: datetime

    def route(self, facts: LeadFacts) -> Route:
        """Who may have such a lead, and why others may not."""
        return route(facts, self.buyers, policies=self.policies, rules=self.rules, now=self.now)

    def best(self, facts: LeadFacts) -> Candidate | None:
        """Who pays best for such a lead; None when nobody takes it."""
        return next(iter(self.route(facts).ranked), None)


def offers_in(market: str, now: datetime) -> Offers:
    """What the buyers of a market pay now."""
    return Offers(buyers_of(market, now), active_policies(), rules_of(market), now)


def _amount(candidate: Candidate | None) -> float | None:
    return float(candidate.price.amount) if candidate and candidate.price else None


def _decision(found: Route) -> dict[str, Any]:
    """Who would get it now; nobody, and why, while it may not be sold or nobody takes it."""
    candidate = next(iter(found.ranked), None)
    if candidate is None or candidate.price is None:
        return {
            "selected_buyer_id": None,
            "selected_buyer_tier": None,
            "price_per_lead": None,
            "expected_revenue": None,
            "routing_reason": _why_nobody(found),
        }
    platform = Platform.objects.get(slug=candidate.buyer)
    expected = round_cents(candidate.price.amount * platform.acceptance_rate)
    return {
        "selected_buyer_id": candidate.buyer,
        "selected_buyer_tier": platform.tier,
        "price_per_lead": float(candidate.price.amount),
        "expected_revenue": float(expected),
        "routing_reason": found.reason,
    }


def _why_nobody(found: Route) -> str:
    """With what most buyers say against it."""
    said = Counter(refusal.words for one in found.refused for refusal in one.refusals)
    mostly = [f": {words}" for words, _ in said.most_common(1)]
    return "".join([found.reason, *mostly])


def _of_the_market(market: str) -> list[str]:
    """What the market's conversations of the last days say most urgently."""
    told = ConversationAdvice.objects.filter(market=market).values_list("words", flat=True)
    return list(told[:_MOST_OF_THE_MARKET])


def _recommendations(facts: dict[str, Any]) -> list[str]:
    """What to answer and to find out next, the most valuable first."""
    open_facts = [words for key, words in _ADVICE.items() if facts.get(key) in (None, "")]
    raised = [_OBJECTIONS[one] for one in facts.get("objections") or () if one in _OBJECTIONS]
    return [*raised, *open_facts][:_MOST_ADVICE]
