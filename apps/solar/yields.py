"""What a kWp yields somewhere: PVWatts where it is configured and answers, else our own model.

Kept in the cache, by everything that decides it, so that one process in a hundred imports pvlib.
"""

from __future__ import annotations

import logging
from decimal import Decimal

from django.core.cache import cache

from apps.core.errors import ProcessingError
from apps.solar import production, pvwatts
from apps.solar.contracts import Place, Yield
from apps.solar.production import Array, Station
from apps.solar.stored import digest_of, to_json

_logger = logging.getLogger("solar")

_KEEP_SECONDS = 30 * 24 * 60 * 60
_REST_SECONDS = 5 * 60  # after a failure PVWatts is left alone for this long
_RESTING = "solar:pvwatts:resting"


def yield_at(place: Place, station: Station, array: Array) -> Yield:
    """The monthly yield of a kWp. May call PVWatts, so never inside a transaction."""
    asked = _pvwatts_yield(place, array)
    return asked if asked is not None else model_yield(station, array)


def model_yield(station: Station, array: Array) -> Yield:
    """The yield by our own model."""
    key = _key(production.MODEL_VERSION, station, array)
    monthly = cache.get(key)
    if monthly is None:
        monthly = production.specific_yield(station, array)
        cache.set(key, monthly, _KEEP_SECONDS)
    return _yield(monthly, "model")


def _pvwatts_yield(place: Place, array: Array) -> Yield | None:
    if not pvwatts.is_configured() or place.latitude is None or place.longitude is None:
        return None
    latitude, longitude = round(place.latitude, 2), round(place.longitude, 2)
    key = _key("pvwatts-v8", latitude, longitude, array)
    monthly = cache.get(key)
    if monthly is None:
        if cache.get(_RESTING):
            return None
        try:
            monthly = pvwatts.monthly_yield(latitude, longitude, array)
        except ProcessingError as error:
            _logger.warning("solar.pvwatts_failed", extra={"error": str(error)})
            cache.set(_RESTING, True, _REST_SECONDS)
            return None
        cache.set(key, monthly, _KEEP_SECONDS)
    return _yield(monthly, "pvwatts")


def _yield(monthly: tuple[float, ...], source: str) -> Yield:
    return Yield(tuple(Decimal(str(kwh)) for kwh in monthly), source)


def _key(*parts: object) -> str:
    return f"solar:yield:{digest_of([to_json(part) for part in parts])}"
