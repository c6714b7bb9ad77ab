"""Reads the validated body of `POST /api/leads/`. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from apps.integrations.doors.naming import canonical
from apps.integrations.doors.reading import Said, Setting, read_draft
from apps.leads.contracts import LeadDraft

_AS_STATED = ("interest_level", "priority_level")


def parse(payload: Mapping[str, Any], setting: Setting) -> LeadDraft:
    """A draft that says what the body says."""
    details = {name: payload.get(name, "") for name in _AS_STATED}
    return read_draft(Said(canonical(payload), details=details), payload, setting)
