"""Endpoints of the exchange."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import generics
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.b2b.actions.monitoring import alert_acknowledge
from apps.b2b.actions.offering import lead_offer
from apps.b2b.api import serializers
from apps.b2b.models import PlatformAlert
from apps.b2b.selectors import delivery_by, open_alerts, platform_by, revenue_metrics
from apps.core.api.envelope import answer
from apps.core.clock import company_time
from apps.core.errors import Conflict, InvalidInput
from apps.core.idempotency import idempotent
from apps.core.json_data import clean_text
from apps.core.permissions import MayDo
from apps.leads.selectors import lead_visible_to
from apps.solar.models import Market
from apps.users.current import current_user


class DeliverLead(APIView):
    """Sell a lead to the best buyer, or to the one that is named."""

    permission_classes = (MayDo,)
    permissions_by_method = {"POST": "b2b.add_sale"}
    refuses = ("404",)

    @extend_schema(
        request=serializers.DeliverLeadSerializer,
        responses={202: serializers.DeliveredLeadSerializer},
    )
    @idempotent
    def post(self, request: Request) -> Response:
        wanted = serializers.DeliverLeadSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        stated = wanted.validated_data
        lead = lead_visible_to(current_user(request), stated["lead_id"])
        only = platform_by(stated["platform_id"]).slug if stated.get("platform_id") else ""
        offer = lead_offer(
            lead.pk,
            strategy=stated["strategy"],
            share_up_to=stated["share_up_to"],
            only=only,
            actor_pk=current_user(request).pk,
            now=timezone.now(),
        )
        if not offer.sales:
            raise Conflict(
                "No buyer may have this lead.",
                details={
                    "route_id": str(offer.route_id) if offer.route_id else None,
                    "reason": offer.reason,
                },
            )
        shown = {
            "lead_id": lead.public_id,
            "route_id": offer.route_id,
            "reason": offer.reason,
            "sales": offer.sales,
        }
        words = "On its way" if offer.is_new else offer.reason
        return answer(serializers.DeliveredLeadSerializer(shown).data, message=words, status=202)


class DeliveryStatus(APIView):
    """Where a delivery stands, with every try."""

    permission_classes = (MayDo,)
    permissions_by_method = {"GET": "b2b.view_delivery"}

    @extend_schema(responses=serializers.DeliveryStatusSerializer)
    def get(self, request: Request, delivery_id: UUID) -> Response:
        return Response(serializers.DeliveryStatusSerializer(delivery_by(delivery_id)).data)


class AlertList(generics.ListAPIView[PlatformAlert]):
    """Alerts of what still lasts, the newest first."""

    permission_classes = (MayDo,)
    permissions_by_method = {"GET": "b2b.view_platformalert"}
    serializer_class = serializers.PlatformAlertSerializer
    filter_backends = ()

    def get_queryset(self) -> QuerySet[PlatformAlert]:
        return open_alerts()


class AlertAcknowledge(APIView):
    """Somebody has seen it and takes care."""

    permission_classes = (MayDo,)
    permissions_by_method = {"POST": "b2b.change_platformalert"}

    @extend_schema(request=None, responses=serializers.PlatformAlertSerializer)
    def post(self, request: Request, platform_alert_id: UUID) -> Response:
        alert = alert_acknowledge(
            platform_alert_id, actor=current_user(request), now=timezone.now()
        )
        return Response(serializers.PlatformAlertSerializer(alert).data)


class RevenueMetrics(APIView):
    """What the exchange earned, in the currency of one market."""

    permission_classes = (MayDo,)
    permissions_by_method = {"GET": "users.view_revenue"}

    @extend_schema(
        parameters=[OpenApiParameter("market", str, description="Its currency; default nyc")],
        responses=serializers.RevenueMetricsSerializer,
    )
    def get(self, request: Request) -> Response:
        code = clean_text(request.query_params.get("market", "nyc"))
        market = Market.objects.filter(code=code).first()
        if market is None:
            raise InvalidInput("There is no such market.", details={"market": ["Unknown."]})
        metrics = revenue_metrics(market.currency, company_time(timezone.now()))
        shown: dict[str, Any] = vars(metrics) | {
            "by_platform": [
                {"platform": name, "revenue": revenue, "sales": sales}
                for name, revenue, sales in metrics.by_platform
            ],
        }
        return Response(serializers.RevenueMetricsSerializer(shown).data)
