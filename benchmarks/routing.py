"""How many leads a core routes a second: every buyer judged, every price and reason kept."""

from __future__ import annotations

import random
import statistics
import time
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from apps.b2b.caps import Cap, Use
from apps.b2b.filters import Filters, LeadFacts
from apps.b2b.pricing import BUYER_TIERS, FIRST_POLICY, Terms, read_policy
from apps.b2b.routing import Buyer, route

BUYERS = 50
LEADS = 4000
ROUNDS = 5
_PLACES = ("manhattan", "brooklyn", "queens", "bronx", "staten_island")
_NOW = datetime(2026, 11, 27, 15, tzinfo=UTC)


def routing_rate() -> dict[str, Any]:
    """Leads a second of CPU time (median of ROUNDS), and the share of buyers that may have them."""
    dice = random.Random(2026)
    buyers = [_buyer(dice, number) for number in range(BUYERS)]
    leads = [_lead(dice, number) for number in range(LEADS)]
    policies = [read_policy("bench", FIRST_POLICY)]
    rates, eligible = [], 0
    for _ in range(ROUNDS):
        began = time.process_time()
        for lead in leads:
            eligible += len(route(lead, buyers, policies=policies, now=_NOW).ranked)
        rates.append(LEADS / (time.process_time() - began))
    return {
        "buyers": BUYERS,
        "eligible": eligible / (ROUNDS * LEADS * BUYERS),
        "leads_per_second": statistics.median(rates),
    }


def _buyer(dice: random.Random, number: int) -> Buyer:
    return Buyer(
        key=f"buyer-{number}",
        name=f"Buyer {number}",
        market="nyc",
        currency="USD",
        terms=Terms(dice.choice(BUYER_TIERS), Decimal(20), Decimal(400), None, "America/New_York"),
        filters=Filters(
            territories=frozenset(dice.sample(_PLACES, 2 + number % 2)),
            ownership=frozenset({"owner"}),
            bill_min=Decimal(dice.choice((100, 150, 200))),
            tiers=frozenset({"premium", "standard"}),
            consent_channels=frozenset({"call"}),
        ),
        caps=(
            Use(Cap("day", 20), dice.randint(0, 21)),
            Use(Cap("month", 300), dice.randint(0, 299)),
        ),
        spendable=Decimal(dice.choice((250, 5000))),
        acceptance=dice.uniform(0.5, 1.0),
    )


def _lead(dice: random.Random, number: int) -> LeadFacts:
    return LeadFacts(
        id=f"lead-{number}",
        market="nyc",
        currency="USD",
        score=dice.randint(50, 98),
        tier=dice.choice(("premium", "standard")),
        territory=dice.choice(_PLACES),
        ownership="owner",
        monthly_bill=Decimal(dice.randint(120, 450)),
        consents={"call": 1.0, "email": 1.0},
        age_hours=dice.uniform(0, 20),
    )


if __name__ == "__main__":
    print(routing_rate())
