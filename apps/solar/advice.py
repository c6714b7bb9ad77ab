"""What an honest adviser says beside the figures. Pure: facts in, true sentences out.

A text says only what the facts of this estimate or a dated row support. Codes are for programs;
the most important advice comes first. What a row says is told in another language only while it
still says what was translated.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from apps.core.money import round_cents
from apps.core.words import ENGLISH, Say, day_words
from apps.solar.contracts import EstimateRequest, MarketData
from apps.solar.estimate import Estimate
from apps.solar.situation import Situation, plain

_SHARED_ROOFS = {"condo", "co_op", "apartment"}
_TOO_LARGE = Decimal("1.15")  # of the year's use
_STEEP_ENOUGH, _EAST, _WEST = 10, 90, 270  # degrees; both markets lie north of the equator


@dataclass(frozen=True)
class Advice:
    code: str
    text: str


def advice_for(
    request: EstimateRequest, data: MarketData, estimate: Estimate, say: Say = ENGLISH
) -> tuple[Advice, ...]:
    """All that applies, in the order of `_RULES`."""
    situation = Situation(request, data, estimate, say)
    found = ((code, rule(situation)) for code, rule in _RULES)
    return tuple(Advice(code, text) for code, text in found if text)


def _community_solar(s: Situation) -> str:
    discount = s.community_discount
    owner, home = s.request.homeowner, s.request.property_type
    may_not_own = owner is False or (home == "apartment" and not owner)
    if discount is None or not may_not_own:
        return ""
    return s.say(
        "You need no roof of your own for community solar: a share of a solar farm typically takes"
        " {low} to {high} % off the credits on your bill, costs nothing to join,"
        " can be left at any time, and needs only an account with the utility. It cannot be"
        " combined with your own system on the same account.",
        **discount,
    )


def _owner_consent(s: Situation) -> str:
    if s.request.homeowner is not False:
        return ""
    return s.say(
        "Only the owner of the roof can have a system installed. The figures show what one would"
        " do for the home; no incentive for owners is counted."
    )


def _board_approval(s: Situation) -> str:
    if s.request.property_type not in _SHARED_ROOFS or s.request.homeowner is False:
        return ""
    words = s.say(
        "The roof belongs to the building, not to one home: the board or the owners' meeting must"
        " agree first, and savings and incentives are shared by their rules."
    )
    if s.community_discount is None:
        return words
    meanwhile = s.say(
        "Until they have, or should they refuse, community solar needs no roof: typically {low} to"
        " {high} % off the credits on your bill.",
        **s.community_discount,
    )
    return f"{words} {meanwhile}"


def _landmark_review(s: Situation) -> str:
    if s.request.property_type != "brownstone":
        return ""
    return s.say(
        "If the house is a landmark or in a historic district, the Landmarks Preservation"
        " Commission must approve. Panels that can barely be seen from the street are often"
        " approved by its staff; a canopy that can be seen may be refused."
    )


def _roof_too_small(s: Situation) -> str:
    size, room = s.estimate.size, s.estimate.roof.capacity_kw
    if room is None or (size.held_by != "roof" and size.capacity_kw <= room):
        return ""
    kilowatts = {"room": room, "size": plain(size.capacity_kw), "wanted": size.wanted_kw}
    if size.held_by != "roof":
        return s.say(
            "The roof has room for about {room} kW after access paths; the figures are for the"
            " {size} kW you asked for.",
            **kilowatts,
        )
    if size.capacity_kw > room:
        return s.say(
            "The roof has room for about {room} kW after access paths, less than the smallest"
            " system we estimate ({size} kW).",
            **kilowatts,
        )
    return s.say(
        "The roof has room for about {room} kW after access paths, so the system covers a part of"
        " your use, which would take {wanted} kW.",
        **kilowatts,
    )


def _usual_roof(s: Situation) -> str:
    size = s.estimate.size
    if size.held_by != "usual_roof":
        return ""
    return s.say(
        "The roof of such a home usually takes about {room} kW, so the system covers a part of your"
        " use, which would take {wanted} kW. State the area of yours for its own figure.",
        room=plain(size.capacity_kw),
        wanted=size.wanted_kw,
    )


def _heavy_shade(s: Situation) -> str:
    if s.request.shading != "heavy":
        return ""
    lost = plain(s.data.value("shading_heavy_percent"))
    return s.say(
        "For heavy shade this estimate takes {lost} % off the yield; the true loss differs from"
        " roof to roof. Have it measured before you sign anything.",
        lost=lost,
    )


def _poor_direction(s: Situation) -> str:
    array = s.estimate.array
    if array.tilt < _STEEP_ENOUGH or _EAST <= array.azimuth <= _WEST:
        return ""
    return s.say(
        "This side of the roof faces north. Another side, or a low tilt, would yield more."
    )


def _low_savings(s: Situation) -> str:
    bills, cash = s.estimate.bills, s.estimate.outcomes["cash"]
    saved, payback = round_cents(bills.saved), cash.payback_years
    if bills.without_solar <= 0:
        if saved > 0:
            return s.say(
                "Your bill is already nothing, so there is nothing on it for solar to save. What it"
                " sends out would earn about {saved} a year. We would not advise a system for the"
                " savings.",
                saved=s.money(saved),
            )
        return s.say(
            "Your bill is already nothing, so there is nothing on it for solar to save. We would"
            " not advise a system for the savings."
        )
    enough = saved >= s.data.value("low_savings_per_year")
    is_soon = payback is not None and payback <= s.data.value("long_payback_years")
    if enough and is_soon and cash.npv >= 0:
        return ""
    first = s.money(max(saved, Decimal(0)))
    if payback is None:
        return s.say(
            "Solar saves you little here: about {first} in the first year, and at that rate it does"
            " not pay for itself within its life.",
            first=first,
        )
    if is_soon and cash.npv < 0:
        return s.say(
            "Solar earns you little here: about {first} in the first year. It pays for itself in"
            " about {payback} years, but the same money elsewhere, at {rate} % a year, would"
            " bring more.",
            first=first,
            payback=plain(payback),
            rate=plain(s.data.value("discount_rate_percent")),
        )
    return s.say(
        "Solar saves you little here: about {first} in the first year, and it takes about"
        " {payback} years to pay for itself.",
        first=first,
        payback=plain(payback),
    )


def _oversized(s: Situation) -> str:
    use = 12 * s.estimate.household.monthly_kwh
    if use <= 0 or s.estimate.annual_production <= use * _TOO_LARGE:
        return ""
    if s.estimate.size.capacity_kw <= s.data.value("min_system_kw"):
        return s.say(
            "Even the smallest system we estimate yields more in a year than the home uses, and"
            " what is left over is worth little."
        )
    return s.say(
        "The system yields more in a year than the home uses, and what is left over is worth"
        " little. A smaller one would pay back sooner."
    )


def _size_limit(s: Situation) -> str:
    size = s.estimate.size
    if size.held_by != "limit":
        return ""
    return s.say(
        "Your use would take {wanted} kW. The estimate stops at {size} kW, up to where connecting a"
        " home is simple; a larger system needs a study by the utility.",
        wanted=size.wanted_kw,
        size=plain(size.capacity_kw),
    )


def _surplus_credit(s: Situation) -> str:
    if s.data.tariff.credits_surplus_fully(s.estimate.size.capacity_kw):
        return ""
    return s.say(
        "Here, or at this size, surplus is not credited kWh for kWh. The estimate counts a part of"
        " the yield as used at once and the rest at the export rate in our tables."
    )


def _commercial_tariff(s: Situation) -> str:
    if s.request.property_type != "commercial":
        return ""
    return s.say(
        "The figures use a tariff for homes. Businesses pay other rates, some with a charge for"
        " demand that solar hardly lowers: take them as a first indication."
    )


def _check_tariff(s: Situation) -> str:
    if s.data.tariff.confidence != "low":
        return ""
    return s.say(
        "The rates of “{tariff}” in our tables are planning figures that we have not"
        " confirmed with the utility. Compare with a recent bill.",
        tariff=s.data.tariff.name,
    )


def _incentive_ended(s: Situation) -> str:
    """What a buyer may still have heard of: it fits this home, but its last day is over."""
    place, home = s.data.place, s.request.property_type
    return " ".join(
        s.say(
            "{name}: ended on {day}, so it is not in these figures.",
            name=s.say(one.name),
            day=day_words(one.valid_to, s.say),
        )
        for one in s.data.incentives
        if one.valid_to is not None
        and one.valid_to < s.request.purchase_date
        and one.fits_home(territory=place.territory_code, utility=place.utility, property_type=home)
        and s.request.financing in one.financing
        and s.request.homeowner is not False
    )


def _incentive_not_counted(s: Situation) -> str:
    return " ".join(
        f"{s.say(one.name)}: {s.say(one.note)}"
        for one in s.estimate.eligible
        if not one.is_counted and one.kind != "tax_exemption"
    )


def _incentive_conditions(s: Situation) -> str:
    applied = (one.incentive for one in s.estimate.applied)
    return " ".join(f"{s.say(one.name)}: {s.say(one.note)}" for one in applied if one.note)


_RULES: Sequence[tuple[str, Callable[[Situation], str]]] = (
    ("community_solar", _community_solar),
    ("owner_consent", _owner_consent),
    ("low_savings", _low_savings),
    ("board_approval", _board_approval),
    ("landmark_review", _landmark_review),
    ("roof_too_small", _roof_too_small),
    ("usual_roof", _usual_roof),
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
