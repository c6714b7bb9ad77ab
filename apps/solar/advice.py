"""What an honest adviser says beside the figures. Pure: facts in, true sentences out.

A text says only what the facts of this estimate or a dated row support. Codes are for programs
and translations; the most important advice comes first.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from apps.core.money import Money, round_cents
from apps.solar.contracts import EstimateRequest, MarketData
from apps.solar.estimate import Estimate

_SHARED_ROOFS = {"condo", "co_op", "apartment"}
_TOO_LARGE = Decimal("1.15")  # of the year's use
_STEEP_ENOUGH, _EAST, _WEST = 10, 90, 270  # degrees; both markets lie north of the equator


@dataclass(frozen=True)
class Advice:
    code: str
    text: str


@dataclass(frozen=True)
class Situation:
    """What is asked, what is known of the place, and what came out."""

    request: EstimateRequest
    data: MarketData
    estimate: Estimate

    def money(self, amount: Decimal) -> str:
        return str(Money(amount, self.data.currency))


def advice_for(
    request: EstimateRequest, data: MarketData, estimate: Estimate
) -> tuple[Advice, ...]:
    """All that applies, in the order of `_RULES`."""
    situation = Situation(request, data, estimate)
    found = ((code, rule(situation)) for code, rule in _RULES)
    return tuple(Advice(code, text) for code, text in found if text)


def _community_solar(s: Situation) -> str:
    low = s.data.optional("community_solar_discount_low_percent")
    high = s.data.optional("community_solar_discount_high_percent")
    owner, home = s.request.homeowner, s.request.property_type
    may_not_own = owner is False or (home == "apartment" and not owner)
    if low is None or high is None or not may_not_own:
        return ""
    return (
        "You need no roof of your own for community solar: a share of a solar farm typically takes"
        f" {_plain(low)} to {_plain(high)} % off the credits on your bill, costs nothing to join,"
        " can be left at any time, and needs only an account with the utility. It cannot be"
        " combined with your own system on the same account."
    )


def _owner_consent(s: Situation) -> str:
    if s.request.homeowner is not False:
        return ""
    return (
        "Only the owner of the roof can have a system installed. The figures show what one would"
        " do for the home; no incentive for owners is counted."
    )


def _board_approval(s: Situation) -> str:
    if s.request.property_type not in _SHARED_ROOFS or s.request.homeowner is False:
        return ""
    return (
        "The roof belongs to the building, not to one home: the board or the owners' meeting must"
        " agree first, and savings and incentives are shared by their rules."
    )


def _landmark_review(s: Situation) -> str:
    if s.request.property_type != "brownstone":
        return ""
    return (
        "If the house is a landmark or in a historic district, the Landmarks Preservation"
        " Commission must approve. Panels that can barely be seen from the street are often"
        " approved by its staff; a canopy that can be seen may be refused."
    )


def _roof_too_small(s: Situation) -> str:
    size, room = s.estimate.size, s.estimate.roof.capacity_kw
    if room is None or (size.held_by != "roof" and size.capacity_kw <= room):
        return ""
    begin = f"The roof has room for about {room} kW after access paths"
    if size.held_by != "roof":
        return f"{begin}; the figures are for the {_plain(size.capacity_kw)} kW you asked for."
    if size.capacity_kw > room:
        return (
            f"{begin}, less than the smallest system we estimate ({_plain(size.capacity_kw)} kW)."
        )
    return (
        f"{begin}, so the system covers a part of your use, which would take {size.wanted_kw} kW."
    )


def _heavy_shade(s: Situation) -> str:
    if s.request.shading != "heavy":
        return ""
    lost = _plain(s.data.value("shading_heavy_percent"))
    return (
        f"For heavy shade this estimate takes {lost} % off the yield; the true loss differs from"
        " roof to roof. Have it measured before you sign anything."
    )


def _poor_direction(s: Situation) -> str:
    array = s.estimate.array
    if array.tilt < _STEEP_ENOUGH or _EAST <= array.azimuth <= _WEST:
        return ""
    return "This side of the roof faces north. Another side, or a low tilt, would yield more."


def _low_savings(s: Situation) -> str:
    bills, payback = s.estimate.bills, s.estimate.outcomes["cash"].payback_years
    saved = round_cents(bills.saved)
    if bills.without_solar <= 0:
        sold = f" What it sends out would earn about {s.money(saved)} a year." if saved > 0 else ""
        return (
            "Your bill is already nothing, so there is nothing on it for solar to save."
            f"{sold} We would not advise a system for the savings."
        )
    enough = saved >= s.data.value("low_savings_per_year")
    if enough and payback is not None and payback <= s.data.value("long_payback_years"):
        return ""
    years = (
        "it does not pay for itself within its life"
        if payback is None
        else f"it takes about {payback} years to pay for itself"
    )
    first = s.money(max(saved, Decimal(0)))
    return f"Solar saves you little here: about {first} in the first year, and {years}."


def _oversized(s: Situation) -> str:
    use = 12 * s.estimate.household.monthly_kwh
    if use <= 0 or s.estimate.annual_production <= use * _TOO_LARGE:
        return ""
    return (
        "The system yields more in a year than the home uses, and what is left over is worth"
        " little. A smaller one would pay back sooner."
    )


def _size_limit(s: Situation) -> str:
    size = s.estimate.size
    if size.held_by != "limit":
        return ""
    return (
        f"Your use would take {size.wanted_kw} kW. The estimate stops at"
        f" {_plain(size.capacity_kw)} kW, up to where connecting a home is simple; a larger system"
        " needs a study by the utility."
    )


def _surplus_credit(s: Situation) -> str:
    if s.data.tariff.credits_surplus_fully(s.estimate.size.capacity_kw):
        return ""
    return (
        "Here, or at this size, surplus is not credited kWh for kWh. The estimate counts a part of"
        " the yield as used at once and the rest at the export rate in our tables."
    )


def _commercial_tariff(s: Situation) -> str:
    if s.request.property_type != "commercial":
        return ""
    return (
        "The figures use a tariff for homes. Businesses pay other rates, some with a charge for"
        " demand that solar hardly lowers: take them as a first indication."
    )


def _check_tariff(s: Situation) -> str:
    if s.data.tariff.confidence != "low":
        return ""
    return (
        f"The rates of “{s.data.tariff.name}” in our tables are planning figures that we have not"
        " confirmed with the utility. Compare with a recent bill."
    )


def _incentive_ended(s: Situation) -> str:
    """What a buyer may still have heard of: it fits this home, but its last day is over."""
    place, home = s.data.place, s.request.property_type
    return " ".join(
        f"{one.name}: ended on {one.valid_to}, so it is not in these figures."
        for one in s.data.incentives
        if one.valid_to is not None
        and one.valid_to < s.request.purchase_date
        and one.fits_home(territory=place.territory_code, utility=place.utility, property_type=home)
        and s.request.financing in one.financing
        and s.request.homeowner is not False
    )


def _incentive_not_counted(s: Situation) -> str:
    return " ".join(
        f"{one.name}: {one.note}"
        for one in s.estimate.eligible
        if not one.is_counted and one.kind != "tax_exemption"
    )


def _incentive_conditions(s: Situation) -> str:
    applied = (one.incentive for one in s.estimate.applied)
    return " ".join(f"{one.name}: {one.note}" for one in applied if one.note)


def _plain(number: Decimal) -> str:
    return f"{number.normalize():f}"


_RULES: Sequence[tuple[str, Callable[[Situation], str]]] = (
    ("community_solar", _community_solar),
    ("owner_consent", _owner_consent),
    ("low_savings", _low_savings),
    ("board_approval", _board_approval),
    ("landmark_review", _landmark_review),
    ("roof_too_small", _roof_too_small),
    ("heavy_shade", _heavy_shade),
    ("poor_direction", _poor_direction),
    ("oversized", _oversized),
    ("size_limit", _size_limit),
    ("surplus_credit", _surplus_credit),
    ("commercial_tariff", _commercial_tariff),
    ("check_tariff", _check_tariff),
    ("incentive_ended", _incentive_ended),
    ("incentive_not_counted", _incentive_not_counted),
    ("incentive_conditions", _incentive_conditions),
)
