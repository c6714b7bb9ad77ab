"""Which buyer gets a lead, and why not the others. Pure.

Every buyer is looked at: what speaks against it is kept, and for those that may have the lead the
price and the six marks its place comes from. Ties go to the better price, then by name, so the same
question has the same answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from operator import mul
from typing import Any, NamedTuple

from apps.b2b.caps import Use
from apps.b2b.filters import Filters, LeadFacts, Refusal
from apps.b2b.marks import ANYWHERE, MARKS, STRATEGIES, SUITS, strongest
from apps.b2b.pricing import Policy, Price, Terms, lift_of, policy_for, price_lead, quarter_of
from apps.b2b.room import BidPrices, Room
from apps.b2b.windows import Window, is_open


@dataclass(frozen=True)
class Buyer:
    """A buyer as it stands at this moment. `key` is its slug.

    `spendable` is what it can still pay (None: without limit); `paused` why it takes nothing;
    `share_limit` with how many it shares a lead (1: never); `waits` whether a delivery may wait
    for its window.
    """

    key: str
    name: str
    market: str
    currency: str
    terms: Terms
    filters: Filters = field(default_factory=Filters)
    caps: tuple[Use, ...] = ()
    windows: tuple[Window, ...] = ()
    waits: bool = True
    spendable: Decimal | None = None
    duplicate_days: int = 90
    share_limit: int = 1
    acceptance: float = 0.85
    history: float = 50.0
    paused: str = ""

    @property
    def share_words(self) -> str:
        limit = self.share_limit
        return f"leads shared by {limit} at most" if limit > 1 else "leads of its own only"

    @cached_property
    def fullest(self) -> float:
        """How full its fullest cap is, 0 to 1."""
        return max((use.share for use in self.caps), default=0.0)

    @cached_property
    def full(self) -> tuple[tuple[str | None, Refusal], ...]:
        """Its full caps, each with the territory it closes (None: all)."""
        return tuple(
            (use.cap.territory, Refusal("cap", f"Cap is full: {use.words}"))
            for use in self.caps
            if use.is_full
        )


@dataclass(frozen=True, slots=True)
class Rule:
    """An override, before any strategy: `only` these buyers, `prefer` them, or `never`.

    It holds for leads of the named places, tiers and sources; an empty set names all of them.
    """

    name: str
    effect: str
    buyers: frozenset[str]
    territories: frozenset[str] = frozenset()
    tiers: frozenset[str] = frozenset()
    sources: frozenset[str] = frozenset()
    score_min: int = 0

    def holds_for(self, lead: LeadFacts) -> bool:
        return (
            lead.score >= self.score_min
            and (not self.territories or lead.territory in self.territories)
            and (not self.tiers or lead.tier in self.tiers)
            and (not self.sources or lead.source in self.sources)
        )


class Candidate(NamedTuple):
    """A buyer as it was judged. Refused: no price. A tuple: one for each buyer and lead."""

    buyer: str
    name: str
    refusals: tuple[Refusal, ...]
    price: Price | None = None
    marks: tuple[float, ...] = ()
    score: float = 0.0
    rule: str = ""
    share_limit: int = 1
    room: Room | None = None

    def as_json(self) -> dict[str, Any]:
        return {
            "buyer": self.buyer,
            "name": self.name,
            "refusals": [{"code": one.code, "words": one.words} for one in self.refusals],
            "price": self.price.as_json() if self.price else None,
            "marks": dict(zip(MARKS, self.marks, strict=False)),
            "score": round(self.score, 2),
            "rule": self.rule,
            "room": self.room.as_json() if self.room else None,
        }


@dataclass(frozen=True)
class Route:
    """The answer: who may have the lead, the best first, and who may not."""

    strategy: str
    ranked: tuple[Candidate, ...]
    refused: tuple[Candidate, ...]
    note: str = ""

    @property
    def reason(self) -> str:
        """Why the first is the first, in a sentence."""
        if not self.ranked:
            return "No buyer may have this lead"
        best = self.ranked[0]
        if best.rule:
            return f"{best.name}: the rule “{best.rule}” says so"
        if best.room is not None and best.room.worth and best.price is not None:
            return (
                f"{best.name}: {best.price.amount}, less {best.room.worth:.2f} for the room that it"
                " takes from later leads"
            )
        mostly = strongest(best.marks, self.strategy)
        note = f" ({self.note})" if self.note else ""
        return f"{best.name}: {best.score:.0f} points, mostly for {mostly}{note}"


def route(
    lead: LeadFacts,
    buyers: Iterable[Buyer],
    *,
    policies: Sequence[Policy],
    rules: Sequence[Rule] = (),
    strategy: str = "weighted",
    bid_prices: BidPrices | None = None,
    now: datetime,
) -> Route:
    """Judge every buyer and put those that may have the lead in order.

    `bid_prices` are for the strategy `optimal`: without any that hold it is `revenue`. Raises
    KeyError for a strategy there is not.
    """
    weights = STRATEGIES[strategy]
    holding_prices, note = None, ""
    if strategy == "optimal":
        note = bid_prices.why_not(now) if bid_prices else "nothing was forecast yet"
        holding_prices = None if note else bid_prices
    policy = policy_for(lead.id, policies)
    holding = [rule for rule in rules if rule.holds_for(lead)]
    allowed: list[tuple[Buyer, Price, Room | None]] = []
    refused: list[Candidate] = []
    quarter = quarter_of(now)
    for buyer in buyers:
        refusals = _refusals(lead, buyer, now)
        if holding:
            refusals += _overruled(buyer, holding)
        if not policy.can_price(buyer.currency, buyer.terms):
            words = f"No base price for a {buyer.terms.tier} buyer in {buyer.currency}"
            refusals.append(Refusal("price", words))
        if not refusals:
            price = price_lead(
                score=lead.score,
                market=lead.market,
                currency=lead.currency,
                terms=buyer.terms,
                fullest=buyer.fullest,
                policy=policy,
                quarter=quarter,
            )
            if buyer.spendable is not None and price.amount > buyer.spendable:
                refusals = [Refusal("budget", f"{price.amount} is more than it can spend now")]
            elif holding_prices is None:
                allowed.append((buyer, price, None))
                continue
            else:
                lift = lift_of(price, buyer.terms)
                room = holding_prices.room(buyer.key, lead.territory, price.amount, lift, now)
                if _is_named(buyer, holding) or not room.is_worth_more_than(price.amount):
                    allowed.append((buyer, price, room))
                    continue
                refusals = [Refusal("room", room.words_against(price.amount))]
        refused.append(Candidate(buyer.key, buyer.name, tuple(refusals)))
    return Route(strategy, _rank(lead, allowed, weights, holding), tuple(refused), note)


def _refusals(lead: LeadFacts, buyer: Buyer, now: datetime) -> list[Refusal]:
    """What stands against a sale, whatever it would bring."""
    if lead.market != buyer.market:
        return [Refusal("market", "Buys in another market")]
    found = buyer.filters.refusals(lead)
    if lead.is_suppressed:
        found.append(Refusal("suppressed", "This person must not be contacted"))
    if buyer.paused:
        found.append(Refusal("paused", buyer.paused))
    if buyer.key in lead.offered:
        found.append(Refusal("offered", "Was offered this lead before"))
    if lead.shared_by >= buyer.share_limit:
        found.append(Refusal("shared", f"{lead.shared_by} have it; takes {buyer.share_words}"))
    days = lead.bought.get(buyer.key)
    if days is not None and days < buyer.duplicate_days:
        words = f"Bought this person {days:.0f} days ago, within {buyer.duplicate_days}"
        found.append(Refusal("duplicate", words))
    for territory, refusal in buyer.full:
        if territory is None or territory == lead.territory:
            found.append(refusal)
    if not buyer.waits and not is_open(buyer.windows, now, buyer.terms.zone):
        found.append(Refusal("window", "Takes no deliveries at this hour"))
    return found


def _overruled(buyer: Buyer, rules: Sequence[Rule]) -> list[Refusal]:
    found = []
    for rule in rules:
        if rule.effect == "never" and buyer.key in rule.buyers:
            found.append(Refusal("rule", f"The rule “{rule.name}” excludes it"))
        if rule.effect == "only" and buyer.key not in rule.buyers:
            found.append(Refusal("rule", f"The rule “{rule.name}” names others only"))
    return found


def _is_named(buyer: Buyer, rules: Sequence[Rule]) -> bool:
    """Whether a rule wants this buyer: rules go before every strategy."""
    return any(rule.effect != "never" and buyer.key in rule.buyers for rule in rules)


def _rank(
    lead: LeadFacts,
    allowed: Sequence[tuple[Buyer, Price, Room | None]],
    weights: tuple[float, ...],
    rules: Sequence[Rule],
) -> tuple[Candidate, ...]:
    expected = [
        (float(price.amount) if room is None else max(0.0, float(price.amount) - room.worth))
        * buyer.acceptance
        for buyer, price, room in allowed
    ]
    best = max(expected, default=0.0) or 1.0
    preferred: Mapping[str, str] = {
        key: rule.name
        for rule in reversed(rules)
        if rule.effect in {"only", "prefer"}
        for key in rule.buyers
    }
    judged = []
    for (buyer, price, room), worth in zip(allowed, expected, strict=True):
        marks = (
            100.0 * (worth / best),
            100.0 * buyer.acceptance,
            100.0 * (1.0 - buyer.fullest),
            SUITS[buyer.terms.tier].get(lead.tier, 0.0),
            100.0 if buyer.filters.territories else ANYWHERE,
            buyer.history,
        )
        score = sum(map(mul, weights, marks))
        rule = preferred.get(buyer.key, "") if preferred else ""
        judged.append(
            Candidate(buyer.key, buyer.name, (), price, marks, score, rule, buyer.share_limit, room)
        )
    return tuple(sorted(judged, key=_place))


def _place(one: Candidate) -> tuple[bool, float, Decimal, str]:
    """Rounded: a difference in the twelfth digit is a tie."""
    amount = one.price.amount if one.price else Decimal(0)
    return (not one.rule, -round(one.score, 9), -amount, one.buyer)
