"""Reads a mail of somebody we do not know yet as a lead: who writes, and what they want. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from apps.integrations.doors.email.reading import read_mail
from apps.integrations.doors.reading import Said, Setting, read_draft
from apps.leads.contracts import LeadDraft


def parse(payload: Mapping[str, Any], setting: Setting) -> LeadDraft:
    """A draft of the mail. Consent is never read out of it: writing to us is not agreeing."""
    mail = read_mail(payload)
    said = {
        "name": mail.sender_name,
        "email": mail.sender,
        "message": f"{mail.subject}\n\n{mail.words}".strip(),
    }
    return read_draft(Said(said, prose=(mail.words,)), {}, setting)
