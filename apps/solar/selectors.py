"""What can be asked about markets and places."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from math import asin, cos, radians, sin, sqrt
from typing import Any, TypeVar

from apps.core.errors import ServiceUnavailable
from apps.core.reading import read_once
from apps.core.words import ENGLISH, Say
from apps.solar import rows
from apps.solar.contracts import EstimateRequest, MarketData, MarketTables, Place
from apps.solar.contracts import InstallCost as Cost
from apps.solar.incentives import Incentive
from apps.solar.models import (
    Assumption,
    InstallCost,
    Market,
    PostalArea,
    Station,
    Tariff,
)
from apps.solar.models import Incentive as IncentiveRow
from apps.solar.production import Station as WeatherStation
from apps.solar.tariffs import Tariff as Rates

Row = TypeVar("Row", Rates, Cost)
_EARTH_KM = 6371.0
_KM_A_DEGREE = 111.0  # of latitude
_REMEMBER_SECONDS = 10.0
_remembered: dict[str, tuple[float, list[Market]]] = {}
_remembered_tables: dict[str, tuple[float, MarketTables]] = {}
_REMEMBER_PLACES_SECONDS = 300.0
_MOST_REMEMBERED_PLACES = 10_000
_remembered_places: dict[tuple[str, str], tuple[float, Place | None]] = {}


def all_markets() -> list[Market]:
    """Every market, remembered for ten seconds: reading any request asks for them."""
    until, markets = _remembered.get("markets", (0.0, []))
    if not markets or time.monotonic() > until:
        markets = list(Market.objects.order_by("code"))
        _remembered["markets"] = (time.monotonic() + _REMEMBER_SECONDS, markets)
    return markets


def market_by_code(code: str) -> Market | None:
    return Market.objects.filter(code=code).first()


def market_remembered(code: str) -> Market:
    """A market that exists, remembered like all of them."""
    known = next((market for market in all_markets() if market.code == code), None)
    return known or Market.objects.get(code=code)


def read_postal_code(text: str, market: Market) -> str:
    """The postal code in `text` as this market writes it, or "" when there is none.

    Digits of any script are taken: a Hindi keyboard writes ११००१ for 11001.
    """
    plain = re.sub(r"\d", lambda digit: str(int(digit[0])), text)
    found = re.search(market.postal_code_pattern, plain)
    return re.sub(r"\s", "", found.group(1)) if found else ""


@read_once
def place_of(market: str, postal_code: str) -> Place | None:
    """What is known of a postal code; None for an empty one. One query."""
    return places_of(market, [postal_code]).get(postal_code)


def places_of(market: str, postal_codes: Iterable[str]) -> dict[str, Place]:
    """What is known of each postal code that is not empty. One query, however many."""
    codes = {code for code in postal_codes if code}
    beginnings = {code[:length] for code in codes for length in range(1, len(code) + 1)}
    if not codes:
        return {}
    areas = {
        area.prefix: area
        for area in PostalArea.objects.select_related("territory").filter(
            market=market, prefix__in=beginnings
        )
    }
    return {code: _place_in(areas, market, code) for code in codes}


def _place_in(areas: Mapping[str, PostalArea], market: str, code: str) -> Place:
    """The place of a code: that of the longest beginning we know."""
    known = (areas.get(code[:length]) for length in range(len(code), 0, -1))
    area = next((area for area in known if area is not None), None)
    if area is None:
        return Place(market=market, postal_code=code)
    return _place(area, postal_code=code)


def place_remembered(market: str, postal_code: str) -> Place | None:
    """`place_of`, remembered for five minutes: for what asks again at every turn of a talk."""
    key, now = (market, postal_code), time.monotonic()
    until, place = _remembered_places.get(key, (0.0, None))
    if now > until:
        if len(_remembered_places) >= _MOST_REMEMBERED_PLACES:
            _remembered_places.clear()
        place = place_of(market, postal_code)
        _remembered_places[key] = (now + _REMEMBER_PLACES_SECONDS, place)
    return place


def place_near(latitude: float, longitude: float, market: str = "") -> Place | None:
    """The postal area whose middle is nearest, if it is near enough to be meant."""
    reach = dict(
        Assumption.objects.filter(name="nearest_area_km").values_list("market_id", "value")
    )
    # Rows far to the north or south cannot be near; the great circle decides among the others.
    degrees = float(max(reach.values(), default=Decimal(0))) / _KM_A_DEGREE
    areas = PostalArea.objects.filter(
        latitude__range=(latitude - degrees, latitude + degrees), longitude__isnull=False
    )
    if market:
        areas = areas.filter(market=market)
    middles = areas.values_list("pk", "market_id", "latitude", "longitude")
    near = [
        (distance, pk)
        for pk, code, *middle in middles.iterator()
        if (distance := _distance_km(latitude, longitude, *middle)) <= reach.get(code, 0)  # type: ignore[arg-type]  # none is null here
    ]
    if not near:
        return None
    distance, pk = min(near)
    area = PostalArea.objects.select_related("territory").get(pk=pk)
    return _place(area, postal_code=area.prefix, distance_km=round(distance))


def coverage(say: Say = ENGLISH) -> str:
    """Where we can estimate, in a sentence."""
    names = [f"{say(market.name)} ({say(market.postal_code_name)})" for market in all_markets()]
    return say("We cover: {places}.", places=", ".join(names))


def market_data(market: Market, place: Place, request: EstimateRequest) -> MarketData:
    """The rows an estimate for this place is made from. Raises ServiceUnavailable without them."""
    tables, day = market_tables(market.code), request.purchase_date
    own = [one for one in tables.tariffs if one.utility == place.utility]
    elsewhere = [one for one in tables.tariffs if not one.utility]
    fitting = [one for one in tables.costs if request.property_type in one.property_types]
    common = [one for one in tables.costs if not one.property_types]
    station = _nearest_station(tables, place)
    return MarketData(
        currency=market.currency,
        place=place,
        tariff=_in_force(own or elsewhere, day),
        cost=_in_force(fitting or common, day),
        station=station,
        station_source=tables.station_sources[station.code],
        incentives=tables.incentives,
        assumptions=tables.assumptions,
    )


def market_tables(market: str) -> MarketTables:
    """What the calculator reads of a market, remembered for ten seconds."""
    found = _remembered_tables.get(market)
    if found is None or time.monotonic() > found[0]:
        found = (time.monotonic() + _REMEMBER_SECONDS, _market_tables(market))
        _remembered_tables[market] = found
    return found[1]


def forget_tables() -> None:
    """Read the tables again when they are next asked for."""
    _remembered_tables.clear()
    _remembered_places.clear()


def incentives_on(market: str, day: date) -> list[Incentive]:
    """The incentives of a market that are valid on a day, counted or only shown."""
    return [one for one in market_tables(market).incentives if one.is_valid_on(day)]


def _market_tables(market: str) -> MarketTables:
    stations = list(Station.objects.filter(market=market).order_by("pk"))
    incentives = IncentiveRow.objects.filter(market=market).order_by("key")
    assumptions = Assumption.objects.filter(market=market).order_by("pk")
    return MarketTables(
        tariffs=tuple(map(rows.tariff_of, Tariff.objects.filter(market=market))),
        costs=tuple(map(rows.cost_of, InstallCost.objects.filter(market=market))),
        stations=tuple(map(rows.station_of, stations)),
        station_sources={station.code: station.source for station in stations},
        incentives=tuple(map(rows.incentive_of, incentives)),
        assumptions=tuple(map(rows.assumption_of, assumptions)),
    )


def _in_force(found: Sequence[Row], day: date) -> Row:
    """The row of that day; else the last before it; else the first of all."""
    if not found:
        raise ServiceUnavailable("Our tables have no rates for this place yet.")
    ordered = sorted(found, key=lambda row: row.valid_from or date.min)
    begun = [row for row in ordered if row.valid_from is None or row.valid_from <= day]
    return begun[-1] if begun else ordered[0]


def _nearest_station(tables: MarketTables, place: Place) -> WeatherStation:
    latitude, longitude = place.latitude, place.longitude
    if not tables.stations:
        raise ServiceUnavailable("Our tables have no weather for this place yet.")
    if latitude is None or longitude is None:
        return tables.stations[0]
    return min(
        tables.stations, key=lambda s: _distance_km(latitude, longitude, s.latitude, s.longitude)
    )


def _place(area: PostalArea, **more: Any) -> Place:
    return Place(
        market=area.market_id,
        territory_pk=area.territory_id,
        territory_code=area.territory.code,
        service=area.territory.service,
        neighborhood=area.neighborhood,
        utility=area.utility,
        adoption_index=area.territory.adoption_index,
        demand_index=area.territory.demand_index,
        income_rank=area.income_rank,
        latitude=area.latitude,
        longitude=area.longitude,
        **more,
    )


def _distance_km(latitude: float, longitude: float, other: float, other_longitude: float) -> float:
    """Along the great circle (haversine)."""
    a, b = radians(latitude), radians(other)
    across = sin((b - a) / 2) ** 2
    along = cos(a) * cos(b) * sin(radians(other_longitude - longitude) / 2) ** 2
    return 2 * _EARTH_KM * asin(min(1.0, sqrt(across + along)))
