"""The outbox, the answers kept for idempotency keys, what failed, and the backups made."""

from __future__ import annotations

from django.db import models
from django.utils import timezone


class OutboxMessage(models.Model):
    """One published fact for one handler. Written in the transaction that made it true."""

    class State(models.TextChoices):
        PENDING = "pending", "Waiting"
        CLAIMED = "claimed", "In work"
        DONE = "done", "Done"
        DEAD = "dead", "Given up"

    topic = models.CharField(max_length=100)
    handler = models.CharField(max_length=100)
    key = models.CharField(max_length=100, help_text="What happened, once: usually an id.")
    payload = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State, default=State.PENDING)
    attempts = models.PositiveSmallIntegerField(default=0)
    not_before = models.DateTimeField(default=timezone.now)
    claimed_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    last_error = models.TextField(blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["key", "topic", "handler"], name="outbox_one_message_per_handler"
            ),
        ]
        indexes = [
            models.Index(
                fields=["not_before", "id"],
                name="outbox_waiting",
                condition=models.Q(state="pending"),
            ),
            models.Index(
                fields=["claimed_at"], name="outbox_claimed", condition=models.Q(state="claimed")
            ),
            models.Index(
                fields=["created_at"], name="outbox_dead", condition=models.Q(state="dead")
            ),
            models.Index(fields=["done_at"], name="outbox_done", condition=models.Q(state="done")),
        ]

    def __str__(self) -> str:
        return f"{self.topic} → {self.handler}"


class IdempotentAnswer(models.Model):
    """The first answer given for an `Idempotency-Key`, replayed to whoever sends it again."""

    caller = models.CharField(max_length=64)
    key = models.CharField(max_length=200)
    request_digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True, help_text="Empty while in flight.")
    body = models.JSONField(null=True)
    created_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["caller", "key"], name="idempotent_answer_once"),
        ]

    def __str__(self) -> str:
        return f"{self.caller} {self.key}"


class FailureRecord(models.Model):
    """A request or task that failed: kept outside the transaction that broke, for 30 days."""

    class Kind(models.TextChoices):
        REQUEST = "request", "Request"
        TASK = "task", "Background work"

    kind = models.CharField(max_length=10, choices=Kind)
    at = models.DateTimeField(default=timezone.now)
    where = models.CharField(max_length=200, help_text="The address's pattern, or the task.")
    error = models.CharField(max_length=100, blank=True)
    words = models.TextField(blank=True, help_text="Masked: names nobody.")
    trace = models.TextField(blank=True, help_text="Files and lines, without their values.")
    reference = models.CharField(max_length=64, blank=True, help_text="Request or task id.")

    class Meta:
        ordering = ("-at", "-id")
        indexes = [models.Index(fields=["kind", "-at"], name="failures_newest")]

    def __str__(self) -> str:
        return f"{self.where}: {self.error}"


class BackupRun(models.Model):
    """A backup that was begun, and how it ended."""

    name = models.CharField(max_length=200)
    started_at = models.DateTimeField(db_index=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    rows = models.PositiveBigIntegerField(default=0)
    size = models.PositiveBigIntegerField(default=0, help_text="Bytes.")
    error = models.CharField(max_length=500, blank=True)

    def __str__(self) -> str:
        return self.name
