"""Telling people: once, only those who are here, in the way they chose."""

from __future__ import annotations

from datetime import time, timedelta

import pytest
from django.db import IntegrityError, transaction

from apps.notifications import kinds
from apps.notifications.actions import notify
from apps.notifications.choices import Mail
from apps.notifications.models import Alert, Hours, Notification, Preference
from tests.notifications.kinds import DIGESTED, MAILED, NOW, PLAIN, URGENT, told


def test_each_is_told_in_their_own_row(sam, sue, mia):
    assert told(sam, sue, link="/admin/", body="More", level="warning") == 2
    rows = {row.recipient: row for row in Notification.objects.all()}
    assert set(rows) == {sam, sue}
    assert (rows[sam].title, rows[sam].body) == ("Something happened", "More")
    assert (rows[sam].link, rows[sam].level, rows[sam].read_at) == ("/admin/", "warning", None)
    assert rows[sam].public_id.version == 7
    assert not rows[sam].needs_action


def test_the_same_key_tells_once_and_others_are_still_told(sam, sue):
    assert told(sam) == 1
    assert told(sam, sue, title="Said differently") == 1
    assert Notification.objects.get(recipient=sam).title == "Something happened"
    assert told(sam, key="another") == 1


def test_who_left_is_not_told(sam, sue):
    sam.is_active = False
    sam.save()
    assert told(sam, sue) == 1
    assert not Notification.objects.filter(recipient=sam).exists()


def test_nobody_and_strangers_are_nobody(sam):
    assert told() == 0
    with transaction.atomic():
        assert notify(PLAIN.code, recipients=[sam.pk + 999], title="x", key="k", now=NOW) == 0


def test_what_is_rolled_back_was_not_told(sam):
    with transaction.atomic():
        told(sam)
        transaction.set_rollback(True)
    assert not Notification.objects.exists()


def test_a_kind_nobody_registered_is_refused_loudly(sam):
    with pytest.raises(LookupError, match="unheard"):
        notify("unheard.of", recipients=[sam.pk], title="x", key="k", now=NOW)
    assert not Notification.objects.exists()


def test_a_code_belongs_to_one_kind():
    kinds.register(PLAIN)
    with pytest.raises(ValueError, match=r"test\.plain"):
        kinds.register(kinds.Kind(PLAIN.code, "Another thing"))
    assert kinds.kind_by(PLAIN.code) == PLAIN


def test_a_long_title_is_cut_and_stands_on_one_line(sam):
    told(sam, title="A\nB " + "x" * 300)
    title = Notification.objects.get().title
    assert title.startswith("A B xxx")
    assert len(title) == 200
    assert title.endswith("…")


@pytest.mark.parametrize("link", ["https://elsewhere.example/", "//elsewhere.example", "leads"])
def test_a_link_leads_nowhere_else(sam, link):
    with pytest.raises(IntegrityError):
        told(sam, link=link)
    assert not Notification.objects.exists()


def test_the_kind_says_how_until_somebody_chooses(sam, sue):
    Preference.objects.create(
        user=sue, kind=MAILED.code, in_app=False, live=False, mail=Mail.DIGEST
    )
    told(sam, sue, kind=MAILED)
    his, hers = Notification.objects.get(recipient=sam), Notification.objects.get(recipient=sue)
    assert (his.in_app, his.live, his.mail, his.mail_at) == (True, True, Mail.AT_ONCE, NOW)
    assert (hers.in_app, hers.live, hers.mail, hers.mail_at) == (False, False, Mail.DIGEST, None)


def test_the_digest_has_no_moment_of_its_own(sam):
    told(sam, kind=DIGESTED)
    row = Notification.objects.get()
    assert (row.mail, row.mail_at, row.mailed_at) == (Mail.DIGEST, None, None)


def test_a_mail_waits_for_the_end_of_quiet_and_a_critical_one_does_not(sam):
    Hours.objects.create(
        user=sam,
        time_zone="Asia/Kolkata",  # 20:30 there
        quiet_from=time(20),
        quiet_until=time(7),
    )
    told(sam, kind=MAILED, key="calm")
    told(sam, kind=MAILED, key="fire", level="critical")
    rows = {row.key: row.mail_at for row in Notification.objects.all()}
    assert rows == {"calm": NOW + timedelta(hours=10, minutes=30), "fire": NOW}


def test_quiet_is_by_the_clock_of_ones_screens(sam):
    type(sam).objects.filter(pk=sam.pk).update(time_zone="Asia/Kolkata")
    Hours.objects.create(user=sam, quiet_from=time(20), quiet_until=time(7))
    told(sam, kind=MAILED)
    assert Notification.objects.get().mail_at == NOW + timedelta(hours=10, minutes=30)


def test_what_needs_a_person_is_one_alert_for_all_and_hidden_from_nobody(sam, sue):
    Preference.objects.create(user=sue, kind=URGENT.code, in_app=False)
    assert told(sam, sue, kind=URGENT, needs_action=True) == 2
    alert = Alert.objects.get()
    assert (alert.key, alert.escalate_at) == ("k", NOW + timedelta(minutes=10))
    assert {row.alert for row in Notification.objects.all()} == {alert}
    assert all(row.in_app and row.needs_action for row in Notification.objects.all())
    assert [line.words for line in alert.story.all()] == ["Told: sam, sue"]
    assert told(sam, kind=URGENT, needs_action=True) == 0
    assert alert.story.count() == 1


def test_an_alert_stands_though_nobody_is_left_to_be_told(sam):
    sam.is_active = False
    sam.save()
    assert told(sam, kind=URGENT, needs_action=True) == 0
    alert = Alert.objects.get()
    assert alert.escalate_at == NOW
    assert [line.words for line in alert.story.all()] == ["There was nobody to tell"]
