"""What is to be done for a lead."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from apps.core.ids import PublicIdModel
from apps.leads import choices
from apps.leads.models.lead import Lead
from apps.users.models import User


class Task(PublicIdModel):
    """Something to do for a lead at a time. It follows the lead from owner to owner."""

    lead = models.ForeignKey(Lead, on_delete=models.CASCADE, related_name="tasks")
    kind = models.CharField(max_length=10, choices=choices.TaskKind, default=choices.TaskKind.CALL)
    title = models.CharField(max_length=200)
    due_at = models.DateTimeField()
    priority = models.CharField(max_length=10, choices=choices.Level, default=choices.Level.MEDIUM)
    reason = models.CharField(
        max_length=20, choices=choices.TaskReason, default=choices.TaskReason.BY_HAND
    )
    assignee = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="tasks"
    )
    state = models.CharField(
        max_length=10, choices=choices.TaskState, default=choices.TaskState.OPEN
    )
    done_at = models.DateTimeField(null=True, blank=True, help_text="Or dropped at.")
    done_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    result = models.CharField(max_length=200, blank=True)
    created_by = models.ForeignKey(
        User,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="Empty: the system.",
    )
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("due_at", "id")
        constraints = [
            models.CheckConstraint(
                condition=Q(state="open", done_at=None) | (~Q(state="open") & ~Q(done_at=None)),
                name="leads_task_is_open_or_has_an_end",
            ),
            models.CheckConstraint(condition=~Q(title=""), name="leads_task_says_what_to_do"),
        ]
        indexes = [
            models.Index(
                fields=["assignee", "due_at"],
                condition=Q(state="open"),
                name="leads_open_tasks_by_person",
            ),
            models.Index(fields=["lead", "state", "due_at"], name="leads_tasks_of_lead"),
            models.Index(fields=["done_by", "-done_at"], name="leads_tasks_done_by"),
        ]

    def __str__(self) -> str:
        return self.title
