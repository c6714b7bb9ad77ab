"""Saved views of the list of leads: everybody's own."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.core.api.envelope import answer
from apps.core.errors import NotFound
from apps.core.idempotency import idempotent
from apps.core.permissions import MayDo
from apps.leads.actions.views import LEAD_COLUMNS, view_change, view_delete, view_save
from apps.leads.models import SavedView
from apps.leads.view_parameters import address
from apps.users.current import current_user
from apps.users.models import Role


class SavedViewSerializer(serializers.ModelSerializer[SavedView]):
    """A view of the list of leads, by the parameters of the list's address."""

    id = serializers.UUIDField(source="public_id", read_only=True)
    name = serializers.CharField(max_length=60)
    parameters = serializers.DictField(
        child=serializers.ListField(child=serializers.CharField(max_length=300), max_length=50),
        default=dict,
    )
    columns = serializers.ListField(
        child=serializers.ChoiceField(choices=list(LEAD_COLUMNS)),
        default=list,
        help_text="None: all of them.",
    )
    is_default = serializers.BooleanField(default=False)
    is_shared = serializers.BooleanField(default=False)
    default_for = serializers.ChoiceField(choices=Role.choices, allow_blank=True, default="")
    link = serializers.SerializerMethodField()

    class Meta:
        model = SavedView
        fields: ClassVar[tuple[str, ...]] = (
            "id",
            "name",
            "parameters",
            "columns",
            "is_default",
            "is_shared",
            "default_for",
            "link",
        )

    def get_link(self, view: SavedView) -> str:
        changelist = reverse("admin:leads_lead_changelist")
        return f"{changelist}{address(view.parameters, view=str(view.public_id))}"


class SavedViewList(generics.ListAPIView[SavedView]):
    """My views of the list of leads; and a new one."""

    permission_classes = (MayDo,)
    permissions_by_method = {"GET": "leads.view_lead", "POST": "leads.view_lead"}
    serializer_class = SavedViewSerializer
    filter_backends = ()

    def get_queryset(self) -> QuerySet[SavedView]:
        if getattr(self, "swagger_fake_view", False):
            return SavedView.objects.none()
        return SavedView.objects.filter(owner=current_user(self.request))

    @extend_schema(request=SavedViewSerializer, responses={201: SavedViewSerializer})
    @idempotent
    def post(self, request: Request) -> Response:
        """Keep a view. The name of one I have replaces it."""
        stated = _stated(request.data)
        view = view_save(owner=current_user(request), now=timezone.now(), **stated)
        return answer(SavedViewSerializer(view).data, message="View saved", status=201)


class SavedViewDetail(APIView):
    """One view of mine."""

    permission_classes = (MayDo,)
    permissions_by_method = {
        "GET": "leads.view_lead",
        "PATCH": "leads.view_lead",
        "DELETE": "leads.view_lead",
    }

    @extend_schema(responses=SavedViewSerializer)
    def get(self, request: Request, view_id: UUID) -> Response:
        view = SavedView.objects.filter(owner=current_user(request), public_id=view_id).first()
        if view is None:
            raise NotFound("You have no such view.")
        return Response(SavedViewSerializer(view).data)

    @extend_schema(request=SavedViewSerializer, responses=SavedViewSerializer)
    def patch(self, request: Request, view_id: UUID) -> Response:
        stated = _stated(request.data, partial=True)
        view = view_change(view_id, owner=current_user(request), **stated)
        return Response(SavedViewSerializer(view).data)

    @extend_schema(responses={200: None})
    def delete(self, request: Request, view_id: UUID) -> Response:
        view_delete(view_id, owner=current_user(request))
        return answer(None, message="View deleted")


def _stated(data: Any, *, partial: bool = False) -> dict[str, Any]:
    serializer = SavedViewSerializer(data=data, partial=partial)
    serializer.is_valid(raise_exception=True)
    return dict(serializer.validated_data)
