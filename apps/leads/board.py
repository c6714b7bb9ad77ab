"""The board: open leads in columns by status, as far as a person may see them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Count, Max, QuerySet, Sum
from django.utils import timezone

from apps.core.money import Money
from apps.leads.ageing import Freshness, freshness, quiet_words
from apps.leads.choices import OPEN_STATUSES, LeadStatus, TaskState
from apps.leads.models import Lead, LeadActivity, Task
from apps.leads.telling import page_path
from apps.solar.selectors import all_markets

CARDS_AT_ONCE = 20
# What a card shows: a lead has four times as much.
_SHOWN = (
    "public_id", "first_name", "last_name", "email", "phone", "status", "tier", "score",
    "monthly_bill", "created_at", "first_response_at", "first_response_due_at",
    "market__name", "market__currency", "territory__name",
    "assigned_to__first_name", "assigned_to__last_name", "assigned_to__username",
)  # fmt: skip


@dataclass(frozen=True)
class Card:
    """One lead on the board."""

    lead: Lead
    link: str
    score: str
    came: str  # in the time zone of the screens
    bill: str
    freshness: Freshness
    quiet: str
    is_late: bool  # with the first answer
    task: str = ""
    task_is_late: bool = False


@dataclass(frozen=True)
class Column:
    """The leads of a status: the newest ones as cards, how many there are, and what they add up
    to. `before` is where the next cards begin; "" when these are all."""

    status: str
    label: str
    earlier: str
    later: str
    count: int
    sums: tuple[str, ...]
    cards: tuple[Card, ...]
    before: str


def board_columns(leads: QuerySet[Lead], *, now: datetime) -> list[Column]:
    """The columns of all open statuses. A fixed number of queries."""
    totals = _totals(leads)
    pages = {status: _page(leads, status) for status in OPEN_STATUSES}
    cards = iter(_cards([lead for page, _ in pages.values() for lead in page], now))
    return [
        Column(
            status=status,
            label=LeadStatus(status).label,
            earlier=neighbour(status, -1),
            later=neighbour(status, 1),
            count=sum(count for count, _ in totals[status].values()),
            sums=tuple(
                str(Money(Decimal(round(bills)), currency))
                for currency, (_, bills) in sorted(totals[status].items())
                if bills
            ),
            cards=tuple(next(cards) for _ in page),
            before=before,
        )
        for status, (page, before) in pages.items()
    ]


def neighbour(status: str, step: int) -> str:
    """The open status before (-1) or after (1) another; "" at the ends."""
    place = OPEN_STATUSES.index(LeadStatus(status)) + step
    return OPEN_STATUSES[place].value if 0 <= place < len(OPEN_STATUSES) else ""


def board_more(
    leads: QuerySet[Lead], status: str, *, before: str, now: datetime
) -> tuple[list[Card], str]:
    """The cards of a column after those before `before`, and where the next begin."""
    page, following = _page(leads, status, before)
    return _cards(page, now), following


def _totals(leads: QuerySet[Lead]) -> dict[str, dict[str, tuple[int, Decimal]]]:
    """By status and currency: how many, and the sum of their monthly bills."""
    currencies = {market.code: market.currency for market in all_markets()}
    found: dict[str, dict[str, tuple[int, Decimal]]] = defaultdict(dict)
    rows = leads.filter(status__in=OPEN_STATUSES).order_by().values_list("status", "market")
    for status, market, count, bills in rows.annotate(count=Count("*"), bills=Sum("monthly_bill")):
        others, their_bills = found[status].get(currencies[market], (0, Decimal(0)))
        found[status][currencies[market]] = (others + count, their_bills + (bills or 0))
    return found


def _page(leads: QuerySet[Lead], status: str, before: str = "") -> tuple[Sequence[Lead], str]:
    """Newest first; by key rather than by number, so a column may be as long as it likes."""
    leads = leads.filter(status=status)
    if before.isdecimal() and len(before) < 18:
        last = Lead.objects.filter(pk=int(before)).values_list("created_at", flat=True).first()
        if last is not None:
            leads = leads.filter(created_at__lte=last).exclude(created_at=last, pk__gte=int(before))
    found = list(
        leads.order_by("-created_at", "-id")
        .select_related(None)  # the list asks for more
        .defer(None)
        .select_related("territory", "market", "assigned_to")
        .only(*_SHOWN)[: CARDS_AT_ONCE + 1]
    )
    has_more = len(found) > CARDS_AT_ONCE
    return found[:CARDS_AT_ONCE], str(found[CARDS_AT_ONCE - 1].pk) if has_more else ""


def _cards(leads: Iterable[Lead], now: datetime) -> list[Card]:
    leads = list(leads)
    keys = [lead.pk for lead in leads]
    touched = dict(
        LeadActivity.objects.filter(lead__in=keys, actor__isnull=False)
        .order_by()
        .values_list("lead")
        .annotate(Max("created_at"))
    )
    tasks: dict[int, Task] = {}
    for task in Task.objects.filter(lead__in=keys, state=TaskState.OPEN).order_by("due_at"):
        tasks.setdefault(task.lead_id, task)
    return [_card(lead, touched.get(lead.pk), tasks.get(lead.pk), now) for lead in leads]


def _card(lead: Lead, touched: datetime | None, task: Task | None, now: datetime) -> Card:
    quiet = now - (touched or lead.created_at)
    bill = "" if lead.monthly_bill is None else str(Money(lead.monthly_bill, lead.market.currency))
    due = lead.first_response_due_at
    return Card(
        lead=lead,
        link=page_path(lead.pk),
        score=str(lead.score),
        came=f"{timezone.localtime(lead.created_at):%-d %b, %H:%M}",
        bill=bill,
        freshness=freshness(lead.status, quiet),
        quiet=quiet_words(quiet),
        is_late=lead.first_response_at is None and due is not None and due < now,
        task=task.title if task else "",
        task_is_late=task is not None and task.due_at < now,
    )
