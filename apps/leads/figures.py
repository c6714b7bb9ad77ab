"""Figures about leads for the home page: today, and the last days. Few queries, all indexed."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Aggregate, Count, DurationField, ExpressionWrapper, F, Q, QuerySet
from django.db.models.functions import TruncDate
from django.utils import timezone

from apps.leads.choices import OPEN_STATUSES, Tier
from apps.leads.models import Lead
from apps.leads.selectors import unanswered


class MedianWait(Aggregate):
    """How long people waited for the first response, in the middle; None when nobody got one."""

    function = "percentile_cont"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"

    def __init__(self) -> None:
        wait = F("first_response_at") - F("created_at")
        duration = DurationField()
        super().__init__(ExpressionWrapper(wait, output_field=duration), output_field=duration)


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
        .annotate(count=Count("*"))
    )
    for day, tier, count in rows:
        counted[day][tier] = count
    return [
        Day(day, {tier: counted[day].get(tier, 0) for tier in Tier.values})
        for day in (first + timedelta(days=number) for number in range(days))
    ]


def median_first_response(leads: QuerySet[Lead], *, since: datetime) -> timedelta | None:
    """How long people waited for the first response, in the middle; None when nobody got one."""
    wait: timedelta | None = (
        leads.filter(created_at__gte=since).order_by().aggregate(wait=MedianWait())["wait"]
    )
    return None if wait is None else max(wait, timedelta())


@dataclass(frozen=True)
class Promise:
    """How the promise to answer in time is kept: of what was due, and of what waits now."""

    due: int  # first answers that were due in these days
    broken: int  # of those, late ones and those that never came
    due_soon: int  # unanswered, and most of the time is over
    late: int  # unanswered, and all of it is

    @property
    def broken_percent(self) -> int | None:
        return round(100 * self.broken / self.due) if self.due else None


def promise_kept(leads: QuerySet[Lead], *, since: datetime, now: datetime) -> Promise:
    """First answers due between `since` and `now`, and those that wait now. Two queries."""
    was_due = Q(first_response_due_at__gte=since) & (
        Q(first_response_due_at__lt=now) | Q(first_response_at__isnull=False)
    )
    late = Q(first_response_at__gt=F("first_response_due_at")) | Q(first_response_at=None)
    closed_first = Q(first_response_at=None) & ~Q(status__in=OPEN_STATUSES)
    past = leads.filter(was_due).exclude(closed_first).order_by()
    figures = past.aggregate(due=Count("*"), broken=Count("pk", filter=late))
    waiting = unanswered(leads).aggregate(
        late=Count("pk", filter=Q(first_response_due_at__lte=now)),
        due_soon=Count(
            "pk", filter=Q(first_response_due_at__gt=now, first_response_warn_at__lte=now)
        ),
    )
    return Promise(**figures, **waiting)


def _begin(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
