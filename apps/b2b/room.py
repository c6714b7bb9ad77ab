"""What the room that a sale takes is worth to the leads that come later. Pure.

A cap that will be asked for more than it holds, or money that will not reach, has a bid price:
what the last place in it is going to bring. Whoever pays less than that for a lead would push out
a better one. Room that nobody will miss is worth nothing. `bid_prices` finds the figures.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

_NO_CENT = 0.005
STALE_AFTER = timedelta(hours=3)  # computed once an hour: older ones tell of another day


class Scarce(NamedTuple):
    """A cap or money of a buyer that will not reach.

    `worth` is what one more place brings, in the currency of the market; of money (`of_price`) what
    one more unit of it brings, 0 to 1. `until`: when the period of the cap ends.
    """

    words: str
    worth: float
    territory: str | None = None
    until: datetime | None = None
    of_price: bool = False

    def as_json(self) -> dict[str, Any]:
        return self._asdict() | {"until": self.until.isoformat() if self.until else None}


class Room(NamedTuple):
    """What a sale takes from later ones, in all and by what it takes it from."""

    worth: float
    parts: tuple[tuple[str, float], ...] = ()

    def is_worth_more_than(self, amount: Decimal) -> bool:
        """By more than a rounding."""
        return self.worth > float(amount) + _NO_CENT

    def words_against(self, amount: Decimal) -> str:
        """Why a lead for this amount does not get it."""
        return f"Room kept for better leads: it is worth {self.worth:.2f}, this one brings {amount}"

    def as_json(self) -> dict[str, Any]:
        return {
            "worth": f"{self.worth:.2f}",
            "parts": [{"words": words, "amount": f"{amount:.2f}"} for words, amount in self.parts],
        }


NOTHING = Room(0.0)


@dataclass(frozen=True)
class BidPrices:
    """What is scarce with the buyers of a market, by their keys; or `why_none` was found."""

    computed_at: datetime
    scarce: Mapping[str, tuple[Scarce, ...]] = field(default_factory=dict)
    why_none: str = ""

    def why_not(self, now: datetime) -> str:
        """Why nobody should go by them now; "" when they hold."""
        if self.why_none:
            return self.why_none
        age = now - self.computed_at
        if age > STALE_AFTER:
            return f"the forecast is {age.total_seconds() / 3600:.0f} hours old"
        return ""

    def room(self, buyer: str, territory: str, amount: Decimal, lift: float, now: datetime) -> Room:
        """What a sale to a buyer for `amount` takes, at this moment.

        `lift` is how much the surge of the moment raises the price: later leads would pay it too.
        """
        parts = tuple(
            (one.words, one.worth * float(amount) if one.of_price else one.worth * lift)
            for one in self.scarce.get(buyer, ())
            if one.territory in (None, territory) and (one.until is None or one.until > now)
        )
        return Room(sum(worth for _, worth in parts), parts) if parts else NOTHING


def read_scarce(stored: Mapping[str, Any]) -> Scarce:
    """What is scarce as it is kept in JSON."""
    until = stored["until"]
    return Scarce(**{**stored, "until": datetime.fromisoformat(until) if until else None})
