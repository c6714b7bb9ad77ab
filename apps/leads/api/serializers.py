"""Shapes of leads in the API."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from rest_framework import serializers

from apps.core.errors import InvalidInput
from apps.leads.actions.entering import identity_stated
from apps.leads.models import Lead, LeadActivity

# What may be said of a lead over HTTP, when it is entered and later.
STATED = (
    "first_name", "last_name", "email", "phone", "company", "address", "city", "state",
    "postal_code", "property_type", "ownership", "roof_type", "roof_age", "roof_area_m2", "shading",
    "monthly_bill", "utility", "estimated_capacity", "budget_range", "timeline", "decision_maker",
    "credit_range", "interest_level", "priority_level", "service_type",
)  # fmt: skip


class PersonSerializer(serializers.Serializer[Any]):
    """Somebody who works here, in a few words."""

    id = serializers.UUIDField(source="public_id")
    name = serializers.CharField(source="__str__")
    role = serializers.CharField()


class LeadListSerializer(serializers.ModelSerializer[Lead]):
    """A lead in a list."""

    id = serializers.UUIDField(source="public_id", read_only=True)
    name = serializers.CharField(read_only=True)
    source = serializers.CharField(source="source.slug", read_only=True)  # type: ignore[assignment]  # also the name of a Field attribute
    market = serializers.CharField(source="market_id", read_only=True)
    territory = serializers.CharField(source="territory.code", read_only=True, allow_null=True)
    assigned_to = PersonSerializer(read_only=True, allow_null=True)
    currency = serializers.CharField(source="market.currency", read_only=True)

    class Meta:
        model = Lead
        fields: ClassVar[tuple[str, ...]] = (
            "id",
            "name",
            "first_name",
            "last_name",
            "email",
            "phone",
            "phone_valid",
            "market",
            "territory",
            "postal_code",
            "property_type",
            "ownership",
            "monthly_bill",
            "currency",
            "status",
            "call_status",
            "score",
            "tier",
            "interest_level",
            "priority_level",
            "source",
            "assigned_to",
            "is_sample",
            "created_at",
        )


class LeadSerializer(LeadListSerializer):
    """A lead with everything known of it."""

    class Meta(LeadListSerializer.Meta):
        fields: ClassVar[tuple[str, ...]] = (
            *LeadListSerializer.Meta.fields,
            "company",
            "address",
            "city",
            "state",
            "roof_type",
            "roof_age",
            "roof_area_m2",
            "shading",
            "utility",
            "estimated_capacity",
            "budget_range",
            "timeline",
            "decision_maker",
            "credit_range",
            "service_type",
            "lost_reason",
            "provenance",
            "is_partial",
            "score_detail",
            "first_touch",
            "last_touch",
            "first_response_due_at",
            "first_response_at",
            "converted_at",
            "sold_at",
            "original_data",
            "updated_at",
        )


class NewLeadSerializer(serializers.ModelSerializer[Lead]):
    """A lead entered through the API: stricter than a door, for a program can be corrected."""

    email = serializers.CharField(required=False, allow_blank=True, max_length=254)
    phone = serializers.CharField(required=False, allow_blank=True, max_length=60)
    market = serializers.CharField(required=False, max_length=20)
    message = serializers.CharField(required=False, allow_blank=True, max_length=5000)

    class Meta:
        model = Lead
        fields = (*STATED, "market", "message")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        try:
            return attrs | identity_stated(
                market=attrs.get("market") or settings.DEFAULT_MARKET,
                email=attrs.get("email", ""),
                phone=attrs.get("phone", ""),
                postal_code=attrs.get("postal_code", ""),
            )
        except InvalidInput as refusal:
            raise serializers.ValidationError(refusal.details) from refusal


class ActivitySerializer(serializers.ModelSerializer[LeadActivity]):
    """One line of a lead's timeline."""

    id = serializers.UUIDField(source="public_id", read_only=True)
    actor = PersonSerializer(read_only=True, allow_null=True)

    class Meta:
        model = LeadActivity
        fields = ("id", "kind", "summary", "actor", "data", "created_at")


class FactorSerializer(serializers.Serializer[Any]):
    """One reason for a score."""

    part = serializers.ChoiceField(choices=["base", "behaviour", "timing", "market"])
    name = serializers.CharField()
    stated = serializers.CharField(allow_blank=True, help_text="Empty: nobody stated it.")
    points = serializers.FloatField()
    maximum = serializers.IntegerField()


class LeadScoreSerializer(serializers.Serializer[Any]):
    """A lead's score with everything it is made of."""

    score = serializers.IntegerField()
    tier = serializers.CharField()
    model = serializers.CharField(source="score_detail.model", default="")
    parts = serializers.DictField(
        child=serializers.FloatField(), source="score_detail.parts", default=dict
    )
    factors = FactorSerializer(many=True, source="score_detail.factors", default=list)
    cap = serializers.CharField(source="score_detail.cap", default="", allow_blank=True)
    offer_community_solar = serializers.BooleanField(
        source="score_detail.offer_community_solar", default=False
    )
