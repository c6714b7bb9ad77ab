"""Loading the tables that ship with the product, making estimates, and making them again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction

from apps.core.errors import InvalidInput
from apps.core.words import DEFAULT_LANGUAGE, ENGLISH, Say, say_in
from apps.solar.answers import estimate_answer
from apps.solar.contracts import (
    EstimateRequest,
    MarketData,
    Place,
    Reproduction,
    Run,
    Yield,
)
from apps.solar.estimate import MODEL_VERSION, Figures, array_of, bill_can_be_read, estimate
from apps.solar.models import (
    Assumption,
    DataSnapshot,
    EstimateRun,
    Incentive,
    InstallCost,
    Market,
    PostalArea,
    Station,
    Tariff,
    Territory,
)
from apps.solar.selectors import (
    all_markets,
    coverage,
    forget_tables,
    market_data,
    market_tables,
    place_near,
    place_of,
    read_postal_code,
)
from apps.solar.stored import digest_of, from_json, to_json
from apps.solar.tables import rows_not_newer, rows_of, rows_write
from apps.solar.yields import model_yield, yield_at

_WORDS = {"advice", "name", "note", "source", "unit"}  # of an answer; incentives have codes besides


@transaction.atomic
def markets_load() -> dict[str, int]:
    """Write the tables of `data/` to the database. Repeatable; returns the rows of each table.

    Places that staff changed in the admin are written over: what should stay is changed in the
    file. Of the calculator's rows the one checked last stays: who changes one in the admin says
    there on which day it was checked. Estimates already given keep the rows they were made from.
    """
    loaded = {
        "markets": rows_write(Market, ["code"], list(rows_of("markets.csv", Market))),
        "territories": rows_write(
            Territory, ["market", "code"], list(rows_of("territories.csv", Territory))
        ),
    }
    keys = {
        (market, code): pk
        for pk, market, code in Territory.objects.values_list("pk", "market_id", "code")
    }
    areas = [
        row | {"territory_id": keys[row["market_id"], row.pop("territory")]}
        for row in rows_of("postal_areas_*.csv", PostalArea)
    ]
    loaded["postal areas"] = rows_write(PostalArea, ["market", "prefix"], areas)
    for name, model, key in (
        ("tariffs", Tariff, ["key"]),
        ("incentives", Incentive, ["key"]),
        ("install_costs", InstallCost, ["key"]),
        ("stations", Station, ["market", "code"]),
        ("assumptions", Assumption, ["market", "name"]),
    ):
        rows = list(rows_of(f"{name}.csv", model))
        rows_write(model, key, rows_not_newer(model, key, rows))
        loaded[name.replace("_", " ")] = len(rows)
    transaction.on_commit(forget_tables)
    return loaded


def estimate_make(
    stated: Mapping[str, Any], *, language: str = DEFAULT_LANGUAGE, now: datetime
) -> Run:
    """An estimate for what a visitor stated: fields of `EstimateRequest`, checked for type.

    The same words on the same day and the same tables are the same run: no second row is written.
    The run is stored in English and answered in `language`. May ask PVWatts, so never inside a
    transaction. Raises InvalidInput naming the field.
    """
    say = say_in(language)
    _check_use(stated)
    market, place = _where(stated, say)
    today = now.astimezone(ZoneInfo(market.time_zone)).date()
    known = {**stated, "market": market.code}
    known["purchase_date"] = stated.get("purchase_date") or today
    if stated.get("postal_code"):
        known["postal_code"] = place.postal_code
    request = EstimateRequest(**known)
    data = market_data(market, place, request)
    if not bill_can_be_read(request, data):
        words = say("This is more than we can estimate. Please check the amount.")
        raise InvalidInput(details={"monthly_bill": [words]})
    yielded = yield_at(place, data.station, array_of(request, Figures(data.assumptions)))
    run = _run(request, data, yielded)
    if language == DEFAULT_LANGUAGE:
        return run
    return Run(run.run_id, _result(request, data, yielded, say))


def yields_prepare(*, now: datetime) -> int:
    """Have the yields of an ordinary roof ready at every station, in full sun and in shade, so
    that few web processes ever load the model. Repeatable; returns how many there are."""
    count = 0
    for market in all_markets():
        tables = market_tables(market.code)
        for shading in ("none", "some", "heavy"):
            ordinary = EstimateRequest(market.code, "", now.date(), shading=shading)
            array = array_of(ordinary, Figures(tables.assumptions))
            for station in tables.stations:
                model_yield(station, array)
                count += 1
    return count


def estimate_reproduce(run_id: UUID) -> Reproduction:
    """Make a stored estimate again from what was stored with it. Changes nothing.

    Equal means every figure that was given; the words beside them may have been put better since,
    and more figures been added. Raises EstimateRun.DoesNotExist.
    """
    run = EstimateRun.objects.select_related("data").get(public_id=run_id)
    request = from_json(EstimateRequest, run.inputs)
    data = from_json(MarketData, run.data.content)
    yielded = Yield(tuple(Decimal(kwh) for kwh in run.monthly_yield), run.yield_source)
    result = _result(request, data, yielded)
    again = model_yield(data.station, array_of(request, Figures(data.assumptions)))
    return Reproduction(
        result=result,
        is_equal=bool(run.result) and _figures_agree(run.result, result),
        production_matches=yielded.source != again.source or yielded == again,
    )


def _run(request: EstimateRequest, data: MarketData, yielded: Yield) -> Run:
    inputs, content, monthly = to_json(request), to_json(data), to_json(yielded.monthly)
    data_digest = digest_of(content)
    digest = digest_of([MODEL_VERSION, inputs, data_digest, monthly, yielded.source])
    run = EstimateRun.objects.filter(digest=digest).first()
    if run is None:
        result = _result(request, data, yielded)
        with transaction.atomic():
            snapshot, _ = DataSnapshot.objects.get_or_create(
                digest=data_digest, defaults={"content": content}
            )
            run, _ = EstimateRun.objects.get_or_create(
                digest=digest,
                defaults={
                    "model_version": MODEL_VERSION,
                    "market_id": request.market,
                    "inputs": inputs,
                    "data": snapshot,
                    "yield_source": yielded.source,
                    "monthly_yield": monthly,
                    "result": result,
                },
            )
    return Run(run.public_id, run.result)


def _result(
    request: EstimateRequest, data: MarketData, yielded: Yield, say: Say = ENGLISH
) -> dict[str, Any]:
    return estimate_answer(request, data, yielded, estimate(request, data, yielded), say)


def _figures_agree(stored: Any, made: Any) -> bool:
    """Whether an answer made now holds every figure of a stored one. Sentences are left out."""
    if isinstance(stored, dict):
        figures = stored.keys() - _WORDS
        return all(one in made and _figures_agree(stored[one], made[one]) for one in figures)
    if isinstance(stored, list):
        return len(stored) == len(made) and all(map(_figures_agree, stored, made))
    return bool(stored == made)


def _check_use(stated: Mapping[str, Any]) -> None:
    if stated.get("monthly_bill") is None and stated.get("monthly_kwh") is None:
        raise InvalidInput(details={"monthly_bill": ["Send monthly_bill or monthly_kwh."]})


def _where(stated: Mapping[str, Any], say: Say) -> tuple[Market, Place]:
    """The market and place meant. A postal code says more than a point, so it goes first."""
    code = stated.get("market") or ""
    markets = all_markets()
    if code:
        markets = [market for market in markets if market.code == code]
        if not markets:
            raise InvalidInput(
                details={"market": [f"There is no market {code!r}. {coverage(say)}"]}
            )
    if stated.get("postal_code"):
        return _by_postal_code(stated["postal_code"], markets, say)
    latitude, longitude = stated.get("latitude"), stated.get("longitude")
    if latitude is None and longitude is None:
        raise InvalidInput(details={"postal_code": ["Send a postal_code, or a point."]})
    if latitude is None or longitude is None:
        missing = "latitude" if latitude is None else "longitude"
        raise InvalidInput(details={missing: ["Send latitude and longitude together."]})
    place = place_near(latitude, longitude, code)
    if place is None:
        raise InvalidInput(
            details={"latitude": [f"{say('This point is not covered.')} {coverage(say)}"]}
        )
    return next(market for market in markets if market.code == place.market), place


def _by_postal_code(text: str, markets: Sequence[Market], say: Say) -> tuple[Market, Place]:
    for market in markets:
        place = place_of(market.code, read_postal_code(text, market))
        if place is not None and place.territory_pk is not None:
            return market, place
    words = say("“{code}” is not covered.", code=text)
    raise InvalidInput(details={"postal_code": [f"{words} {coverage(say)}"]})
