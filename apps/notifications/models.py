"""What people are told, what needs one of them, and how each wants to be told."""

from __future__ import annotations

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone

from apps.core.ids import PublicIdModel
from apps.notifications.choices import EscalationStep, Level, Mail, StoryKind
from apps.users.models import User

DEFAULT_DIGEST_HOUR = 8  # on the clock of the person's own wall
# A path of ours: a link in a notification leads nowhere else.
_OUR_OWN_PATH = Q(link="") | (Q(link__startswith="/") & ~Q(link__startswith="//"))


class Alert(PublicIdModel):
    """Something that needs a person. One row however many were told; whoever takes it, has it."""

    kind = models.CharField(max_length=60)
    level = models.CharField(max_length=10, choices=Level, default=Level.WARNING)
    title = models.CharField(max_length=200)
    body = models.TextField(blank=True)
    link = models.CharField(max_length=300, blank=True)
    key = models.CharField(max_length=200, unique=True, help_text="What happened, once.")
    acknowledged_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    resolved_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    resolved_at = models.DateTimeField(null=True, blank=True)
    step = models.PositiveSmallIntegerField(choices=EscalationStep, default=EscalationStep.TOLD)
    escalate_at = models.DateTimeField(
        null=True, blank=True, help_text="When the next in line are told, if nobody has reacted."
    )
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("-created_at", "-id")
        permissions = [("oversee_alerts", "Can see and settle alerts that others were told of")]
        constraints = [
            models.CheckConstraint(condition=_OUR_OWN_PATH, name="notifications_alert_link_ours"),
        ]
        indexes = [
            models.Index(
                fields=["created_at"],
                name="notifications_open_alerts",
                condition=Q(resolved_at=None),
            ),
            models.Index(
                fields=["escalate_at"],
                name="notifications_to_escalate",
                condition=Q(escalate_at__isnull=False),
            ),
            models.Index(fields=["kind", "-created_at"], name="notifications_alert_kind"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        return self.resolved_at is None


class AlertEvent(models.Model):
    """One line of an alert's story. Nobody in `actor`: the system did it."""

    alert = models.ForeignKey(Alert, on_delete=models.CASCADE, related_name="story")
    kind = models.CharField(max_length=20, choices=StoryKind)
    actor = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    words = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("created_at", "id")

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.words}"


class Notification(PublicIdModel):
    """Something one person is told. Which channels it takes was decided when it was written."""

    recipient = models.ForeignKey(User, on_delete=models.CASCADE, related_name="notifications")
    alert = models.ForeignKey(
        Alert, null=True, blank=True, on_delete=models.CASCADE, related_name="notifications"
    )
    kind = models.CharField(max_length=60)
    level = models.CharField(max_length=10, choices=Level, default=Level.INFO)
    title = models.CharField(max_length=200)
    body = models.TextField(blank=True)
    link = models.CharField(max_length=300, blank=True)
    key = models.CharField(max_length=200, help_text="The same key twice tells once.")
    in_app = models.BooleanField(default=True, help_text="Stands in the list.")
    live = models.BooleanField(default=True, help_text="Rings on an open page.")
    mail = models.CharField(max_length=10, choices=Mail, default=Mail.OFF)
    mail_at = models.DateTimeField(null=True, blank=True, help_text="When a mail may go.")
    mailed_at = models.DateTimeField(null=True, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("-created_at", "-id")
        constraints = [
            models.UniqueConstraint(fields=["recipient", "key"], name="notifications_told_once"),
            models.CheckConstraint(condition=_OUR_OWN_PATH, name="notifications_link_ours"),
        ]
        indexes = [
            models.Index(
                fields=["recipient", "-created_at"],
                name="notifications_of_person",
                condition=Q(in_app=True),
            ),
            models.Index(
                fields=["recipient", "-created_at"],
                name="notifications_unread",
                condition=Q(in_app=True, read_at=None),
            ),
            models.Index(
                fields=["mail_at"],
                name="notifications_mail_due",
                condition=Q(mail=Mail.AT_ONCE, mailed_at=None),
            ),
            models.Index(
                fields=["recipient", "created_at"],
                name="notifications_for_digest",
                condition=Q(mail=Mail.DIGEST, mailed_at=None),
            ),
            models.Index(fields=["created_at"], name="notifications_oldest"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def needs_action(self) -> bool:
        """Still: an alert that somebody has resolved needs nobody."""
        return self.alert is not None and self.alert.is_open


class Preference(models.Model):
    """How one person wants to be told of one kind. No row: as the kind itself says."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=60)
    in_app = models.BooleanField(default=True)
    live = models.BooleanField(default=True)
    mail = models.CharField(max_length=10, choices=Mail, default=Mail.OFF)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "kind"], name="notifications_one_preference"),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.kind}"


class Hours(models.Model):
    """When one person wants mail: the digest's hour, and the hours of quiet, in their own zone."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="+")
    time_zone = models.CharField(
        max_length=60, blank=True, help_text="Empty: that of their screens."
    )
    digest_hour = models.PositiveSmallIntegerField(
        default=DEFAULT_DIGEST_HOUR, validators=[MaxValueValidator(23)]
    )
    quiet_from = models.TimeField(null=True, blank=True)
    quiet_until = models.TimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "hours"
        constraints = [
            models.CheckConstraint(
                condition=Q(digest_hour__lte=23), name="notifications_digest_hour_of_day"
            ),
            models.CheckConstraint(
                condition=Q(quiet_from=None, quiet_until=None)
                | Q(quiet_from__isnull=False, quiet_until__isnull=False),
                name="notifications_quiet_has_both_ends",
            ),
        ]

    def __str__(self) -> str:
        return str(self.user)


class EscalationRule(models.Model):
    """After how many minutes without a reaction an alert of a kind goes on. Empty: never.

    Where managers are told late, admins are told as much later.
    """

    kind = models.CharField(max_length=60, unique=True)
    managers_after = models.PositiveIntegerField(null=True, blank=True, help_text="Minutes")
    admins_after = models.PositiveIntegerField(
        null=True, blank=True, help_text="Minutes after the alert was raised"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(managers_after=None)
                | Q(admins_after=None)
                | Q(admins_after__gte=models.F("managers_after")),
                name="notifications_managers_before_admins",
            ),
        ]

    def __str__(self) -> str:
        return self.kind
