"""What a lead costs a buyer, and why. Pure.

    base (of the buyer's tier, or its own bid) x quality x surge x hour x weekday x market

within the buyer's floor and ceiling, cents half-up. Every factor is kept, so that a person can
follow the sum with a pencil. The market's factor is data and never follows from income.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cached_property, lru_cache
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from apps.core.money import round_cents

ONE = Decimal(1)
_QUARTER_SECONDS = 900
BUYER_TIERS = ("premium", "standard", "volume", "direct")


class Factor(NamedTuple):
    """One factor of a price and what it comes from. A tuple: many are made for each lead."""

    name: str
    value: Decimal
    words: str


class Price(NamedTuple):
    """A price with everything it is made of."""

    amount: Decimal
    currency: str
    policy: str
    factors: tuple[Factor, ...]
    before_bounds: Decimal
    bound: str  # "", "floor" or "ceiling"

    def as_json(self) -> dict[str, Any]:
        return {
            "amount": str(self.amount),
            "currency": self.currency,
            "policy": self.policy,
            "factors": [
                {"name": one.name, "value": str(one.value), "words": one.words}
                for one in self.factors
            ],
            "before_bounds": str(self.before_bounds),
            "bound": self.bound,
        }


@dataclass(frozen=True, slots=True)
class Terms:
    """What was agreed with a buyer. `bid` stands in place of its tier's base."""

    tier: str
    floor: Decimal
    ceiling: Decimal
    bid: Decimal | None = None
    zone: str = "UTC"


@dataclass(frozen=True)
class Policy:
    """A version of the tables that prices are made with."""

    version: str
    base: Mapping[str, Mapping[str, Decimal]]  # by currency, by tier of buyer
    quality: tuple[tuple[int, Decimal], ...]  # from a score on, the highest first
    surge_from: float
    surge: Decimal
    morning: tuple[int, int, Decimal]  # from an hour to just before another, Monday to Friday
    afternoon: tuple[int, int, Decimal]
    weekend: Decimal
    markets: Mapping[str, Decimal]
    share: int = 100  # percent of leads, when several are tried out side by side

    @cached_property
    def qualities(self) -> tuple[Factor, ...]:
        """The factor of each score from 0 to 100, made once: every price asks for one."""
        return tuple(
            Factor(
                "quality",
                next((value for least, value in self.quality if score >= least), ONE),
                f"Score of {score}",
            )
            for score in range(101)
        )

    @cached_property
    def bases(self) -> dict[tuple[str, str], Factor]:
        """The base of each currency and tier of buyer."""
        return {
            (currency, tier): Factor("base", value, f"A {tier} buyer")
            for currency, tiers in self.base.items()
            for tier, value in tiers.items()
        }

    def can_price(self, currency: str, terms: Terms) -> bool:
        """Whether there is a base to begin with, or a bid in its place."""
        return terms.bid is not None or (currency, terms.tier) in self.bases

    @cached_property
    def places(self) -> dict[str, Factor]:
        return {name: Factor("market", value, name) for name, value in self.markets.items()}


def price_lead(
    *,
    score: int,
    market: str,
    currency: str,
    terms: Terms,
    fullest: float,
    policy: Policy,
    quarter: int,
) -> Price:
    """The price of a lead of this score for this buyer, in a quarter of an hour (`quarter_of`).

    `fullest` is how full the buyer's fullest cap is, 0 to 1. Raises KeyError for a currency or tier
    that the policy has no base for.
    """
    first = (
        policy.bases[currency, terms.tier]
        if terms.bid is None
        else Factor("base", terms.bid, "The buyer's own bid")
    )
    quality = policy.qualities[score]
    surge = (
        Factor("surge", policy.surge, f"{fullest:.0%} of its fullest cap taken")
        if fullest >= policy.surge_from
        else _NO_SURGE
    )
    hour, weekday = _clock(policy.morning, policy.afternoon, policy.weekend, terms.zone, quarter)
    place = policy.places.get(market) or Factor("market", ONE, market)
    factors = (first, quality, surge, hour, weekday, place)
    raw = round_cents(
        first.value * quality.value * surge.value * hour.value * weekday.value * place.value
    )
    amount, bound = raw, ""
    if raw < terms.floor:
        amount, bound = terms.floor, "floor"
    elif raw > terms.ceiling:
        amount, bound = terms.ceiling, "ceiling"
    return Price(amount, currency, policy.version, factors, raw, bound)


def lift_of(price: Price, terms: Terms) -> float:
    """How much the surge of the moment raises a price, within the buyer's bounds; 1 without."""
    surge = next(one.value for one in price.factors if one.name == "surge")
    if surge == ONE:
        return 1.0
    plain = min(max(price.before_bounds / surge, terms.floor), terms.ceiling)
    return float(price.amount / plain)


def quarter_of(now: datetime) -> int:
    """Which quarter of an hour it is, since 1970. Prices change with the clock no faster."""
    return int(now.timestamp() // _QUARTER_SECONDS)


def policy_for(lead_id: str, policies: Sequence[Policy]) -> Policy:
    """Which of the active policies prices a lead: always the same one for the same lead.

    Each takes its share of a hundred; what is left of the hundred goes to the first.
    """
    place = int.from_bytes(hashlib.blake2b(lead_id.encode(), digest_size=4).digest()) % 100
    taken = 0
    for policy in policies[1:]:
        taken += policy.share
        if place < taken:
            return policy
    return policies[0]


def read_policy(
    version: str, stored: Mapping[str, Any], *, share: int = 100, surge_from: float = 0.80
) -> Policy:
    """A policy as it is kept in JSON. Raises ValueError for one that cannot price.

    `surge_from` is how full the fullest cap is from which there is a surge, 0 to 1, for a policy
    that does not say so itself (`from_percent`).
    """
    try:
        return Policy(
            version=version,
            share=share,
            base={
                currency: {tier: _factor(tiers[tier]) for tier in BUYER_TIERS}
                for currency, tiers in stored["base"].items()
            },
            quality=tuple(
                sorted(
                    ((int(score), _factor(value)) for score, value in stored["quality"]),
                    reverse=True,
                )
            ),
            surge_from=float(stored["surge"].get("from_percent", 100 * surge_from)) / 100,
            surge=_factor(stored["surge"]["factor"]),
            morning=_hours(stored["hours"]["morning"]),
            afternoon=_hours(stored["hours"]["afternoon"]),
            weekend=_factor(stored["weekend"]),
            markets={name: _factor(value) for name, value in stored["markets"].items()},
        )
    except (KeyError, TypeError, ArithmeticError) as error:
        raise ValueError(f"A pricing policy lacks or misstates {error}.") from error


FIRST_VERSION = "2026-11"
FIRST_POLICY: dict[str, Any] = {
    "base": {
        "USD": {"premium": "250", "standard": "125", "volume": "75", "direct": "180"},
        "INR": {"premium": "1500", "standard": "800", "volume": "400", "direct": "1100"},
    },
    "quality": [[90, "1.3"], [80, "1.2"]],
    "surge": {"factor": "1.5"},
    "hours": {"morning": [9, 12, "1.10"], "afternoon": [12, 17, "1.20"]},
    "weekend": "0.90",
    "markets": {"nyc": "1.00", "india": "1.00"},
}


@lru_cache(maxsize=1024)
def _clock(
    morning: tuple[int, int, Decimal],
    afternoon: tuple[int, int, Decimal],
    weekend: Decimal,
    zone: str,
    quarter: int,
) -> tuple[Factor, Factor]:
    """The hour's and the weekday's factor, the same for every lead of a quarter of an hour.

    Quarters, for there are time zones that are off by half an hour.
    """
    local = datetime.fromtimestamp(quarter * _QUARTER_SECONDS, ZoneInfo(zone))
    words = f"{local:%a} {local:%H}:00 hours, {zone}"
    if local.weekday() >= 5:
        return Factor("hour", ONE, words), Factor("weekday", weekend, f"{local:%A}")
    value = ONE
    for first, last, factor in (morning, afternoon):
        if first <= local.hour < last:
            value = factor
    return Factor("hour", value, words), Factor("weekday", ONE, f"{local:%A}")


_NO_SURGE = Factor("surge", ONE, "Room in every cap")


def _hours(stored: Sequence[Any]) -> tuple[int, int, Decimal]:
    first, last, value = stored
    return int(first), int(last), _factor(value)


def _factor(text: Any) -> Decimal:
    value = Decimal(str(text))
    if not value.is_finite() or value <= 0:
        raise ValueError("A factor is more than nothing.")
    return value
