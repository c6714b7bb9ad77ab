"""What this room tells others, and what it is told. Plain data: no Django in here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from apps.solar.incentives import Incentive
from apps.solar.production import Station
from apps.solar.tariffs import Tariff


@dataclass(frozen=True)
class Place:
    """What is known of a postal code. `territory_pk` None: a real code where we do not work."""

    market: str
    postal_code: str
    territory_pk: int | None = None
    territory_code: str = ""
    service: str = "outside"
    neighborhood: str = ""
    utility: str = ""
    adoption_index: int | None = None
    demand_index: int | None = None
    income_rank: int | None = None
    latitude: float | None = None
    longitude: float | None = None
    distance_km: int | None = None  # from the point asked for, where a point was asked for


@dataclass(frozen=True)
class EstimateRequest:
    """What somebody asks the calculator. None: not stated. Money in the market's currency.

    One of `monthly_bill` and `monthly_kwh` is stated; with both, the kWh are taken.
    `purchase_date` is the day the installation is complete: incentives go by it.
    """

    market: str
    property_type: str
    purchase_date: date
    postal_code: str = ""
    latitude: float | None = None
    longitude: float | None = None
    monthly_bill: Decimal | None = None
    monthly_kwh: Decimal | None = None
    system_capacity_kw: Decimal | None = None
    roof_area_m2: Decimal | None = None
    tilt: float | None = None
    azimuth: float | None = None
    losses_percent: float | None = None
    shading: str = "none"
    financing: str = "cash"
    homeowner: bool | None = None


@dataclass(frozen=True)
class Assumption:
    """A number taken where nobody stated one."""

    name: str
    value: Decimal
    unit: str
    source: str
    checked_on: date
    confidence: str


@dataclass(frozen=True)
class InstallCost:
    """What a turnkey system costs a kW, and how much roof a kW takes."""

    key: str
    property_types: tuple[str, ...]
    cost_per_kw: Decimal
    roof_m2_per_kw: Decimal
    valid_from: date | None
    valid_to: date | None
    source: str
    checked_on: date
    confidence: str


@dataclass(frozen=True)
class MarketTables:
    """All rows of a market that the calculator reads. `station_sources` by the station's code."""

    tariffs: tuple[Tariff, ...]
    costs: tuple[InstallCost, ...]
    stations: tuple[Station, ...]
    station_sources: Mapping[str, str]
    incentives: tuple[Incentive, ...]
    assumptions: tuple[Assumption, ...]


@dataclass(frozen=True)
class MarketData:
    """The rows an estimate is made from: everything that is not the visitor's own words."""

    currency: str
    place: Place
    tariff: Tariff
    cost: InstallCost
    station: Station
    station_source: str
    incentives: tuple[Incentive, ...]
    assumptions: tuple[Assumption, ...]

    def value(self, name: str) -> Decimal:
        """An assumption every market must have. Raises KeyError naming it."""
        found = self.optional(name)
        if found is None:
            raise KeyError(f"The market {self.place.market} has no assumption {name!r}.")
        return found

    def optional(self, name: str) -> Decimal | None:
        """An assumption only some markets have."""
        return next((one.value for one in self.assumptions if one.name == name), None)


@dataclass(frozen=True)
class Yield:
    """AC kWh per kWp by month, January first, and whose figures they are: model or pvwatts."""

    monthly: tuple[Decimal, ...]
    source: str


@dataclass(frozen=True)
class Run:
    """An estimate as it was given and stored. `result` is what DESIGN section 11 lists."""

    run_id: UUID
    result: Mapping[str, Any]


@dataclass(frozen=True)
class Reproduction:
    """A stored estimate made again. `production_matches`: the model of today yields the same."""

    result: Mapping[str, Any]
    is_equal: bool
    production_matches: bool
