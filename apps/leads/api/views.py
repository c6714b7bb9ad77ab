"""Endpoints of leads."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import generics
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.core.api.envelope import answer
from apps.core.client_address import client_address
from apps.core.idempotency import idempotent
from apps.core.permissions import MayDo
from apps.leads.actions.entering import lead_enter
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
    lead_timeline,
    lead_visible_to,
    leads_visible_to,
)
from apps.users.current import current_user


class LeadList(generics.ListAPIView[Lead]):
    """The leads I may see; and a new one."""

    permission_classes = (MayDo,)
    permissions_by_method = {"GET": "leads.view_lead", "POST": "leads.add_lead"}
    serializer_class = LeadListSerializer
    filterset_class = LeadFilter

    def get_queryset(self) -> QuerySet[Lead]:
        if getattr(self, "swagger_fake_view", False):
            return Lead.objects.none()
        return leads_visible_to(current_user(self.request)).select_related(
            "source", "assigned_to", "market", "territory"
        )

    @extend_schema(request=NewLeadSerializer, responses={201: LeadSerializer})
    @idempotent
    def post(self, request: Request) -> Response:
        serializer = NewLeadSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        entered = lead_enter(
            serializer.validated_data,
            ip_address=client_address(request._request),
            user_agent=request.headers.get("User-Agent", ""),
            now=timezone.now(),
        )
        if entered.lead is None:
            return answer(
                {"event_id": str(entered.event_id)}, message="Taken in; in work", status=202
            )
        return answer(LeadSerializer(entered.lead).data, message="Lead created", status=201)


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
