"""Reads a row of a file: fields under our names already, and who shall work it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from apps.integrations.doors.naming import canonical
from apps.integrations.doors.reading import Said, Setting, read_draft
from apps.leads.contracts import LeadDraft

_FIRST_YEAR = 1990


def parse(payload: Mapping[str, Any], setting: Setting) -> LeadDraft:
    """A draft of the row. Agreed when the file says so, not when the file came in."""
    draft = read_draft(Said(canonical(payload.get("fields"))), payload, setting)
    consent = payload.get("consent")
    if draft.consent and isinstance(consent, Mapping):
        given_at = read_moment(consent.get("at"))
        draft = replace(draft, consent=replace(draft.consent, given_at=given_at))
    return replace(draft, assign_to=_person(payload.get("assign_to")))


def read_moment(value: Any) -> datetime | None:
    """A date or moment as ISO 8601 writes it; in UTC where it does not say. None for a year in
    which nobody can have agreed to anything here: `0026-11-27` is a slip of the hand."""
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    if moment.year < _FIRST_YEAR:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _person(value: Any) -> UUID | None:
    try:
        return UUID(value)
    except (TypeError, ValueError, AttributeError):
        return None
