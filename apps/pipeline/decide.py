"""Work a lead or sell it. Pure.

What may not be contacted is neither worked nor sold, whatever it would bring. Otherwise the rule
of the lead's source and market says which way it goes; without a rule it is worked, and without a
consent it is never sold.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True)
class Rule:
    """What happens to leads of a source and a market; "" stands for every one."""

    way: str  # work, sell or sell_untaken
    source: str = ""
    market: str = ""
    untaken_minutes: int = 60
    strategy: str = "weighted"
    share_up_to: int = 1

    @property
    def narrowness(self) -> tuple[bool, bool]:
        return bool(self.source), bool(self.market)

    @property
    def words(self) -> str:
        named = [word for word in (self.source, self.market) if word]
        return f"the rule for {' in '.join(named) or 'all leads'}"


@dataclass(frozen=True)
class DecisionFacts:
    """What the decision looks at."""

    has_email: bool
    has_phone: bool
    suppressed: frozenset[str]  # of "email" and "phone"
    source: str = ""
    market: str = ""
    has_consent: bool = False
    rules: tuple[Rule, ...] = field(default_factory=tuple)


@dataclass(frozen=True)
class Decision:
    """What happens to a lead, and the reason in words for its timeline."""

    way: Literal["work", "sell", "sell_untaken", "hold"]
    reason: str
    untaken_minutes: int = 0
    strategy: str = ""
    share_up_to: int = 1


def decide(facts: DecisionFacts) -> Decision:
    """The way a lead goes."""
    addresses = {
        kind for kind, known in (("email", facts.has_email), ("phone", facts.has_phone)) if known
    }
    if not addresses - facts.suppressed:
        return Decision("hold", "Every address of this person is on the do-not-contact list")
    rule = rule_for(facts.source, facts.market, facts.rules)
    if rule is None:
        return Decision("work", "Worked by our own people: no rule says to sell it")
    if rule.way == "work":
        return Decision("work", f"Worked by our own people: {rule.words}")
    if not facts.has_consent:
        return Decision("work", f"Worked: {rule.words} would sell it, but there is no consent to")
    if facts.suppressed:
        kind = "e-mail" if "email" in facts.suppressed else "telephone"
        return Decision("work", f"Worked: their {kind} must not be used, so it is not sold")
    if rule.way == "sell":
        return Decision(
            "sell",
            f"Sold to a buyer: {rule.words}",
            strategy=rule.strategy,
            share_up_to=rule.share_up_to,
        )
    return Decision(
        "sell_untaken",
        f"Worked, and sold when nobody gets in touch within {_span(rule.untaken_minutes)}:"
        f" {rule.words}",
        rule.untaken_minutes,
        rule.strategy,
        rule.share_up_to,
    )


def rule_for(source: str, market: str, rules: Iterable[Rule]) -> Rule | None:
    """The narrowest rule that holds; a source narrows more than a market."""
    holding = [
        rule for rule in rules if rule.source in ("", source) and rule.market in ("", market)
    ]
    return max(holding, key=lambda rule: rule.narrowness, default=None)


def _span(minutes: int) -> str:
    if minutes < 120:
        return f"{minutes} minutes"
    return f"{minutes / 60:.0f} hours" if minutes < 48 * 60 else f"{minutes / 1440:.0f} days"
