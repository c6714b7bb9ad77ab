"""What lists of leads can be narrowed by."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import django_filters
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django_filters.fields import IsoDateTimeField

from apps.core.api.filters import ChoicesFilter, YesNoFilter
from apps.intake.choices import Provenance
from apps.leads import choices
from apps.leads.models import UNANSWERED, Lead
from apps.leads.search import search_leads


class UtcDateTimeField(IsoDateTimeField):
    """A moment in UTC. PostgreSQL refuses offsets that ISO 8601 can write (+19:10)."""

    def to_python(self, value: Any) -> datetime | None:
        moment: datetime | None = super().to_python(value)
        try:
            return moment and moment.astimezone(UTC)
        except OverflowError as error:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from error


class UtcDateTimeFilter(django_filters.IsoDateTimeFilter):
    field_class = UtcDateTimeField


class LeadFilter(django_filters.FilterSet):
    """`?search=&status=&tier=&source=&market=&territory=&assigned_to=&unassigned=&…&ordering=`"""

    search = django_filters.CharFilter(method="filter_search", max_length=200)
    status = ChoicesFilter(choices=choices.LeadStatus.choices)
    call_status = ChoicesFilter(choices=choices.CallStatus.choices)
    tier = ChoicesFilter(choices=choices.Tier.choices)
    interest_level = ChoicesFilter(choices=choices.Level.choices)
    priority_level = ChoicesFilter(choices=choices.Level.choices)
    source = django_filters.CharFilter(field_name="source__slug", max_length=50)
    market = django_filters.CharFilter(field_name="market_id", max_length=20)
    territory = django_filters.CharFilter(field_name="territory__code", max_length=40)
    property_type = django_filters.ChoiceFilter(choices=choices.PropertyType.choices)
    ownership = django_filters.ChoiceFilter(choices=choices.Ownership.choices)
    timeline = ChoicesFilter(choices=choices.Timeline.choices)
    provenance = django_filters.ChoiceFilter(choices=Provenance.choices)
    postal_code = django_filters.CharFilter(max_length=10)
    assigned_to = django_filters.UUIDFilter(field_name="assigned_to__public_id")
    unassigned = YesNoFilter(field_name="assigned_to", lookup_expr="isnull")
    min_score = django_filters.NumberFilter(
        field_name="score", lookup_expr="gte", min_value=0, max_value=100
    )
    max_score = django_filters.NumberFilter(
        field_name="score", lookup_expr="lte", min_value=0, max_value=100
    )
    has_phone = YesNoFilter(field_name="phone", method="filter_filled")
    has_email = YesNoFilter(field_name="email", method="filter_filled")
    is_partial = YesNoFilter()
    created_from = UtcDateTimeFilter(field_name="created_at", lookup_expr="gte")
    created_to = UtcDateTimeFilter(field_name="created_at", lookup_expr="lt")
    updated_from = UtcDateTimeFilter(field_name="updated_at", lookup_expr="gte")
    updated_to = UtcDateTimeFilter(field_name="updated_at", lookup_expr="lt")
    # Open and still without a first answer, which is due before this moment.
    due_before = UtcDateTimeFilter(method="filter_due_before")
    ordering = django_filters.OrderingFilter(
        fields=[
            "created_at",
            "updated_at",
            "score",
            "status",
            "call_status",
            "last_name",
            "monthly_bill",
            "first_response_due_at",
        ]
    )

    class Meta:
        model = Lead
        fields: tuple[str, ...] = ()

    def filter_search(self, queryset: QuerySet[Lead], name: str, value: str) -> QuerySet[Lead]:
        return search_leads(queryset, value)

    def filter_filled(self, queryset: QuerySet[Lead], name: str, value: bool) -> QuerySet[Lead]:
        return queryset.exclude(**{name: ""}) if value else queryset.filter(**{name: ""})

    def filter_due_before(
        self, queryset: QuerySet[Lead], name: str, value: datetime
    ) -> QuerySet[Lead]:
        return queryset.filter(UNANSWERED, first_response_due_at__lt=value)
