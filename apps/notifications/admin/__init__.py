"""What I was told, what needs a person, and how I want to be told."""

from apps.notifications.admin import alert, notification, rules

__all__ = ["alert", "notification", "rules"]
