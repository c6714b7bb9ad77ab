"""Endpoints of leads."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.http import parse_http_date_safe
from drf_spectacular.utils import extend_schema
from rest_framework import generics
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.core.api.envelope import answer
from apps.core.client_address import client_address
from apps.core.idempotency import idempotent
from apps.core.permissions import MayDo
from apps.leads.actions.editing import lead_change, lead_delete
from apps.leads.actions.entering import lead_enter
from apps.leads.api import examples
from apps.leads.api.filters import LeadFilter
from apps.leads.api.serializers import (
    ActivitySerializer,
    LeadListSerializer,
    LeadScoreSerializer,
    LeadSerializer,
    NewLeadSerializer,
)
from apps.leads.api.shapes import ChangedLeadSerializer, LeadStatsSerializer
from apps.leads.models import Lead, LeadActivity
from apps.leads.selectors import (
    lead_timeline,
    lead_visible_to,
    leads_visible_to,
)
from apps.leads.stats import lead_stats
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

    @extend_schema(
        request=NewLeadSerializer, responses={201: LeadSerializer}, examples=[examples.NEW_LEAD]
    )
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
    permissions_by_method = {
        "GET": "leads.view_lead",
        "PATCH": "leads.change_lead",
        "PUT": "leads.change_lead",
        "DELETE": "leads.delete_lead",
    }

    @extend_schema(responses=LeadSerializer)
    def get(self, request: Request, lead_id: UUID) -> Response:
        """A lead with everything known of it."""
        return Response(LeadSerializer(lead_visible_to(current_user(request), lead_id)).data)

    @extend_schema(
        request=ChangedLeadSerializer, responses=LeadSerializer, examples=examples.CHANGES
    )
    def patch(self, request: Request, lead_id: UUID) -> Response:
        """Change a lead. What is not sent stays.

        `won`, `sold` and `duplicate` are reached by their own acts only, `lost` needs a
        `lost_reason`. With `updated_at` as you read it, or `If-Unmodified-Since`: 409 when
        somebody changed the lead since.
        """
        me = current_user(request)
        lead = lead_visible_to(me, lead_id)
        serializer = ChangedLeadSerializer(lead, data=request.data, partial=True)
        serializer.is_valid(raise_exception=True)
        stated = dict(serializer.validated_data)
        seen_at = stated.pop("updated_at", None) or _unmodified_since(request)
        lead_change(lead.pk, stated=stated, actor=me, now=timezone.now(), seen_at=seen_at)
        return answer(LeadSerializer(lead_visible_to(me, lead_id)).data, message="Lead changed")

    @extend_schema(request=ChangedLeadSerializer, responses=LeadSerializer)
    def put(self, request: Request, lead_id: UUID) -> Response:
        """The same as PATCH: a lead has more to it than any one program knows."""
        return self.patch(request, lead_id)

    @extend_schema(responses={200: None})
    def delete(self, request: Request, lead_id: UUID) -> Response:
        """Delete a lead that should never have been one.

        The person, their consents and what they sent stay. 409 for a lead that was won or sold.
        """
        lead_delete(lead_visible_to(current_user(request), lead_id).pk)
        return answer(None, message="Lead deleted")


class LeadStatistics(generics.GenericAPIView[Lead]):
    """The leads I may see, counted; narrowed like the list."""

    permission_classes = (MayDo,)
    permissions_by_method = {"GET": "leads.view_lead"}
    serializer_class = LeadStatsSerializer
    filterset_class = LeadFilter
    pagination_class = None

    def get_queryset(self) -> QuerySet[Lead]:
        if getattr(self, "swagger_fake_view", False):
            return Lead.objects.none()
        return leads_visible_to(current_user(self.request))

    @extend_schema(responses=LeadStatsSerializer, filters=True)
    def get(self, request: Request) -> Response:
        leads = self.filter_queryset(self.get_queryset())
        return Response(LeadStatsSerializer(lead_stats(leads, now=timezone.now())).data)


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


def _unmodified_since(request: Request) -> datetime | None:
    """The end of the second that the header names: HTTP dates know no smaller part."""
    seconds = parse_http_date_safe(request.headers.get("If-Unmodified-Since", ""))
    return None if seconds is None else datetime.fromtimestamp(seconds + 1, tz=UTC)
