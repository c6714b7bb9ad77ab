"""How messages and conversations are shown to programs: the same shapes over HTTP and sockets."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.urls import reverse

from apps.conversations.decide import FORMS
from apps.conversations.memory import facts_from_json
from apps.conversations.models import Conversation, Message
from apps.core.clock import utc_text

_ROLES = {Message.Role.VISITOR: "user"}


def message_shown(message: Message) -> dict[str, Any]:
    """A message as the visitor's page reads it."""
    role = Message.Role(message.role)
    return {
        "id": str(message.public_id),
        "role": _ROLES.get(role, str(role)),
        "text": message.text,
        "suggestions": message.suggestions,
        "sources": message.sources,
        "form": _form(message),
        "author": message.author.first_name if message.author else "",
        "client_id": message.client_id,
        "created_at": utc_text(message.created_at),
    }


def _form(message: Message) -> str:
    """What the page offers below a reply: to be called back, or the free times of a survey."""
    kinds = {kind for kind, _ in message.plan.get("acts", ())}
    return next((form for form in FORMS if form in kinds), "")


def agent_shown(conversation: Conversation) -> dict[str, Any]:
    """Who answers now. A visitor is never left to think that a program is a person."""
    if conversation.state == Conversation.State.PERSON and conversation.agent:
        return {"name": conversation.agent.first_name or "Our team", "is_human": True}
    return {"name": f"{settings.BRAND['name']} assistant", "is_human": False}


def conversation_shown(conversation: Conversation) -> dict[str, Any]:
    """A conversation as the inbox lists it. For staff: it holds the score."""
    facts = {key: fact.value for key, fact in facts_from_json(conversation.facts).items()}
    return {
        "id": str(conversation.public_id),
        "name": str(conversation),
        "state": conversation.state,
        "stage": conversation.stage,
        "market": conversation.market_id,
        "language": conversation.memory.get("language") or "en",
        "agent": str(conversation.agent) if conversation.agent else None,
        "lead_id": str(conversation.lead.public_id) if conversation.lead else None,
        "lead_page": _lead_page(conversation),
        "score": conversation.score,
        "tier": conversation.tier or None,
        "intent": facts.get("intent"),
        "handover_reason": conversation.handover_reason or None,
        "waiting_since": _moment(conversation.waiting_since),
        "started_at": _moment(conversation.started_at),
        "last_message_at": _moment(conversation.last_message_at),
    }


def _lead_page(conversation: Conversation) -> str | None:
    """Where staff read the lead; None where this process has no pages for them."""
    if conversation.lead_id is None or settings.SURFACE == "public":
        return None
    return reverse("admin:leads_lead_change", args=[conversation.lead_id])


def _moment(value: Any) -> str | None:
    return utc_text(value) if value else None
