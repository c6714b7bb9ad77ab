"""An estimate: what is asked, the rows of the market and a yield in, every figure out. Pure.

    use       stated, or read back from the bill on the tariff in force
    size      stated, or what covers the use, as far as roof and limits go   sizing
    bills     a year without and with solar                                  savings
    price     install cost less dated incentives, in their order             incentives
    money     cash, loan and lease over the life of the modules              finance

The same input gives the same figures to the cent. What changes a figure changes MODEL_VERSION.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from apps.core.money import round_cents
from apps.solar.contracts import Assumption, EstimateRequest, MarketData, Yield
from apps.solar.finance import (
    Outcome,
    Terms,
    Upkeep,
    cash_outcome,
    lease_outcome,
    loan_outcome,
)
from apps.solar.incentives import (
    Applied,
    Incentive,
    Purchase,
    incentives_apply,
    incentives_eligible,
)
from apps.solar.production import Array
from apps.solar.savings import Household, YearOfBills, savings_by_year, year_of_bills
from apps.solar.sizing import Roof, Size, system_size
from apps.solar.tariffs import is_bill, use_of_bill

MODEL_VERSION = "2026.11.28"
_MONTHS = 12
_HUNDREDTH = Decimal("0.01")


@dataclass
class Figures:
    """A market's assumptions, remembering which were used: only those are shown."""

    assumptions: tuple[Assumption, ...]
    used: list[Assumption] = field(default_factory=list)

    def __getitem__(self, name: str) -> Decimal:
        found = next((one for one in self.assumptions if one.name == name), None)
        if found is None:
            raise KeyError(f"The market has no assumption {name!r}.")
        if found not in self.used:
            self.used.append(found)
        return found.value

    def has(self, name: str) -> bool:
        return any(one.name == name for one in self.assumptions)

    def whole(self, name: str) -> int:
        return int(self[name])


@dataclass(frozen=True)
class Estimate:
    """Every figure of an estimate. Energy in kWh, money in the market's currency."""

    array: Array
    household: Household
    size: Size
    roof: Roof
    monthly_production: tuple[Decimal, ...]
    production_range: tuple[Decimal, Decimal]
    bills: YearOfBills
    savings_range: tuple[Decimal, Decimal]  # of the first year, at the ends of `production_range`
    gross_cost: Decimal
    applied: tuple[Applied, ...]  # for the way of paying that was asked for
    outcomes: dict[str, Outcome]
    co2_kg: Decimal
    eligible: tuple[Incentive, ...]  # with those that are only shown
    used: tuple[Assumption, ...]

    @property
    def annual_production(self) -> Decimal:
        return sum(self.monthly_production, Decimal(0))

    @property
    def net_cost(self) -> Decimal:
        return self.gross_cost - sum((one.amount for one in self.applied), Decimal(0))


def array_of(request: EstimateRequest, figures: Figures) -> Array:
    """How the modules stand and what they lose. Shade comes on top of the other losses."""
    losses = request.losses_percent
    kept = 1 - (float(figures["losses_percent"]) if losses is None else losses) / 100
    if request.shading != "none":
        kept *= 1 - float(figures[f"shading_{request.shading}_percent"]) / 100
    return Array(
        tilt=float(figures["tilt"]) if request.tilt is None else request.tilt,
        azimuth=float(figures["azimuth"]) if request.azimuth is None else request.azimuth,
        losses_percent=round(100 * (1 - kept), 4),
        dc_ac_ratio=float(figures["dc_ac_ratio"]),
    )


def estimate(request: EstimateRequest, data: MarketData, yielded: Yield) -> Estimate:
    """All figures for a request. `yielded` is what `array_of` yields there, by kWp."""
    figures = Figures(data.assumptions)
    array = array_of(request, figures)
    household = _household(request, data, figures)
    size, roof = _size(request, data, figures, household, sum(yielded.monthly, Decimal(0)))
    if not data.tariff.credits_surplus_fully(size.capacity_kw):
        _ = figures["self_consumption_percent"]  # used by the bills, so shown
    production = tuple((kwh * size.capacity_kw).quantize(_HUNDREDTH) for kwh in yielded.monthly)
    bills = year_of_bills(data.tariff, household, production, size.capacity_kw)
    saved = savings_by_year(
        data.tariff,
        household,
        production,
        size.capacity_kw,
        years=figures.whole("horizon_years"),
        degradation_percent=figures["degradation_percent"],
    )
    gross = round_cents(size.capacity_kw * data.cost.cost_per_kw)
    applied = {
        financing: _applied(request, data, size, gross, financing)
        for financing in ("cash", "loan", "lease")
    }
    terms, upkeep = _terms(figures, size), _upkeep(figures, size)
    outcomes = {
        "cash": cash_outcome(gross, applied["cash"], saved, upkeep, terms),
        "loan": loan_outcome(gross, applied["loan"], saved, upkeep, terms),
        "lease": lease_outcome(gross, applied["lease"], saved, terms),
    }
    annual = sum(production, Decimal(0))
    low, high = (1 + figures[f"production_{end}_percent"] / 100 for end in ("low", "high"))

    def saved_at(share: Decimal) -> Decimal:
        yields = [kwh * share for kwh in production]
        return year_of_bills(data.tariff, household, yields, size.capacity_kw).saved

    return Estimate(
        array=array,
        household=household,
        size=size,
        roof=roof,
        monthly_production=production,
        production_range=(annual * low, annual * high),
        bills=bills,
        savings_range=(saved_at(low), saved_at(high)),
        gross_cost=gross,
        applied=applied[request.financing],
        outcomes=outcomes,
        co2_kg=annual * figures["co2_kg_per_kwh"],
        eligible=_eligible(request, data, _purchase(request, data, size, gross, request.financing)),
        used=tuple(figures.used),
    )


def bill_can_be_read(request: EstimateRequest, data: MarketData) -> bool:
    """Whether the use behind the stated bill can be told; True where the use itself is stated."""
    if request.monthly_kwh is not None:
        return True
    load = _sanctioned_load(data, Figures(data.assumptions))
    return is_bill(data.tariff, request.monthly_bill or Decimal(0), load)


def _sanctioned_load(data: MarketData, figures: Figures) -> Decimal:
    return figures["sanctioned_load_kw"] if data.tariff.fixed_charge_per_kw else Decimal(0)


def _household(request: EstimateRequest, data: MarketData, figures: Figures) -> Household:
    load = _sanctioned_load(data, figures)
    kwh = request.monthly_kwh
    if kwh is None:
        kwh = use_of_bill(data.tariff, request.monthly_bill or Decimal(0), load)
    return Household(
        monthly_kwh=kwh,
        sanctioned_load_kw=load,
        settlement_month=figures.whole("settlement_month"),
        self_consumption=data.value("self_consumption_percent") / 100,
    )


def _size(
    request: EstimateRequest,
    data: MarketData,
    figures: Figures,
    household: Household,
    yield_per_kw: Decimal,
) -> tuple[Size, Roof]:
    usable = figures["roof_usable_percent"] if request.roof_area_m2 is not None else Decimal(100)
    roof = Roof(request.roof_area_m2, usable, data.cost.roof_m2_per_kw)
    usual = f"usual_roof_kw_{request.property_type}"
    is_usual = roof.area_m2 is None and figures.has(usual)
    size = system_size(
        asked_kw=request.system_capacity_kw,
        yearly_use_kwh=_MONTHS * household.monthly_kwh,
        yield_per_kw=yield_per_kw,
        roof=roof,
        usual_roof_kw=figures[usual] if is_usual else None,
        smallest_kw=figures["min_system_kw"],
        largest_kw=figures["max_auto_kw"],
    )
    return size, roof


def _purchase(
    request: EstimateRequest, data: MarketData, size: Size, gross: Decimal, financing: str
) -> Purchase:
    return Purchase(
        day=request.purchase_date,
        territory=data.place.territory_code,
        utility=data.place.utility,
        property_type=request.property_type,
        financing=financing,
        capacity_kw=size.capacity_kw,
        gross_cost=gross,
    )


def _applied(
    request: EstimateRequest, data: MarketData, size: Size, gross: Decimal, financing: str
) -> tuple[Applied, ...]:
    if request.homeowner is False:  # every one of them goes to an owner of the roof
        return ()
    return incentives_apply(data.incentives, _purchase(request, data, size, gross, financing))


def _eligible(
    request: EstimateRequest, data: MarketData, purchase: Purchase
) -> tuple[Incentive, ...]:
    if request.homeowner is False:
        return ()
    return tuple(incentives_eligible(data.incentives, purchase))


def _terms(figures: Figures, size: Size) -> Terms:
    small = figures.has("small_loan_kw") and size.capacity_kw <= figures["small_loan_kw"]
    return Terms(
        discount_rate=figures["discount_rate_percent"],
        loan_rate=figures["small_loan_rate_percent" if small else "loan_rate_percent"],
        loan_years=figures.whole("loan_years"),
        loan_down=figures["loan_down_percent"],
        lease_years=figures.whole("lease_years"),
        lease_escalator=figures["lease_escalator_percent"],
        lease_return=figures["lease_return_percent"],
    )


def _upkeep(figures: Figures, size: Size) -> Upkeep:
    return Upkeep(
        maintenance_per_year=figures["maintenance_per_kw_year"] * size.capacity_kw,
        maintenance_free_years=figures.whole("maintenance_free_years"),
        inverter_year=figures.whole("inverter_replacement_year"),
        inverter_cost=figures["inverter_cost_per_kw"] * size.capacity_kw,
    )
