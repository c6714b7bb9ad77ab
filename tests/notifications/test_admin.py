"""The pages of notifications: everybody sees and does their own."""

from __future__ import annotations

import pytest
from django.urls import reverse

from apps.notifications.actions.choosing import escalation_rules_prepare
from apps.notifications.kinds import kinds_known
from apps.notifications.models import Alert, EscalationRule, Hours, Notification, Preference
from tests.notifications.kinds import MAILED, PLAIN, URGENT, told

LIST = "admin:notifications_notification_changelist"


def test_one_sees_ones_own_and_nobody_elses(client, sam, ana):
    told(sam, title="For Sam")
    told(ana, title="For Ana")
    client.force_login(ana)  # an admin may do everything, and still does not read others' news
    page = client.get(reverse(LIST)).content.decode()
    assert "For Ana" in page
    assert "For Sam" not in page
    his = Notification.objects.get(recipient=sam)
    answer = client.get(reverse("admin:notifications_notification_change", args=[his.pk]))
    assert answer.status_code == 302  # "does not exist", as the admin says it
    his.refresh_from_db()
    assert his.read_at is None


def test_who_opens_it_has_read_it(client, sam):
    told(sam, title="<i>News</i>", body="Line", link="/admin/leads/lead/1/change/")
    row = Notification.objects.get()
    client.force_login(sam)
    page = client.get(reverse("admin:notifications_notification_change", args=[row.pk]))
    assert "&lt;i&gt;News&lt;/i&gt;" in page.content.decode()
    assert 'href="/admin/leads/lead/1/change/"' in page.content.decode()
    row.refresh_from_db()
    assert row.read_at is not None


def test_the_bell_says_what_is_new_and_marks_it_read(client, sam, sue):
    told(sam, key="a", title="A")
    told(sam, key="b", title="B")
    told(sue, key="c", title="Hers")
    client.force_login(sam)
    bell = client.get(reverse("admin:notifications_bell")).json()
    assert (bell["unread"], [item["title"] for item in bell["items"]]) == (2, ["B", "A"])
    hers = Notification.objects.get(recipient=sue)
    url, script = reverse("admin:notifications_read"), {"HTTP_ACCEPT": "application/json"}
    named = {"id": [bell["items"][0]["id"], str(hers.public_id), "nonsense"]}
    assert client.post(url, named, **script).json()["unread"] == 1
    assert client.post(url, {"id": "nonsense"}, **script).json()["unread"] == 1
    assert client.get(url).status_code == 405
    assert client.post(url)["Location"] == reverse(LIST)
    assert not Notification.objects.filter(recipient=sam, read_at=None).exists()
    hers.refresh_from_db()
    assert hers.read_at is None


def test_an_alert_is_taken_and_resolved_on_its_page(client, sam, sue):
    told(sam, kind=URGENT, title="Help", needs_action=True)
    alert = Alert.objects.get()
    client.force_login(sam)
    assert "Help" in client.get(reverse("admin:notifications_alert_changelist")).content.decode()
    client.post(reverse("admin:notifications_alert_do", args=[alert.pk, "acknowledge"]))
    client.post(
        reverse("admin:notifications_alert_do", args=[alert.pk, "resolve"]), {"note": "<b>Done</b>"}
    )
    page = client.get(reverse("admin:notifications_alert_change", args=[alert.pk])).content.decode()
    assert "&lt;b&gt;Done&lt;/b&gt;" in page
    alert.refresh_from_db()
    assert (alert.acknowledged_by, alert.resolved_by) == (sam, sam)
    client.force_login(sue)
    answer = client.post(reverse("admin:notifications_alert_do", args=[alert.pk, "resolve"]))
    assert answer.status_code == 404


@pytest.fixture
def choices() -> dict[str, str]:
    """The page of preferences as it is sent when everything is left on and no mail is wanted."""
    ways = {"in_app": "on", "live": "on", "mail": "off"}
    kinds = {f"{kind.code}-{name}": value for kind in kinds_known() for name, value in ways.items()}
    return kinds | {"digest_hour": "6", "quiet_from": "", "quiet_until": "", "time_zone": ""}


def test_preferences_are_kept_for_oneself(client, sam, choices):
    client.force_login(sam)
    page = client.get(reverse("admin:notifications_preferences")).content.decode()
    assert PLAIN.label in page
    del choices[f"{PLAIN.code}-live"]
    chosen = choices | {f"{MAILED.code}-mail": "digest", "time_zone": "Asia/Kolkata"}
    assert client.post(reverse("admin:notifications_preferences"), chosen).status_code == 302
    kept = {row.kind: row for row in Preference.objects.filter(user=sam)}
    assert (kept[PLAIN.code].live, kept[MAILED.code].mail) == (False, "digest")
    assert Hours.objects.get(user=sam).time_zone == "Asia/Kolkata"


def test_the_zone_of_mail_is_that_of_the_screens_until_another_is_chosen(client, sam):
    type(sam).objects.filter(pk=sam.pk).update(time_zone="Asia/Kolkata")
    client.force_login(sam)
    page = client.get(reverse("admin:notifications_preferences")).content.decode()
    assert '<option value="" selected>As on my screens (Asia/Kolkata)</option>' in page
    Hours.objects.create(user=sam, time_zone="US/Eastern")  # by a program, by its older name
    page = client.get(reverse("admin:notifications_preferences")).content.decode()
    assert '<option value="US/Eastern" selected>' in page


def test_half_a_quiet_time_is_shown_and_nothing_is_kept(client, sam, choices):
    client.force_login(sam)
    answer = client.post(
        reverse("admin:notifications_preferences"), choices | {"quiet_from": "21:00"}
    )
    assert "have a beginning and an end" in answer.content.decode()
    assert not Preference.objects.exists()
    assert not Hours.objects.exists()


def test_managers_set_how_long_alerts_wait(client, mia, sam):
    EscalationRule.objects.filter(kind=URGENT.code).update(managers_after=7, admins_after=9)
    escalation_rules_prepare()
    assert escalation_rules_prepare() == 0
    rule = EscalationRule.objects.get(kind=URGENT.code)
    assert (rule.managers_after, rule.admins_after) == (10, 30)
    url = reverse("admin:notifications_escalationrule_change", args=[rule.pk])
    client.force_login(sam)
    assert client.get(url).status_code == 403
    client.force_login(mia)
    client.post(url, {"managers_after": "5", "admins_after": ""})
    rule.refresh_from_db()
    assert (rule.managers_after, rule.admins_after) == (5, None)
    wrong = client.post(url, {"managers_after": "50", "admins_after": "5"})
    assert wrong.status_code == 200  # said on the page
    rule.refresh_from_db()
    assert rule.managers_after == 5
