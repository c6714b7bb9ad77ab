"""What lists are narrowed by, where the theme's own filters do not fit."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.dateparse import parse_date
from unfold.contrib.filters.admin import RangeDateFilter


class DaysFilter(RangeDateFilter):
    """From one day to another, both included, in the time zone of the screens."""

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        first = _day(self.used_parameters.get(f"{self.parameter_name}_from"))
        last = _day(self.used_parameters.get(f"{self.parameter_name}_to"))
        if first:
            queryset = queryset.filter(**{f"{self.parameter_name}__gte": _begins(first)})
        if last:
            end = _begins(last + timedelta(days=1))
            queryset = queryset.filter(**{f"{self.parameter_name}__lt": end})
        return queryset


def _day(text: Any) -> date | None:
    try:
        day = parse_date(str(text or ""))
    except ValueError:
        return None
    return day if day and 1900 < day.year < 9000 else None


def _begins(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
