"""A score in words: what its stored detail means to a person. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from apps.core.money import Money

_PARTS = (
    ("base", "Home, bill and place"),
    ("behaviour", "Behaviour on the site"),
    ("timing", "Timing and decision"),
    ("market", "Market"),
)
_CAPS = {
    "not_owner": "Does not own the home, so it counts at most {total}; without that it would be"
    " {uncapped}.",
    "ownership_unknown": "Nobody knows yet whether they own the home, so it counts at most {total};"
    " an owner would be at {uncapped}. Ask.",
}
_STATED = {
    "": "not asked",
    "core": "we build there",
    "served": "served by partners",
    "outside": "not served",
    "owner": "owns it",
    "renter": "does not own it",
}


@dataclass(frozen=True)
class FactorWords:
    """One reason: what was stated and what it gave."""

    name: str
    stated: str
    is_stated: bool
    points: str
    maximum: int
    percent: int


@dataclass(frozen=True)
class PartWords:
    """One of the four parts, 0 to 100, its weight, and the factors it is made of."""

    name: str
    weight: int
    percent: int
    factors: tuple[FactorWords, ...]


@dataclass(frozen=True)
class ScoreWords:
    """Everything the page says about a score."""

    total: int
    model: str
    cap: str
    offer_community_solar: bool
    parts: tuple[PartWords, ...]


def score_words(
    total: int, detail: Mapping[str, Any], weights: Mapping[str, int], currency: str
) -> ScoreWords | None:
    """The words for a stored score; None for a lead that has not been scored yet.

    `currency` is what the bill is in (ISO 4217).
    """
    if not detail:
        return None
    values, cap = detail.get("parts", {}), detail.get("cap", "")
    uncapped = detail.get("uncapped", total)
    template = _CAPS.get(cap, "") if uncapped > total else ""
    return ScoreWords(
        total=total,
        model=str(detail.get("model", "")),
        cap=template.format(total=total, uncapped=uncapped),
        offer_community_solar=bool(detail.get("offer_community_solar")),
        parts=tuple(
            PartWords(
                name=words,
                weight=weights.get(name, 0),
                percent=round(values.get(name, 0)),
                factors=tuple(
                    _factor(factor, currency)
                    for factor in detail.get("factors", [])
                    if factor["part"] == name
                ),
            )
            for name, words in _PARTS
        ),
    )


def parameter_tables(
    parameters: Mapping[str, Any],
) -> list[tuple[str, list[tuple[str, str]]]]:
    """The tables of a scoring model as titles with rows; single values come first, in one table."""
    single = [(_title(name), str(v)) for name, v in parameters.items() if not _is_table(v)]
    tables = [(_title(name), _rows(v)) for name, v in parameters.items() if _is_table(v)]
    return [("Single values", single), *tables]


def _is_table(value: Any) -> bool:
    return isinstance(value, Mapping | list | tuple)


def _rows(table: Any) -> list[tuple[str, str]]:
    if isinstance(table, Mapping):
        return [(_title(str(name)), _row(value)) for name, value in table.items()]
    if table and all(_is_table(step) and len(step) == 2 for step in table):
        return [(f"From {least:g} on", f"{points:g}") for least, points in table]
    return [(f"No. {number}", _row(value)) for number, value in enumerate(table, start=1)]


def _row(value: Any) -> str:
    return ", ".join(str(one) for one in value) if isinstance(value, list) else str(value)


def _title(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _factor(factor: Mapping[str, Any], currency: str) -> FactorWords:
    stated = str(factor["stated"])
    if stated and factor["name"] == "monthly_bill":
        stated = str(Money(Decimal(stated), currency))
    maximum = factor["maximum"] or 1
    return FactorWords(
        name=factor["name"].replace("_", " ").capitalize(),
        stated=_STATED.get(stated, stated.replace("_", " ")),
        is_stated=bool(stated),
        points=f"{factor['points']:g}",
        maximum=maximum,
        percent=max(0, min(100, round(100 * factor["points"] / maximum))),
    )
