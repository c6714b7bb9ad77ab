"""Health, load and failures, for those who run the system."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.core.api.pagination import EnvelopePagination
from apps.core.errors import InvalidInput
from apps.core.failures import Failure, failure_kinds, failures_recent
from apps.core.health import Verdict, overall, run_checks
from apps.core.load import load_now
from apps.core.permissions import IsStaff, MayDo

VERDICTS = [(verdict.value, verdict.value) for verdict in Verdict]
_SEE = {"GET": "users.view_system"}


class CheckSerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    status = serializers.ChoiceField(choices=VERDICTS, source="verdict")
    words = serializers.CharField()
    cure = serializers.CharField(help_text="What to do when it is not `ok`.")
    milliseconds = serializers.FloatField()


class SystemHealthSerializer(serializers.Serializer[Any]):
    status = serializers.ChoiceField(choices=VERDICTS)
    checks = CheckSerializer(many=True)


class RouteLoadSerializer(serializers.Serializer[Any]):
    method = serializers.CharField()
    route = serializers.CharField()
    requests = serializers.IntegerField()
    failures = serializers.IntegerField()
    median_ms = serializers.FloatField()
    p95_ms = serializers.FloatField()


class SystemMetricsSerializer(serializers.Serializer[Any]):
    """Requests since the web processes started; gauges as they stand."""

    requests = serializers.IntegerField()
    failures = serializers.IntegerField(help_text="Answered with 5xx.")
    median_ms = serializers.FloatField()
    p95_ms = serializers.FloatField()
    routes = RouteLoadSerializer(many=True)
    gauges = serializers.DictField(
        child=serializers.DictField(child=serializers.FloatField()),
        help_text="By name and label: queue depths, ages, states. A single value has the label ``.",
    )


class FailureSerializer(serializers.Serializer[Any]):
    """Something that did not come through. Nothing personal is in it."""

    kind = serializers.CharField()
    at = serializers.DateTimeField()
    where = serializers.CharField()
    words = serializers.CharField()
    cure = serializers.CharField()
    reference = serializers.CharField(help_text="Finds it in the logs: a request id, a key.")
    link = serializers.CharField(help_text="Its page in the admin.")


class _ListPagination(EnvelopePagination):
    django_paginator_class = Paginator  # a list knows its length


class SystemHealth(APIView):
    """Whether everything that has to run is running, check by check."""

    permission_classes = (IsStaff,)
    open_to_keys = ("GET",)

    @extend_schema(responses=SystemHealthSerializer)
    def get(self, request: Request) -> Response:
        results = run_checks()
        shown = {"status": overall(results), "checks": results}
        return Response(SystemHealthSerializer(shown).data)


class SystemMetrics(APIView):
    """How much is going on: requests, times, queues."""

    permission_classes = (MayDo,)
    permissions_by_method = _SEE

    @extend_schema(responses=SystemMetricsSerializer)
    def get(self, request: Request) -> Response:
        return Response(SystemMetricsSerializer(load_now()).data)


class SystemErrors(generics.GenericAPIView[Any]):
    """What failed lately, the newest first, and what to do about it."""

    permission_classes = (MayDo,)
    permissions_by_method = _SEE
    serializer_class = FailureSerializer
    pagination_class = _ListPagination
    filter_backends = ()

    @extend_schema(
        parameters=[OpenApiParameter("kind", str, description="`request`, `task`, `outbox`, …")],
        responses=FailureSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        kind = request.query_params.get("kind", "")
        if kind and kind not in failure_kinds():
            raise InvalidInput(details={"kind": [f"One of {', '.join(failure_kinds())}."]})
        found: list[Failure] | None = self.paginate_queryset(failures_recent(kind=kind))
        return self.get_paginated_response(FailureSerializer(found, many=True).data)
