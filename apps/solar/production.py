"""What a roof yields: a weather station and an array in, twelve monthly kWh out. Pure.

The PVWatts model, run through pvlib over one average day of each month. Clear sky alone promises
15 to 50 % too much, so each month is a mixture of two kinds of day, clear and overcast, in the
share that makes the month's horizontal irradiation the measured one. One average day at a mean
clearness would lose the beam of winter's clear days (December in New York: 13 % too little).

    sky     Ineichen clear sky with the month's Linke turbidity, Erbs split, Hay-Davies
    cell    NOCT model, roof mount; Ta the month's mean; a weak wind
    DC      G_eff/1000 * (1 - 0.37 %/K * (Tc - 25)) * (1 - losses)
    AC      PVWatts inverter, 96 %, DC/AC 1.2, so clipping is in

Checked (tests/solar/test_production.py): New York, tilt 20, +0.2 % against the PVWatts v8 API,
each month within 3 %; 18 Indian cities -6 to -1 % against SAM on the same weather files.

pvlib takes seconds to import, so only `specific_yield` does, when it is called. The same input
gives the same answer: rounded to 0.001 kWh, kept per process.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

MODEL_VERSION = "pvwatts-2026.11"
MONTHS = 12
DAYS_IN_MONTH = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)

# Klein's days: the day of the year whose declination is the mean of its month.
_AVERAGE_DAYS = (17, 47, 75, 105, 135, 162, 198, 228, 258, 288, 318, 344)
_STEP_MINUTES = 30
_STEPS = 24 * 60 // _STEP_MINUTES
_YEAR = "2023-01-01"  # any year: the sun of one differs from the next by less than the model errs

_OVERCAST = 0.2  # global irradiance under an overcast sky, as a share of the clear one
_GAMMA = -0.0037  # per kelvin, standard module of PVWatts v8
_NOCT, _MODULE_EFFICIENCY, _WIND = 49.0, 0.19, 1.0  # °C, roof mount; share; m/s
_DIFFUSE_THROUGH_GLASS = 0.96
_ALBEDO = 0.2
_INVERTER_EFFICIENCY = 0.96


@dataclass(frozen=True)
class Station:
    """The weather of a place, January first: global horizontal irradiation in kWh/m² a day,
    mean air temperature in °C."""

    code: str
    name: str
    latitude: float
    longitude: float
    ghi: tuple[float, ...]
    temperature: tuple[float, ...]


@dataclass(frozen=True)
class Array:
    """How the modules stand: degrees from horizontal, degrees from north by east, and what is
    lost (shade, dirt, wiring, …) in percent of DC."""

    tilt: float
    azimuth: float
    losses_percent: float
    dc_ac_ratio: float = 1.2


@lru_cache(maxsize=4096)
def specific_yield(station: Station, array: Array) -> tuple[float, ...]:
    """AC kWh per kWp in each of the twelve months, January first. Imports pvlib when first called.

    Times a capacity it is the production: nothing in the model depends on the size.
    """
    import numpy as np  # noqa: PLC0415 (comes with pvlib, as late)

    daily = np.zeros(MONTHS)
    with np.errstate(divide="ignore", invalid="ignore"):  # the night, in pvlib's formulas
        sky = _Sky(station)
        for share, clearness in _kinds_of_day(station, sky):
            daily += share * _daily_yield(sky, clearness, station, array)
    monthly = daily * np.array(DAYS_IN_MONTH)
    return tuple(round(float(kwh), 3) for kwh in monthly)


class _Sky:
    """Sun and clear sky over a station through twelve average days, as arrays of (month, step)."""

    def __init__(self, station: Station) -> None:
        import numpy as np  # noqa: PLC0415
        from pvlib import atmosphere, clearsky, irradiance, solarposition  # noqa: PLC0415

        self.times = _local_solar_times(station.longitude)
        sun = solarposition.get_solarposition(
            self.times, station.latitude, station.longitude, method="nrel_numpy"
        )
        self.zenith: Any = sun["apparent_zenith"].to_numpy()
        self.azimuth: Any = sun["azimuth"].to_numpy()
        self.extra: Any = irradiance.get_extra_radiation(self.times).to_numpy()
        turbidity = clearsky.lookup_linke_turbidity(
            self.times, station.latitude, station.longitude
        ).to_numpy()
        self.airmass: Any = atmosphere.get_relative_airmass(self.zenith)
        clear = clearsky.ineichen(self.zenith, self.airmass, turbidity, dni_extra=self.extra)
        self.clear_ghi: Any = np.nan_to_num(clear["ghi"]).reshape(MONTHS, _STEPS)

    def clear_kwh_per_day(self) -> Any:
        return _per_day(self.clear_ghi)


def _local_solar_times(longitude: float) -> pd.DatetimeIndex:
    """The middle of every step of the average days, from solar midnight on, in UTC."""
    import numpy as np  # noqa: PLC0415
    import pandas as pd  # noqa: PLC0415

    midnight = np.datetime64(_YEAR, "s") - np.timedelta64(round(longitude * 240), "s")
    days = (np.array(_AVERAGE_DAYS) - 1) * np.timedelta64(86400, "s")
    steps = (np.arange(_STEPS) + 0.5) * _STEP_MINUTES * 60
    moments = midnight + days[:, None] + steps.astype("timedelta64[s]")[None, :]
    return pd.DatetimeIndex(moments.ravel()).tz_localize("UTC")


def _kinds_of_day(station: Station, sky: _Sky) -> list[tuple[Any, Any]]:
    """(share of the days, irradiance as a share of the clear sky's) for clear and overcast days.

    A month measured brighter than the model's clear sky is all clear days, as bright as measured.
    """
    import numpy as np  # noqa: PLC0415

    ratio = np.array(station.ghi) / sky.clear_kwh_per_day()
    bright, dull = np.maximum(ratio, 1.0), np.minimum(ratio, _OVERCAST)
    clear_days = (ratio - dull) / (bright - dull)
    return [(clear_days, bright), (1 - clear_days, dull)]


def _daily_yield(sky: _Sky, clearness: np.ndarray, station: Station, array: Array) -> Any:
    """AC kWh per kWp on a day of this clearness in each month."""
    import numpy as np  # noqa: PLC0415
    from pvlib import iam, inverter, irradiance, pvsystem, temperature  # noqa: PLC0415

    ghi = (sky.clear_ghi * clearness[:, None]).ravel()
    split = irradiance.erbs(ghi, sky.zenith, sky.times)
    on_array = irradiance.get_total_irradiance(
        array.tilt,
        array.azimuth,
        sky.zenith,
        sky.azimuth,
        np.nan_to_num(split["dni"]),
        ghi,
        np.nan_to_num(split["dhi"]),
        dni_extra=sky.extra,
        albedo=_ALBEDO,
        model="haydavies",
    )
    beam, diffuse = (np.nan_to_num(on_array[f"poa_{part}"]) for part in ("direct", "diffuse"))
    angle = irradiance.aoi(array.tilt, array.azimuth, sky.zenith, sky.azimuth)
    effective = beam * iam.physical(angle) + diffuse * _DIFFUSE_THROUGH_GLASS
    air = np.repeat(np.array(station.temperature), _STEPS)
    cell = temperature.noct_sam(beam + diffuse, air, _WIND, _NOCT, _MODULE_EFFICIENCY)
    dc = pvsystem.pvwatts_dc(effective, cell, 1000.0, _GAMMA) * (1 - array.losses_percent / 100)
    # `pdc0` of the inverter, not of the array: else no clipping is seen.
    ac = inverter.pvwatts(dc, 1000.0 / array.dc_ac_ratio / _INVERTER_EFFICIENCY)
    return _per_day(np.nan_to_num(ac).reshape(MONTHS, _STEPS))


def _per_day(watts: Any) -> Any:
    """kWh a day from watts at every step."""
    return watts.sum(axis=1) * (_STEP_MINUTES / 60 / 1000)
