"""The list of leads as a file."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import StreamingHttpResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import generics
from rest_framework.request import Request

from apps.core.permissions import MayDo
from apps.leads.actions.exporting import leads_export
from apps.leads.api.filters import LeadFilter
from apps.leads.export import FORMATS
from apps.leads.models import Lead
from apps.leads.selectors import leads_visible_to
from apps.users.current import current_user

_MEDIA_TYPES = [media_type.partition(";")[0] for media_type, _ in FORMATS.values()]


class LeadExporting(generics.GenericAPIView[Lead]):
    """The leads I may see, narrowed as the list is, as CSV or Excel. Written down."""

    permission_classes = (MayDo,)
    permissions_by_method = {"GET": "users.export_data"}
    filterset_class = LeadFilter

    def get_queryset(self) -> QuerySet[Lead]:
        if getattr(self, "swagger_fake_view", False):
            return Lead.objects.none()
        return leads_visible_to(current_user(self.request))

    @extend_schema(
        parameters=[OpenApiParameter("format", enum=list(FORMATS), default="csv")],
        responses={
            (200, media.partition(";")[0]): OpenApiTypes.BINARY for media, _ in FORMATS.values()
        },
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> StreamingHttpResponse:
        said = dict(request.query_params.lists())
        [file_format] = said.pop("format", ["csv"])[-1:]
        return leads_export(
            self.filter_queryset(self.get_queryset()),
            file_format=file_format,
            filters=said,
            actor=current_user(request),
            now=timezone.now(),
        )
