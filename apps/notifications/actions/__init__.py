"""What changes notifications and alerts. Other rooms call `notify` and `settle`."""

from apps.notifications.actions.alerting import settle
from apps.notifications.actions.notifying import notify

__all__ = ["notify", "settle"]
