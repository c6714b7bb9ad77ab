"""The places of a market by the names people give them, for whoever listens."""

from __future__ import annotations

import re
import time

from apps.leads.understanding import aliases
from apps.leads.understanding.hearing import Gazetteer
from apps.solar.models import PostalArea, Territory

_REMEMBER_SECONDS = 300.0
_remembered: dict[str, tuple[float, Gazetteer]] = {}


def gazetteer_of(market: str) -> Gazetteer:
    """Postal codes, boroughs and neighbourhoods of a market, remembered for five minutes."""
    until, known = _remembered.get(market, (0.0, Gazetteer()))
    if time.monotonic() > until:
        known = _read(market)
        _remembered[market] = (time.monotonic() + _REMEMBER_SECONDS, known)
    return known


def forget_places() -> None:
    """Read the places anew at the next question: for tests, and after a load of the tables."""
    _remembered.clear()


def place_code(name: str) -> str:
    """How a neighbourhood is stored: "Hell's Kitchen" becomes `hells_kitchen`."""
    return re.sub(r"[^a-z0-9]+", "_", name.lower().replace("'", "")).strip("_")


def _read(market: str) -> Gazetteer:
    areas = list(PostalArea.objects.filter(market=market).values_list("prefix", "neighborhood"))
    territories = set(Territory.objects.filter(market=market).values_list("code", flat=True))
    names = {
        re.sub(r"\s*\(.*?\)", "", name).strip()  # "Astoria (North)" is Astoria
        for _, together in areas
        for name in together.split("/")
    }
    neighborhoods = {name.lower(): place_code(name) for name in names if name}
    neighborhoods |= aliases.NEIGHBORHOODS.get(market, {})
    neighborhoods |= {  # "Jackson Hts", as addresses and locals write it
        name.removesuffix("heights") + short: code
        for name, code in neighborhoods.items()
        if name.endswith(" heights")
        for short in ("hts", "hgts", "hghts")
    }
    neighborhoods = {  # "bayridge", as people type it
        name.replace(" ", ""): code for name, code in neighborhoods.items() if len(name) > 7
    } | neighborhoods
    return Gazetteer(
        postal_codes=frozenset(prefix for prefix, _ in areas),
        boroughs={name: code for name, code in aliases.BOROUGHS.items() if code in territories},
        neighborhoods={
            name: code for name, code in neighborhoods.items() if name not in aliases.AMBIGUOUS
        },
    )
