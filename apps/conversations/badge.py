"""The number on the menu: visitors who wait for a person."""

from __future__ import annotations

from django.http import HttpRequest

from apps.conversations.models import Conversation
from apps.conversations.selectors import conversations_visible_to
from apps.users.selectors import signed_in

_AT_MOST = 100


def waiting_badge(request: HttpRequest) -> str:
    """How many wait; "" for none."""
    waiting = conversations_visible_to(signed_in(request)).filter(state=Conversation.State.WAITING)
    count = waiting.order_by()[:_AT_MOST].count()
    return "99+" if count >= _AT_MOST else str(count or "")
