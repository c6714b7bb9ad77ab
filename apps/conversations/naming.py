"""The names a reply may use: ours, the visitor's, and how their place is called."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django.conf import settings

from apps.conversations.contracts import Standing
from apps.solar.contracts import Place
from apps.solar.selectors import place_remembered


def names_said(standing: Standing) -> dict[str, str]:
    """What is filled into the sayings of `speech.toml`; "" for what nobody said."""
    facts = standing.facts
    postal_code = str(facts.get("zip_code") or "")
    return {
        "brand": settings.BRAND["name"],
        "agent": settings.BRAND["name"],
        "first_name": str(facts.get("first_name") or ""),
        "place": _place_name(facts, place_remembered(standing.market, postal_code)) or postal_code,
    }


def _place_name(facts: Mapping[str, Any], place: Place | None) -> str:
    """How the visitor calls their neighbourhood; else its name where the code has but one."""
    if named := facts.get("neighborhood"):
        return str(named).replace("_", " ").title()
    names = place.neighborhood.split("/") if place else []
    return re.sub(r"\s*\(.*?\)", "", names[0]) if len(names) == 1 else ""
