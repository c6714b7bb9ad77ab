"""Endpoints of leads."""

from __future__ import annotations

import json
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import generics
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.encoders import JSONEncoder
from rest_framework.views import APIView

from apps.core import outbox
from apps.core.api.envelope import answer
from apps.core.client_address import client_address
from apps.core.errors import Conflict
from apps.core.idempotency import idempotent
from apps.core.ids import new_id
from apps.core.permissions import MayDo
from apps.intake.actions import RECORDED, event_record
from apps.intake.contracts import Arrival
from apps.leads.api.filters import LeadFilter
from apps.leads.api.serializers import (
    ActivitySerializer,
    LeadListSerializer,
    LeadScoreSerializer,
    LeadSerializer,
    NewLeadSerializer,
)
from apps.leads.models import Lead, LeadActivity
from apps.leads.selectors import (
    lead_of_event,
    lead_timeline,
    lead_visible_to,
    leads_visible_to,
    open_lead_with_identity,
)
from apps.users.current import current_user


class LeadList(generics.ListAPIView[Lead]):
    """The leads I may see; and a new one."""

    permission_classes = (MayDo,)
    permissions_by_method = {"GET": "leads.view_lead", "POST": "leads.add_lead"}
    serializer_class = LeadListSerializer
    filterset_class = LeadFilter

    def get_queryset(self) -> QuerySet[Lead]:
        return leads_visible_to(current_user(self.request)).select_related(
            "source", "assigned_to", "market", "territory"
        )

    @extend_schema(request=NewLeadSerializer, responses={201: LeadSerializer})
    @idempotent
    def post(self, request: Request) -> Response:
        serializer = NewLeadSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        _refuse_known_person(serializer)
        payload = json.loads(json.dumps(serializer.validated_data, cls=JSONEncoder))
        # Down the same road as everything else that comes in, only at once.
        recorded = event_record(
            Arrival(
                source="api",
                body=json.dumps(payload).encode(),
                payload=payload,
                # A key of the caller's own is kept by @idempotent; here each call is an event.
                idempotency_key=str(new_id()),
                ip_address=client_address(request._request),
                user_agent=request.headers.get("User-Agent", ""),
            ),
            now=timezone.now(),
        )
        outbox.deliver_now(RECORDED, key=str(recorded.event_id))
        lead = lead_of_event(recorded.event_id)
        if lead is None:
            return answer(
                {"event_id": str(recorded.event_id)}, message="Taken in; in work", status=202
            )
        return answer(LeadSerializer(lead).data, message="Lead created", status=201)


class LeadDetail(APIView):
    """One lead."""

    permission_classes = (MayDo,)
    permissions_by_method = {"GET": "leads.view_lead"}

    @extend_schema(responses=LeadSerializer)
    def get(self, request: Request, lead_id: UUID) -> Response:
        return Response(LeadSerializer(lead_visible_to(current_user(request), lead_id)).data)


class LeadTimeline(generics.ListAPIView[LeadActivity]):
    """Everything that happened to a lead, newest first."""

    permission_classes = (MayDo,)
    permissions_by_method = {"GET": "leads.view_lead"}
    serializer_class = ActivitySerializer
    filter_backends = ()

    def get_queryset(self) -> QuerySet[LeadActivity]:
        if getattr(self, "swagger_fake_view", False):
            return LeadActivity.objects.none()
        return lead_timeline(lead_visible_to(current_user(self.request), self.kwargs["lead_id"]))


class LeadScoreDetail(APIView):
    """Why a lead has its score."""

    permission_classes = (MayDo,)
    permissions_by_method = {"GET": "leads.view_lead"}

    @extend_schema(responses=LeadScoreSerializer)
    def get(self, request: Request, lead_id: UUID) -> Response:
        lead = lead_visible_to(current_user(request), lead_id)
        return Response(LeadScoreSerializer(lead).data)


def _refuse_known_person(serializer: NewLeadSerializer) -> None:
    stated = serializer.validated_data
    known = open_lead_with_identity(email=stated["email"], phone=stated["phone"])
    if known is not None:
        raise Conflict(
            "This person already has an open lead.", details={"lead_id": str(known.public_id)}
        )
