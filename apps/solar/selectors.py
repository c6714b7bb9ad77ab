"""What can be asked about markets and places."""

from __future__ import annotations

import re
import time

from apps.solar.contracts import Place
from apps.solar.models import Market, PostalArea

_REMEMBER_SECONDS = 10.0
_remembered: dict[str, tuple[float, list[Market]]] = {}


def all_markets() -> list[Market]:
    """Every market, remembered for ten seconds: reading any request asks for them."""
    until, markets = _remembered.get("markets", (0.0, []))
    if not markets or time.monotonic() > until:
        markets = list(Market.objects.order_by("code"))
        _remembered["markets"] = (time.monotonic() + _REMEMBER_SECONDS, markets)
    return markets


def market_by_code(code: str) -> Market | None:
    return Market.objects.filter(code=code).first()


def read_postal_code(text: str, market: Market) -> str:
    """The postal code in `text` as this market writes it, or "" when there is none."""
    found = re.search(market.postal_code_pattern, text)
    return re.sub(r"\s", "", found.group(1)) if found else ""


def place_of(market: str, postal_code: str) -> Place | None:
    """What is known of a postal code; None for an empty one. One query."""
    if not postal_code:
        return None
    beginnings = [postal_code[:length] for length in range(1, len(postal_code) + 1)]
    areas = PostalArea.objects.select_related("territory").filter(
        market=market, prefix__in=beginnings
    )
    area = max(areas, key=lambda area: len(area.prefix), default=None)
    if area is None:
        return Place(market=market, postal_code=postal_code)
    return Place(
        market=market,
        postal_code=postal_code,
        territory_pk=area.territory_id,
        territory_code=area.territory.code,
        service=area.territory.service,
        neighborhood=area.neighborhood,
        utility=area.utility,
        adoption_index=area.territory.adoption_index,
        demand_index=area.territory.demand_index,
        income_rank=area.income_rank,
    )
