"""What room with buyers is worth: a linear program over what will come and what is left. Pure.

How many leads of each kind should go to each buyer, today, in the rest of the week and of the
month, so that all of it together brings most? The answer's shadow prices say what one more place in
each cap, or one more dollar in a wallet, would add. Those are the bid prices.

The program sells fractions of leads, for prices without surge, and expects what the router does: a
sale brings its price times the buyer's acceptance, and one that is not taken gives its room back.
SciPy takes long to import, so only `solve` does, when it is called.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import groupby
from typing import NamedTuple

from apps.b2b.caps import Use, period_end
from apps.b2b.forecast import Arrival, Forecast, Segment, segment_of
from apps.b2b.pricing import Policy
from apps.b2b.room import Scarce
from apps.b2b.routing import Buyer, Rule, route

_PERIODS = {
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
    "week": timedelta(weeks=1),
    "month": timedelta(days=30),
}
_SLICES = ("day", "week", "month")
_NO_CENT = 0.005


class Bid(NamedTuple):
    """What a buyer brings for a lead, on average over leads alike."""

    buyer: str
    price: float
    acceptance: float


class Supply(NamedTuple):
    """Leads alike: the same buyers may have them. `expected` of them come in each slice of time."""

    segment: Segment
    expected: tuple[float, ...]
    bids: tuple[Bid, ...]


class Limit(NamedTuple):
    """So much a buyer takes in some slices of time: leads, or (`of_price`) money.

    `is_present`: what is sold at this moment counts.
    """

    buyer: str
    words: str
    capacity: float
    slices: frozenset[int]
    territory: str | None = None
    until: datetime | None = None
    of_price: bool = False
    is_present: bool = True


class Slice(NamedTuple):
    """A span of time without a gap to the one before."""

    start: datetime
    end: datetime

    @property
    def middle(self) -> datetime:
        return self.start + (self.end - self.start) / 2


@dataclass(frozen=True)
class Solved:
    """What all of it brings, what one more of each limit would add, and how much of it is used."""

    value: float
    worths: tuple[float, ...]
    used: tuple[float, ...]


def slices_from(now: datetime, zone: str) -> tuple[Slice, ...]:
    """The rest of the day, of the week and of the month, in the order in which they end."""
    ends = sorted({period_end(period, now, zone) for period in _SLICES})
    return tuple(map(Slice, [now, *ends], ends))


def supplies_of(
    arrivals: Iterable[Arrival],
    buyers: Sequence[Buyer],
    expected: Forecast,
    slices: Sequence[Slice],
    *,
    policies: Sequence[Policy],
    rules: Sequence[Rule] = (),
) -> list[Supply]:
    """What will come, by who may have it: as the past leads of a segment were, so the next are."""
    empty = [replace(one, caps=(), spendable=None) for one in buyers if not one.paused]
    acceptance = {one.key: one.acceptance for one in empty}
    shares = [expected.weeks_between(one.start, one.end) for one in slices]
    alike: dict[tuple[Segment, int, tuple[str, ...]], list[list[float]]] = {}
    for lead, at in arrivals:
        found = route(lead, empty, policies=policies, rules=rules, strategy="revenue", now=at)
        named = [one for one in found.ranked if one.rule] or found.ranked
        prices = {one.buyer: float(one.price.amount) for one in named if one.price}
        kind = segment_of(lead), lead.score // 10, tuple(sorted(prices))
        alike.setdefault(kind, []).append([prices[buyer] for buyer in kind[2]])
    supplies = []
    for (segment, _, names), prices_seen in alike.items():
        rate = expected.rates[segment]
        a_week = rate.a_week * len(prices_seen) / rate.seen
        bids = tuple(
            Bid(buyer, sum(prices) / len(prices), acceptance[buyer])
            for buyer, prices in zip(names, zip(*prices_seen, strict=True), strict=True)
        )
        supplies.append(Supply(segment, tuple(a_week * share for share in shares), bids))
    return supplies


def limits_of(buyers: Iterable[Buyer], now: datetime, slices: Sequence[Slice]) -> list[Limit]:
    """Everything that is limited: what is left of the present periods, and the later ones whole."""
    limits: list[Limit] = []
    for buyer in buyers:
        if buyer.paused:
            continue
        for use in buyer.caps:
            limits += _limits_of_cap(buyer, use, now, slices)
        if buyer.spendable is not None:
            always = frozenset(range(len(slices)))
            money = float(buyer.spendable)
            limits.append(Limit(buyer.key, "its money", money, always, of_price=True))
    return limits


def _limits_of_cap(
    buyer: Buyer, use: Use, now: datetime, slices: Sequence[Slice]
) -> Iterable[Limit]:
    """The present period and what of it lies in the slices; then each later slice by itself.

    Within the first slice periods may begin anew, as hours do in a day.
    """
    cap, length = use.cap, _PERIODS[use.cap.period]
    until = period_end(cap.period, now, buyer.terms.zone)
    present = [n for n, one in enumerate(slices) if n == 0 or one.middle < until]
    more = max(timedelta(0), slices[present[-1]].end - until) / length
    where = f" in {cap.territory.replace('_', ' ')}" if cap.territory else ""
    words = f"its cap {'an' if cap.period == 'hour' else 'a'} {cap.period}{where}"
    left = max(0, cap.limit - use.used) + cap.limit * more
    yield Limit(buyer.key, words, left, frozenset(present), cap.territory, until)
    for n in range(present[-1] + 1, len(slices)):
        whole = cap.limit * ((slices[n].end - slices[n].start) / length)
        yield Limit(buyer.key, words, whole, frozenset({n}), cap.territory, is_present=False)


def solve(supplies: Sequence[Supply], limits: Sequence[Limit]) -> Solved:
    """The best that can be made of these leads with these buyers. Raises RuntimeError when the
    solver gives up.
    """
    from scipy.optimize import linprog  # noqa: PLC0415 (takes long: not when the web starts)
    from scipy.sparse import coo_array  # noqa: PLC0415

    by_buyer = {
        buyer: list(of_buyer)
        for buyer, of_buyer in groupby(
            sorted(range(len(limits)), key=lambda row: limits[row].buyer),
            key=lambda row: limits[row].buyer,
        )
    }
    gains: list[float] = []
    cells: list[tuple[int, int, float]] = []  # row, column, how much of the limit one lead takes
    bounds = [limit.capacity for limit in limits]
    for supply in supplies:
        for n, expected in enumerate(supply.expected):
            row = len(bounds)
            bounds.append(expected)
            for buyer, price, acceptance in supply.bids:
                column = len(gains)
                gains.append(price * acceptance)
                cells.append((row, column, 1.0))
                for number in by_buyer.get(buyer, ()):
                    limit = limits[number]
                    if n in limit.slices and limit.territory in (None, supply.segment.territory):
                        taken = acceptance * (price if limit.of_price else 1.0)
                        cells.append((number, column, taken))
    if not gains:
        return Solved(0.0, (0.0,) * len(limits), (0.0,) * len(limits))
    rows, columns, values = zip(*cells, strict=True)
    matrix = coo_array((values, (rows, columns)), shape=(len(bounds), len(gains))).tocsr()
    found = linprog([-gain for gain in gains], A_ub=matrix, b_ub=bounds, method="highs")
    if found.status != 0:
        raise RuntimeError(f"The bid prices were not found: {found.message}")
    used = [bound - slack for bound, slack in zip(bounds, found.slack, strict=True)]
    count = len(limits)
    return Solved(
        value=-float(found.fun),
        worths=tuple(max(0.0, -float(one)) for one in found.ineqlin.marginals[:count]),
        used=tuple(float(one) for one in used[:count]),
    )


def bid_prices(limits: Sequence[Limit], solved: Solved) -> dict[str, tuple[Scarce, ...]]:
    """What is scarce at this moment, by buyer; what is worth less than half a cent is not."""
    found: dict[str, list[Scarce]] = {}
    for limit, worth in zip(limits, solved.worths, strict=True):
        if limit.is_present and worth > _NO_CENT:
            found.setdefault(limit.buyer, []).append(
                Scarce(limit.words, round(worth, 4), limit.territory, limit.until, limit.of_price)
            )
    return {buyer: tuple(scarce) for buyer, scarce in found.items()}
