"""From loosely named values to a lead draft: what all doors share. Pure; never raises.

Each door gathers what its payload says into `Said`; this module understands it. What cannot be
understood stays in the raw payload, and nothing is guessed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from apps.contacts.contracts import ConsentDraft, PersonDraft
from apps.contacts.identity import (
    PhoneNumber,
    find_emails,
    find_phones,
    read_email,
    read_phone,
    region_of,
)
from apps.integrations.doors import values, words
from apps.leads.contracts import Behaviour, LeadDraft
from apps.leads.understand import Gazetteer

_TOUCH_KEYS = (
    "utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content",
    "gclid", "fbclid", "msclkid", "referrer", "landing_page",
)  # fmt: skip
_CHANNELS = ("call", "sms", "email")
_GIVEN = {"true", "yes", "on"}
_LARGEST_CAPACITY_KW = Decimal(100_000)
_OLDEST_ROOF_YEARS = 200


@dataclass(frozen=True)
class MarketFacts:
    """What reading needs to know of a market."""

    code: str
    region: str
    postal_code: re.Pattern[str]
    currency_sign: str


@dataclass(frozen=True)
class Setting:
    """Where a request came in: the markets there are, and the one to assume."""

    markets: tuple[MarketFacts, ...]
    assumed_market: str
    page_url: str = ""
    ip_address: str | None = None
    user_agent: str = ""
    today: date = date.min
    places: Mapping[str, Gazetteer] = field(default_factory=dict)  # by market


@dataclass(frozen=True)
class Said:
    """What a payload says, by canonical field name; the first mention of a field counts."""

    fields: Mapping[str, Any]
    prose: tuple[str, ...] = ()  # sentences in which an e-mail or phone may hide
    details: Mapping[str, Any] = field(default_factory=dict)  # what the kind of door implies


def read_draft(said: Said, payload: Mapping[str, Any], setting: Setting) -> LeadDraft:
    """Understand what was said. `payload` gives market, consent, attribution and `partial`."""
    market = _market(said, payload, setting)
    bill = values.number(said.fields.get("monthly_bill"))
    return LeadDraft(
        person=_person(said, market, setting),
        market=market.code,
        postal_code=_postal_code(said.fields.get("postal_code"), market),
        details=_details(said),
        monthly_bill=bill.quantize(Decimal("0.01")) if bill is not None else None,
        behaviour=_behaviour(said.fields),
        consent=_consent(payload.get("consent"), said, setting),
        certificate_url=_certificate(payload.get("consent"), said),
        attribution=_attribution(payload.get("attribution")),
        message=values.text(said.fields.get("message")),
        is_partial=values.boolean(payload.get("partial")) is True,
    )


def _market(said: Said, payload: Mapping[str, Any], setting: Setting) -> MarketFacts:
    """The market that was named, else the only one the facts fit, else the assumed one."""
    named = values.text(payload.get("market"), limit=20).lower()
    by_code = {market.code: market for market in setting.markets}
    if named in by_code:
        return by_code[named]
    postal = values.text(said.fields.get("postal_code"), limit=20)
    bill = values.text(said.fields.get("monthly_bill"), limit=50)
    phone = values.text(said.fields.get("phone"), limit=60)
    for fits in (
        [m for m in setting.markets if postal and m.postal_code.search(postal)],
        [m for m in setting.markets if _is_at_home(phone, m.region)],
        [m for m in setting.markets if m.currency_sign in bill],
    ):
        if len(fits) == 1:
            return fits[0]
    return by_code.get(setting.assumed_market) or setting.markets[0]


def _is_at_home(phone: str, region: str) -> bool:
    """Whether a number with a country code belongs to `region`."""
    if not phone.startswith("+"):
        return False
    number = read_phone(phone, region=region)
    return number is not None and region_of(number.e164) == region


def _person(said: Said, market: MarketFacts, setting: Setting) -> PersonDraft:
    first = values.line(said.fields.get("first_name"), limit=100)
    last = values.line(said.fields.get("last_name"), limit=100)
    if not (first or last):
        first, last = values.person_name(said.fields.get("name"))
    elif first and not last:
        first, last = values.person_name(first)
    return PersonDraft(
        first_name=first,
        last_name=last,
        email=_email(said),
        phone=_phone(said, market, setting),
        market=market.code,
        language=_language(said.fields.get("language")),
    )


def _email(said: Said) -> str:
    stated = values.text(said.fields.get("email"), limit=300)
    if address := read_email(stated):
        return address
    return next((found for prose in (stated, *said.prose) for found in find_emails(prose)), "")


def _phone(said: Said, market: MarketFacts, setting: Setting) -> PhoneNumber | None:
    stated = said.fields.get("phone")
    if isinstance(stated, float) and stated.is_integer():
        stated = int(stated)  # a spreadsheet's number
    text = values.text(stated, limit=100)
    if number := read_phone(text, region=market.region):
        return number
    prose = (text, *said.prose)
    found = (phone for words in prose for phone in find_phones(words, region=market.region))
    return next(found, None)


def _postal_code(value: Any, market: MarketFacts) -> str:
    found = market.postal_code.search(values.text(value, limit=50))
    return re.sub(r"\s", "", found.group(1)) if found else ""


def _language(value: Any) -> str:
    code = values.text(value, limit=10).lower()
    return code[:2] if re.match(r"[a-z]{2}(?:[-_]|$)", code) else ""


def _details(said: Said) -> dict[str, Any]:
    fields = said.fields
    owner = values.boolean(fields.get("homeowner"))
    capacity = values.number(fields.get("estimated_capacity"))
    roof_age = values.number(fields.get("roof_age"))
    roof_area = values.number(fields.get("roof_area_m2"))
    found: dict[str, Any] = {
        "company": values.line(fields.get("company"), limit=200),
        "address": values.line(fields.get("address"), limit=300),
        "city": values.line(fields.get("city"), limit=100),
        "state": values.line(fields.get("state"), limit=100),
        "utility": values.line(fields.get("utility"), limit=60),
        "budget_range": values.line(fields.get("budget_range"), limit=50),
        "service_type": values.line(fields.get("service_type"), limit=100),
        "ownership": {True: "owner", False: "renter", None: ""}[owner],
        "property_type": values.choice(fields.get("property_type"), words.PROPERTY_TYPES),
        "roof_type": values.choice(fields.get("roof_type"), words.ROOF_TYPES),
        "shading": values.choice(fields.get("shading"), words.SHADING),
        "timeline": values.choice(fields.get("timeline"), words.TIMELINES),
        "decision_maker": values.choice(fields.get("decision_maker"), words.DECISION_MAKERS),
        "credit_range": values.choice(fields.get("credit_range"), words.CREDIT_RANGES),
        "estimated_capacity": _within(capacity, _LARGEST_CAPACITY_KW, "0.01"),
        "roof_area_m2": _within(roof_area, Decimal(1_000_000), "0.1"),
        "roof_age": int(roof_age)
        if roof_age is not None and roof_age <= _OLDEST_ROOF_YEARS
        else None,
    }
    return {
        name: value for name, value in {**found, **said.details}.items() if value not in ("", None)
    }


def _within(value: Decimal | None, largest: Decimal, places: str) -> Decimal | None:
    return value.quantize(Decimal(places)) if value is not None and 0 < value < largest else None


def _behaviour(fields: Mapping[str, Any]) -> Behaviour:
    questions = values.number(fields.get("technical_questions"))
    return Behaviour(
        engagement_minutes=_float_between(fields.get("engagement_minutes"), 0, 24 * 60),
        technical_questions=int(questions) if questions is not None and questions < 1000 else None,
        objections_resolved=_float_between(fields.get("objections_resolved"), 0, 1),
        sentiment=_float_between(fields.get("sentiment"), -1, 1),
        compares_offers=values.boolean(fields.get("compares_offers")),
    )


def _float_between(value: Any, low: float, high: float) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except ValueError:
        return None
    return round(number, 3) if low <= number <= high else None


def _consent(value: Any, said: Said, setting: Setting) -> ConsentDraft | None:
    """Consent counts only when it was given in so many words: `given` must be true."""
    if not isinstance(value, Mapping) or not _is_given(value.get("given")):
        return None
    channels = _channels(value.get("channels"))
    if not channels:
        return None
    return ConsentDraft(
        channels=channels,
        wording=values.text(value.get("text")),
        version=values.line(value.get("version"), limit=50),
        page_url=values.line(value.get("page_url"), limit=500) or setting.page_url,
        ip_address=setting.ip_address,
        user_agent=setting.user_agent,
        certificate_url=_certificate(value, said),
    )


def _is_given(value: Any) -> bool:
    """True itself, or how a checkbox and a spreadsheet write it. Narrower than `values.boolean`."""
    return value is True or (isinstance(value, str) and value.strip().lower() in _GIVEN)


def _channels(value: Any) -> tuple[str, ...]:
    """The channels agreed to: named in a list, in a text of nothing else, or each set to true."""
    if isinstance(value, Mapping):
        named = {name for name, agreed in value.items() if _is_given(agreed)}
    elif isinstance(value, list):
        named = {name.strip().lower() for name in value if isinstance(name, str)}
    elif isinstance(value, str):
        named = set(re.split(r"[\s,;|]+", value.strip().lower()))
        named = named if named <= set(_CHANNELS) else set()
    else:
        named = set()
    return tuple(channel for channel in _CHANNELS if channel in named)


def _certificate(consent: Any, said: Said) -> str:
    """Where the certificate of consent can be seen: beside the consent, or among the fields."""
    own = consent.get("certificate_url") if isinstance(consent, Mapping) else None
    found = values.line(own, limit=500)
    return found or values.line(said.fields.get("certificate_url"), limit=500)


def _attribution(value: Any) -> dict[str, dict[str, str]]:
    """First and last touch. Untrusted: only known keys, only short texts."""
    if not isinstance(value, Mapping):
        return {}
    last = _touch(value)
    first = _touch(value.get("first_touch")) or last
    return {name: touch for name, touch in (("first_touch", first), ("last_touch", last)) if touch}


def _touch(value: Any) -> dict[str, str]:
    if not isinstance(value, Mapping):
        return {}
    found = {key: values.line(value.get(key), limit=300) for key in _TOUCH_KEYS}
    return {key: text for key, text in found.items() if text}
