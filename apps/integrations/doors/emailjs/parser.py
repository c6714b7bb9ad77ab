"""Reads `{form_type, service_type, contact_info, form_data, timestamp, source}`. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from apps.integrations.doors.naming import canonical
from apps.integrations.doors.reading import Said, Setting, read_draft
from apps.leads.contracts import LeadDraft

_INTEREST = {"quote_request": "high"}


def parse(payload: Mapping[str, Any], setting: Setting) -> LeadDraft:
    """A draft of whatever the form says; contact details given apart go before the form's own."""
    fields = canonical(payload.get("contact_info"), payload.get("form_data"), payload)
    interest = _INTEREST.get(str(payload.get("form_type")), "")
    return read_draft(Said(fields, details={"interest_level": interest}), payload, setting)
