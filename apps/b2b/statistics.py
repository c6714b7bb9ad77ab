"""What is believed of a buyer and of a lead until enough is known, and after. Pure.

A rate is begun with assumed cases, so that the first no does not decide; every real case moves it.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

ASSUMED_ACCEPTANCE = Decimal("0.85")
ASSUMED_LEADS = 20
# Shares of leads that become customers, and how many leads each is worth as evidence. The mean,
# six percent, is what sellers of solar leads report; the tiers are spread around it.
ASSUMED_CONVERSION: Mapping[str, Decimal] = {
    "premium": Decimal("0.10"),
    "standard": Decimal("0.06"),
    "basic": Decimal("0.03"),
    "unqualified": Decimal("0.01"),
}
ASSUMED_CASES = 50
_GOOD_CONVERSION = Decimal("0.10")  # a buyer that closes one of ten has the best history mark


def acceptance_rate(accepted: int, rejected: int) -> Decimal:
    """The share of what is sent that a buyer takes, 0 to 1."""
    total = accepted + rejected + ASSUMED_LEADS
    rate = (accepted + ASSUMED_ACCEPTANCE * ASSUMED_LEADS) / total
    return rate.quantize(Decimal("0.0001"))


def history_mark(accepted: int, converted: int) -> Decimal:
    """0 to 100: how often what a buyer took became a customer; 50 for one without outcomes."""
    half = _GOOD_CONVERSION / 2
    rate = (converted + half * ASSUMED_LEADS) / (accepted + ASSUMED_LEADS)
    return min(Decimal(100), (rate / _GOOD_CONVERSION * 100)).quantize(Decimal("0.01"))


def conversion_probability(tier: str, won: int, lost: int) -> Decimal:
    """How likely a lead of a tier becomes somebody's customer, calibrated on what did."""
    assumed = ASSUMED_CONVERSION[tier]
    rate = (won + assumed * ASSUMED_CASES) / (won + lost + ASSUMED_CASES)
    return rate.quantize(Decimal("0.0001"))
