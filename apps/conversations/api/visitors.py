"""Who a visitor is to us: where they write from, and the token of their conversation."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from rest_framework.request import Request

from apps.conversations.actions.opening import Visitor, conversation_open, conversation_resume
from apps.conversations.models import Conversation
from apps.core.client_address import client_address
from apps.core.errors import AuthenticationRequired
from apps.core.json_data import clean_text


def conversation_meant(
    request: Request, said: Mapping[str, Any], *, now: datetime
) -> tuple[Conversation, str | None]:
    """The conversation of a request's `session_id` and `token`; else a new one, with its token.

    `said` may name `market` and `language` as well. Raises NotFound for a wrong token.
    """
    name = said.get("session_id") or ""
    found = conversation_resume(name, said.get("token") or "")
    if found is not None:
        return found, None
    visitor = Visitor(
        market=said.get("market") or settings.DEFAULT_MARKET,
        language=said.get("language", ""),
        page_id=name,
        page_url=clean_text(request.headers.get("Referer", "")),
        ip_address=client_address(request._request),
        user_agent=clean_text(request.headers.get("User-Agent", "")),
    )
    opened = conversation_open(visitor, now=now)
    return opened.conversation, opened.token


def chat_token(request: Request) -> str:
    """The token of a conversation. Raises AuthenticationRequired without one."""
    token = request.headers.get("X-Chat-Token") or request.query_params.get("token", "")
    if not token:
        raise AuthenticationRequired("Send the token of this conversation.")
    return token
