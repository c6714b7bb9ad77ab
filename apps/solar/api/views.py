"""The calculator, open to anybody."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.core.errors import InvalidInput
from apps.core.words import preferred_language
from apps.solar.actions import estimate_make
from apps.solar.api.serializers import (
    EstimateRequestSerializer,
    EstimateSerializer,
    IncentivesQuerySerializer,
    IncentivesSerializer,
)
from apps.solar.selectors import coverage, incentives_on, market_by_code

_FLOATS = ("latitude", "longitude", "tilt", "azimuth", "losses_percent")


class EstimateView(APIView):
    """What solar would do for a home."""

    permission_classes = (AllowAny,)
    authentication_classes = ()

    @extend_schema(request=EstimateRequestSerializer, responses={200: EstimateSerializer})
    def post(self, request: Request) -> Response:
        asked = EstimateRequestSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        stated = _stated(asked.validated_data)
        language = stated.pop("language", "") or preferred_language(
            request.headers.get("Accept-Language", "")
        )
        run = estimate_make(stated, language=language, now=timezone.now())
        return Response({"run_id": str(run.run_id), **run.result})


class IncentivesView(APIView):
    """The incentives of a market on a day."""

    permission_classes = (AllowAny,)
    authentication_classes = ()

    @extend_schema(
        responses={200: IncentivesSerializer},
        parameters=[
            OpenApiParameter("market", str, description="`nyc` or `india`."),
            OpenApiParameter("date", {"type": "string", "format": "date"}, description="Or today."),
        ],
    )
    def get(self, request: Request) -> Response:
        asked = IncentivesQuerySerializer(data=request.query_params.dict())
        asked.is_valid(raise_exception=True)
        code = asked.validated_data.get("market") or settings.DEFAULT_MARKET
        market = market_by_code(code)
        if market is None:
            raise InvalidInput(details={"market": [f"There is no market {code!r}. {coverage()}"]})
        today = timezone.now().astimezone(ZoneInfo(market.time_zone)).date()
        day = asked.validated_data.get("date") or today
        found = incentives_on(market.code, day)
        body = {
            "market": market.code,
            "currency": market.currency,
            "date": day,
            "results": found,
            "count": len(found),
        }
        return Response(IncentivesSerializer(body).data)


def _stated(fields: dict[str, Any]) -> dict[str, Any]:
    """What was said, without what was left empty; degrees and percentages as floats."""
    said = {name: value for name, value in fields.items() if value not in (None, "")}
    return {name: float(value) if name in _FLOATS else value for name, value in said.items()}
