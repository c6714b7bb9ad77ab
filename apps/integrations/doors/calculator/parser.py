"""Reads `{session_id, calculation_results, user_inputs, user_info, timestamp}`. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from apps.integrations.doors.naming import canonical
from apps.integrations.doors.reading import Said, Setting, read_draft
from apps.leads.contracts import LeadDraft


def parse(payload: Mapping[str, Any], setting: Setting) -> LeadDraft:
    """A draft with high priority: who computes and leaves a number means it."""
    fields = canonical(
        payload.get("user_info"), payload.get("user_inputs"), payload.get("calculation_results")
    )
    details = {"interest_level": "high", "priority_level": "high"}
    return read_draft(Said(fields, details=details), payload, setting)
