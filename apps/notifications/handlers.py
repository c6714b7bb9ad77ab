"""What the outbox calls."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from uuid import UUID

from django.utils import timezone

from apps.core.outbox import Message, handles
from apps.core.sockets import send_to_group
from apps.notifications.actions.mailing import DIGEST_DUE, digest_mail, notification_mail
from apps.notifications.actions.notifying import MAIL_DUE, TOLD
from apps.notifications.actions.reading import READ
from apps.notifications.models import Notification
from apps.notifications.sockets import group_of


@handles(TOLD, queue="delivery")
def ring_the_bell(message: Message) -> None:
    """Tell the open pages of those who were told. A page that hears it twice shows it once."""
    ids_by_person: dict[int, list[str]] = defaultdict(list)
    told = Notification.objects.filter(public_id__in=message.payload["notifications"])
    for person, public_id in told.values_list("recipient_id", "public_id"):
        ids_by_person[person].append(str(public_id))
    for person, ids in ids_by_person.items():
        send_to_group(group_of(person), "notifications.told", ids=ids)


@handles(READ, queue="delivery")
def count_again(message: Message) -> None:
    """The number on every open page of a person who read something on one of them."""
    for person in message.payload["people"]:
        send_to_group(group_of(person), "notifications.read")


@handles(MAIL_DUE, queue="delivery")
def mail_a_notification(message: Message) -> None:
    notification_mail(UUID(message.key), now=timezone.now())


@handles(DIGEST_DUE, queue="delivery")
def mail_a_digest(message: Message) -> None:
    until = datetime.fromisoformat(message.payload["until"])
    digest_mail(message.payload["person"], until=until, now=timezone.now())
