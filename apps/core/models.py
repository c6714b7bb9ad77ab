"""The outbox and the answers kept for idempotency keys."""

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
