"""Follow-up sequences: what is written in general, and where one lead stands in its own copy."""

from __future__ import annotations

from datetime import time

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone

from apps.core.ids import PublicIdModel
from apps.intake.models import LeadSource
from apps.leads.models.lead import Lead
from apps.leads.models.mail import LeadMail, MailTemplate
from apps.users.models import User

MOST_WAIT_DAYS = 60


class StepKind(models.TextChoices):
    MAIL = "mail", "Send a mail"
    CALL = "call", "Task: call"


class Sequence(PublicIdModel):
    """Steps that follow up a lead until it answers. Leads get a copy: editing disturbs nobody."""

    name = models.CharField(max_length=100)
    key = models.SlugField(max_length=60, unique=True, help_text="Names it for the API.")
    description = models.CharField(max_length=300, blank=True)
    is_active = models.BooleanField(
        default=True, help_text="Off: nobody new begins; who is in it goes on."
    )
    sources = models.ManyToManyField(
        LeadSource,
        blank=True,
        related_name="+",
        help_text="New leads of these sources begin it by themselves.",
    )
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class _Step(models.Model):
    """What is done, and how long after the step before it."""

    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=StepKind, default=StepKind.MAIL)
    wait_days = models.PositiveSmallIntegerField(
        default=1,
        validators=[MaxValueValidator(MOST_WAIT_DAYS)],
        help_text="Office days after the step before; 0 is the same day, if the hour is to come.",
    )
    at = models.TimeField(default=time(10), help_text="Where the lead lives; between 8 and 20.")
    template = models.ForeignKey(
        MailTemplate, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    title = models.CharField(max_length=200, blank=True, help_text="What the task says.")

    class Meta:
        abstract = True
        ordering = ("position",)


class SequenceStep(_Step):
    """One step of a sequence."""

    sequence = models.ForeignKey(Sequence, on_delete=models.CASCADE, related_name="steps")

    class Meta(_Step.Meta):
        abstract = False
        constraints = [
            models.UniqueConstraint(
                fields=["sequence", "position"], name="leads_sequence_step_once"
            ),
            models.CheckConstraint(
                condition=Q(kind="mail", template__isnull=False) | (Q(kind="call") & ~Q(title="")),
                name="leads_sequence_step_says_what",
                violation_error_message="A mail needs its template, a task its words.",
            ),
            models.CheckConstraint(
                condition=Q(at__gte=time(8), at__lt=time(20)),
                name="leads_sequence_step_by_day",
                violation_error_message="Between 8:00 and 20:00.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position}. {self.get_kind_display()}"


class Enrolment(PublicIdModel):
    """A lead in a sequence, with a copy of its steps."""

    class State(models.TextChoices):
        RUNNING = "running", "Running"
        DONE = "done", "All steps done"
        STOPPED = "stopped", "Stopped"

    lead = models.ForeignKey(Lead, on_delete=models.CASCADE, related_name="enrolments")
    sequence = models.ForeignKey(
        Sequence, null=True, on_delete=models.SET_NULL, related_name="enrolments"
    )
    name = models.CharField(max_length=100, help_text="Of the sequence, as it was called.")
    state = models.CharField(max_length=10, choices=State, default=State.RUNNING)
    reason = models.CharField(max_length=200, blank=True, help_text="Why it stopped.")
    actor = models.ForeignKey(
        User,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="Who began it. Empty: the rule of its source.",
    )
    created_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-created_at", "-id")
        constraints = [
            models.UniqueConstraint(
                fields=["lead"], condition=Q(state="running"), name="leads_one_running_sequence"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class EnrolmentStep(_Step, PublicIdModel):
    """One step of a lead's own copy. Only the next one has a moment, and is done exactly once."""

    class State(models.TextChoices):
        AHEAD = "ahead", "To come"
        DONE = "done", "Done"
        SKIPPED = "skipped", "Skipped"

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="steps")
    state = models.CharField(max_length=10, choices=State, default=State.AHEAD)
    due_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    mail = models.OneToOneField(
        LeadMail, null=True, blank=True, on_delete=models.SET_NULL, related_name="step"
    )
    note = models.CharField(max_length=200, blank=True)

    class Meta(_Step.Meta):
        abstract = False
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment", "position"], name="leads_enrolment_step_once"
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state="ahead"), name="leads_steps_due"),
        ]

    def __str__(self) -> str:
        return self.title or str(self.template or self.get_kind_display())
