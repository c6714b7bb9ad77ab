"""Mail to people who work here: at once or once a day, never twice, never into the night."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest
from django.core import mail

from apps.core.models import OutboxMessage
from apps.core.outbox import deliver_now
from apps.notifications.actions import mailing, notifying
from apps.notifications.actions.mailing import (
    DIGEST_DUE,
    digest_mail,
    digests_publish,
    notification_mail,
)
from apps.notifications.actions.notifying import MAIL_DUE, mails_due_publish
from apps.notifications.actions.reading import notifications_mark_read
from apps.notifications.models import Hours, Notification
from apps.users.models import User
from tests.factories.users import make_user
from tests.notifications.kinds import DIGESTED, MAILED, NOW, URGENT, told

NEXT_MORNING = datetime(2026, 11, 28, 13, 0, tzinfo=UTC)  # 8:00 in New York


def the_row() -> Notification:
    return Notification.objects.get()


def waiting(topic: str) -> list[str]:
    return list(OutboxMessage.objects.filter(topic=topic).values_list("key", flat=True))


def test_at_once_with_both_kinds_of_words_and_a_way_out(sam, settings):
    settings.SITE_ADDRESS = "https://crm.example.com"
    told(
        sam,
        kind=MAILED,
        title="A <b>lead</b>",
        body="Call\nthem",
        link="/admin/leads/lead/7/change/",
    )
    [key] = waiting(MAIL_DUE)
    deliver_now(MAIL_DUE, key=key)
    [sent] = mail.outbox
    [(html, _)] = sent.alternatives
    assert (sent.subject, sent.to) == ("A <b>lead</b>", ["sam@example.com"])
    assert sent.extra_headers["Message-ID"] == f"<notification.{the_row().public_id}@solar-crm>"
    preferences = "https://crm.example.com/admin/notifications/notification/preferences/"
    assert sent.extra_headers["List-Unsubscribe"] == f"<{preferences}>"
    for words in (sent.body, html):
        assert "https://crm.example.com/admin/leads/lead/7/change/" in words
        assert preferences in words
    assert "A &lt;b&gt;lead&lt;/b&gt;" in html
    assert the_row().mailed_at is not None


def test_a_mail_is_sent_once_however_often_it_is_asked_for(sam):
    told(sam, kind=MAILED)
    assert [notification_mail(the_row().public_id, now=NOW) for _ in range(3)] == [
        True,
        False,
        False,
    ]
    assert len(mail.outbox) == 1


def test_who_has_read_it_left_or_has_no_address_gets_no_mail(sam, sue):
    ned = make_user("ned")
    told(sam, sue, ned, kind=MAILED)
    notifications_mark_read(sam, now=NOW)
    sue.is_active = False
    sue.save()
    ned.email = ""
    ned.save()
    for row in Notification.objects.all():
        assert not notification_mail(row.public_id, now=NOW)
    assert mail.outbox == []


def test_quiet_hours_hold_a_mail_until_they_are_over(sam):
    Hours.objects.create(user=sam, quiet_from=time(9), quiet_until=time(12))  # it is 10:00
    told(sam, kind=MAILED)
    assert waiting(MAIL_DUE) == []
    assert mails_due_publish(now=NOW + timedelta(hours=1, minutes=59)) == 0
    assert mails_due_publish(now=NOW + timedelta(hours=2)) == 1
    mails_due_publish(now=NOW + timedelta(hours=2, minutes=1))
    assert waiting(MAIL_DUE) == [str(the_row().public_id)]


def test_what_will_not_be_sent_is_not_handed_over_and_holds_up_nobody(sam, sue, mia, monkeypatch):
    monkeypatch.setattr(notifying, "_MAILS_AT_ONCE", 1)
    ned = make_user("ned")
    for person in (ned, sue, sam, mia):
        Hours.objects.create(user=person, quiet_from=time(9), quiet_until=time(12))
    told(ned, sue, sam, mia, kind=MAILED)
    notifications_mark_read(ned, now=NOW)
    type(sue).objects.filter(pk=sue.pk).update(is_active=False)
    type(sam).objects.filter(pk=sam.pk).update(email="")
    later = NOW + timedelta(hours=2)
    assert [mails_due_publish(now=later) for _ in range(3)] == [1, 0, 0]
    assert waiting(MAIL_DUE) == [str(Notification.objects.get(recipient=mia).public_id)]


def test_what_is_older_than_a_day_is_no_news(sam):
    told(sam, kind=MAILED)
    assert mails_due_publish(now=NOW + timedelta(days=1, minutes=1)) == 0


def test_a_flood_goes_into_the_digest_and_what_is_critical_does_not(sam, monkeypatch):
    monkeypatch.setattr(mailing, "MAILS_AN_HOUR", 2)
    for number in range(4):
        told(sam, kind=MAILED, key=f"{number}")
    told(sam, kind=MAILED, key="fire", level="critical")
    sent = {
        row.key: notification_mail(row.public_id, now=NOW)
        for row in Notification.objects.order_by("pk")
    }
    assert sent == {"0": True, "1": True, "2": False, "3": False, "fire": True}
    assert set(Notification.objects.filter(mail="digest").values_list("key", flat=True)) == {
        "2",
        "3",
    }


def test_one_digest_a_day_at_the_persons_own_hour_and_only_when_there_is_something(sam, sue):
    told(sam, kind=DIGESTED, key="a", title="First")
    told(sam, kind=URGENT, key="b", title="Not by mail")
    assert digests_publish(now=NEXT_MORNING - timedelta(minutes=1)) == 0
    assert digests_publish(now=NEXT_MORNING) == 1
    digests_publish(now=NEXT_MORNING + timedelta(minutes=1))
    [key] = waiting(DIGEST_DUE)
    told(sam, kind=DIGESTED, key="c", title="Too late for this one", now=NEXT_MORNING)
    deliver_now(DIGEST_DUE, key=key)
    [sent] = mail.outbox
    assert (sent.to, sent.subject) == (["sam@example.com"], "1 notification for you")
    assert "First" in sent.body
    assert "Too late" not in sent.body
    assert digests_publish(now=NEXT_MORNING + timedelta(hours=5)) == 0
    assert digests_publish(now=NEXT_MORNING + timedelta(days=1)) == 1


def test_the_digest_leaves_out_what_was_read_and_is_not_repeated(sam):
    told(sam, kind=DIGESTED, key="read", title="Seen already")
    notifications_mark_read(sam, now=NOW)
    assert not digest_mail(sam.pk, until=NEXT_MORNING, now=NEXT_MORNING)
    for number in range(mailing.LINES_AT_MOST + 3):
        told(sam, kind=DIGESTED, key=f"{number}", title=f"Number {number}", body="x" * 500)
    assert digest_mail(sam.pk, until=NEXT_MORNING, now=NEXT_MORNING)
    assert not digest_mail(sam.pk, until=NEXT_MORNING, now=NEXT_MORNING)
    [sent] = mail.outbox
    assert sent.subject == "53 notifications for you"
    assert "And 3 more" in sent.body
    assert "Seen already" not in sent.body


@pytest.mark.parametrize("has_chosen_an_hour", [True, False])
def test_ones_own_wall_is_that_of_ones_screens(sam, has_chosen_an_hour):
    User.objects.filter(pk=sam.pk).update(time_zone="Asia/Kolkata")
    if has_chosen_an_hour:
        Hours.objects.create(user=sam, digest_hour=8)
    told(sam, kind=DIGESTED)
    due = datetime(2026, 11, 28, 2, 30, tzinfo=UTC)
    assert digests_publish(now=due - timedelta(seconds=1)) == 0
    assert digests_publish(now=due) == 1


@pytest.mark.parametrize(
    ("zone", "hour", "due"),
    [
        ("Asia/Kolkata", 21, datetime(2026, 11, 27, 15, 30, tzinfo=UTC)),
        ("Asia/Kolkata", 8, datetime(2026, 11, 28, 2, 30, tzinfo=UTC)),
        ("", 0, datetime(2026, 11, 28, 5, 0, tzinfo=UTC)),
    ],
)
def test_the_hour_is_the_one_on_ones_own_wall(sam, zone, hour, due):
    Hours.objects.create(user=sam, time_zone=zone, digest_hour=hour)
    told(sam, kind=DIGESTED)
    assert digests_publish(now=due - timedelta(seconds=1)) == 0
    assert digests_publish(now=due) == 1
