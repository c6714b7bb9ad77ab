"""Where every inbound event is on its road, and why it stands where it stands."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from apps.core.ids import PublicIdModel
from apps.intake.models import InboundEvent
from apps.leads.models import Lead


class StepName(models.TextChoices):
    """The steps after `record`, which a door has done when a journey begins. In order."""

    PARSE = "parse", "Read"
    CAPTURE = "capture", "Recognise the person"
    SCORE = "score", "Score"
    DECIDE = "decide", "Work or sell"
    WORK = "work", "Give to a person"


class JourneyState(models.TextChoices):
    MOVING = "moving", "On its way"
    WAITING = "waiting", "Waiting to try again"
    PARKED = "parked", "Parked: needs a person"
    DONE = "done", "Done"


class Outcome(models.TextChoices):
    NONE = "", "—"
    WORKED = "worked", "Given to a person"
    UNASSIGNED = "unassigned", "Nobody takes leads there"
    HELD = "held", "Must not be contacted"
    NO_IDENTITY = "no_identity", "Nobody to answer to"
    NO_CONSENT = "no_consent", "Unfinished, and no consent to keep it"


class Journey(PublicIdModel):
    """One inbound event's way. `step` is the step it takes next."""

    event = models.OneToOneField(InboundEvent, on_delete=models.PROTECT, related_name="journey")
    lead = models.ForeignKey(
        Lead, null=True, blank=True, on_delete=models.SET_NULL, related_name="journeys"
    )
    step = models.CharField(max_length=10, choices=StepName, default=StepName.PARSE)
    state = models.CharField(max_length=10, choices=JourneyState, default=JourneyState.MOVING)
    outcome = models.CharField(max_length=20, choices=Outcome, blank=True, default=Outcome.NONE)
    decision = models.JSONField(default=dict, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0, help_text="Of the present step.")
    replay = models.PositiveSmallIntegerField(default=0)
    not_before = models.DateTimeField(default=timezone.now)
    last_error = models.TextField(blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [
            models.Index(
                fields=["not_before"],
                name="pipeline_due",
                condition=models.Q(state__in=["moving", "waiting"]),
            ),
            models.Index(fields=["state", "-created_at"], name="pipeline_by_state"),
            models.Index(fields=["-created_at"], name="pipeline_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.get_step_display()}: {self.get_state_display().lower()}"
