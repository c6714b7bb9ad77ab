"""What the page that merges two leads shows: side by side, with the word that would stay marked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from apps.contacts.identity import show_phone
from apps.leads.choices import OPEN_STATUSES, LeadStatus
from apps.leads.merging import UNITS, Choice, Side, choices
from apps.leads.models import Lead
from apps.leads.stated import told_by
from apps.leads.value_words import value_words

_WORDS = {"email": "E-mail", "roof_area_m2": "Roof area", "assigned_to": "Has it"}
_UNSAID = "—"


@dataclass(frozen=True)
class Row:
    """One thing, as both leads say it. Without `differs` there is nothing to choose."""

    unit: str
    label: str
    survivor: str
    duplicate: str
    pick: Side
    differs: bool


@dataclass(frozen=True)
class MergePage:
    """Two leads side by side. `survivor` stays, `duplicate` goes into it."""

    survivor: Lead
    duplicate: Lead
    asked: tuple[Row, ...]  # where both say something, and not the same
    known: tuple[Row, ...]  # where one of them says it, or both alike


def merge_page(survivor: Lead, duplicate: Lead, keep: Mapping[str, Side]) -> MergePage:
    """Gather the page. Both leads with market, territory and assigned_to."""
    chosen = choices(told_by(survivor), told_by(duplicate), keep)
    rows = [row for choice in chosen if (row := _row(choice, survivor, duplicate))]
    return MergePage(
        survivor,
        duplicate,
        asked=tuple(row for row in rows if row.differs),
        known=tuple(row for row in rows if not row.differs),
    )


def survivor_first(one: Lead, other: Lead) -> tuple[Lead, Lead]:
    """The two in the order that makes sense: what money hangs on, what is open, what is older."""
    ranked = sorted((one, other), key=_rank)
    return ranked[0], ranked[1]


def _rank(lead: Lead) -> tuple[bool, bool, Any]:
    has_money = lead.status in (LeadStatus.WON, LeadStatus.SOLD)
    return (not has_money, lead.status not in OPEN_STATUSES, lead.created_at)


def _row(choice: Choice, survivor: Lead, duplicate: Lead) -> Row | None:
    ours, theirs = _said(choice.unit, survivor), _said(choice.unit, duplicate)
    if ours == theirs == _UNSAID:
        return None
    label = _WORDS.get(choice.unit, choice.unit.replace("_", " ").capitalize())
    return Row(choice.unit, label, ours, theirs, choice.pick, choice.differs)


def _said(unit: str, lead: Lead) -> str:
    match unit:
        case "phone":
            return show_phone(lead.phone) if lead.phone else _UNSAID
        case "place":
            parts = (lead.address, lead.city, lead.state, lead.postal_code, lead.market.name)
            return ", ".join(part for part in parts if part)
        case "assigned_to":
            return str(lead.assigned_to) if lead.assigned_to else _UNSAID
    [column] = UNITS[unit]
    return value_words(lead, column) or _UNSAID
