"""Endpoints of follow-up sequences."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.core.api.envelope import answer
from apps.core.errors import InvalidInput
from apps.core.idempotency import idempotent
from apps.core.permissions import MayDo
from apps.leads.actions.following import lead_enrol, sequence_stop
from apps.leads.models import Enrolment, EnrolmentStep, Sequence
from apps.leads.selectors import enrolments_of, lead_visible_to, sequences_in_use
from apps.users.current import current_user


class SequenceSerializer(serializers.ModelSerializer[Sequence]):
    """A sequence that leads can begin."""

    id = serializers.UUIDField(source="public_id", read_only=True)

    class Meta:
        model = Sequence
        fields = ("id", "key", "name", "description")


class EnrolmentStepSerializer(serializers.ModelSerializer[EnrolmentStep]):
    """One step of a lead's copy."""

    id = serializers.UUIDField(source="public_id", read_only=True)
    template = serializers.CharField(source="template.key", default=None, allow_null=True)

    class Meta:
        model = EnrolmentStep
        fields = (
            "id",
            "position",
            "kind",
            "template",
            "title",
            "wait_days",
            "at",
            "state",
            "due_at",
            "done_at",
            "note",
        )


class EnrolmentSerializer(serializers.ModelSerializer[Enrolment]):
    """A lead in a sequence: where it is, what comes next and when."""

    id = serializers.UUIDField(source="public_id", read_only=True)
    sequence = serializers.CharField(source="sequence.key", default=None, allow_null=True)
    steps = EnrolmentStepSerializer(many=True, read_only=True)

    class Meta:
        model = Enrolment
        fields = ("id", "sequence", "name", "state", "reason", "created_at", "ended_at", "steps")


class BeginSerializer(serializers.Serializer[Any]):
    """Which sequence to begin."""

    sequence = serializers.SlugField(help_text="Its key.")


class SequenceList(generics.ListAPIView[Sequence]):
    """The sequences that leads can begin."""

    permission_classes = (MayDo,)
    permissions_by_method = {"GET": "leads.view_sequence"}
    serializer_class = SequenceSerializer
    filter_backends = ()

    def get_queryset(self) -> QuerySet[Sequence]:
        return sequences_in_use()


class EnrolmentList(APIView):
    """The sequences a lead was in, the newest first; and beginning one."""

    permission_classes = (MayDo,)
    permissions_by_method = {"GET": "leads.view_enrolment", "POST": "leads.change_enrolment"}

    @extend_schema(responses=EnrolmentSerializer(many=True))
    def get(self, request: Request, lead_id: UUID) -> Response:
        lead = lead_visible_to(current_user(request), lead_id)
        return Response(EnrolmentSerializer(enrolments_of(lead), many=True).data)

    @extend_schema(request=BeginSerializer, responses={201: EnrolmentSerializer})
    @idempotent
    def post(self, request: Request, lead_id: UUID) -> Response:
        lead = lead_visible_to(current_user(request), lead_id)
        serializer = BeginSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        sequence = sequences_in_use().filter(key=serializer.validated_data["sequence"]).first()
        if sequence is None:
            raise InvalidInput(details={"sequence": ["There is no such sequence."]})
        enrolment = lead_enrol(
            lead.public_id, sequence, actor=current_user(request), now=timezone.now()
        )
        return answer(EnrolmentSerializer(enrolment).data, message="Begun", status=201)


class EnrolmentStop(APIView):
    """End the sequence a lead is in. Repeatable."""

    permission_classes = (MayDo,)
    permissions_by_method = {"POST": "leads.change_enrolment"}

    @extend_schema(request=None, responses=EnrolmentSerializer(many=True))
    def post(self, request: Request, lead_id: UUID) -> Response:
        actor = current_user(request)
        lead = lead_visible_to(actor, lead_id)
        sequence_stop(lead.pk, reason=f"Stopped by {actor}", actor=actor, now=timezone.now())
        return Response(EnrolmentSerializer(enrolments_of(lead), many=True).data)
