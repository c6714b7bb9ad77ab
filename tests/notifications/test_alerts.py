"""The queue of what needs a person: one takes it, one resolves it, and its story tells all."""

from __future__ import annotations

from datetime import timedelta

import pytest

from apps.core.errors import Conflict, NotFound, PermissionRefused
from apps.notifications.actions import settle
from apps.notifications.actions.alerting import alert_acknowledge, alert_release, alert_resolve
from apps.notifications.actions.escalating import alerts_escalate
from apps.notifications.models import Alert, EscalationRule, Notification
from apps.notifications.selectors import unread_count
from tests.factories.users import make_user
from tests.notifications.kinds import NOW, URGENT, told


def after(**span) -> object:
    return NOW + timedelta(**span)


def story(alert: Alert) -> list[tuple[str, str, str]]:
    return [(line.kind, str(line.actor or ""), line.words) for line in alert.story.all()]


@pytest.fixture
def alert(sam, sue) -> Alert:
    told(sam, sue, kind=URGENT, needs_action=True)
    return Alert.objects.get()


def test_who_takes_it_has_it_and_nobody_elses_bell_rings_on(alert, sam, sue):
    assert unread_count(sue) == 1
    alert_acknowledge(alert.public_id, actor=sam, now=after(minutes=2))
    alert.refresh_from_db()
    assert (alert.acknowledged_by, alert.escalate_at) == (sam, None)
    assert unread_count(sue) == 0
    alert_acknowledge(alert.public_id, actor=sam, now=after(minutes=3))
    with pytest.raises(Conflict, match="sam takes care"):
        alert_acknowledge(alert.public_id, actor=sue, now=after(minutes=3))
    assert story(alert)[1:] == [("acknowledged", "sam", "")]


def test_given_back_it_waits_anew(alert, sam, sue, mia):
    with pytest.raises(Conflict, match="Nobody has this"):
        alert_release(alert.public_id, actor=sam, now=NOW)
    alert_acknowledge(alert.public_id, actor=sam, now=after(minutes=2))
    with pytest.raises(PermissionRefused):
        alert_release(alert.public_id, actor=sue, now=after(minutes=3))
    alert_release(alert.public_id, actor=mia, now=after(minutes=5))  # a manager may
    alert.refresh_from_db()
    assert (alert.acknowledged_by, alert.escalate_at) == (None, after(minutes=15))
    alert_acknowledge(alert.public_id, actor=sue, now=after(minutes=6))


def test_resolved_once_with_what_was_done(alert, sam, sue):
    alert_resolve(alert.public_id, actor=sue, note=" Called them. ", now=after(minutes=4))
    alert_resolve(alert.public_id, actor=sam, note="Me too", now=after(minutes=5))
    alert.refresh_from_db()
    assert (alert.resolved_by, alert.resolved_at) == (sue, after(minutes=4))
    assert story(alert)[1:] == [("resolved", "sue", "Called them.")]
    assert unread_count(sam) == 0
    assert not any(row.needs_action for row in Notification.objects.select_related("alert"))
    with pytest.raises(Conflict, match="resolved"):
        alert_acknowledge(alert.public_id, actor=sam, now=after(minutes=6))


def test_who_was_not_told_does_not_see_it(alert):
    eve = make_user("eve")
    for act in (alert_acknowledge, alert_release, alert_resolve):
        with pytest.raises(NotFound):
            act(alert.public_id, actor=eve, now=NOW)
    alert.refresh_from_db()
    assert alert.is_open
    assert len(story(alert)) == 1


def test_what_is_over_by_itself_is_settled_by_its_room(sam):
    for key in ("a", "b", "c"):
        told(sam, kind=URGENT, key=key, needs_action=True)
    assert settle(URGENT.code, key="a", words="They answered.", now=NOW) == 1
    assert settle(URGENT.code, key="a", words="Again.", now=NOW) == 0
    assert settle(URGENT.code, words="All is well.", now=NOW) == 2
    assert story(Alert.objects.get(key="a"))[-1] == ("resolved", "", "They answered.")


def test_nobody_reacts_so_managers_then_admins_each_once(alert, mia, ana):
    assert alerts_escalate(now=after(minutes=9, seconds=59)) == 0
    assert alerts_escalate(now=after(minutes=10)) == 1
    assert alerts_escalate(now=after(minutes=11)) == 0
    assert [row.title for row in Notification.objects.filter(recipient=mia)] == [
        "Nobody has reacted: Something happened"
    ]
    assert not Notification.objects.filter(recipient=ana).exists()
    assert alerts_escalate(now=after(minutes=30)) == 1
    assert alerts_escalate(now=after(days=3)) == 0
    assert Notification.objects.filter(recipient=ana, alert=alert).count() == 1
    assert Notification.objects.filter(recipient=mia).count() == 1
    alert.refresh_from_db()
    assert story(alert)[1:] == [
        ("escalated", "", "Managers: mia"),
        ("escalated", "", "Admins: ana"),
    ]


def test_managers_who_are_told_late_have_as_long_to_react(alert, mia, ana):
    assert alerts_escalate(now=after(minutes=28)) == 1  # no worker ran before
    assert alerts_escalate(now=after(minutes=47)) == 0
    assert alerts_escalate(now=after(minutes=48)) == 1
    assert story(alert)[-1] == ("escalated", "", "Admins: ana")


def test_without_a_manager_the_admins_are_next_at_once(alert, ana):
    assert alerts_escalate(now=after(minutes=10)) == 1
    alert.refresh_from_db()
    assert story(alert)[1:] == [("escalated", "", "Admins: ana")]
    assert alert.escalate_at is None


def test_taken_or_resolved_it_goes_no_further(alert, sam, mia):
    alert_acknowledge(alert.public_id, actor=sam, now=after(minutes=9))
    assert alerts_escalate(now=after(hours=9)) == 0
    assert not Notification.objects.filter(recipient=mia).exists()


def test_the_minutes_are_data(sam, mia, ana):
    rule = EscalationRule.objects.create(kind=URGENT.code, managers_after=None, admins_after=5)
    told(sam, kind=URGENT, key="five", needs_action=True)
    rule.admins_after = None
    rule.save()
    told(sam, kind=URGENT, key="never", needs_action=True)
    ends = dict(Alert.objects.values_list("key", "escalate_at"))
    assert ends == {"five": after(minutes=5), "never": None}
