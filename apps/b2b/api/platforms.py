"""Endpoints of buyers."""

from __future__ import annotations

import django_filters
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import generics
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.b2b import choices
from apps.b2b.actions.platforms import platform_end, platform_onboard, platform_save
from apps.b2b.api.platform import PlatformSerializer
from apps.b2b.api.serializers import (
    OnboardedSerializer,
    OnboardSerializer,
    PlatformHealthSerializer,
)
from apps.b2b.models import Platform
from apps.b2b.onboarding import onboarding_steps
from apps.b2b.selectors import platform_by, platform_health
from apps.core.api.envelope import answer
from apps.core.idempotency import idempotent
from apps.core.permissions import MayDo


class PlatformFilter(django_filters.FilterSet):
    """`?status=&market=&tier=&method=`"""

    status = django_filters.ChoiceFilter(choices=choices.PlatformStatus.choices)
    market = django_filters.CharFilter(field_name="market_id", max_length=20)
    tier = django_filters.ChoiceFilter(choices=choices.Tier.choices)
    method = django_filters.ChoiceFilter(choices=choices.Method.choices)

    class Meta:
        model = Platform
        fields: tuple[str, ...] = ()


class PlatformList(generics.ListAPIView[Platform]):
    """Buyers; and a new one, which gets leads once it was onboarded."""

    permission_classes = (MayDo,)
    permissions_by_method = {"GET": "b2b.view_platform", "POST": "b2b.add_platform"}
    serializer_class = PlatformSerializer
    filterset_class = PlatformFilter
    queryset = Platform.objects.select_related("market", "account").prefetch_related(
        "caps__territory"
    )

    @extend_schema(responses={201: PlatformSerializer})
    @idempotent
    def post(self, request: Request) -> Response:
        serializer = PlatformSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        platform = platform_save(Platform(), serializer.validated_data, now=timezone.now())
        shown = PlatformSerializer(platform_by(platform.slug))
        return answer(shown.data, message="Buyer created", status=201)


class PlatformDetail(APIView):
    """One buyer, by its id or slug. Deleting ends it: what it bought stays."""

    permission_classes = (MayDo,)
    permissions_by_method = {
        "GET": "b2b.view_platform",
        "PATCH": "b2b.change_platform",
        "DELETE": "b2b.change_platform",
    }

    @extend_schema(responses=PlatformSerializer)
    def get(self, request: Request, platform: str) -> Response:
        return Response(PlatformSerializer(platform_by(platform)).data)

    @extend_schema(request=PlatformSerializer(partial=True), responses=PlatformSerializer)
    def patch(self, request: Request, platform: str) -> Response:
        found = platform_by(platform)
        serializer = PlatformSerializer(found, data=request.data, partial=True)
        serializer.is_valid(raise_exception=True)
        saved = platform_save(found, serializer.validated_data, now=timezone.now())
        return Response(PlatformSerializer(platform_by(saved.slug)).data)

    @extend_schema(responses={200: PlatformSerializer})
    def delete(self, request: Request, platform: str) -> Response:
        found = platform_by(platform)
        platform_end(found.pk, now=timezone.now())
        return answer(PlatformSerializer(platform_by(found.slug)).data, message="Buyer ended")


class PlatformHealth(APIView):
    """How a buyer's side does: the last look at it, and the last day's deliveries."""

    permission_classes = (MayDo,)
    permissions_by_method = {"GET": "b2b.view_platform"}

    @extend_schema(responses=PlatformHealthSerializer)
    def get(self, request: Request, platform: str) -> Response:
        health = platform_health(platform_by(platform), timezone.now())
        return Response(PlatformHealthSerializer(health).data)


class PlatformOnboard(APIView):
    """Send the test delivery and go live, or say what is missing."""

    permission_classes = (MayDo,)
    permissions_by_method = {"POST": "b2b.change_platform"}

    @extend_schema(request=OnboardSerializer, responses=OnboardedSerializer)
    def post(self, request: Request, platform: str) -> Response:
        wanted = OnboardSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        found = platform_by(platform)
        words = platform_onboard(found, now=timezone.now(), **wanted.validated_data)
        found = platform_by(platform)
        shown = {
            "platform_id": found.public_id,
            "status": found.status,
            "test": words,
            "steps": onboarding_steps(found),
        }
        return Response(OnboardedSerializer(shown).data)
