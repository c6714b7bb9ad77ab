"""Endpoints that do something to one lead."""

from __future__ import annotations

from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.core.api.envelope import answer
from apps.core.errors import PermissionRefused
from apps.core.idempotency import idempotent
from apps.core.permissions import MayDo
from apps.leads.actions.assigning import lead_take, leads_assign
from apps.leads.actions.changing import lead_note
from apps.leads.api.serializers import ActivitySerializer, LeadSerializer
from apps.leads.api.shapes import AssignSerializer, NoteSerializer
from apps.leads.selectors import lead_visible_to
from apps.users.current import current_user


class LeadAssign(APIView):
    """Give a lead to somebody, or take it. Without `user`: to me.

    Whoever works leads takes a free one: 409 when somebody was quicker. Giving to others, and
    taking from them, is for those who manage leads. Repeatable.
    """

    permission_classes = (MayDo,)
    permissions_by_method = {"POST": "leads.change_lead"}

    @extend_schema(request=AssignSerializer, responses=LeadSerializer)
    def post(self, request: Request, lead_id: UUID) -> Response:
        serializer = AssignSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        me = current_user(request)
        lead = lead_visible_to(me, lead_id)
        user_id = serializer.validated_data.get("user") or me.public_id
        if me.has_perm("users.manage_leads"):
            leads_assign([lead.public_id], user_id=user_id, actor=me, now=timezone.now())
        elif user_id == me.public_id:
            lead_take(lead.pk, actor=me, now=timezone.now())
        else:
            raise PermissionRefused("Only a manager gives leads to others.")
        return answer(LeadSerializer(lead_visible_to(me, lead_id)).data, message="Assigned")


class LeadNotes(APIView):
    """Write a note on the timeline."""

    permission_classes = (MayDo,)
    permissions_by_method = {"POST": "leads.change_lead"}

    @extend_schema(request=NoteSerializer, responses={201: ActivitySerializer})
    @idempotent
    def post(self, request: Request, lead_id: UUID) -> Response:
        serializer = NoteSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        me = current_user(request)
        line = lead_note(
            lead_visible_to(me, lead_id).public_id,
            text=serializer.validated_data["text"],
            actor=me,
            now=timezone.now(),
        )
        return answer(ActivitySerializer(line).data, message="Noted", status=201)
