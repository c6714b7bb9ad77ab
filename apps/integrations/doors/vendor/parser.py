"""Reads a flat lead, or one under `lead`, in whatever names the vendor uses. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from apps.integrations.doors import values
from apps.integrations.doors.naming import canonical
from apps.integrations.doors.reading import Said, Setting, read_draft
from apps.leads.contracts import LeadDraft


def parse(payload: Mapping[str, Any], setting: Setting) -> LeadDraft:
    """A draft of the vendor's lead."""
    return read_draft(Said(_fields(payload)), payload, setting)


def external_id(payload: Mapping[str, Any]) -> str:
    """The vendor's own id of the lead: without another key, what makes two posts one."""
    return values.line(_fields(payload).get("external_id"), limit=150)


def _fields(payload: Mapping[str, Any]) -> dict[str, Any]:
    return canonical(payload.get("lead"), payload, payload.get("contact_info"))
