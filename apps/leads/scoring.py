"""How good a lead is: 0 to 100, from named factors, with every factor kept. Pure.

    total = 0.40 base + 0.30 behaviour + 0.20 timing + 0.10 market      (each part 0 to 100)

The base adds up points; the other parts are the mean of their factors. A factor nobody stated
counts a fixed value, so a lead is not punished for what it was not asked. Two caps keep the score
honest: somebody known not to own the home stays below standard, and somebody whose ownership is
not known stays below premium. All arithmetic is exact (`Fraction`), rounded half-up once.

Source: the four-factor algorithm of the revenue requirements; tables in `Parameters`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from fractions import Fraction
from typing import Any

Points = Mapping[str, int]
Steps = Sequence[tuple[float, int]]  # (from this value on, points), highest first


@dataclass(frozen=True)
class LeadFacts:
    """What a score is made from. Empty or None means nobody stated it.

    `monthly_bill` in the market's currency; `month` 1 to 12, local; indices and ranks 0 to 100.
    """

    market: str = ""
    ownership: str = ""
    monthly_bill: float | None = None
    service: str = ""  # of the territory: core, served, outside
    property_type: str = ""
    engagement_minutes: float | None = None
    technical_questions: int | None = None
    objections_resolved: float | None = None
    sentiment: float | None = None
    timeline: str = ""
    credit_range: str = ""
    decision_maker: str = ""
    compares_offers: bool | None = None
    adoption_index: int | None = None
    income_rank: int | None = None
    demand_index: int | None = None
    month: int | None = None

    def digest(self) -> str:
        """Equal for equal facts: a score is stored once for the same input."""
        return hashlib.sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()


def _points(**values: int) -> dict[str, int]:
    return values


@dataclass(frozen=True)
class Parameters:
    """The weights and tables of one model version. Stored whole with `ScoringModel`."""

    weights: Points = field(
        default_factory=lambda: _points(base=40, behaviour=30, timing=20, market=10)
    )
    tiers: Points = field(default_factory=lambda: _points(premium=85, standard=70, basic=50))
    cap_not_owner: int = 69
    cap_ownership_unknown: int = 84

    ownership: Points = field(default_factory=lambda: _points(owner=45, renter=0, unknown=20))
    bill_points: Sequence[int] = (30, 22, 12, 4)
    bill_unknown: int = 12
    bill_thresholds: Mapping[str, Sequence[int]] = field(
        default_factory=lambda: {"default": (300, 200, 100), "india": (6000, 4000, 2000)}
    )
    territory: Points = field(
        default_factory=lambda: _points(core=10, served=7, outside=0, unknown=5)
    )
    property_type: Points = field(
        default_factory=lambda: _points(
            single_family=15,
            townhouse=15,
            brownstone=15,
            multi_family=15,
            condo=14,
            co_op=13,
            commercial=12,
            apartment=6,
            unknown=8,
        )
    )

    unknown_behaviour: int = 80
    engagement_minutes: Steps = ((10, 100), (5, 90), (2, 75), (0, 50))
    technical_questions: Steps = ((3, 100), (1, 90), (0, 60))
    objections_resolved: tuple[int, int] = (40, 100)  # at a share of 0 and of 1
    sentiment: tuple[int, int] = (0, 100)  # at -1 and at 1

    unknown_timing: int = 80
    timeline: Points = field(
        default_factory=lambda: _points(
            immediate=100, within_3_months=90, within_6_months=80, within_year=60, researching=30
        )
    )
    credit_range: Points = field(
        default_factory=lambda: _points(excellent=100, good=90, fair=65, poor=30)
    )
    decision_maker: Points = field(default_factory=lambda: _points(sole=100, joint=85, other=50))
    compares_offers: Points = field(default_factory=lambda: _points(yes=85, no=75))

    unknown_market: int = 70
    season: Sequence[int] = (60, 65, 75, 85, 85, 85, 80, 80, 80, 75, 65, 60)  # January first

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Parameters:
        """What was stored; a table the stored version does not know keeps today's default."""
        known = {name: value for name, value in stored.items() if name in cls.__dataclass_fields__}
        return cls(**known)

    def to_json(self) -> dict[str, Any]:
        plain: dict[str, Any] = json.loads(json.dumps(asdict(self)))
        return plain


@dataclass(frozen=True)
class Factor:
    """One reason for a score: what was stated, and the points it gave of those it could give."""

    part: str
    name: str
    stated: str  # "" when nobody stated it
    points: float
    maximum: int


@dataclass(frozen=True)
class Score:
    """A score with its reasons. `parts` are 0 to 100; `cap` names the cap that held it down."""

    total: int
    tier: str
    parts: Mapping[str, float]
    factors: tuple[Factor, ...]
    cap: str = ""
    uncapped: int = 0

    @property
    def offer_community_solar(self) -> bool:
        return self.cap == "not_owner"


def score_lead(facts: LeadFacts, parameters: Parameters) -> Score:
    """The score of a lead under one version of the model."""
    factors = {
        "base": _base(facts, parameters),
        "behaviour": _behaviour(facts, parameters),
        "timing": _timing(facts, parameters),
        "market": _market(facts, parameters),
    }
    parts = {
        part: sum((_exact(f) for f in found), Fraction()) / (1 if part == "base" else len(found))
        for part, found in factors.items()
    }
    weighted = sum(
        (parts[part] * weight for part, weight in parameters.weights.items()), Fraction()
    )
    uncapped = _round_half_up(weighted / sum(parameters.weights.values()))
    total, cap = _capped(uncapped, facts, parameters)
    return Score(
        total=total,
        tier=tier_of(total, parameters),
        parts={part: round(float(value), 1) for part, value in parts.items()},
        factors=tuple(factor for found in factors.values() for factor in found),
        cap=cap,
        uncapped=uncapped,
    )


def tier_of(total: int, parameters: Parameters) -> str:
    """The tier of a total: the highest whose threshold it reaches."""
    ranked = sorted(parameters.tiers.items(), key=lambda tier: -tier[1])
    return next((name for name, least in ranked if total >= least), "unqualified")


def _base(facts: LeadFacts, p: Parameters) -> list[Factor]:
    thresholds = p.bill_thresholds.get(facts.market) or p.bill_thresholds["default"]
    steps = [*zip(thresholds, p.bill_points, strict=False), (float("-inf"), p.bill_points[-1])]
    bill = p.bill_unknown if facts.monthly_bill is None else _step(facts.monthly_bill, steps)
    return [
        _from_table("base", "ownership", facts.ownership, p.ownership),
        Factor("base", "monthly_bill", _stated(facts.monthly_bill), bill, max(p.bill_points)),
        _from_table("base", "territory", facts.service, p.territory),
        _from_table("base", "property_type", facts.property_type, p.property_type),
    ]


def _behaviour(facts: LeadFacts, p: Parameters) -> list[Factor]:
    def factor(name: str, value: float | None, points: float) -> Factor:
        known = value is not None
        shown = points if known else p.unknown_behaviour
        return Factor("behaviour", name, _stated(value), shown, 100)

    minutes, questions = facts.engagement_minutes, facts.technical_questions
    share, sentiment = facts.objections_resolved, facts.sentiment
    return [
        factor("engagement_time", minutes, _step(minutes or 0, p.engagement_minutes)),
        factor("technical_questions", questions, _step(questions or 0, p.technical_questions)),
        factor("objections_resolved", share, _between(share or 0, 0, 1, p.objections_resolved)),
        factor("sentiment", sentiment, _between(sentiment or 0, -1, 1, p.sentiment)),
    ]


def _timing(facts: LeadFacts, p: Parameters) -> list[Factor]:
    compares = "" if facts.compares_offers is None else ("yes" if facts.compares_offers else "no")
    stated: list[tuple[str, str, Points]] = [
        ("timeline", facts.timeline, p.timeline),
        ("credit_range", facts.credit_range, p.credit_range),
        ("decision_maker", facts.decision_maker, p.decision_maker),
        ("compares_offers", compares, p.compares_offers),
    ]
    return [
        Factor("timing", name, value, table.get(value, p.unknown_timing), 100)
        for name, value, table in stated
    ]


def _market(facts: LeadFacts, p: Parameters) -> list[Factor]:
    season = None if facts.month is None else p.season[facts.month - 1]
    known: list[tuple[str, float | None]] = [
        ("solar_adoption", facts.adoption_index),
        ("income_rank", facts.income_rank),
        ("installer_demand", facts.demand_index),
        ("season", season),
    ]
    return [
        Factor("market", name, _stated(value), p.unknown_market if value is None else value, 100)
        for name, value in known
    ]


def _from_table(part: str, name: str, stated: str, table: Points) -> Factor:
    known = stated in table
    points = table[stated] if known else table["unknown"]
    return Factor(part, name, stated if known else "", points, max(table.values()))


def _step(value: float, steps: Steps) -> int:
    return next((points for least, points in steps if value >= least), 0)


def _between(value: float, low: float, high: float, points: tuple[int, int]) -> float:
    share = (min(max(value, low), high) - low) / (high - low)
    return round(points[0] + share * (points[1] - points[0]), 1)


def _stated(value: float | None) -> str:
    return "" if value is None else f"{value:g}"


def _exact(factor: Factor) -> Fraction:
    return Fraction(str(factor.points))


def _capped(total: int, facts: LeadFacts, p: Parameters) -> tuple[int, str]:
    limits = {"renter": (p.cap_not_owner, "not_owner"), "owner": (100, "")}
    limit, name = limits.get(facts.ownership, (p.cap_ownership_unknown, "ownership_unknown"))
    return (limit, name) if total > limit else (total, name if name == "not_owner" else "")


def _round_half_up(value: Fraction) -> int:
    return int(value + Fraction(1, 2))
