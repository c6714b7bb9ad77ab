"""What happened on the site: counted for everybody, kept singly only for those who agreed."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from apps.analytics.choices import SiteEvent


class SiteCount(models.Model):
    """How often something happened on a day. Holds nobody: neither a session nor an address."""

    day = models.DateField(help_text="On the clock of the screens.")
    name = models.CharField(max_length=30, choices=SiteEvent)
    page = models.CharField(max_length=60, blank=True)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = "count of the site"
        verbose_name_plural = "site funnel"
        constraints = [
            models.UniqueConstraint(
                fields=["day", "name", "page"], name="analytics_one_count_per_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.name} {self.page}"


class AnalyticsEvent(models.Model):
    """One thing a visitor did who agreed that the steps of a visit are seen together.

    `session` is a random number that their browser forgets when it is closed.
    """

    session = models.UUIDField()
    name = models.CharField(max_length=30, choices=SiteEvent)
    page = models.CharField(max_length=60, blank=True)
    properties = models.JSONField(default=dict, blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("-at",)
        indexes = [
            models.Index(fields=["at"], name="analytics_event_by_time"),
            models.Index(fields=["session", "at"], name="analytics_event_by_session"),
        ]

    def __str__(self) -> str:
        return self.name
