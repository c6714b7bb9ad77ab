"""What the parsers' tests share: the two markets, payload files, and how a draft is told apart."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path
from typing import Any

from apps.core.embedded.places import PROJECT_DIR
from apps.integrations.doors.reading import MarketFacts, Setting
from apps.leads.contracts import LeadDraft

_HERE = Path(__file__).parent
_MARKETS = PROJECT_DIR / "apps" / "solar" / "data" / "markets.csv"


def _markets() -> tuple[MarketFacts, ...]:
    with _MARKETS.open(newline="", encoding="utf-8") as file:
        return tuple(
            MarketFacts(
                code=row["code"],
                region=row["region"],
                postal_code=re.compile(row["postal_code_pattern"]),
                currency_sign={"USD": "$", "INR": "₹"}[row["currency"]],
            )
            for row in csv.DictReader(file)
        )


SETTING = Setting(
    markets=_markets(),
    assumed_market="nyc",
    page_url="https://aurum.example/quote",
    ip_address="203.0.113.9",
    user_agent="Browser",
)


def payload(kind: str, name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((_HERE / kind / "payloads" / f"{name}.json").read_bytes())
    return loaded


def payload_names(kind: str) -> set[str]:
    return {file.stem for file in (_HERE / kind / "payloads").glob("*.json")}


def understood(draft: LeadDraft) -> dict[str, Any]:
    """What a draft says, without what it does not say."""
    person = draft.person
    said = {
        "name": (person.first_name, person.last_name),
        "email": person.email,
        "phone": person.phone.e164 if person.phone else "",
        "language": person.language,
        "market": draft.market,
        "postal_code": draft.postal_code,
        "monthly_bill": "" if draft.monthly_bill is None else str(draft.monthly_bill),
        "behaviour": {k: v for k, v in vars(draft.behaviour).items() if v is not None},
        "channels": draft.consent.channels if draft.consent else (),
        "certificate_url": draft.certificate_url,
        "attribution": draft.attribution,
        "message": draft.message,
        "partial": draft.is_partial,
        **{name: str(value) for name, value in draft.details.items()},
    }
    return {name: _shown(value) for name, value in said.items() if value not in ("", (), {}, False)}


def _shown(value: Any) -> Any:
    """What could not be kept stands as ?, however it was replaced."""
    if isinstance(value, tuple):
        return tuple(_shown(part) for part in value)
    return value.replace("\ufffd", "?") if isinstance(value, str) else value
