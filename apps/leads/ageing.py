"""When a lead that nobody touches goes stale, by where it is. Pure."""

from __future__ import annotations

from datetime import timedelta
from typing import Literal

Freshness = Literal["fresh", "stale", "rotten"]

# After so long without a touch a lead is stale; after twice as long it is rotten.
_PATIENCE = {
    "new": timedelta(days=1),
    "contacted": timedelta(days=3),
    "qualified": timedelta(days=7),
    "proposal": timedelta(days=10),
    "negotiation": timedelta(days=10),
}


def freshness(status: str, quiet: timedelta) -> Freshness:
    """How a lead of a status stands that nobody has touched for so long; closed ones are fresh."""
    patience = _PATIENCE.get(status)
    if patience is None or quiet < patience:
        return "fresh"
    return "stale" if quiet < 2 * patience else "rotten"


def quiet_words(quiet: timedelta) -> str:
    """ "touched today", "1 day untouched", "12 days untouched"."""
    days = max(quiet.days, 0)
    if not days:
        return "touched today"
    return f"{days} day{'' if days == 1 else 's'} untouched"
