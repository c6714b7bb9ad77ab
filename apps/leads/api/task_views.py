"""Endpoints of tasks, and of how a call ended."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import django_filters
from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import generics
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.core.api.envelope import answer
from apps.core.api.filters import ChoicesFilter, YesNoFilter
from apps.core.idempotency import idempotent
from apps.core.permissions import MayDo
from apps.leads import choices
from apps.leads.actions.contacting import call_outcome, contact_log
from apps.leads.actions.tasks import task_add, task_change, task_done
from apps.leads.api.filters import UtcDateTimeFilter
from apps.leads.api.task_serializers import (
    NewTaskSerializer,
    OutcomeAnswerSerializer,
    OutcomeSerializer,
    TaskDoneSerializer,
    TaskSerializer,
)
from apps.leads.models import Task
from apps.leads.selectors import (
    lead_visible_to,
    next_task_of,
    task_visible_to,
    tasks_visible_to,
)
from apps.users.current import current_user


class TaskFilter(django_filters.FilterSet):
    """`?state=&kind=&priority=&overdue=&due_from=&due_to=&assignee=&ordering=`"""

    state = ChoicesFilter(choices=choices.TaskState.choices)
    kind = ChoicesFilter(choices=choices.TaskKind.choices)
    priority = ChoicesFilter(choices=choices.Level.choices)
    overdue = YesNoFilter(method="filter_overdue")
    due_from = UtcDateTimeFilter(field_name="due_at", lookup_expr="gte")
    due_to = UtcDateTimeFilter(field_name="due_at", lookup_expr="lt")
    ordering = django_filters.OrderingFilter(fields=["due_at", "created_at", "done_at"])

    class Meta:
        model = Task
        fields: tuple[str, ...] = ()

    def filter_overdue(self, tasks: QuerySet[Task], name: str, value: bool) -> QuerySet[Task]:
        late = {"state": choices.TaskState.OPEN, "due_at__lt": timezone.now()}
        return tasks.filter(**late) if value else tasks.exclude(**late)


class MyTaskFilter(TaskFilter):
    """Mine, unless `assignee` names somebody else whose leads I may see."""

    assignee = django_filters.UUIDFilter(field_name="assignee__public_id")


class TasksOfLead(generics.ListAPIView[Task]):
    """What is and was to be done for a lead; and something new."""

    operation_suffix = "_of_lead"
    permission_classes = (MayDo,)
    permissions_by_method = {"GET": "leads.view_task", "POST": "leads.add_task"}
    serializer_class = TaskSerializer
    filterset_class = TaskFilter

    def get_queryset(self) -> QuerySet[Task]:
        if getattr(self, "swagger_fake_view", False):
            return Task.objects.none()
        user = current_user(self.request)
        lead = lead_visible_to(user, self.kwargs["lead_id"])
        return tasks_visible_to(user).filter(lead=lead)

    @extend_schema(request=NewTaskSerializer, responses={201: TaskSerializer})
    @idempotent
    def post(self, request: Request, lead_id: UUID) -> Response:
        user = current_user(request)
        lead = lead_visible_to(user, lead_id)
        stated = _valid(NewTaskSerializer(data=request.data))
        task = task_add(
            lead.pk, **{"kind": choices.TaskKind.CALL} | stated, actor=user, now=timezone.now()
        )
        shown = TaskSerializer(task_visible_to(user, task.public_id)).data
        return answer(shown, message="Written down", status=201)


class MyTasks(generics.ListAPIView[Task]):
    """My tasks, or those of somebody whose leads I may see."""

    permission_classes = (MayDo,)
    permissions_by_method = {"GET": "leads.view_task"}
    serializer_class = TaskSerializer
    filterset_class = MyTaskFilter

    def get_queryset(self) -> QuerySet[Task]:
        if getattr(self, "swagger_fake_view", False):
            return Task.objects.none()
        user = current_user(self.request)
        tasks = tasks_visible_to(user)
        return tasks if self.request.query_params.get("assignee") else tasks.filter(assignee=user)


class TaskDetail(APIView):
    """One task; and changes of it while it is open."""

    permission_classes = (MayDo,)
    permissions_by_method = {"GET": "leads.view_task", "PATCH": "leads.change_task"}

    @extend_schema(responses=TaskSerializer)
    def get(self, request: Request, task_id: UUID) -> Response:
        return Response(TaskSerializer(task_visible_to(current_user(request), task_id)).data)

    @extend_schema(request=NewTaskSerializer, responses=TaskSerializer)
    def patch(self, request: Request, task_id: UUID) -> Response:
        task = task_visible_to(current_user(request), task_id)
        changes = _valid(NewTaskSerializer(data=request.data, partial=True))
        task_change(task.public_id, changes=changes, now=timezone.now())
        return Response(TaskSerializer(task_visible_to(current_user(request), task_id)).data)


class TaskComplete(APIView):
    """A task is done."""

    permission_classes = (MayDo,)
    permissions_by_method = {"POST": "leads.change_task"}

    @extend_schema(request=TaskDoneSerializer, responses=TaskSerializer)
    @idempotent
    def post(self, request: Request, task_id: UUID) -> Response:
        user = current_user(request)
        task = task_visible_to(user, task_id)
        stated = _valid(TaskDoneSerializer(data=request.data))
        task_done(task.public_id, actor=user, now=timezone.now(), **stated)
        return answer(TaskSerializer(task_visible_to(user, task_id)).data, message="Done")


class LeadOutcome(APIView):
    """Getting in touch: how a call ended, a mail that was written, a meeting that was held."""

    permission_classes = (MayDo,)
    permissions_by_method = {"POST": "leads.change_lead"}

    @extend_schema(request=OutcomeSerializer, responses=OutcomeAnswerSerializer)
    @idempotent
    def post(self, request: Request, lead_id: UUID) -> Response:
        user, now = current_user(request), timezone.now()
        lead = lead_visible_to(user, lead_id)
        stated = _valid(OutcomeSerializer(data=request.data))
        channel = stated.pop("channel")
        if channel == "call":
            call_outcome(lead.public_id, **stated, actor=user, now=now)
        else:
            contact_log(
                lead.public_id, channel=channel, note=stated.get("note", ""), actor=user, now=now
            )
        lead = lead_visible_to(user, lead_id)
        shown = OutcomeAnswerSerializer({"lead": lead, "next_task": next_task_of(lead)}).data
        return answer(shown, message="Noted")


def _valid(serializer: Any) -> dict[str, Any]:
    serializer.is_valid(raise_exception=True)
    stated: dict[str, Any] = serializer.validated_data
    return stated
