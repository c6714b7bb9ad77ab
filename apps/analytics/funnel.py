"""From a visit to a lead, day by day. Three queries, whatever the number of days."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Count, Q, Sum
from django.db.models.functions import TruncDate
from django.utils import timezone

from apps.analytics.choices import SiteEvent
from apps.analytics.models import AnalyticsEvent, SiteCount
from apps.intake.choices import Provenance
from apps.leads.models import Lead

_SENT = (SiteEvent.FORM_SENT, SiteEvent.CALCULATOR_SENT)
_BEGAN = (SiteEvent.FORM_STARTED, SiteEvent.CALCULATOR_STARTED)


@dataclass(frozen=True)
class Steps:
    """How many came how far. Leads are our own, whatever way of ours they came."""

    visits: int = 0
    computed: int = 0
    began: int = 0
    sent: int = 0
    surveys: int = 0
    leads: int = 0


@dataclass(frozen=True)
class DayOfSite:
    on: date
    steps: Steps


@dataclass(frozen=True)
class Together:
    """Of the visits whose steps may be seen together: how many went how far."""

    visits: int
    computed: int
    sent: int

    def share(self, part: int) -> str:
        return f"{part / self.visits:.0%}" if self.visits else "—"

    @property
    def computed_share(self) -> str:
        return self.share(self.computed)

    @property
    def sent_share(self) -> str:
        return self.share(self.sent)


@dataclass(frozen=True)
class Funnel:
    days: tuple[DayOfSite, ...]
    total: Steps
    together: Together


def funnel(*, until: date, length: int = 30) -> Funnel:
    """The last `length` days up to `until`, on the clock of the screens; the newest first."""
    first = until - timedelta(days=length - 1)
    counts: dict[date, dict[str, int]] = defaultdict(dict)
    rows = SiteCount.objects.filter(day__range=(first, until)).values_list("day", "name")
    for day, name, total in rows.annotate(Sum("count")):
        counts[day][name] = total
    leads = _leads(first, until)
    days = tuple(
        DayOfSite(day, _steps(counts.get(day, {}), leads.get(day, 0)))
        for day in (until - timedelta(days=back) for back in range(length))
    )
    summed = {
        name: sum(getattr(one.steps, name) for one in days) for name in Steps.__dataclass_fields__
    }
    return Funnel(days, Steps(**summed), _together(first, until))


def _steps(of_day: dict[str, int], leads: int) -> Steps:
    return Steps(
        visits=of_day.get(SiteEvent.VISIT, 0),
        computed=of_day.get(SiteEvent.CALCULATOR_COMPUTED, 0),
        began=sum(of_day.get(name, 0) for name in _BEGAN),
        sent=sum(of_day.get(name, 0) for name in _SENT),
        surveys=of_day.get(SiteEvent.SURVEY_BOOKED, 0),
        leads=leads,
    )


def _leads(first: date, until: date) -> dict[date, int]:
    created = Lead.objects.filter(
        created_at__gte=_begins(first),
        created_at__lt=_begins(until + timedelta(days=1)),
        provenance=Provenance.FIRST_PARTY,
        is_sample=False,
    )
    by_day = created.annotate(day=TruncDate("created_at")).values_list("day")
    return dict(by_day.annotate(Count("pk")).order_by())


def _together(first: date, until: date) -> Together:
    window = AnalyticsEvent.objects.filter(
        at__gte=_begins(first), at__lt=_begins(until + timedelta(days=1))
    )
    found = window.aggregate(
        visits=Count("session", distinct=True),
        computed=Count("session", distinct=True, filter=Q(name=SiteEvent.CALCULATOR_COMPUTED)),
        sent=Count("session", distinct=True, filter=Q(name__in=_SENT)),
    )
    return Together(**found)


def _begins(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
