"""A lead in a buyer's own words: its field names, its values, its bands. Pure.

A mapping is `{their field: source}`; dots in their field nest (`lead.email`). A source is the name
of one of our fields, `=text` for a fixed text, or an object:

    {"from": "ownership", "values": {"owner": "OWN"}, "default": "RENT"}
    {"from": "monthly_bill", "bands": [[100, "$0-100"], [200, "$101-200"]], "default": "$201+"}

An empty mapping sends all our fields under our names.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

OUR_FIELDS: dict[str, str] = {
    "delivery_id": "Our id of this delivery, the same on every try",
    "lead_id": "Our id of the lead, to be named in feedback",
    "first_name": "First name",
    "last_name": "Last name",
    "email": "E-mail",
    "phone": "Telephone, E.164",
    "address": "Street and number",
    "city": "City",
    "state": "State",
    "postal_code": "ZIP or PIN code",
    "market": "Market",
    "territory": "Borough or state, as we count it",
    "property_type": "Kind of home",
    "ownership": "owner or renter",
    "monthly_bill": "Electricity bill a month",
    "currency": "Currency of bill and price",
    "utility": "Utility",
    "roof_type": "Kind of roof",
    "roof_age": "Years",
    "shading": "none, some or heavy",
    "timeline": "When they want it",
    "decision_maker": "Who decides",
    "credit_range": "As they said themselves",
    "score": "Our score, 0 to 100",
    "tier": "premium, standard, basic or unqualified",
    "price": "What was agreed for this lead",
    "is_exclusive": "Sold to nobody else",
    "created_at": "When they came to us, UTC",
    "consent_text": "What they agreed to, word for word",
    "consent_given_at": "When they agreed, UTC",
    "consent_channels": "What they agreed to be reached by",
    "certificate_url": "Certificate of the consent",
    "is_test": "true: not a real person",
}

_NUMBERS = {"monthly_bill", "roof_age", "score", "price"}


def mapping_problems(mapping: Mapping[str, Any]) -> list[str]:
    """What is wrong with a mapping, in words; nothing when it can be used."""
    problems = []
    for theirs, source in mapping.items():
        name = source.get("from") if isinstance(source, Mapping) else source
        if not theirs.strip() or ".." in theirs or theirs.startswith(".") or theirs.endswith("."):
            problems.append(f"“{theirs}” is no field name.")
        elif isinstance(source, str) and source.startswith("="):
            pass
        elif not isinstance(name, str) or name not in OUR_FIELDS:
            problems.append(f"“{theirs}”: we have no field called “{name}”.")
        elif isinstance(source, Mapping):
            problems += _table_problems(theirs, source)
        if any(other.startswith(f"{theirs}.") for other in mapping):
            problems.append(f"“{theirs}” cannot be a field and hold others.")
    return problems


def in_order(mapping: Mapping[str, Any]) -> dict[str, Any]:
    """The mapping in the order of our own fields, fixed texts last: columns begin with what counts.

    The database keeps no order of its own.
    """
    places = {name: place for place, name in enumerate(OUR_FIELDS)}

    def place(entry: tuple[str, Any]) -> tuple[int, str]:
        theirs, source = entry
        name = source["from"] if isinstance(source, Mapping) else source
        return places.get(name, len(places)), theirs

    return dict(sorted(mapping.items(), key=place))


def map_fields(mapping: Mapping[str, Any], fields: Mapping[str, Any]) -> dict[str, Any]:
    """Our fields in the buyer's words, nested where its names have dots."""
    if not mapping:
        return {name: fields.get(name) for name in OUR_FIELDS}
    mapped: dict[str, Any] = {}
    for theirs, source in in_order(mapping).items():
        *way, last = theirs.split(".")
        place = mapped
        for step in way:
            inner = place.setdefault(step, {})
            place = inner if isinstance(inner, dict) else place
        place[last] = _value(source, fields)
    return mapped


def as_json(mapped: Mapping[str, Any]) -> bytes:
    """The body of a request."""
    return json.dumps(mapped, ensure_ascii=False, default=str).encode()


def as_csv(mapped: Mapping[str, Any]) -> bytes:
    """A file with a line of names and a line of values; nested names keep their dots.

    What a spreadsheet would take for a formula is kept from being one.
    """
    flat = dict(_flat(mapped))
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(flat)
    writer.writerow([_harmless(value) for value in flat.values()])
    return text.getvalue().encode("utf-8-sig")


def _value(source: Any, fields: Mapping[str, Any]) -> Any:
    if not isinstance(source, Mapping):
        return source[1:] if source.startswith("=") else fields.get(source)
    value = fields.get(source["from"])
    default = source.get("default", value)
    if "values" in source:
        return source["values"].get(str(value), default)
    if "bands" in source:
        if value is None:
            return source.get("default")
        known = (words for most, words in source["bands"] if Decimal(str(value)) <= most)
        return next(known, default)
    return default if value in (None, "") else value


def _table_problems(theirs: str, source: Mapping[str, Any]) -> list[str]:
    problems = [
        f"“{theirs}”: “{key}” is not understood."
        for key in source.keys() - {"from", "values", "bands", "default"}
    ]
    if "values" in source and not isinstance(source["values"], Mapping):
        problems.append(f"“{theirs}”: `values` is an object.")
    if "bands" in source and source["from"] not in _NUMBERS:
        problems.append(f"“{theirs}”: only numbers have `bands`: {', '.join(sorted(_NUMBERS))}.")
    bands = source.get("bands", [])
    if not isinstance(bands, list) or not all(
        isinstance(band, list) and len(band) == 2 and isinstance(band[0], int | float)
        for band in bands
    ):
        problems.append(f"“{theirs}”: `bands` is a list of [up to, words].")
    return problems


def _flat(value: Mapping[str, Any], before: str = "") -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = []
    for name, item in value.items():
        if isinstance(item, Mapping):
            found += _flat(item, f"{before}{name}.")
        else:
            found.append((f"{before}{name}", item))
    return found


def _harmless(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple):
        return "; ".join(str(one) for one in value)
    text = str(value)
    is_number = isinstance(value, int | float | Decimal) or text.lstrip("+").isdigit()
    return f"'{text}" if text[:1] in {"=", "+", "-", "@", "\t"} and not is_number else text
