"""An estimate as the API answers it: DESIGN section 11, and what the site's charts need. Pure.

Money is rounded to cents half-up, here and once. Numbers are JSON numbers; what has no value is
null: a lease has no payback, flows without a rate of return have no `irr`.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from apps.core.money import round_cents
from apps.core.words import ENGLISH, Say
from apps.solar.advice import advice_for
from apps.solar.contracts import EstimateRequest, MarketData, Yield
from apps.solar.estimate import MODEL_VERSION, Estimate
from apps.solar.finance import Outcome
from apps.solar.incentives import Applied
from apps.solar.tariffs import fixed_of, rate_at

_MONTHS = 12


def estimate_answer(
    request: EstimateRequest,
    data: MarketData,
    yielded: Yield,
    made: Estimate,
    say: Say = ENGLISH,
) -> dict[str, Any]:
    """Everything but `run_id`."""
    return {
        "model_version": MODEL_VERSION,
        "market": request.market,
        "currency": data.currency,
        "territory": data.place.territory_code,
        "neighborhood": data.place.neighborhood,
        "utility": data.place.utility,
        "purchase_date": request.purchase_date.isoformat(),
        "property_type": request.property_type,
        **_energy(yielded, made),
        **_money(made, say),
        "financing": {name: _outcome(outcome) for name, outcome in made.outcomes.items()},
        "co2_kg_per_year": _number(made.co2_kg, 1),
        "advice": [
            {"code": one.code, "text": one.text} for one in advice_for(request, data, made, say)
        ],
        "assumptions": _assumptions(data, yielded, made, say),
    }


def _energy(yielded: Yield, made: Estimate) -> dict[str, Any]:
    low, high = made.production_range
    capacity = made.size.capacity_kw
    return {
        "system_capacity_kw": float(capacity),
        "roof_capacity_kw": (
            None if made.roof.capacity_kw is None else float(made.roof.capacity_kw)
        ),
        "tilt": made.array.tilt,
        "azimuth": made.array.azimuth,
        "losses_percent": made.array.losses_percent,
        "monthly_consumption_kwh": _number(made.household.monthly_kwh, 1),
        "annual_production_kwh": float(made.annual_production),
        "monthly_production_kwh": [float(kwh) for kwh in made.monthly_production],
        "specific_yield_kwh_per_kwp": _number(sum(yielded.monthly, Decimal(0)), 1),
        "production_range_kwh": [_number(low, 1), _number(high, 1)],
        "production_source": yielded.source,
    }


def _money(made: Estimate, say: Say) -> dict[str, Any]:
    return {
        "annual_bill_without_solar": _cents(made.bills.without_solar),
        "annual_bill_with_solar": _cents(made.bills.with_solar),
        "annual_savings": _cents(made.bills.saved),
        "annual_savings_range": [_cents(saved) for saved in made.savings_range],
        "gross_cost": _cents(made.gross_cost),
        "incentives": [_incentive(one, say) for one in made.applied],
        "net_cost": _cents(made.net_cost),
    }


def _incentive(one: Applied, say: Say) -> dict[str, Any]:
    incentive = one.incentive
    return {
        "code": incentive.code,
        "name": say(incentive.name),
        "amount": _cents(one.amount),
        "source": incentive.source,
        "valid_from": _day(incentive.valid_from),
        "valid_to": _day(incentive.valid_to),
        "paid_over_years": incentive.paid_over_years,
        "note": say(incentive.note),
    }


def _outcome(outcome: Outcome) -> dict[str, Any]:
    return {
        "payback_years": None if outcome.payback_years is None else float(outcome.payback_years),
        "npv": _cents(outcome.npv),
        "irr": None if outcome.irr is None else float(outcome.irr),
        "savings_25_years": _cents(outcome.savings_25_years),
        "first_year_payment": _cents(outcome.first_year_payment),
        "cumulative_savings": [_cents(amount) for amount in outcome.cumulative],
    }


def _assumptions(
    data: MarketData, yielded: Yield, made: Estimate, say: Say
) -> list[dict[str, Any]]:
    tariff, currency = data.tariff, data.currency
    rate = rate_at(tariff, made.household.monthly_kwh)
    stated: list[tuple[str, Any, str, Any]] = [
        (
            "electricity_rate",
            rate,
            say("{currency} for one kWh more ({tariff})", currency=currency, tariff=tariff.name),
            tariff,
        ),
        (
            "fixed_charge",
            fixed_of(tariff, made.household.sanctioned_load_kw),
            say("{currency} a month, not saved", currency=currency),
            tariff,
        ),
        ("escalation_percent", tariff.escalation_percent, say("% a year"), tariff),
        ("install_cost_per_kw", data.cost.cost_per_kw, f"{currency}/kW", data.cost),
    ]
    if made.roof.area_m2 is not None:
        stated.append(
            ("roof_m2_per_kw", data.cost.roof_m2_per_kw, say("m² of roof a kW"), data.cost)
        )
    if tariff.cbc_per_kw_month:
        unit = say("{currency} a kW DC and month", currency=currency)
        stated.append(("customer_benefit_contribution", tariff.cbc_per_kw_month, unit, tariff))
    if not tariff.credits_surplus_fully(made.size.capacity_kw) or tariff.export_rate:
        stated.append(
            (
                "export_rate",
                tariff.export_rate,
                say("{currency}/kWh of surplus", currency=currency),
                tariff,
            )
        )
    for one in made.eligible:
        if one.kind == "tax_exemption":
            stated.append((one.code, one.percent, say("% not charged, and not in the price"), one))
    rows = [_assumption(name, value, unit, row, say) for name, value, unit, row in stated]
    rows += [_assumption(one.name, one.value, say(one.unit), one, say) for one in made.used]
    return [*rows, *_places(data, yielded, say)]


def _places(data: MarketData, yielded: Yield, say: Say) -> list[dict[str, Any]]:
    """Where the sun was measured, and how a point became a place."""
    if yielded.source == "model":
        total = sum(data.station.ghi) / _MONTHS
        unit = say("kWh/m² a day at {station}", station=data.station.name)
        rows = [_plain("irradiation", round(total, 3), unit, data.station_source)]
    else:
        source = "PVWatts v8, National Laboratory of the Rockies"
        total = float(sum(yielded.monthly, Decimal(0)))
        rows = [_plain("specific_yield", round(total, 1), say("kWh/kWp a year"), source)]
    place = data.place
    if place.distance_km is not None:
        source = say("The nearest postal area: {code}", code=place.postal_code)
        rows.append(_plain("distance_to_postal_area", place.distance_km, "km", source))
    return rows


def _assumption(name: str, value: Decimal, unit: str, row: Any, say: Say) -> dict[str, Any]:
    shown = _plain(name, float(value), unit, say(row.source))
    return shown | {"checked_on": _day(row.checked_on), "confidence": row.confidence}


def _plain(name: str, value: float, unit: str, source: str) -> dict[str, Any]:
    return {
        "name": name,
        "value": value,
        "unit": unit,
        "source": source,
        "checked_on": None,
        "confidence": None,
    }


def _day(day: Any) -> str | None:
    return None if day is None else str(day)


def _cents(amount: Decimal) -> float:
    return float(round_cents(amount))


def _number(value: Decimal, digits: int) -> float:
    return round(float(value), digits)
