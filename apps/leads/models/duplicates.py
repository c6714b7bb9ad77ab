"""Leads that may be one person: the blocks they are compared in, and what came of it."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from apps.leads.models.lead import Lead
from apps.users.models import User


class DuplicateBlock(models.Model):
    """A block a lead stands in (`duplicates.block_keys`). Leads of one block are compared."""

    lead = models.ForeignKey(Lead, on_delete=models.CASCADE, related_name="duplicate_blocks")
    key = models.CharField(max_length=100)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["lead", "key"], name="leads_block_once_per_lead"),
        ]
        indexes = [models.Index(fields=["key", "lead"], name="leads_in_block")]

    def __str__(self) -> str:
        return self.key


class DuplicateSuggestion(models.Model):
    """Two leads that look like one person, or one household. `first` is the older row."""

    class Kind(models.TextChoices):
        PERSON = "person", "The same person"
        HOUSEHOLD = "household", "The same household"

    class State(models.TextChoices):
        OPEN = "open", "To be looked at"
        DISMISSED = "dismissed", "Two people"
        MERGED = "merged", "Merged"

    first = models.ForeignKey(Lead, on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey(Lead, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind)
    score = models.PositiveSmallIntegerField()
    reasons = models.JSONField(default=list)
    facts = models.CharField(max_length=64, help_text="Digest of what both said of themselves.")
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    decided_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "possible duplicate"
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="leads_pair_once"),
            models.CheckConstraint(
                condition=Q(first__lt=F("second")), name="leads_pair_is_in_order"
            ),
        ]
        indexes = [
            models.Index(fields=["state", "kind", "-score"], name="leads_pairs_to_look_at"),
            models.Index(fields=["second", "state"], name="leads_pairs_of_second"),
        ]

    def __str__(self) -> str:
        return f"{self.first} and {self.second}"
