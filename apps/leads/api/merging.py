"""Merging leads, and taking them apart, through the API."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.core.api.envelope import answer
from apps.core.idempotency import idempotent
from apps.core.permissions import MayDo
from apps.leads.actions.merging import leads_merge
from apps.leads.actions.unmerging import leads_unmerge, merge_to_undo
from apps.leads.api.serializers import LeadSerializer
from apps.leads.merging import UNITS
from apps.leads.selectors import lead_visible_to
from apps.users.current import current_user


class MergeSerializer(serializers.Serializer[Any]):
    """`duplicate_id` goes into the lead of the address, which stays."""

    duplicate_id = serializers.UUIDField()
    keep = serializers.DictField(
        child=serializers.CharField(),
        required=False,
        help_text="Whose word stays where both say something: `survivor` or `duplicate`, by "
        + ", ".join(f"`{unit}`" for unit in UNITS)
        + ". What is left out: the later word.",
    )


class MergedSerializer(serializers.Serializer[Any]):
    """The lead that stayed, and the record to undo it by."""

    merge_id = serializers.UUIDField()
    duplicate_id = serializers.UUIDField()
    lead = LeadSerializer()


class UnmergedSerializer(serializers.Serializer[Any]):
    """Two leads again."""

    merge_id = serializers.UUIDField()
    lead_id = serializers.UUIDField(help_text="The one that had stayed.")
    duplicate_id = serializers.UUIDField()
    kept = serializers.ListField(
        child=serializers.CharField(), help_text="Changed after the merge, so left as they are."
    )
    missing = serializers.IntegerField(help_text="Rows that had moved and are gone since.")


class LeadMerging(APIView):
    """Make one lead of two. For managers, and for who has both."""

    permission_classes = (MayDo,)
    permissions_by_method = {"POST": "leads.change_lead"}

    @extend_schema(request=MergeSerializer, responses={200: MergedSerializer})
    @idempotent
    def post(self, request: Request, lead_id: UUID) -> Response:
        stated = MergeSerializer(data=request.data)
        stated.is_valid(raise_exception=True)
        user = current_user(request)
        survivor = lead_visible_to(user, lead_id)
        duplicate = lead_visible_to(user, stated.validated_data["duplicate_id"])
        merge = leads_merge(
            survivor.public_id,
            duplicate.public_id,
            actor=user,
            keep=stated.validated_data.get("keep"),
            now=timezone.now(),
        )
        body = {
            "merge_id": merge.public_id,
            "duplicate_id": duplicate.public_id,
            "lead": lead_visible_to(user, lead_id),
        }
        return answer(MergedSerializer(body).data, message="Merged")


class LeadUnmerging(APIView):
    """Undo the merge that took this lead away, else the latest one into it."""

    permission_classes = (MayDo,)
    permissions_by_method = {"POST": "leads.change_lead"}

    @extend_schema(request=None, responses={200: UnmergedSerializer})
    @idempotent
    def post(self, request: Request, lead_id: UUID) -> Response:
        user = current_user(request)
        merge = merge_to_undo(lead_visible_to(user, lead_id))
        done = leads_unmerge(merge.public_id, actor=user, now=timezone.now())
        body = {
            "merge_id": merge.public_id,
            "lead_id": done.merge.survivor.public_id,
            "duplicate_id": done.merge.duplicate.public_id,
            "kept": done.kept,
            "missing": done.missing,
        }
        return answer(UnmergedSerializer(body).data, message="Taken apart")
