"""Shapes of tasks, and of how a call ended, in the API."""

from __future__ import annotations

from typing import Any, ClassVar

from django.utils import timezone
from rest_framework import serializers

from apps.core.api.fields import MomentField
from apps.leads.api.serializers import LeadSerializer, PersonSerializer
from apps.leads.call_outcomes import OUTCOMES
from apps.leads.choices import TaskState
from apps.leads.models import Task


class TaskLeadSerializer(serializers.Serializer[Any]):
    """The lead of a task, in a few words."""

    id = serializers.UUIDField(source="public_id")
    name = serializers.CharField()
    status = serializers.CharField()


class TaskSerializer(serializers.ModelSerializer[Task]):
    """Something to do for a lead."""

    id = serializers.UUIDField(source="public_id", read_only=True)
    lead = TaskLeadSerializer(read_only=True)
    assignee = PersonSerializer(read_only=True, allow_null=True)
    is_overdue = serializers.SerializerMethodField()

    class Meta:
        model = Task
        fields: ClassVar[tuple[str, ...]] = (
            "id",
            "lead",
            "kind",
            "title",
            "due_at",
            "priority",
            "reason",
            "assignee",
            "state",
            "is_overdue",
            "done_at",
            "result",
            "created_at",
        )

    def get_is_overdue(self, task: Task) -> bool:
        return task.state == TaskState.OPEN and task.due_at < timezone.now()


class NewTaskSerializer(serializers.ModelSerializer[Task]):
    """A task to write down, or what to change of an open one."""

    due_at = MomentField()

    class Meta:
        model = Task
        fields = ("kind", "title", "due_at", "priority")


class TaskDoneSerializer(serializers.Serializer[Any]):
    """What came of it."""

    result = serializers.CharField(required=False, allow_blank=True, max_length=200)


class OutcomeSerializer(serializers.Serializer[Any]):
    """How a call ended; or, with another `channel`, that a mail was written or a meeting held."""

    channel = serializers.ChoiceField(choices=["call", "mail", "meeting"], default="call")
    outcome = serializers.ChoiceField(
        choices=list(OUTCOMES), required=False, help_text="Of a call; not asked otherwise."
    )
    note = serializers.CharField(required=False, allow_blank=True, max_length=5000)
    callback_at = MomentField(
        required=False, help_text="With `callback_requested`: when they want to be called."
    )
    reason = serializers.CharField(
        required=False, allow_blank=True, max_length=200, help_text="With `not_qualified`: why."
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs["channel"] == "call" and "outcome" not in attrs:
            raise serializers.ValidationError({"outcome": ["Say how the call ended."]})
        return attrs


class OutcomeAnswerSerializer(serializers.Serializer[Any]):
    """The lead as it is now, and what is to be done next for it."""

    lead = LeadSerializer()
    next_task = TaskSerializer(allow_null=True)
