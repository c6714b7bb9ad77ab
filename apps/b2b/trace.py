"""The trace of a lead through the exchange, as people read it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from apps.b2b.marks import MARKS, STRATEGIES
from apps.b2b.models import DeliveryAttempt, RouteDecision, Sale
from apps.core.money import Money
from apps.leads.models import Lead

_MARK_LABELS = {
    "revenue": "Expected revenue",
    "acceptance": "Accepts",
    "capacity": "Room",
    "quality": "Suits",
    "geography": "Place",
    "history": "History",
}
_FACTS = (
    ("score", "Score"),
    ("tier", "Tier"),
    ("territory", "Territory"),
    ("postal_code", "Postal code"),
    ("ownership", "Ownership"),
    ("property_type", "Home"),
    ("monthly_bill", "Bill"),
    ("age_hours", "Hours old"),
    ("consents", "Consent for"),
    ("offered", "Offered before to"),
)


@dataclass(frozen=True)
class MarkShown:
    """One of the six marks of a buyer, and what it weighs."""

    label: str
    value: float
    weight: float


@dataclass(frozen=True)
class RoomShown:
    """What the room of a sale is worth to later leads, and what the lead brings beyond that."""

    parts: tuple[tuple[str, Money], ...]
    worth: Money
    beyond: Money


@dataclass(frozen=True)
class CandidateShown:
    """A buyer as it was judged, in words."""

    name: str
    chosen: bool
    refusals: tuple[str, ...]
    price: Money | None
    price_steps: tuple[tuple[str, str, str], ...]
    bound: str
    score: float
    marks: tuple[MarkShown, ...]
    rule: str
    room: RoomShown | None


@dataclass(frozen=True)
class SaleShown:
    """A sale with its delivery and every try."""

    sale: Sale
    money: Money
    attempts: tuple[DeliveryAttempt, ...]


@dataclass(frozen=True)
class RouteShown:
    """One decision, what it looked at, and what came of it."""

    decision: RouteDecision
    asked: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    ranked: tuple[CandidateShown, ...]
    refused: tuple[CandidateShown, ...]
    sales: tuple[SaleShown, ...]


def lead_trace(lead: Lead) -> list[RouteShown]:
    """Everything the exchange did with a lead, the newest decision first. Four queries."""
    decisions = lead.routes.select_related("in_place_of__platform", "plan").prefetch_related(
        "sales__platform", "sales__consent", "sales__delivery__attempts"
    )
    return [_route(decision) for decision in decisions.order_by("-decided_at", "-pk")[:20]]


def _route(decision: RouteDecision) -> RouteShown:
    shown = [candidate_shown(one, decision.strategy) for one in decision.candidates]
    return RouteShown(
        decision=decision,
        asked=tuple(_asked(decision)),
        facts=tuple(_facts(decision.facts)),
        ranked=tuple(one for one in shown if one.price is not None),
        refused=tuple(one for one in shown if one.price is None),
        sales=tuple(
            SaleShown(
                sale,
                Money(sale.price, sale.currency),
                tuple(sale.delivery.attempts.all()) if hasattr(sale, "delivery") else (),
            )
            for sale in decision.sales.all()
        ),
    )


def _asked(decision: RouteDecision) -> Iterator[str]:
    """How it was asked, where that was not the plain way."""
    if (before := decision.in_place_of) is not None:
        yield f"In the place of {before.platform}, which did not take it"
    if have := decision.facts.get("shared_by"):
        yield f"Beside {have} {'buyer that has' if have == 1 else 'buyers that have'} it"
    if decision.share_up_to > 1:
        yield f"Shared by up to {decision.share_up_to}"
    if decision.only:
        yield f"Only {decision.only} was to be asked"


def candidate_shown(stored: dict[str, Any], strategy: str) -> CandidateShown:
    """A stored candidate as the page shows it."""
    price = stored["price"]
    weights = STRATEGIES[strategy]
    return CandidateShown(
        name=stored["name"],
        chosen=stored.get("chosen", False),
        refusals=tuple(one["words"] for one in stored["refusals"]),
        price=Money(Decimal(price["amount"]), price["currency"]) if price else None,
        price_steps=tuple(price_steps(price)) if price else (),
        bound=price["bound"] if price else "",
        score=stored["score"],
        marks=tuple(
            MarkShown(_MARK_LABELS[name], stored["marks"].get(name, 0.0), weight)
            for name, weight in zip(MARKS, weights, strict=True)
        )
        if price
        else (),
        rule=stored["rule"],
        room=_room(stored.get("room"), price) if price else None,
    )


def _room(stored: dict[str, Any] | None, price: dict[str, Any]) -> RoomShown | None:
    """Nothing for the other strategies, which do not look ahead."""
    if stored is None:
        return None
    currency, worth = price["currency"], Decimal(stored["worth"])
    return RoomShown(
        parts=tuple(
            (one["words"], Money(Decimal(one["amount"]), currency)) for one in stored["parts"]
        ),
        worth=Money(worth, currency),
        beyond=Money(Decimal(price["amount"]) - worth, currency),
    )


def price_steps(price: dict[str, Any]) -> list[tuple[str, str, str]]:
    """A price as a sum one can follow: what, how much, because of what."""
    steps = []
    for one in price["factors"]:
        value = Decimal(one["value"])
        said = (
            str(Money(value, price["currency"]))
            if one["name"] == "base"
            else f"× {value.normalize():f}"
        )
        steps.append((one["name"].capitalize(), said, one["words"]))
    return steps


def _facts(facts: dict[str, Any]) -> list[tuple[str, str]]:
    return [(label, _said(facts.get(name))) for name, label in _FACTS if facts.get(name)]


def _said(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} ({days:.0f} days)" for name, days in value.items())
    if isinstance(value, list):
        return ", ".join(value)
    return f"{value:.0f}" if isinstance(value, float) else str(value).replace("_", " ")
