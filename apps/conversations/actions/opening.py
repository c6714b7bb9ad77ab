"""Beginning a conversation, and coming back to one."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q

from apps.conversations.models import Conversation
from apps.conversations.openings import memory_of_greeting, opening_for
from apps.core.errors import InvalidInput, NotFound
from apps.solar.selectors import market_by_code


@dataclass(frozen=True)
class Opened:
    """A conversation and the token that opens it again, which is shown once."""

    conversation: Conversation
    token: str


@dataclass(frozen=True)
class Visitor:
    """Where somebody writes from.

    `language`: of their page, which greets them; "" where none is known. `shows_opening`: the page
    shows our opening line. `page_id`: what the page itself calls the conversation.
    """

    market: str
    language: str = ""
    shows_opening: bool = False
    page_id: str = ""
    page_url: str = ""
    ip_address: str | None = None
    user_agent: str = ""


def conversation_open(
    visitor: Visitor, *, now: datetime, foreign_id: str = "", channel: str = "chat"
) -> Opened:
    """A new conversation; with a `foreign_id` that is known, that conversation, under a new token.

    Raises InvalidInput for an unknown market.
    """
    market = market_by_code(visitor.market)
    if market is None:
        raise InvalidInput(details={"market": ["There is no such market."]})
    token = secrets.token_urlsafe(24)
    fresh = Conversation(
        market=market,
        token_digest=_digest(token),
        foreign_id=foreign_id[:150] or _called(visitor.page_id, token),
        channel=channel,
        page_url=visitor.page_url[:500],
        ip_address=visitor.ip_address,
        user_agent=visitor.user_agent[:400],
        started_at=now,
        last_message_at=now,
    )
    if visitor.language:
        shows = visitor.shows_opening
        line = opening_for(fresh.public_id, market, visitor.language, now=now) if shows else None
        fresh.opening = line.code if line else ""
        fresh.memory = memory_of_greeting(line.text if line else "", visitor.language)
    try:
        with transaction.atomic():
            fresh.save(force_insert=True)
    except IntegrityError:
        known = Conversation.objects.get(foreign_id=fresh.foreign_id)
        Conversation.objects.filter(pk=known.pk).update(token_digest=fresh.token_digest)
        return Opened(known, token)
    return Opened(fresh, token)


def conversation_resume(name: str, token: str) -> Conversation | None:
    """The conversation a page comes back to; None for one it begins, under a name of its own or
    none. Raises NotFound for a wrong token, and for an id of ours without one."""
    own_id = _uuid(name)
    is_ours = own_id is not None and Conversation.objects.filter(public_id=own_id).exists()
    return conversation_of_token(name, token) if token or is_ours else None


def conversation_of_token(name: UUID | str, token: str) -> Conversation:
    """The conversation a visitor comes back to, by its id or by what their page called it.

    Raises NotFound for a wrong token as for none.
    """
    own_id = name if isinstance(name, UUID) else _uuid(name)
    named = Q(foreign_id=_called(str(name), token))
    if own_id is not None:
        named |= Q(public_id=own_id)  # or the page makes names that look like ours
    digest = _digest(token)
    for found in Conversation.objects.filter(named):
        if hmac.compare_digest(found.token_digest, digest):
            return found
    raise NotFound("There is no such conversation.")


def _called(page_id: str, token: str) -> str:
    """Which conversation a page means by a name of its own. Names are guessed, tokens are not: so
    nobody finds it without the token, and two pages with one name have two conversations."""
    if not page_id:
        return ""
    return "page:" + hashlib.sha256(f"{page_id}\n{token}".encode()).hexdigest()


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _digest(token: str) -> str:
    """SHA-256 is enough for a secret of 192 random bits: there is nothing to guess."""
    return hashlib.sha256(token.encode()).hexdigest()
