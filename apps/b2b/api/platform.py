"""The shape of a buyer in the API, and what is refused of one."""

from __future__ import annotations

from typing import Any, ClassVar
from zoneinfo import available_timezones

from rest_framework import serializers

from apps.b2b import choices
from apps.b2b.answers import spec_problems
from apps.b2b.filters import read_filters
from apps.b2b.mapping import mapping_problems
from apps.b2b.models import Platform, PlatformCap
from apps.b2b.windows import read_windows
from apps.solar.models import Market, Territory

_EDITABLE = (
    "slug", "name", "contact_email", "market", "tier", "time_zone", "notes", "filters", "windows",
    "waits_for_window", "share_limit", "duplicate_days", "pacing_day_percent",
    "pacing_week_percent", "price_floor", "price_ceiling", "bid", "payment", "credit_limit",
    "days_to_pay", "commission_kind", "commission", "return_window_hours", "return_percent_max",
    "return_reasons", "method", "endpoint", "mapping", "answers", "is_test",
    "pause_after_rejections",
)  # fmt: skip


class CapSerializer(serializers.ModelSerializer[PlatformCap]):
    """At most so many leads a period, in a territory or in all."""

    territory = serializers.SlugField(
        source="territory.code", allow_null=True, required=False, default=None
    )

    class Meta:
        model = PlatformCap
        fields = ("period", "limit", "territory")


class PlatformSerializer(serializers.ModelSerializer[Platform]):
    """A buyer. Its secrets go in (`credentials`) and never come out."""

    id = serializers.UUIDField(source="public_id", read_only=True)
    slug = serializers.SlugField(max_length=50)
    market = serializers.PrimaryKeyRelatedField(queryset=Market.objects.all())
    currency = serializers.CharField(source="market.currency", read_only=True)
    status = serializers.ChoiceField(choices=choices.PlatformStatus.choices, read_only=True)
    filters = serializers.DictField(required=False)
    windows = serializers.ListField(child=serializers.DictField(), required=False, max_length=30)
    endpoint = serializers.DictField(
        child=serializers.CharField(max_length=500, allow_blank=True), required=False
    )
    mapping = serializers.DictField(required=False)
    answers = serializers.DictField(required=False)
    return_reasons = serializers.ListField(
        child=serializers.CharField(max_length=100), required=False, max_length=30
    )
    credentials = serializers.DictField(
        child=serializers.CharField(max_length=8000, allow_blank=True),
        write_only=True,
        required=False,
    )
    caps = CapSerializer(many=True, required=False)
    balance = serializers.DecimalField(
        source="account.balance",
        max_digits=14,
        decimal_places=2,
        read_only=True,
        help_text="Owed to us and held for leads on their way; negative is paid ahead.",
    )
    acceptance_rate = serializers.FloatField(read_only=True)

    class Meta:
        model = Platform
        fields: ClassVar[tuple[str, ...]] = (
            "id", *_EDITABLE, "currency", "status", "paused_because", "credentials", "caps",
            "balance", "acceptance_rate", "acceptance_samples", "tested_at", "created_at",
        )  # fmt: skip
        read_only_fields = ("paused_because", "acceptance_samples", "tested_at", "created_at")

    def validate_slug(self, slug: str) -> str:
        others = Platform.objects.filter(slug=slug)
        if isinstance(self.instance, Platform):
            others = others.exclude(pk=self.instance.pk)
        if others.exists():
            raise serializers.ValidationError("Another buyer has this slug.")
        return slug

    def validate_market(self, market: Market) -> Market:
        if isinstance(self.instance, Platform) and self.instance.market_id != market.pk:
            raise serializers.ValidationError(
                "A buyer stays in its market: its account is in that market's currency."
            )
        return market

    def validate_time_zone(self, name: str) -> str:
        if name not in available_timezones():
            raise serializers.ValidationError("Not a time zone, as America/New_York.")
        return name

    def validate_filters(self, stated: dict[str, Any]) -> dict[str, Any]:
        _read(read_filters, stated)
        return stated

    def validate_windows(self, stated: list[dict[str, Any]]) -> list[dict[str, Any]]:
        _read(read_windows, stated)
        return stated

    def validate_mapping(self, stated: dict[str, Any]) -> dict[str, Any]:
        return _without_problems(mapping_problems(stated), stated)

    def validate_answers(self, stated: dict[str, Any]) -> dict[str, Any]:
        return _without_problems(spec_problems(stated), stated)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        floor = attrs.get("price_floor", getattr(self.instance, "price_floor", None))
        ceiling = attrs.get("price_ceiling", getattr(self.instance, "price_ceiling", None))
        if floor is not None and floor <= 0:
            raise serializers.ValidationError({"price_floor": "More than nothing."})
        if floor is not None and ceiling is not None and ceiling < floor:
            raise serializers.ValidationError({"price_ceiling": "Not under the floor."})
        market = attrs.get("market", getattr(self.instance, "market", None))
        if "caps" in attrs and market is not None:
            attrs["caps"] = _caps(attrs["caps"], market)
        return attrs


def _read(reader: Any, stated: Any) -> None:
    try:
        reader(stated)
    except (ValueError, TypeError, AttributeError) as error:
        raise serializers.ValidationError(str(error)) from error


def _without_problems(problems: list[str], stated: dict[str, Any]) -> dict[str, Any]:
    if problems:
        raise serializers.ValidationError(problems)
    return stated


def _caps(stated: list[dict[str, Any]], market: Market) -> list[dict[str, Any]]:
    places = {one.code: one for one in Territory.objects.filter(market=market)}
    caps: list[dict[str, Any]] = []
    seen: set[tuple[str, str | None]] = set()
    for cap in stated:
        code = (cap.get("territory") or {}).get("code")
        if code and code not in places:
            raise serializers.ValidationError({"caps": f"There is no territory {code} there."})
        if (cap["period"], code) in seen:
            raise serializers.ValidationError({"caps": "One cap for a period and territory."})
        seen.add((cap["period"], code))
        caps.append({**cap, "territory": places.get(code) if code else None})
    return caps
