"""Once an hour: what the room of the buyers is worth until the month ends."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from apps.b2b.bid_prices import (
    Limit,
    Slice,
    Solved,
    bid_prices,
    limits_of,
    slices_from,
    solve,
    supplies_of,
)
from apps.b2b.forecast import LOOKS_BACK, Forecast, forecast
from apps.b2b.models import CapacityPlan
from apps.b2b.routing import Buyer
from apps.b2b.snapshot import active_policies, arrivals_of, buyers_of, rules_of
from apps.core.money import round_cents
from apps.solar.models import Market


def capacity_plan(market_code: str, *, now: datetime) -> CapacityPlan:
    """Forecast, solve and keep it. Repeatable: the newest one is gone by.

    Not a transaction: it reads, thinks, and adds one row. Raises RuntimeError when the solver gives
    up; the plan before it holds until it is too old.
    """
    market = Market.objects.get(code=market_code)
    arrivals = arrivals_of(market.code, since=now - LOOKS_BACK)
    buyers = buyers_of(market.code, now)
    expected = forecast(arrivals, now=now, zone=market.time_zone)
    if expected is None:
        return CapacityPlan.objects.create(
            market=market,
            computed_at=now,
            leads_seen=len(arrivals),
            why_none=f"{len(arrivals)} leads in four weeks are too few to forecast from",
        )
    slices = slices_from(now, market.time_zone)
    supplies = supplies_of(
        arrivals,
        buyers,
        expected,
        slices,
        policies=active_policies(),
        rules=rules_of(market.code),
    )
    limits = limits_of(buyers, now, slices)
    solved = solve(supplies, limits)
    return CapacityPlan.objects.create(
        market=market,
        computed_at=now,
        leads_seen=len(arrivals),
        value=round_cents(Decimal(str(solved.value))),
        scarce={
            buyer: [one.as_json() for one in scarce]
            for buyer, scarce in bid_prices(limits, solved).items()
        },
        figures=_figures(expected, slices, buyers, limits, solved),
    )


def _figures(
    expected: Forecast,
    slices: Sequence[Slice],
    buyers: Sequence[Buyer],
    limits: Sequence[Limit],
    solved: Solved,
) -> dict[str, Any]:
    """What it came from, as the page shows it."""
    shares = [expected.weeks_between(one.start, one.end) for one in slices]
    names = {one.key: one.name for one in buyers}
    return {
        "weeks": round(expected.weeks, 2),
        "ends": [one.end.isoformat() for one in slices],
        "segments": [
            {
                "tier": segment.tier,
                "territory": segment.territory,
                "seen": rate.seen,
                "a_week": round(rate.a_week, 2),
                "expected": [round(rate.a_week * share, 2) for share in shares],
            }
            for segment, rate in expected.rates.items()
        ],
        "limits": [
            {
                "buyer": limit.buyer,
                "name": names[limit.buyer],
                "words": limit.words,
                "left": round(limit.capacity, 2),
                "used": round(used, 2),
                "worth": round(worth, 4),
                "of_price": limit.of_price,
                "until": limit.until.isoformat() if limit.until else None,
            }
            for limit, worth, used in zip(limits, solved.worths, solved.used, strict=True)
            if limit.is_present
        ],
    }
