"""Leads counted: by status, tier, source and market, how soon they were answered, how many won."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet

from apps.intake.models import LeadSource
from apps.leads.choices import OPEN_STATUSES, LeadStatus, Tier
from apps.leads.figures import MedianWait
from apps.leads.models import UNANSWERED, Lead

_CLOSED_WELL = (LeadStatus.WON, LeadStatus.SOLD)
_CLOSED_BADLY = (LeadStatus.LOST, LeadStatus.UNQUALIFIED)
_TOTALS = ("total", "unassigned", "overdue", "answered")


@dataclass(frozen=True)
class LeadStats:
    """Figures of a set of leads. `conversion_rate` is of those that came to an end, 0 to 1."""

    total: int
    open: int
    unassigned: int
    overdue: int
    by_status: dict[str, int]
    by_tier: dict[str, int]
    by_source: dict[str, int]
    by_market: dict[str, int]
    answered: int
    median_first_response_seconds: float | None
    conversion_rate: float | None


def lead_stats(leads: QuerySet[Lead], *, now: datetime) -> LeadStats:
    """The figures of `leads`: one query counts all groups, one finds the wait in the middle."""
    leads = leads.order_by()
    counted = leads.values("status", "tier", "source", "market").annotate(
        total=Count("*"),
        unassigned=Count("pk", filter=Q(assigned_to=None, status__in=OPEN_STATUSES)),
        overdue=Count("pk", filter=UNANSWERED & Q(first_response_due_at__lt=now)),
        answered=Count("first_response_at"),
    )
    groups: list[dict[str, Any]] = [dict(group) for group in counted]
    totals = {name: sum(group[name] for group in groups) for name in _TOTALS}
    by_status, by_tier = _by(groups, "status"), _by(groups, "tier")
    by_source = _by(groups, "source")
    slugs = dict(LeadSource.objects.filter(pk__in=by_source).values_list("pk", "slug"))
    good = sum(by_status[status] for status in _CLOSED_WELL)
    ended = good + sum(by_status[status] for status in _CLOSED_BADLY)
    wait: timedelta | None = leads.aggregate(wait=MedianWait())["wait"]
    return LeadStats(
        **totals,
        open=sum(by_status[status] for status in OPEN_STATUSES),
        by_status={status: by_status[status] for status in LeadStatus.values},
        by_tier={tier: by_tier[tier] for tier in Tier.values},
        by_source={slugs[pk]: count for pk, count in by_source.most_common()},
        by_market=dict(_by(groups, "market").most_common()),
        median_first_response_seconds=None if wait is None else round(wait.total_seconds(), 1),
        conversion_rate=round(good / ended, 4) if ended else None,
    )


def _by(groups: list[dict[str, Any]], name: str) -> Counter[Any]:
    """How many leads there are of each value of a column."""
    found: Counter[Any] = Counter()
    for group in groups:
        found[group[name]] += group["total"]
    return found
