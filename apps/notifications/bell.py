"""What the bell of the admin asks: the newest ones and how many are unread, and marking them read.

The pages are signed in by a session, which the API does not know; the live part is the socket's.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from apps.core.clock import utc_text
from apps.notifications.actions.reading import notifications_mark_read
from apps.notifications.kinds import label_of
from apps.notifications.models import Notification
from apps.notifications.selectors import (
    COUNT_AT_MOST,
    notifications_of,
    unread_count,
    waiting_count,
)
from apps.users.models import User
from apps.users.selectors import signed_in

SHOWN = 10


def bell_of(user: User) -> dict[str, Any]:
    """Everything a bell shows, for a page and for a socket that has just been opened."""
    newest = notifications_of(user)[:SHOWN]
    return {"unread": unread_count(user), "items": [item_shown(row) for row in newest]}


def item_shown(row: Notification) -> dict[str, Any]:
    """One notification, as plain data."""
    return {
        "id": str(row.public_id),
        "kind": row.kind,
        "about": label_of(row.kind),
        "level": row.level,
        "title": row.title,
        "body": row.body,
        "link": row.link,
        "needs_action": row.needs_action,
        "read": row.read_at is not None,
        "created_at": utc_text(row.created_at),
    }


def waiting_badge(request: HttpRequest) -> str:
    """For the menu: how many alerts wait for somebody; nothing when none does."""
    count = waiting_count(signed_in(request))
    return f"{COUNT_AT_MOST - 1}+" if count >= COUNT_AT_MOST else str(count or "")


@require_safe
def bell(request: HttpRequest) -> HttpResponse:
    return JsonResponse(bell_of(signed_in(request)))


@require_POST
def mark_read(request: HttpRequest) -> HttpResponse:
    """Those in `id`, or all when none is named. A script gets JSON, a form goes to the list."""
    user = signed_in(request)
    named = request.POST.getlist("id")
    ids = _ids(named)
    if ids or not named:
        notifications_mark_read(user, ids=ids or None, now=timezone.now())
    if "application/json" in request.headers.get("Accept", ""):
        return JsonResponse(bell_of(user))
    return redirect("admin:notifications_notification_changelist")


def _ids(words: list[str]) -> list[UUID]:
    found = []
    for word in words:
        try:
            found.append(UUID(word))
        except ValueError:
            continue  # no id of ours: nothing to mark
    return found
