"""Telling people something, once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import CharField, Exists, OuterRef
from django.db.models.functions import Cast

from apps.core import outbox
from apps.core.ids import new_id
from apps.core.models import OutboxMessage
from apps.notifications.actions.alerting import alert_raise
from apps.notifications.choices import Level, Mail
from apps.notifications.kinds import Channels, Kind, kind_by
from apps.notifications.models import Alert, Notification, Preference
from apps.notifications.quiet import Quiet
from apps.notifications.selectors import hours_of, quiet_of
from apps.users.models import User

TOLD = "notification.told"
MAIL_DUE = "notification.mail_due"
TITLE_AT_MOST = 200
_MAILS_AT_ONCE = 500
_TOO_LATE = timedelta(days=1)  # a mail this old is no news any more


@transaction.atomic
def notify(
    kind: str,
    *,
    recipients: Iterable[int],
    title: str,
    body: str = "",
    link: str = "",
    key: str,
    level: str = Level.INFO,
    needs_action: bool = False,
    now: datetime,
) -> int:
    """Tell people something, each in the way they chose for the kind. Returns how many were told.

    Part of the caller's transaction: what is rolled back was not told. `key` says what happened:
    whoever was told of a key is not told again, whatever else differs. Only who can still sign in
    is told. `link` is a path of ours. With `needs_action` one alert stands in the queue until
    somebody resolves it, also when nobody is left to be told. Raises LookupError for a kind that
    nobody registered.
    """
    known = kind_by(kind)
    if known is None:
        raise LookupError(f"No kind of notification is called {kind}: register it first.")
    title = _fitting(title)
    people = _who_can_be_told(recipients)
    alert = None
    if needs_action:
        alert = alert_raise(
            known,
            title=title,
            body=body,
            link=link,
            key=key,
            level=level,
            told=people,
            now=now,
        )
    return tell(
        known,
        people,
        title=title,
        body=body,
        link=link,
        key=key,
        level=level,
        alert=alert,
        now=now,
    )


def tell(
    kind: Kind,
    people: list[int],
    *,
    title: str,
    body: str,
    link: str,
    key: str,
    level: str,
    alert: Alert | None,
    now: datetime,
) -> int:
    """Write a notification for each person who has none of this key. Returns how many are new."""
    chosen = _channels(kind, people)
    quiet = _quiet_hours(people)
    rows = []
    for pk in people:  # in one order for everybody, or two at once wait for each other
        channels = chosen[pk]
        rows.append(
            Notification(
                public_id=new_id(),
                recipient_id=pk,
                alert=alert,
                kind=kind.code,
                level=level,
                title=title,
                body=body,
                link=link,
                key=key,
                # What needs a person is never hidden from those it was meant for.
                in_app=channels.in_app or alert is not None,
                live=channels.live,
                mail=channels.mail,
                mail_at=_mail_at(channels, quiet.get(pk), level, now),
                created_at=now,
            )
        )
    Notification.objects.bulk_create(rows, ignore_conflicts=True)
    ids = [row.public_id for row in rows]
    new = list(Notification.objects.filter(public_id__in=ids).order_by("pk"))
    if new:
        _publish(new, now)
    return len(new)


@transaction.atomic
def mails_due_publish(*, now: datetime) -> int:
    """Hand over mails whose time has come, after hours of quiet for instance. Repeatable.

    Returns how many. One that was handed over already is not handed over again, nor is one that
    would not be sent: it was read, or its person left or has no address. They hold up no other.
    """
    handed_over = OutboxMessage.objects.filter(
        topic=MAIL_DUE, key=Cast(OuterRef("public_id"), CharField())
    )
    due = Notification.objects.filter(
        ~Exists(handed_over),
        mail=Mail.AT_ONCE,
        mailed_at=None,
        mail_at__lte=now,
        mail_at__gt=now - _TOO_LATE,
        read_at=None,
        recipient__is_active=True,
    ).exclude(recipient__email="")
    ids = list(due.order_by("mail_at").values_list("public_id", flat=True)[:_MAILS_AT_ONCE])
    for public_id in ids:
        outbox.publish(MAIL_DUE, key=str(public_id))
    return len(ids)


def _publish(new: list[Notification], now: datetime) -> None:
    ids = [str(row.public_id) for row in new]
    outbox.publish(TOLD, key=ids[0], notifications=ids)
    for row in new:
        if row.mail_at is not None and row.mail_at <= now:
            outbox.publish(MAIL_DUE, key=str(row.public_id))


def _who_can_be_told(recipients: Iterable[int]) -> list[int]:
    able = User.objects.filter(pk__in=set(recipients), is_active=True)
    return list(able.order_by("pk").values_list("pk", flat=True))


def _channels(kind: Kind, people: list[int]) -> dict[int, Channels]:
    found = {
        row.user_id: Channels(in_app=row.in_app, live=row.live, mail=Mail(row.mail))
        for row in Preference.objects.filter(user__in=people, kind=kind.code)
    }
    return {pk: found.get(pk, kind.channels) for pk in people}


def _quiet_hours(people: list[int]) -> dict[int, Quiet]:
    found = {pk: quiet_of(hours) for pk, hours in hours_of(people).items()}
    return {pk: quiet for pk, quiet in found.items() if quiet is not None}


def _mail_at(channels: Channels, quiet: Quiet | None, level: str, now: datetime) -> datetime | None:
    if channels.mail != Mail.AT_ONCE:
        return None
    if quiet is None or level == Level.CRITICAL:  # what is critical wakes people up
        return now
    return quiet.over_at(now)


def _fitting(title: str) -> str:
    words = " ".join(title.split())
    return words if len(words) <= TITLE_AT_MOST else words[: TITLE_AT_MOST - 1] + "…"
