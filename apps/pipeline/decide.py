"""Work a lead or sell it. Pure.

Buyers are not connected yet, so a lead that may be contacted is worked. What may not be contacted
is neither worked nor sold, whatever it would bring.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class DecisionFacts:
    """What the decision looks at."""

    has_email: bool
    has_phone: bool
    suppressed: frozenset[str]  # of "email" and "phone"


@dataclass(frozen=True)
class Decision:
    """What happens to a lead, and the reason in words for its timeline."""

    way: Literal["work", "hold"]
    reason: str


def decide(facts: DecisionFacts) -> Decision:
    """The way a lead goes."""
    addresses = {
        kind for kind, known in (("email", facts.has_email), ("phone", facts.has_phone)) if known
    }
    if not addresses - facts.suppressed:
        return Decision("hold", "Every address of this person is on the do-not-contact list")
    return Decision("work", "Worked by our own people: no buyers are connected")
