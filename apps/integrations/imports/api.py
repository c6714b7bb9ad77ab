"""Files of leads through the API: look first, then let them in, and ask how far it is."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import StreamingHttpResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.core.api.envelope import answer
from apps.core.api.parsers import StrictJSONParser
from apps.core.errors import InvalidInput, NotFound
from apps.core.idempotency import idempotent
from apps.core.permissions import MayDo
from apps.intake.choices import Provenance
from apps.integrations.imports.actions import (
    MOST_BYTES,
    import_begin,
    import_cancel,
    import_configure,
    import_upload,
    mapping_of,
)
from apps.integrations.imports.columns import FIELDS
from apps.integrations.imports.failures import failed_rows_csv
from apps.integrations.imports.models import Import
from apps.integrations.imports.plans import preview_of
from apps.integrations.tasks import advance_import
from apps.users.current import current_user

_MAPPING = "Name of a column: what it holds, one of " + ", ".join(f"`{name}`" for name in FIELDS)


class ImportSerializer(serializers.ModelSerializer[Import]):
    """An import and how far it is."""

    id = serializers.UUIDField(source="public_id", read_only=True)
    market = serializers.CharField(source="market_id", read_only=True)
    source = serializers.CharField(source="source.slug", read_only=True, allow_null=True)  # type: ignore[assignment]  # also the name of a Field attribute
    mapping = serializers.SerializerMethodField()
    settled = serializers.IntegerField(read_only=True)

    class Meta:
        model = Import
        fields = (
            "id",
            "file_name",
            "state",
            "market",
            "source",
            "on_known",
            "columns",
            "mapping",
            "total",
            "settled",
            "created",
            "updated",
            "skipped",
            "failed",
            "created_at",
            "started_at",
            "finished_at",
        )

    def get_mapping(self, found: Import) -> dict[str, str]:
        return {found.columns[place]: field for place, field in mapping_of(found).items()}


class PreviewRowSerializer(serializers.Serializer[Any]):
    """A row as it would be taken in."""

    line = serializers.IntegerField(source="row.number")
    outcome = serializers.ChoiceField(choices=["create", "update", "skip", "fail"])
    person = serializers.CharField()
    problems = serializers.ListField(child=serializers.CharField())
    notes = serializers.ListField(child=serializers.CharField())


class LookSerializer(serializers.Serializer[Any]):
    """A file that was uploaded, and its first rows."""

    file = ImportSerializer()
    problems = serializers.ListField(
        child=serializers.CharField(), help_text="Of the columns: nothing can be taken in."
    )
    rows = PreviewRowSerializer(many=True)


class UploadSerializer(serializers.Serializer[Any]):
    """A file to look at. Nothing is taken in."""

    file = serializers.FileField(help_text="CSV or .xlsx, at most 10 MiB and 50,000 rows.")
    market = serializers.CharField(required=False, help_text="Where a row does not say.")


class CommitSerializer(serializers.Serializer[Any]):
    """Let the rows of an uploaded file be taken in; or, with `commit: false`, look again."""

    import_id = serializers.UUIDField()
    commit = serializers.BooleanField(default=True)
    source = serializers.CharField(required=False, default="", max_length=100, allow_blank=True)  # type: ignore[assignment]  # also the name of a Field attribute
    provenance = serializers.ChoiceField(choices=Provenance.choices, default=Provenance.FIRST_PARTY)
    market = serializers.CharField(required=False)
    on_known = serializers.ChoiceField(choices=Import.OnKnown.choices, required=False)
    mapping = serializers.DictField(
        child=serializers.CharField(), required=False, help_text=_MAPPING
    )


class Importing(APIView):
    """Send a file to look at it; send its id to take it in."""

    permission_classes = (MayDo,)
    permissions_by_method = {"POST": "users.manage_leads"}
    parser_classes = (StrictJSONParser, MultiPartParser)
    refuses = ("404",)

    @extend_schema(
        request={"multipart/form-data": UploadSerializer, "application/json": CommitSerializer},
        responses={201: LookSerializer, 200: LookSerializer, 202: ImportSerializer},
    )
    def post(self, request: Request) -> Response:
        if (request.content_type or "").startswith("multipart/"):
            return self._upload(request)
        return self._commit(request)

    def _upload(self, request: Request) -> Response:
        stated = UploadSerializer(data=request.data)
        stated.is_valid(raise_exception=True)
        file = stated.validated_data["file"]
        found = import_upload(
            file.read(MOST_BYTES + 1),
            file_name=file.name,
            market=stated.validated_data.get("market") or settings.DEFAULT_MARKET,
            actor=current_user(request),
            now=timezone.now(),
        )
        return answer(_look(found), message="Look at it first", status=201)

    @idempotent
    def _commit(self, request: Request) -> Response:
        stated = CommitSerializer(data=request.data)
        stated.is_valid(raise_exception=True)
        said, user = stated.validated_data, current_user(request)
        found = _found(said["import_id"])
        if said.keys() & {"mapping", "market", "on_known"}:
            found = import_configure(
                found.public_id,
                mapping=_by_number(found, said.get("mapping")),
                market=said.get("market"),
                on_known=said.get("on_known"),
                actor=user,
            )
        if not said["commit"]:
            return answer(_look(found), message="Look at it first")
        found = import_begin(
            found.public_id,
            source=said["source"],
            provenance=said["provenance"],
            actor=user,
            now=timezone.now(),
        )
        advance_import.apply_async([found.pk], retry=False)
        return answer(ImportSerializer(found).data, message="Under way", status=202)


class ImportProgress(APIView):
    """How far an import is."""

    permission_classes = (MayDo,)
    permissions_by_method = {"GET": "users.manage_leads"}

    @extend_schema(responses=ImportSerializer)
    def get(self, request: Request, import_id: UUID) -> Response:
        return Response(ImportSerializer(_found(import_id)).data)


class ImportCancelling(APIView):
    """Stop an import: what was taken in stays. Sending its id again goes on with it."""

    permission_classes = (MayDo,)
    permissions_by_method = {"POST": "users.manage_leads"}

    @extend_schema(request=None, responses=ImportSerializer)
    def post(self, request: Request, import_id: UUID) -> Response:
        found = import_cancel(import_id, actor=current_user(request))
        return answer(ImportSerializer(found).data, message="Stopped")


class ImportFailures(APIView):
    """The rows that were not taken in, as CSV, with their lines and reasons."""

    permission_classes = (MayDo,)
    permissions_by_method = {"GET": "users.manage_leads"}

    @extend_schema(responses={(200, "text/csv"): OpenApiTypes.BINARY})
    def get(self, request: Request, import_id: UUID) -> StreamingHttpResponse:
        rows = failed_rows_csv(_found(import_id))
        return StreamingHttpResponse(rows, content_type="text/csv; charset=utf-8")


def _look(found: Import) -> dict[str, Any]:
    preview = preview_of(found)
    look = {"file": found, "problems": preview.problems, "rows": preview.rows}
    return dict(LookSerializer(look).data)


def _found(import_id: UUID) -> Import:
    found = Import.objects.select_related("source").filter(public_id=import_id).first()
    if found is None:
        raise NotFound("There is no such import.")
    return found


def _by_number(found: Import, mapping: dict[str, str] | None) -> dict[int, str] | None:
    """What columns hold, by their number."""
    if mapping is None:
        return None
    if unknown := sorted(mapping.keys() - set(found.columns)):
        raise InvalidInput(
            details={"mapping": [f"The file has no column called {', '.join(unknown)}."]}
        )
    return {found.columns.index(name): field for name, field in mapping.items()}
