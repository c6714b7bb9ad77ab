"""What readers need to know of the world: markets from the database, circumstances of the event."""

from __future__ import annotations

import re

from django.conf import settings

from apps.core.errors import Misconfigured
from apps.intake.models import InboundEvent
from apps.integrations.doors.reading import MarketFacts, Setting
from apps.leads.gazetteer import gazetteer_of
from apps.solar.selectors import all_markets

_SIGNS = {"USD": "$", "INR": "₹"}


def reading_setting(event: InboundEvent) -> Setting:
    """The setting an event is read in. Raises Misconfigured before any market is loaded."""
    return Setting(
        markets=markets_to_read(),
        assumed_market=event.source.market or settings.DEFAULT_MARKET,
        page_url=event.page_url,
        ip_address=event.ip_address,
        user_agent=event.user_agent,
        today=event.received_at.date(),
        places={market.code: gazetteer_of(market.code) for market in all_markets()},
    )


def markets_to_read() -> tuple[MarketFacts, ...]:
    """Every market as readers know it. Raises Misconfigured when there is none."""
    markets = tuple(
        MarketFacts(
            code=market.code,
            region=market.region,
            postal_code=re.compile(market.postal_code_pattern),
            currency_sign=_SIGNS.get(market.currency, market.currency),
        )
        for market in all_markets()
    )
    if not markets:
        raise Misconfigured("There are no markets: run `manage.py load_markets`.")
    return markets
