"""What advice is given on: what is asked, what is known of the place, what came out. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from apps.core.money import Money
from apps.core.words import Say
from apps.solar.contracts import EstimateRequest, MarketData
from apps.solar.estimate import Estimate


@dataclass(frozen=True)
class Situation:
    """An estimate with the question behind it, and the language it is talked about in."""

    request: EstimateRequest
    data: MarketData
    estimate: Estimate
    say: Say

    def money(self, amount: Decimal) -> str:
        """Whole units: no estimate is exact to the cent."""
        return str(Money(amount.quantize(Decimal(1), ROUND_HALF_UP), self.data.currency))

    @property
    def community_discount(self) -> dict[str, str] | None:
        """What community solar typically takes off, in percent, where the market has it."""
        name = "community_solar_discount_{}_percent"
        found = {end: self.data.optional(name.format(end)) for end in ("low", "high")}
        return {end: plain(one) for end, one in found.items() if one is not None} or None


def plain(number: Decimal) -> str:
    """A number as people write it: no exponent, no zeros at the end."""
    return f"{number.normalize():f}"
