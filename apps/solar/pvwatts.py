"""PVWatts v8 of the National Laboratory of the Rockies: another opinion on what a roof yields.

Optional: without `PVWATTS_API_KEY` nobody is asked. A key gives 1,000 calls an hour, so answers
are cached by the caller. `developer.nrel.gov` was switched off in May 2026; the address is a
setting.
"""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

from django.conf import settings

from apps.core.errors import Misconfigured, Permanent, Retryable
from apps.core.http import Answer, send
from apps.solar.production import MONTHS, Array

_ASKED_KW = 10.0  # more digits than 1 kW would give; the yield is linear in it
_STANDARD_MODULE, _ROOF_MOUNT = 0, 1
_INVERTER_EFFICIENCY = 96


def is_configured() -> bool:
    return bool(settings.PVWATTS_API_KEY)


def monthly_yield(latitude: float, longitude: float, array: Array) -> tuple[float, ...]:
    """AC kWh per kWp by month, as PVWatts says. One request; never retries by itself.

    Raises Retryable (no answer, too many calls, their fault), Misconfigured (the key) and
    Permanent (they do not know the place, or do not answer as documented).
    """
    query = {
        "api_key": settings.PVWATTS_API_KEY,
        "lat": latitude,
        "lon": longitude,
        "system_capacity": _ASKED_KW,
        "module_type": _STANDARD_MODULE,
        "array_type": _ROOF_MOUNT,
        "tilt": array.tilt,
        "azimuth": array.azimuth,
        "losses": array.losses_percent,
        "dc_ac_ratio": array.dc_ac_ratio,
        "inv_eff": _INVERTER_EFFICIENCY,
        "timeframe": "monthly",
    }
    return parse(send("GET", f"{settings.PVWATTS_URL}?{urlencode(query)}"))


def parse(answer: Answer) -> tuple[float, ...]:
    """The twelve AC kWh per kWp in an answer. Raises as `monthly_yield` does."""
    if answer.status in {401, 403}:
        raise Misconfigured("PVWatts refuses PVWATTS_API_KEY.")
    if answer.status == 429 or answer.status >= 500:
        raise Retryable(f"PVWatts answered {answer.status}.")
    body = _object(answer.body)
    errors = body.get("errors")
    if answer.status != 200 or errors:
        raise Permanent(f"PVWatts refuses: {errors or answer.status}")
    outputs = body.get("outputs")
    monthly = outputs.get("ac_monthly") if isinstance(outputs, dict) else None
    if (
        not isinstance(monthly, list)
        or len(monthly) != MONTHS
        or not all(isinstance(kwh, int | float) and kwh >= 0 for kwh in monthly)
    ):
        raise Permanent("PVWatts answered without twelve months of AC energy.")
    return tuple(round(kwh / _ASKED_KW, 3) for kwh in monthly)


def _object(body: bytes) -> dict[str, Any]:
    try:
        value = json.loads(body)
    except ValueError as error:
        raise Permanent("PVWatts answered something that is not JSON.") from error
    if not isinstance(value, dict):
        raise Permanent("PVWatts answered something that is not an object.")
    return value
