"""Figures about leads for the home page: today, and the last days. Few queries, all indexed."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from statistics import median

from django.db.models import Count, QuerySet
from django.db.models.functions import TruncDate
from django.utils import timezone

from apps.leads.choices import LeadStatus, Tier
from apps.leads.models import Lead
from apps.users.models import User

_MOST_RESPONSES = 2000


@dataclass(frozen=True)
class Day:
    """The leads of one day, by tier."""

    on: date
    by_tier: dict[str, int]

    @property
    def total(self) -> int:
        return sum(self.by_tier.values())


def leads_by_day(leads: QuerySet[Lead], *, today: date, days: int) -> list[Day]:
    """The last `days` days in the time zone of the screens, the oldest first, empty ones too."""
    first = today - timedelta(days=days - 1)
    counted: dict[date, dict[str, int]] = defaultdict(dict)
    rows = (
        leads.filter(created_at__gte=_begin(first))
        .annotate(day=TruncDate("created_at"))
        .order_by()
        .values_list("day", "tier")
        .annotate(Count("pk"))
    )
    for day, tier, count in rows:
        counted[day][tier] = count
    return [
        Day(day, {tier: counted[day].get(tier, 0) for tier in Tier.values})
        for day in (first + timedelta(days=number) for number in range(days))
    ]


def median_first_response(leads: QuerySet[Lead], *, since: datetime) -> timedelta | None:
    """How long people waited for the first response, in the middle; None when nobody got one."""
    answered = leads.filter(created_at__gte=since, first_response_at__isnull=False).order_by()
    pairs = answered.values_list("created_at", "first_response_at")[:_MOST_RESPONSES]
    waits = [(response - created).total_seconds() for created, response in pairs if response]
    return timedelta(seconds=max(median(waits), 0)) if waits else None


def new_leads_of(user: User, leads: QuerySet[Lead], *, most: int) -> list[Lead]:
    """The new leads somebody has, the best first."""
    mine = leads.filter(assigned_to=user, status=LeadStatus.NEW).order_by("-score", "-created_at")
    return list(mine.select_related("territory", "market").defer("original_data")[:most])


def _begin(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
