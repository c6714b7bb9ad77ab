"""What the calculator is asked and what it answers."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from rest_framework import serializers

from apps.core.words import LANGUAGE_CODES

PROPERTY_TYPES = (
    "single_family",
    "multi_family",
    "townhouse",
    "brownstone",
    "condo",
    "co_op",
    "apartment",
    "commercial",
)
_FIRST_DAY, _LAST_DAY = date(2020, 1, 1), date(2045, 12, 31)


class NumberField(serializers.DecimalField):
    """A decimal, because a float field would take "nan"; without the noise of binary fractions."""

    def to_internal_value(self, data: Any) -> Decimal:
        return super().to_internal_value(round(data, 6) if isinstance(data, float) else data)


def _number(least: str, most: str, **more: Any) -> NumberField:
    return NumberField(
        max_digits=20,
        decimal_places=10,
        min_value=Decimal(least),
        max_value=Decimal(most),
        required=False,
        allow_null=True,
        **more,
    )


class EstimateRequestSerializer(serializers.Serializer[Any]):
    """A home: where it is, what power costs it or how much it uses, and what it is."""

    market = serializers.CharField(
        required=False, max_length=20, help_text="`nyc`, `india`; else told by the postal code."
    )
    postal_code = serializers.CharField(required=False, allow_blank=True, max_length=40)
    latitude = _number("-90", "90", help_text="With `longitude`, instead of a postal code.")
    longitude = _number("-180", "180")
    monthly_bill = _number("0", "10000000", help_text="In the market's currency.")
    monthly_kwh = _number("0", "100000", help_text="Goes before `monthly_bill`.")
    property_type = serializers.ChoiceField(choices=PROPERTY_TYPES)
    system_capacity_kw = _number("0.1", "1000", help_text="Else what covers the use.")
    roof_area_m2 = _number("1", "100000")
    tilt = _number("0", "90", help_text="Degrees from horizontal.")
    azimuth = _number("0", "360", help_text="Degrees from north by east; 180 is south.")
    losses_percent = _number("0", "90", help_text="All but shade; 14 is the PVWatts default.")
    shading = serializers.ChoiceField(choices=("none", "some", "heavy"), required=False)
    purchase_date = serializers.DateField(
        required=False,
        allow_null=True,
        help_text="When the installation is complete: incentives go by it. Else today.",
    )
    financing = serializers.ChoiceField(choices=("cash", "loan", "lease"), required=False)
    homeowner = serializers.BooleanField(required=False, allow_null=True)
    language = serializers.ChoiceField(
        choices=LANGUAGE_CODES, required=False, help_text="Of the words; or Accept-Language."
    )

    def validate_purchase_date(self, value: date | None) -> date | None:
        if value is not None and not _FIRST_DAY <= value <= _LAST_DAY:
            raise serializers.ValidationError(f"Between {_FIRST_DAY} and {_LAST_DAY}.")
        return value


class IncentiveAmountSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    name = serializers.CharField()
    amount = serializers.FloatField()
    source = serializers.CharField()  # type: ignore[assignment]  # also the name of a Field attribute
    valid_from = serializers.DateField(allow_null=True)
    valid_to = serializers.DateField(allow_null=True, help_text="The last day.")
    paid_over_years = serializers.IntegerField(help_text="0: at once.")
    note = serializers.CharField()


class OutcomeSerializer(serializers.Serializer[Any]):
    """One way of paying."""

    payback_years = serializers.FloatField(
        allow_null=True, help_text="All that is paid, by the first year's savings."
    )
    npv = serializers.FloatField()
    irr = serializers.FloatField(allow_null=True, help_text="A share a year: 0.12 is 12 %.")
    savings_25_years = serializers.FloatField(help_text="What is left, all costs paid.")
    first_year_payment = serializers.FloatField(help_text="Of the loan or lease.")
    cumulative_savings = serializers.ListField(
        child=serializers.FloatField(), help_text="Year 0 first."
    )


class FinancingSerializer(serializers.Serializer[Any]):
    cash = OutcomeSerializer()
    loan = OutcomeSerializer()
    lease = OutcomeSerializer()


class AdviceSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    text = serializers.CharField()


class AssumptionSerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    value = serializers.FloatField()
    unit = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]  # also the name of a Field attribute
    checked_on = serializers.DateField(allow_null=True)
    confidence = serializers.CharField(allow_null=True)


class EstimateSerializer(serializers.Serializer[Any]):
    """Every figure with what it rests on. Money in `currency`. With a lease the price and the
    incentives are those of the leasing company."""

    run_id = serializers.UUIDField()
    model_version = serializers.CharField()
    market = serializers.CharField()
    currency = serializers.CharField()
    territory = serializers.CharField()
    neighborhood = serializers.CharField()
    utility = serializers.CharField()
    purchase_date = serializers.DateField()
    property_type = serializers.ChoiceField(choices=PROPERTY_TYPES)
    system_capacity_kw = serializers.FloatField()
    roof_capacity_kw = serializers.FloatField(allow_null=True)
    tilt = serializers.FloatField()
    azimuth = serializers.FloatField()
    losses_percent = serializers.FloatField(help_text="With shade.")
    monthly_consumption_kwh = serializers.FloatField()
    annual_production_kwh = serializers.FloatField()
    monthly_production_kwh = serializers.ListField(
        child=serializers.FloatField(), min_length=12, max_length=12
    )
    specific_yield_kwh_per_kwp = serializers.FloatField()
    production_range_kwh = serializers.ListField(
        child=serializers.FloatField(), min_length=2, max_length=2
    )
    production_source = serializers.ChoiceField(choices=("model", "pvwatts"))
    annual_bill_without_solar = serializers.FloatField()
    annual_bill_with_solar = serializers.FloatField()
    annual_savings = serializers.FloatField()
    annual_savings_range = serializers.ListField(
        child=serializers.FloatField(),
        min_length=2,
        max_length=2,
        help_text="The same at the ends of `production_range_kwh`.",
    )
    gross_cost = serializers.FloatField()
    incentives = IncentiveAmountSerializer(many=True)
    net_cost = serializers.FloatField()
    financing = FinancingSerializer()
    co2_kg_per_year = serializers.FloatField()
    advice = AdviceSerializer(many=True)
    assumptions = AssumptionSerializer(many=True)


class IncentivesQuerySerializer(serializers.Serializer[Any]):
    market = serializers.CharField(required=False, max_length=20)
    date = serializers.DateField(required=False)


class IncentiveSerializer(serializers.Serializer[Any]):
    """An incentive that is valid on the day asked for. Empty lists mean all."""

    code = serializers.CharField()
    name = serializers.CharField()
    kind = serializers.CharField()
    territories = serializers.ListField(child=serializers.CharField())
    utilities = serializers.ListField(child=serializers.CharField())
    property_types = serializers.ListField(child=serializers.CharField())
    financing = serializers.ListField(child=serializers.CharField())
    percent = serializers.FloatField(help_text="Of the price, or of `basis`.")
    basis = serializers.CharField()
    per_kw = serializers.SerializerMethodField()
    fixed_amount = serializers.FloatField()
    cap = serializers.FloatField(allow_null=True)
    paid_over_years = serializers.IntegerField()
    requires = serializers.CharField()
    is_counted = serializers.BooleanField(help_text="Off: shown, never taken off a price.")
    note = serializers.CharField()
    valid_from = serializers.DateField(allow_null=True)
    valid_to = serializers.DateField(allow_null=True, help_text="The last day.")
    source = serializers.CharField()  # type: ignore[assignment]  # also the name of a Field attribute
    checked_on = serializers.DateField()
    confidence = serializers.CharField()

    def get_per_kw(self, incentive: Any) -> list[dict[str, float]]:
        return [
            {"up_to_kw": float(slab.up_to_kw), "amount": float(slab.amount)}
            for slab in incentive.per_kw
        ]


class IncentivesSerializer(serializers.Serializer[Any]):
    market = serializers.CharField()
    currency = serializers.CharField()
    date = serializers.DateField()
    results = IncentiveSerializer(many=True)
    count = serializers.IntegerField()
