"""Two leads that became one, with all it takes to make them two again."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from apps.core.ids import PublicIdModel
from apps.leads.models.lead import Lead
from apps.users.models import User


class LeadMerge(PublicIdModel):
    """One merge: who did it, what moved, and the values it wrote over."""

    survivor = models.ForeignKey(Lead, on_delete=models.CASCADE, related_name="merges")
    duplicate = models.ForeignKey(Lead, on_delete=models.CASCADE, related_name="merged_away")
    actor = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    survivor_before = models.JSONField(help_text="The columns it changed, as they were.")
    survivor_after = models.JSONField(help_text="The same columns, as it left them.")
    duplicate_before = models.JSONField()
    contacts = models.JSONField(null=True, blank=True, help_text="Empty: one person all along.")
    moved = models.JSONField(help_text="Keys of the rows that moved, by what they are.")
    scores_made = models.JSONField(default=list)
    tasks_dropped = models.JSONField(default=list)
    ended = models.JSONField(
        default=dict, help_text="What ended with the duplicate, to go on if it is undone."
    )
    created_at = models.DateTimeField(default=timezone.now)
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["duplicate"],
                condition=Q(undone_at=None),
                name="leads_merged_into_one_lead",
            ),
            models.CheckConstraint(
                condition=~Q(survivor=F("duplicate")), name="leads_not_merged_into_itself"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.duplicate_id} into {self.survivor_id}"
