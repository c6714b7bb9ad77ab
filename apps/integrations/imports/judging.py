"""What a row of a file says, and everything that is wrong with it, in words. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from apps.integrations.doors.imported.parser import parse, read_moment
from apps.integrations.doors.reading import Setting
from apps.integrations.imports.columns import FIELDS
from apps.leads.contracts import LeadDraft

_CONSENT = ("consent_given", "consent_wording", "consent_channels", "consent_at")
_NOT_FIELDS = (*_CONSENT, "market", "assign_to")
_ALL_WAYS = ["call", "sms", "email"]


@dataclass(frozen=True)
class Plan:
    """How the rows of a file are to be read."""

    columns: Sequence[str]
    mapping: Mapping[int, str]  # number of a column: one of `columns.FIELDS`
    market: str  # where a row does not say
    markets: Mapping[str, Sequence[str]]  # code or name, in lower case: the codes it may mean
    people: Mapping[str, Sequence[str]]  # user name, e-mail or name, likewise: ids

    def column_of(self, field: str) -> str:
        """The name of the column that holds a field, for whoever looks for it in the file."""
        return next(self.columns[place] for place, name in self.mapping.items() if name == field)


@dataclass(frozen=True)
class Judged:
    """A row. With `problems` it cannot be taken in; `notes` say what is left out."""

    payload: dict[str, Any]
    draft: LeadDraft | None
    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def judge(cells: Sequence[str], plan: Plan, setting: Setting) -> Judged:
    """Read a row as the road will read it, and say what that leaves out."""
    said = {name: cells[place] for place, name in plan.mapping.items() if cells[place]}
    problems: list[str] = []
    notes: list[str] = []
    payload = _payload(cells, said, plan, problems, notes)
    draft = parse(payload, setting)
    problems += _nobody(said, draft)
    if problems:
        return Judged(payload, None, problems, notes)
    notes += [
        f"“{_short(said[name])}” is no {label}: left out"
        for name, (label, got) in _READ.items()
        if name in said and got(draft) in ("", None)
    ]
    return Judged(payload, draft, [], notes)


def _payload(
    cells: Sequence[str],
    said: Mapping[str, str],
    plan: Plan,
    problems: list[str],
    notes: list[str],
) -> dict[str, Any]:
    """The row as it is written down: under our names, and what has none under the file's own."""
    payload: dict[str, Any] = {
        "fields": {name: text for name, text in said.items() if name not in _NOT_FIELDS},
        "market": plan.market,
    }
    if market := said.get("market"):
        meant = plan.markets.get(market.lower(), ())
        payload["market"] = meant[0] if len(meant) == 1 else ""
        if not meant:
            problems.append(f"There is no market called “{_short(market)}”")
        elif len(meant) > 1:
            problems.append(_ambiguous(market, meant, plan.column_of("market"), "code"))
    if person := said.get("assign_to"):
        meant = plan.people.get(person.lower(), ())
        if len(meant) == 1:
            payload["assign_to"] = meant[0]
        elif meant:
            problems.append(_ambiguous(person, meant, plan.column_of("assign_to"), "e-mail"))
        else:
            notes.append(f"Nobody who works leads is called “{_short(person)}”: given by the rules")
    if consent := _consent(said, notes):
        payload["consent"] = consent
    others = {
        plan.columns[place]: text
        for place, text in enumerate(cells)
        if text and place not in plan.mapping
    }
    return payload | ({"other_columns": others} if others else {})


def _consent(said: Mapping[str, str], notes: list[str]) -> dict[str, Any] | None:
    """Consent is written down only with the words that were agreed to."""
    given, wording = said.get("consent_given", ""), said.get("consent_wording", "")
    if not given and not wording:
        return None
    if given.strip().lower() not in {"yes", "true", "on", "y", "1"}:
        return None
    if not wording:
        notes.append("Agreed, but not to which words: no consent is written down")
        return None
    ways = said.get("consent_channels", "")
    found = [way for way in _ALL_WAYS if way in ways.lower()]
    if not found:
        notes.append("Agreed, but not to which ways (call, sms, email): no consent is written down")
        return None
    at = said.get("consent_at", "")
    if at and read_moment(at) is None:
        notes.append(f"“{_short(at)}” is no date like 2026-11-27: the day of the import is kept")
    return {"given": True, "text": wording, "channels": found, "at": at, "version": "import"}


def _nobody(said: Mapping[str, str], draft: LeadDraft) -> list[str]:
    if draft.person.has_identity:
        return []
    if not said.get("email") and not said.get("phone"):
        return ["Neither an e-mail address nor a phone number"]
    kinds = (("email", "e-mail address"), ("phone", "phone number"))
    return [f"“{_short(said[name])}” is no {label}" for name, label in kinds if said.get(name)]


def _ambiguous(name: str, meant: Sequence[str], column: str, better: str) -> str:
    return f"“{_short(name)}” in “{column}” is the name of {len(meant)}: write the {better} instead"


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:59] + "…"


def _detail(name: str) -> Callable[[LeadDraft], Any]:
    return lambda draft: draft.details.get(name)


# What may be stated and still not be understood, and where a draft holds it.
_READ: dict[str, tuple[str, Callable[[LeadDraft], Any]]] = {
    "email": ("e-mail address", lambda draft: draft.person.email),
    "phone": ("phone number", lambda draft: draft.person.phone),
    "postal_code": ("postal code of this market", lambda draft: draft.postal_code),
    "monthly_bill": ("amount", lambda draft: draft.monthly_bill),
    "homeowner": ("yes or no", _detail("ownership")),
    **{
        name: (f"answer we know to “{FIELDS[name]}”", _detail(name))
        for name in (
            "property_type",
            "roof_type",
            "roof_age",
            "roof_area_m2",
            "shading",
            "estimated_capacity",
            "timeline",
            "decision_maker",
            "credit_range",
        )
    },
}
