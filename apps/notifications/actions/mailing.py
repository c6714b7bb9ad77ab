"""Sending what people want by mail: at once, or once a day. Each mail is safe to repeat."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Min, QuerySet

from apps.core import outbox
from apps.notifications.choices import Level, Mail
from apps.notifications.mailing import mail_digest, mail_one
from apps.notifications.models import Hours, Notification
from apps.notifications.quiet import last_digest_moment
from apps.notifications.selectors import hours_of, zone_of
from apps.users.models import User

DIGEST_DUE = "notification.digest_due"
MAILS_AN_HOUR = 20  # to one person at once; more of them go into the digest
LINES_AT_MOST = 50


def notification_mail(notification_id: UUID, *, now: datetime) -> bool:
    """Send one notification's mail, unless it is sent, read, or its person is gone.

    Whoever is told more than MAILS_AN_HOUR things an hour finds the rest in the digest; what is
    critical goes in any case. Returns whether a mail was sent. May be repeated.
    """
    row = (
        Notification.objects.select_related("recipient", "alert")
        .filter(public_id=notification_id, mail=Mail.AT_ONCE, mailed_at=None, read_at=None)
        .first()
    )
    if row is None or not (row.recipient.is_active and row.recipient.email):
        return False
    if row.level != Level.CRITICAL and _mailed_lately(row.recipient, now) >= MAILS_AN_HOUR:
        Notification.objects.filter(pk=row.pk).update(mail=Mail.DIGEST, mail_at=None)
        return False
    mail_one(row)
    Notification.objects.filter(pk=row.pk).update(mailed_at=now)
    return True


@transaction.atomic
def digests_publish(*, now: datetime) -> int:
    """Hand over a digest for each person whose hour has struck since something waits for them.

    Returns how many people; a digest that is handed over already is not handed over again.
    """
    waiting = _for_digest().order_by().values_list("recipient_id")
    oldest = dict(waiting.annotate(oldest=Min("created_at")))
    hours = hours_of(oldest)
    count = 0
    for person in User.objects.filter(pk__in=oldest, is_active=True).exclude(email=""):
        moment = _digest_moment(hours.get(person.pk) or Hours(user=person), now)
        if oldest[person.pk] < moment:
            outbox.publish(
                DIGEST_DUE,
                key=f"{person.public_id}:{moment:%Y-%m-%dT%H}",
                person=person.pk,
                until=moment.isoformat(),
            )
            count += 1
    return count


def digest_mail(person_pk: int, *, until: datetime, now: datetime) -> bool:
    """Send a person what waits in their digest and is older than `until`, if there is anything.

    Returns whether a mail was sent. May be repeated.
    """
    person = User.objects.filter(pk=person_pk, is_active=True).exclude(email="").first()
    if person is None:
        return False
    rows = list(
        _for_digest()
        .filter(recipient=person, created_at__lt=until)
        .select_related("alert")
        .order_by("-created_at", "-pk")
    )
    if not rows:
        return False
    shown = rows[:LINES_AT_MOST]
    mail_digest(person, shown, more=len(rows) - len(shown), day=f"{until:%Y-%m-%d}")
    Notification.objects.filter(pk__in=[row.pk for row in rows]).update(mailed_at=now)
    return True


def _digest_moment(hours: Hours, now: datetime) -> datetime:
    return last_digest_moment(zone_of(hours), hours.digest_hour, now)


def _for_digest() -> QuerySet[Notification]:
    return Notification.objects.filter(mail=Mail.DIGEST, mailed_at=None, read_at=None)


def _mailed_lately(person: User, now: datetime) -> int:
    lately = Notification.objects.filter(
        recipient=person, mail=Mail.AT_ONCE, mailed_at__gt=now - timedelta(hours=1)
    )
    return lately.count()
