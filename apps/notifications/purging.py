"""Notifications are news: they say whom a lead is about, and go when nobody needs them."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q

from apps.core.purging import purger
from apps.notifications.models import Alert, Notification

_KEEP_READ = timedelta(days=90)
_KEEP_UNREAD = timedelta(days=180)
_KEEP_RESOLVED = timedelta(days=365)
_AT_ONCE = 20_000  # rows a run: what is left waits for the next


@purger("notifications")
def purge_notifications(now: datetime) -> int:
    """An open alert keeps what people were told of it."""
    over = Q(read_at__lt=now - _KEEP_READ) | Q(created_at__lt=now - _KEEP_UNREAD)
    is_settled = Q(alert=None) | Q(alert__resolved_at__isnull=False)
    old = Notification.objects.filter(over & is_settled).order_by("created_at")
    return Notification.objects.filter(pk__in=old.values("pk")[:_AT_ONCE]).delete()[0]


@purger("resolved alerts")
def purge_alerts(now: datetime) -> int:
    old = Alert.objects.filter(resolved_at__lt=now - _KEEP_RESOLVED).order_by("pk")
    return Alert.objects.filter(pk__in=old.values("pk")[:_AT_ONCE]).delete()[0]
