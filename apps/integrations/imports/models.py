"""A file of leads, and what became of each of its rows."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from apps.core.ids import PublicIdModel
from apps.intake.models import LeadSource
from apps.leads.models import Lead
from apps.solar.models import Market
from apps.users.models import User


class Import(PublicIdModel):
    """One file. The counts are those of its rows, added up as they are settled."""

    class State(models.TextChoices):
        DRAFT = "draft", "To be looked at"
        RUNNING = "running", "Under way"
        CANCELLED = "cancelled", "Stopped"
        DONE = "done", "Done"

    class OnKnown(models.TextChoices):
        UPDATE = "update", "Bring their open lead up to date"
        SKIP = "skip", "Leave them as they are"

    file_name = models.CharField(max_length=200)
    columns = models.JSONField(help_text="The names in the first line.")
    mapping = models.JSONField(default=dict, help_text="Number of a column: what it holds.")
    market = models.ForeignKey(
        Market, on_delete=models.PROTECT, related_name="+", help_text="Where a row does not say."
    )
    source = models.ForeignKey(
        LeadSource, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    on_known = models.CharField(max_length=10, choices=OnKnown, default=OnKnown.UPDATE)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    total = models.PositiveIntegerField(default=0)
    created = models.PositiveIntegerField(default=0)
    updated = models.PositiveIntegerField(default=0)
    skipped = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)
    user = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    claimed_at = models.DateTimeField(null=True, blank=True, help_text="A worker is on it.")
    created_at = models.DateTimeField(default=timezone.now, db_index=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["claimed_at"],
                name="integrations_imports_running",
                condition=models.Q(state="running"),
            ),
        ]

    def __str__(self) -> str:
        return self.file_name

    @property
    def settled(self) -> int:
        """How many rows are through, whatever became of them."""
        return self.created + self.updated + self.skipped + self.failed

    @property
    def percent(self) -> int:
        return 100 * self.settled // self.total if self.total else 100


class ImportRow(models.Model):
    """A row of a file. With its `event` it is on the road, and stays one event however often."""

    class State(models.TextChoices):
        PENDING = "pending", "Waiting"
        CREATED = "created", "Became a lead"
        UPDATED = "updated", "Brought a lead up to date"
        SKIPPED = "skipped", "Left out"
        FAILED = "failed", "Not taken in"

    source_file = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField(help_text="The line of the file; the first names columns.")
    cells = models.JSONField(default=list)
    state = models.CharField(max_length=10, choices=State, default=State.PENDING)
    reason = models.TextField(blank=True)
    event = models.UUIDField(null=True, blank=True)
    lead = models.ForeignKey(
        Lead, null=True, blank=True, on_delete=models.SET_NULL, related_name="import_rows"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source_file", "number"], name="integrations_import_row_once"
            ),
        ]
        indexes = [
            models.Index(
                fields=["source_file", "state", "number"], name="integrations_import_rows"
            ),
        ]

    def __str__(self) -> str:
        return f"Row {self.number}"
