"""What lists of notifications and alerts can be narrowed by."""

from __future__ import annotations

import django_filters
from django.db.models import Q, QuerySet

from apps.core.api.filters import YesNoFilter
from apps.notifications.choices import Level
from apps.notifications.models import Alert, Notification
from apps.notifications.selectors import ALERT_STATES, alerts_by_state

_NEEDS_SOMEBODY = Q(alert__isnull=False, alert__resolved_at=None)


class NotificationFilter(django_filters.FilterSet):
    """`?unread=&kind=&level=&needs_action=`"""

    unread = YesNoFilter(field_name="read_at", lookup_expr="isnull")
    kind = django_filters.CharFilter(max_length=60)
    level = django_filters.ChoiceFilter(choices=Level.choices)
    needs_action = YesNoFilter(method="filter_needs_action")

    class Meta:
        model = Notification
        fields: tuple[str, ...] = ()

    def filter_needs_action(
        self, queryset: QuerySet[Notification], name: str, value: bool
    ) -> QuerySet[Notification]:
        return queryset.filter(_NEEDS_SOMEBODY) if value else queryset.exclude(_NEEDS_SOMEBODY)


class AlertFilter(django_filters.FilterSet):
    """`?state=&kind=&level=`"""

    state = django_filters.ChoiceFilter(
        choices=[(state, state) for state in ALERT_STATES], method="filter_state"
    )
    kind = django_filters.CharFilter(max_length=60)
    level = django_filters.ChoiceFilter(choices=Level.choices)

    class Meta:
        model = Alert
        fields: tuple[str, ...] = ()

    @property
    def qs(self) -> QuerySet[Alert]:
        found: QuerySet[Alert] = super().qs
        return found if self.data.get("state") else alerts_by_state(found, "open")

    def filter_state(self, queryset: QuerySet[Alert], name: str, value: str) -> QuerySet[Alert]:
        return alerts_by_state(queryset, value)
