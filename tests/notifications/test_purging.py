"""News goes when nobody needs it; what is open stays."""

from __future__ import annotations

from datetime import timedelta

from apps.notifications.models import Alert, AlertEvent, Notification
from apps.notifications.purging import purge_alerts, purge_notifications
from tests.notifications.kinds import NOW, URGENT, told


def test_read_ones_go_after_three_months_and_unread_ones_after_six(sam):
    for key, read_days_ago, days_old in [
        ("read long ago", 91, 100),
        ("just read", 89, 100),
        ("forgotten", None, 181),
        ("unread", None, 179),
    ]:
        read_at = None if read_days_ago is None else NOW - timedelta(days=read_days_ago)
        told(sam, key=key, now=NOW - timedelta(days=days_old))
        Notification.objects.filter(key=key).update(read_at=read_at)
    assert purge_notifications(NOW) == 2
    assert set(Notification.objects.values_list("key", flat=True)) == {"just read", "unread"}


def test_an_open_alert_stays_and_a_resolved_one_goes_after_a_year(sam):
    long_ago = NOW - timedelta(days=400)
    told(sam, kind=URGENT, key="open", needs_action=True, now=long_ago)
    told(sam, kind=URGENT, key="settled", needs_action=True, now=long_ago)
    Alert.objects.filter(key="settled").update(resolved_at=NOW - timedelta(days=366))
    assert purge_notifications(NOW) == 1
    purge_alerts(NOW)
    assert [alert.key for alert in Alert.objects.all()] == ["open"]
    assert [event.alert.key for event in AlertEvent.objects.all()] == ["open"]
    assert [row.key for row in Notification.objects.all()] == ["open"]
