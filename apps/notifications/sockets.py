"""`/ws/notifications/`: the bell of an open page.

The server says `bell` (unread, the newest items) when the socket opens, `notification` (item,
unread, ring) for each new one, `unread` when the number changed. The client says `read` with `ids`,
or with `all`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.utils import timezone

from apps.core.errors import InvalidInput
from apps.core.sockets import Event, Frame, threaded
from apps.notifications.actions.reading import notifications_mark_read
from apps.notifications.bell import bell_of, item_shown
from apps.notifications.selectors import is_quiet_for, notifications_of, unread_count
from apps.users.models import User
from apps.users.sockets import StaffSocket


def group_of(person_pk: int) -> str:
    """The open pages of one person."""
    return f"notifications.{person_pk}"


class NotificationSocket(StaffSocket):
    """What a person is told, as it happens."""

    async def opened(self) -> None:
        # First the group, then what there is: what comes between is told twice, not never.
        await self.join(group_of(self.user.pk))
        await self.say("bell", **await threaded(bell_of)(self.user))

    async def on_read(self, frame: Frame) -> None:
        ids = None if frame.get("all") is True else _ids(frame.get("ids"))
        await threaded(notifications_mark_read)(self.user, ids=ids, now=timezone.now())

    async def notifications_told(self, event: Event) -> None:
        """New ones, sent by the outbox after their commit."""
        for frame in await threaded(_told)(self.user, event["ids"]):
            await self.say("notification", **frame)

    async def notifications_read(self, event: Event) -> None:
        await self.say("unread", unread=await threaded(unread_count)(self.user))


def _told(user: User, ids: Sequence[str]) -> list[dict[str, Any]]:
    rows = notifications_of(user).filter(public_id__in=ids).order_by("pk")
    is_quiet = is_quiet_for(user, timezone.now())
    unread = unread_count(user)
    return [
        {"item": item_shown(row), "unread": unread, "ring": row.live and not is_quiet}
        for row in rows
    ]


def _ids(words: Any) -> list[UUID]:
    try:
        return [UUID(word) for word in words]
    except (TypeError, ValueError, AttributeError) as error:
        raise InvalidInput("Send `ids`, or `all`: true.") from error
