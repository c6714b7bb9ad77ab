"""All kinds of doors. A new one is a folder beside this file and one line here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from apps.core.errors import Permanent
from apps.integrations.doors.api.parser import parse as parse_api
from apps.integrations.doors.calculator.keep import keep as keep_calculator
from apps.integrations.doors.calculator.parser import parse as parse_calculator
from apps.integrations.doors.chatbot.keep import keep as keep_chatbot
from apps.integrations.doors.chatbot.parser import parse as parse_chatbot
from apps.integrations.doors.email.joining import settle as settle_email
from apps.integrations.doors.email.keep import keep as keep_email
from apps.integrations.doors.email.parser import parse as parse_email
from apps.integrations.doors.emailjs.keep import keep as keep_emailjs
from apps.integrations.doors.emailjs.parser import parse as parse_emailjs
from apps.integrations.doors.imported.parser import parse as parse_imported
from apps.integrations.doors.reading import Setting
from apps.integrations.doors.settling import Settler, settle_nothing
from apps.integrations.doors.vendor.parser import parse as parse_vendor
from apps.leads.contracts import LeadDraft

Parser = Callable[[Mapping[str, Any], Setting], LeadDraft]
Keeper = Callable[[UUID, Mapping[str, Any], LeadDraft, int | None], None]


def _keep_nothing(
    event_id: UUID, payload: Mapping[str, Any], draft: LeadDraft, lead_pk: int | None
) -> None:
    """For doors whose payload says nothing beyond the lead itself."""


@dataclass(frozen=True)
class Door:
    """How requests of one kind are read, and what is kept of them beside the lead.

    `settle` is asked first: whether a request belongs to something we know, and needs no road.
    """

    parse: Parser
    keep: Keeper = _keep_nothing
    settle: Settler = settle_nothing


DOORS: dict[str, Door] = {
    "emailjs": Door(parse_emailjs, keep_emailjs),
    "chatbot": Door(parse_chatbot, keep_chatbot),
    "calculator": Door(parse_calculator, keep_calculator),
    "vendor": Door(parse_vendor),
    "api": Door(parse_api),
    "import": Door(parse_imported),
    "email": Door(parse_email, keep_email, settle_email),
}


def door_of(kind: str) -> Door:
    """The door of a kind of source. Raises Permanent when there is none."""
    try:
        return DOORS[kind]
    except KeyError:
        raise Permanent(f"There is no door of the kind {kind}.") from None
