"""How far conversations come by the line they began with. Two queries, whatever the number."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from apps.conversations.interval_chart import Chart, interval_chart
from apps.conversations.models import Conversation, Message, OpeningLine
from apps.conversations.openings import lines_on
from apps.conversations.variants import (
    HORIZON,
    Comparison,
    Interval,
    Tally,
    Verdict,
    compare,
    wilson,
)

SETTLES = timedelta(days=1)  # a conversation may still become a lead until then
_STEPS = ("opened", "answered", "qualified", "consent", "lead")
# What an estimate needs: whoever told both can be told something of their own home.
_QUALIFIED = ["zip_code", "monthly_bill"]


@dataclass(frozen=True)
class Variant:
    """One line, how many came how far with it, and how it stands beside the first."""

    line: OpeningLine
    counts: dict[str, int]
    interval: Interval  # of the share that became a lead
    comparison: Comparison

    @property
    def steps(self) -> list[tuple[int, int | None]]:
        """Counts in order, each with its share of those who opened the chat, in per cent."""
        opened = self.counts["opened"]
        return [
            (self.counts[step], round(100 * self.counts[step] / opened) if opened else None)
            for step in _STEPS
        ]

    @property
    def points(self) -> str:
        """The difference to the first, from and to, in points of per cent."""
        found = self.comparison.difference
        return f"{found.low * 100:+.1f} to {found.high * 100:+.1f} points" if found else ""


@dataclass(frozen=True)
class Group:
    """The lines of one market and language that are shown now. `since`: all of them are."""

    market: str
    language: str
    since: date
    variants: tuple[Variant, ...]
    chart: Chart
    days_left: int | None  # at the pace so far; None when it is over, or nobody came

    @property
    def is_comparison(self) -> bool:
        return len(self.variants) > 1

    @property
    def has_visitors(self) -> bool:
        return any(one.counts["opened"] for one in self.variants)

    @property
    def is_over(self) -> bool:
        return all(not one.comparison.missing for one in self.variants)

    @property
    def has_winner(self) -> bool:
        decided = (Verdict.BETTER, Verdict.WORSE)
        return any(one.comparison.verdict in decided for one in self.variants)


def openings_compared(*, now: datetime) -> list[Group]:
    """The lines shown today by market and language, with what came of their conversations.

    A line is compared from the day the youngest of them began, so that each saw the same days;
    of each the first `HORIZON` conversations that are a day old count.
    """
    groups: dict[tuple[str, str], list[OpeningLine]] = defaultdict(list)
    for line in lines_on(now.date(), OpeningLine.objects.select_related("market")):
        groups[str(line.market), line.get_language_display()].append(line)
    counted = _counted(list(groups.values()), now)
    return [_group(key, lines, counted, now) for key, lines in sorted(groups.items())]


def _counted(groups: Sequence[Sequence[OpeningLine]], now: datetime) -> dict[str, dict[str, int]]:
    wanted = Q(pk__in=[])
    for lines in groups:
        wanted |= Q(opening__in=[line.code for line in lines], started_at__gte=_begins(lines))
    first = (
        Conversation.objects.filter(wanted, started_at__lt=now - SETTLES)
        .annotate(
            nth=Window(RowNumber(), partition_by=F("opening"), order_by=[F("started_at"), F("pk")])
        )
        .filter(nth__lte=HORIZON)
    )
    return {row["opening"]: {step: row[step] for step in _STEPS} for row in _steps(first)}


def _steps(first: QuerySet[Conversation]) -> Iterable[Mapping[str, Any]]:
    said = Message.objects.filter(conversation=OuterRef("pk"), role=Message.Role.VISITOR)
    answered = Exists(said)
    return (
        Conversation.objects.filter(pk__in=first.values("pk"))
        .annotate(is_answered=answered)
        .values("opening")
        .order_by("opening")
        .annotate(
            opened=Count("pk"),
            answered=Count("pk", filter=Q(is_answered=True)),
            qualified=Count("pk", filter=Q(facts__has_keys=_QUALIFIED)),
            consent=Count("pk", filter=Q(consent__given=True)),
            lead=Count("pk", filter=Q(lead__isnull=False)),
        )
    )


def _group(
    key: tuple[str, str],
    lines: Sequence[OpeningLine],
    counted: dict[str, dict[str, int]],
    now: datetime,
) -> Group:
    counts = [counted.get(line.code, dict.fromkeys(_STEPS, 0)) for line in lines]
    tallies = [Tally(one["opened"], one["lead"]) for one in counts]
    intervals = [wilson(tally) for tally in tallies]
    rows = [
        (line.code, tally.share, interval)
        for line, tally, interval in zip(lines, tallies, intervals, strict=True)
    ]
    return Group(
        *key,
        since=max(line.starts_on for line in lines),
        variants=tuple(
            Variant(*row) for row in zip(lines, counts, intervals, compare(tallies), strict=True)
        ),
        chart=interval_chart(rows),
        days_left=_days_left(tallies, now - _begins(lines) - SETTLES),
    )


def _days_left(tallies: Sequence[Tally], so_far: timedelta) -> int | None:
    """Until the slowest has its visitors, if they go on coming as they did."""
    slowest = min(tally.visitors for tally in tallies)
    if not slowest or slowest >= HORIZON:
        return None
    return round((HORIZON - slowest) / slowest * max(1.0, so_far / timedelta(days=1)))


def _begins(lines: Sequence[OpeningLine]) -> datetime:
    """When all of them were shown: the midnight of their market on which the youngest began."""
    youngest = max(lines, key=lambda line: line.starts_on)
    return datetime.combine(youngest.starts_on, time(), ZoneInfo(youngest.market.time_zone))
