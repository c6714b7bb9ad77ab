"""Which leads a buyer wants, and what speaks against one. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from functools import cached_property
from operator import attrgetter
from typing import Any, NamedTuple


@dataclass(frozen=True, slots=True)
class LeadFacts:
    """A lead as buyers and prices see it. Empty or None: nobody knows.

    `consents` holds, by channel, how many days ago the consent that holds today was given, and
    `certified` the channels of those that come with a certificate.
    `bought` holds, by buyer, how many days ago it last bought this person; `offered` who was
    offered this lead before, and `shared_by` how many of them have it.
    """

    id: str
    market: str
    currency: str
    score: int
    tier: str
    territory: str = ""
    postal_code: str = ""
    utility: str = ""
    ownership: str = ""
    property_type: str = ""
    monthly_bill: Decimal | None = None
    roof_type: str = ""
    roof_age: int | None = None
    shading: str = ""
    credit_range: str = ""
    provenance: str = "first_party"
    source: str = ""
    age_hours: float = 0.0
    has_email: bool = False
    has_valid_phone: bool = False
    is_suppressed: bool = False
    certified: frozenset[str] = frozenset()
    consents: Mapping[str, float] = field(default_factory=dict)
    bought: Mapping[str, float] = field(default_factory=dict)
    offered: frozenset[str] = frozenset()
    shared_by: int = 0


class Refusal(NamedTuple):
    """One thing that speaks against a buyer: a code for programs, words for people.

    A tuple, not a dataclass: dozens are made for each lead.
    """

    code: str
    words: str


Check = Callable[[LeadFacts], Refusal | None]


@dataclass(frozen=True)
class Filters:
    """What a buyer wants. An empty set, or None, wants everything.

    What is not known of a lead passes only where `accepts_unknown`.
    """

    territories: frozenset[str] = frozenset()
    postal_prefixes: tuple[str, ...] = ()
    utilities: frozenset[str] = frozenset()
    ownership: frozenset[str] = frozenset()
    property_types: frozenset[str] = frozenset()
    bill_min: Decimal | None = None
    bill_max: Decimal | None = None
    roof_types: frozenset[str] = frozenset()
    roof_age_max: int | None = None
    shading: frozenset[str] = frozenset()
    credit_ranges: frozenset[str] = frozenset()
    tiers: frozenset[str] = frozenset()
    score_min: int | None = None
    age_hours_max: int | None = None
    provenance: frozenset[str] = frozenset()
    consent_channels: frozenset[str] = frozenset()
    consent_days_max: int | None = None
    needs_certificate: bool = False
    needs_valid_phone: bool = False
    accepts_unknown: bool = False

    @cached_property
    def checks(self) -> tuple[Check, ...]:
        """What has to be looked at: built once, so that a lead pays for stated filters only."""
        return tuple(_checks_of(self))

    def refusals(self, lead: LeadFacts) -> list[Refusal]:
        """Everything that speaks against `lead`; nothing when it is wanted."""
        return [found for check in self.checks if (found := check(lead)) is not None]


def _checks_of(wanted: Filters) -> Iterator[Check]:
    for code, attribute, values in (
        ("territory", "territory", wanted.territories),
        ("utility", "utility", wanted.utilities),
        ("ownership", "ownership", wanted.ownership),
        ("property_type", "property_type", wanted.property_types),
        ("roof", "roof_type", wanted.roof_types),
        ("shading", "shading", wanted.shading),
        ("credit", "credit_range", wanted.credit_ranges),
        ("tier", "tier", wanted.tiers),
        ("provenance", "provenance", wanted.provenance),
    ):
        if values:
            yield _one_of(code, attrgetter(attribute), values, wanted.accepts_unknown)
    for code, attribute, least, most in (
        ("bill", "monthly_bill", wanted.bill_min, wanted.bill_max),
        ("roof_age", "roof_age", None, wanted.roof_age_max),
        ("score", "score", wanted.score_min, None),
        ("age", "age_hours", None, wanted.age_hours_max),
    ):
        if least is not None or most is not None:
            yield _within(code, attrgetter(attribute), least, most, wanted.accepts_unknown)
    if wanted.postal_prefixes:
        yield _begins_with(wanted.postal_prefixes, wanted.accepts_unknown)
    if wanted.needs_valid_phone:
        yield _has_phone
    yield _consented(wanted.consent_channels, wanted.consent_days_max)
    if wanted.needs_certificate:
        yield _certified(wanted.consent_channels)


def _one_of(
    code: str, value_of: Callable[[LeadFacts], str], values: frozenset[str], unknown_passes: bool
) -> Check:
    refusals: dict[str, Refusal] = {}  # there are few values, and words cost time

    def check(lead: LeadFacts) -> Refusal | None:
        value = value_of(lead)
        if value in values or (not value and unknown_passes):
            return None
        found = refusals.get(value)
        if found is None:
            words = f"Does not take {_said(value)}"
            found = refusals[value] = Refusal(code, words) if value else _unknown(code)
        return found

    return check


def _within(
    code: str, value_of: Callable[[LeadFacts], Any], least: Any, most: Any, unknown_passes: bool
) -> Check:
    def check(lead: LeadFacts) -> Refusal | None:
        value = value_of(lead)
        if value is None:
            return None if unknown_passes else _unknown(code)
        if least is not None and value < least:
            return Refusal(code, f"{_NAMES[code]} {value:.0f}, wants {least:.0f} or more")
        if most is not None and value > most:
            return Refusal(code, f"{_NAMES[code]} {value:.0f}, takes up to {most:.0f}")
        return None

    return check


def _begins_with(prefixes: tuple[str, ...], unknown_passes: bool) -> Check:
    def check(lead: LeadFacts) -> Refusal | None:
        if not lead.postal_code:
            return None if unknown_passes else _unknown("postal_code")
        if lead.postal_code.startswith(prefixes):
            return None
        return Refusal("postal_code", f"Does not take postal code {lead.postal_code}")

    return check


def _consented(channels: frozenset[str], days_max: int | None) -> Check:
    """Whatever a buyer accepts: nobody is sold without a consent that holds."""

    def check(lead: LeadFacts) -> Refusal | None:
        if not lead.consents:
            return _NO_CONSENT
        if not channels.issubset(lead.consents):
            missing = ", ".join(sorted(channels - lead.consents.keys()))
            return Refusal("consent", f"Needs consent for: {missing}")
        if days_max is not None:
            # Each of those it needs; any, when it names none.
            needed = [lead.consents[one] for one in channels]
            if (max(needed) if needed else min(lead.consents.values())) > days_max:
                return Refusal("consent", f"Consent is over {days_max} days old")
        return None

    return check


def _has_phone(lead: LeadFacts) -> Refusal | None:
    return None if lead.has_valid_phone else Refusal("phone", "Wants a valid telephone number")


def _certified(channels: frozenset[str]) -> Check:
    """The consents the buyer relies on come with one; any of them, when it names none."""

    def check(lead: LeadFacts) -> Refusal | None:
        is_certified = channels <= lead.certified if channels else bool(lead.certified)
        return None if is_certified else Refusal("certificate", "Needs a consent certificate")

    return check


def _unknown(code: str) -> Refusal:
    return Refusal(code, f"Wants to know: {code.replace('_', ' ')}")


def _said(value: str) -> str:
    return value.replace("_", " ")


_NAMES = {"bill": "Bill of", "roof_age": "Roof age", "score": "Score of", "age": "Hours old:"}
_NO_CONSENT = Refusal("consent", "No consent that a sale could point to")

_SETS = (
    "territories",
    "utilities",
    "ownership",
    "property_types",
    "roof_types",
    "shading",
    "credit_ranges",
    "tiers",
    "provenance",
    "consent_channels",
)
_AMOUNTS = ("bill_min", "bill_max")
_NUMBERS = ("roof_age_max", "score_min", "age_hours_max", "consent_days_max")
_FLAGS = ("needs_certificate", "needs_valid_phone", "accepts_unknown")
FILTER_NAMES = frozenset((*_SETS, *_AMOUNTS, *_NUMBERS, *_FLAGS, "postal_prefixes"))


def read_filters(stored: Mapping[str, Any]) -> Filters:
    """Filters as they are kept in JSON. Raises ValueError, saying which word is wrong."""
    unknown = stored.keys() - FILTER_NAMES
    if unknown:
        raise ValueError(f"There is no such filter: {', '.join(sorted(unknown))}.")
    return Filters(**dict(_read(stored)))


def _read(stored: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in stored.items():
        if value in (None, "", []):
            continue
        if name in _SETS:
            lower = name == "utilities"
            yield name, frozenset(one.lower() if lower else one for one in _words(name, value))
        elif name == "postal_prefixes":
            yield name, tuple(_words(name, value))
        elif name in _AMOUNTS:
            yield name, _amount(name, value)
        elif name in _NUMBERS:
            yield name, _number(name, value)
        else:
            yield name, _flag(name, value)


def _words(name: str, value: Any) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(one, str) and one for one in value):
        raise ValueError(f"`{name}` is a list of words.")
    return value


def _flag(name: str, value: Any) -> bool:
    """A word is none: "false" would be true."""
    if not isinstance(value, bool):
        raise ValueError(f"`{name}` is true or false.")
    return value


def _amount(name: str, value: Any) -> Decimal:
    try:
        amount = Decimal(str(value))
    except InvalidOperation as error:
        raise ValueError(f"`{name}` is an amount.") from error
    if not amount.is_finite() or amount < 0:
        raise ValueError(f"`{name}` is an amount of nothing or more.")
    return amount


def _number(name: str, value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise ValueError(f"`{name}` is a whole number.")
    return value
