"""What a person does with what they were told."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from apps.core import outbox
from apps.core.ids import new_id
from apps.notifications.models import Alert, Notification
from apps.users.models import User

READ = "notification.read"


@transaction.atomic
def notifications_mark_read(user: User, *, ids: Sequence[UUID] | None = None, now: datetime) -> int:
    """Mark a person's notifications as read: those named, or all. Returns how many were unread.

    Ids of others' notifications are passed over. Repeatable.
    """
    named = Q() if ids is None else Q(public_id__in=ids)
    marked = Notification.objects.filter(named, recipient=user, read_at=None).update(read_at=now)
    if marked:
        tell_of_reading([user.pk])
    return marked


@transaction.atomic
def news_forget(links: Iterable[str]) -> int:
    """What these pages were about is gone: forget what people were told of it, alerts included."""
    paths = list(links)
    gone = Notification.objects.filter(link__in=paths).delete()[0]
    return gone + Alert.objects.filter(link__in=paths).delete()[0]


def tell_of_reading(people: Iterable[int]) -> None:
    """Open pages of these people count again. Inside the transaction that changed something."""
    outbox.publish(READ, key=str(new_id()), people=sorted(people))
