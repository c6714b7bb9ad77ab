"""Shapes of the exchange in the API. Money is a number with its currency beside it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from rest_framework import serializers

from apps.b2b import choices

_MONEY: dict[str, Any] = {"max_digits": 14, "decimal_places": 2}


class PlatformHealthSerializer(serializers.Serializer[Any]):
    """How a buyer's side does."""

    platform_id = serializers.UUIDField(source="platform.public_id")
    platform = serializers.CharField(source="platform.slug")
    status = serializers.ChoiceField(choices=choices.Health.choices)
    words = serializers.CharField(source="platform.health_words", allow_blank=True)
    checked_at = serializers.DateTimeField(source="platform.checked_at", allow_null=True)
    resting_until = serializers.DateTimeField(source="platform.resting_until", allow_null=True)
    failures_in_a_row = serializers.IntegerField(source="platform.failures_in_a_row")
    acceptance_rate = serializers.FloatField(source="platform.acceptance_rate")
    deliveries_24h = serializers.IntegerField(source="delivered")
    accepted_24h = serializers.IntegerField(source="accepted")
    failed_24h = serializers.IntegerField(source="failed")
    waiting = serializers.IntegerField()
    manual = serializers.IntegerField()


class OnboardSerializer(serializers.Serializer[Any]):
    """What to do: send a test delivery, and go live when nothing is missing."""

    test = serializers.BooleanField(default=True)
    go_live = serializers.BooleanField(default=True)


class StepSerializer(serializers.Serializer[Any]):
    """One step from a new buyer to its first lead."""

    code = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # also the name of a Field attribute
    done = serializers.BooleanField(source="is_done")
    problems = serializers.ListField(child=serializers.CharField())


class OnboardedSerializer(serializers.Serializer[Any]):
    """Where the setting up of a buyer stands."""

    platform_id = serializers.UUIDField()
    status = serializers.ChoiceField(choices=choices.PlatformStatus.choices)
    test = serializers.CharField(allow_blank=True, help_text="How the test delivery went.")
    steps = StepSerializer(many=True)


class DeliverLeadSerializer(serializers.Serializer[Any]):
    """Which lead, and optionally to whom and how the buyers compete."""

    lead_id = serializers.UUIDField()
    platform_id = serializers.CharField(
        required=False, allow_blank=True, max_length=50, help_text="A slug or id: only this buyer."
    )
    strategy = serializers.ChoiceField(
        choices=choices.Strategy.choices, default=choices.Strategy.WEIGHTED
    )
    share_up_to = serializers.IntegerField(min_value=1, max_value=5, default=1)


class SaleSerializer(serializers.Serializer[Any]):
    """A lead promised to a buyer."""

    sale_id = serializers.UUIDField(source="public_id")
    delivery_id = serializers.UUIDField(source="delivery.public_id")
    platform_id = serializers.UUIDField(source="platform.public_id")
    platform = serializers.CharField(source="platform.slug")
    state = serializers.ChoiceField(choices=choices.SaleState.choices)
    price = serializers.DecimalField(max_digits=10, decimal_places=2)
    currency = serializers.CharField()
    is_exclusive = serializers.BooleanField()


class DeliveredLeadSerializer(serializers.Serializer[Any]):
    """To whom it goes, and why. How it went: `delivery-status`."""

    lead_id = serializers.UUIDField()
    route_id = serializers.UUIDField(allow_null=True)
    reason = serializers.CharField()
    sales = SaleSerializer(many=True)


class AttemptSerializer(serializers.Serializer[Any]):
    """One try of a delivery."""

    number = serializers.IntegerField()
    outcome = serializers.CharField(allow_blank=True)
    status = serializers.IntegerField(allow_null=True)
    words = serializers.CharField(allow_blank=True)
    milliseconds = serializers.IntegerField(allow_null=True)
    started_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True)


class DeliveryStatusSerializer(serializers.Serializer[Any]):
    """Where a delivery stands, with every try."""

    delivery_id = serializers.UUIDField(source="public_id")
    lead_id = serializers.UUIDField(source="sale.lead.public_id")
    platform_id = serializers.UUIDField(source="platform.public_id")
    platform = serializers.CharField(source="platform.slug")
    method = serializers.CharField()
    status = serializers.ChoiceField(source="state", choices=choices.DeliveryState.choices)
    words = serializers.CharField(allow_blank=True)
    price = serializers.DecimalField(source="sale.price", max_digits=10, decimal_places=2)
    currency = serializers.CharField(source="sale.currency")
    next_try_at = serializers.SerializerMethodField()
    attempts = AttemptSerializer(many=True, source="attempts.all")
    created_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True)

    def get_next_try_at(self, delivery: Any) -> str | None:
        return delivery.not_before.isoformat() if delivery.state in choices.DUE_DELIVERIES else None


class PlatformAlertSerializer(serializers.Serializer[Any]):
    """Something staff have to know."""

    id = serializers.UUIDField(source="public_id")
    level = serializers.ChoiceField(choices=choices.AlertLevel.choices)
    title = serializers.CharField()
    words = serializers.CharField(allow_blank=True)
    platform = serializers.CharField(source="platform.slug", allow_null=True, default=None)
    opened_at = serializers.DateTimeField()
    acknowledged_at = serializers.DateTimeField(allow_null=True)
    acknowledged_by = serializers.CharField(allow_null=True)
    resolved_at = serializers.DateTimeField(allow_null=True)


class PlatformRevenueSerializer(serializers.Serializer[Any]):
    """What one buyer brought this month."""

    platform = serializers.CharField()
    revenue = serializers.DecimalField(**_MONEY)
    sales = serializers.IntegerField()


class RevenueMetricsSerializer(serializers.Serializer[Any]):
    """Revenue in one currency, on the clock of the screens."""

    currency = serializers.CharField()
    current_hour_revenue = serializers.DecimalField(**_MONEY)
    today_revenue = serializers.DecimalField(**_MONEY)
    week_revenue = serializers.DecimalField(**_MONEY)
    month_revenue = serializers.DecimalField(**_MONEY)
    held = serializers.DecimalField(**_MONEY, help_text="Promised, not yet accepted.")
    outstanding = serializers.DecimalField(**_MONEY, help_text="Owed by buyers, less paid ahead.")
    sold_this_month = serializers.IntegerField()
    average_price = serializers.DecimalField(**_MONEY)
    acceptance_rate = serializers.FloatField(allow_null=True)
    by_platform = PlatformRevenueSerializer(many=True)


class FeedbackSerializer(serializers.Serializer[Any]):
    """What a buyer says became of a lead. `buyer_id` is a slug or an id."""

    lead_id = serializers.UUIDField()
    buyer_id = serializers.CharField(max_length=50)
    feedback_type = serializers.ChoiceField(choices=choices.FeedbackType.choices)
    feedback_id = serializers.CharField(required=False, allow_blank=True, max_length=100)
    feedback_score = serializers.DecimalField(
        required=False, allow_null=True, max_digits=4, decimal_places=2,
        min_value=Decimal(0), max_value=Decimal(10),
    )  # fmt: skip
    feedback_reason = serializers.CharField(required=False, allow_blank=True, max_length=300)
    conversion_value = serializers.DecimalField(
        required=False, allow_null=True, max_digits=12, decimal_places=2, min_value=Decimal(0)
    )
    buyer_notes = serializers.CharField(required=False, allow_blank=True, max_length=5000)


class FeedbackKeptSerializer(serializers.Serializer[Any]):
    """What was kept of it."""

    feedback_id = serializers.UUIDField()
    lead_id = serializers.UUIDField()
    buyer_id = serializers.CharField()
    feedback_type = serializers.CharField()
    is_repeat = serializers.BooleanField(help_text="It was kept before: nothing changed.")
