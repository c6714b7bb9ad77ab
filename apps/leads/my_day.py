"""A person's day: what is due now, in the right order, and what comes later."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from apps.leads.calling_hours import clock_there, is_calling_hour
from apps.leads.choices import OPEN_STATUSES, ActivityKind, TaskKind, TaskReason, TaskState
from apps.leads.day_order import Place, Waiting, place_in_day
from apps.leads.first_response import Reading, read_clock
from apps.leads.models import UNANSWERED, Lead, LeadActivity, Task
from apps.leads.office import office_hours
from apps.leads.work_page import contact_zone
from apps.users.models import User

_MOST = 200  # of each kind: nobody does more in a day
_UNSHOWN = ("original_data", "score_detail", "behaviour", "first_touch", "last_touch")


@dataclass(frozen=True)
class DayItem:
    """A lead to work on, with the one thing to do for it if there is one."""

    lead: Lead
    task: Task | None
    place: Place
    clock: Reading
    is_overdue: bool
    asleep: str  # their time, where it is no hour to call at

    @property
    def may_wait(self) -> bool:
        """Whether it can be put off: an answer that somebody waits for cannot."""
        return self.task is not None and self.place is not Place.ANSWER

    @property
    def due(self) -> str:
        """When its task is due: a time today, else with its day."""
        if self.task is None:
            return ""
        local = timezone.localtime(self.task.due_at)
        is_today = local.date() == timezone.localdate()
        return f"{local:%H:%M}" if is_today else f"{local:%a %-d %b, %H:%M}"

    @property
    def link(self) -> str:
        """To the lead, from where the next one follows."""
        return f"{reverse('admin:leads_lead_change', args=[self.lead.pk])}?day=next"

    @property
    def buttons(self) -> str:
        """Where the buttons of the lead post to."""
        return reverse("admin:leads_lead_do", args=[self.lead.pk, "x"]).removesuffix("x/")


@dataclass(frozen=True)
class Day:
    """What is due now, what comes later today, and how much is done."""

    now: tuple[DayItem, ...]
    later: tuple[DayItem, ...]
    done: int

    @property
    def total(self) -> int:
        return self.done + len(self.now) + len(self.later)

    @property
    def percent(self) -> int:
        return round(100 * self.done / self.total) if self.total else 100

    def groups(self) -> list[tuple[Place, list[DayItem]]]:
        """The parts of the day that have something in them."""
        items = [*self.now, *self.later]
        parts = ((place, [item for item in items if item.place is place]) for place in Place)
        return [(place, those) for place, those in parts if those]

    def after(self, lead_pk: int | None) -> DayItem | None:
        """What to work on next: after this lead, and from the beginning when it was the last."""
        pks = [item.lead.pk for item in self.now]
        start = pks.index(lead_pk) + 1 if lead_pk in pks else 0
        rest = [*self.now[start:], *self.now[:start]]
        return next((item for item in rest if item.lead.pk != lead_pk), None)


def my_day(person: User, *, now: datetime) -> Day:
    """The day of somebody who works leads. A fixed number of queries, however full it is.

    A day ends at midnight in the time zone of the screens.
    """
    begin, end = _bounds(now)
    tasks = _tasks(person, end)
    leads = {task.lead_id: task.lead for task in tasks}
    leads |= {lead.pk: lead for lead in _unanswered(person) if lead.pk not in leads}
    first: dict[int, Task] = {}
    for task in tasks:
        first.setdefault(task.lead_id, task)
    items = _in_order([(lead, first.get(pk)) for pk, lead in leads.items()], now=now)
    return Day(
        now=tuple(item for item in items if item.place.is_now),
        later=tuple(item for item in items if not item.place.is_now and _is_today(item, end)),
        done=_done(person, begin, end),
    )


def _done(person: User, begin: datetime, end: datetime) -> int:
    """Their tasks done, and the leads they called that had none."""
    tasks = Task.objects.filter(
        done_by=person, state=TaskState.DONE, done_at__gte=begin, done_at__lt=end
    )
    calls = LeadActivity.objects.filter(
        kind=ActivityKind.CALL, actor=person, created_at__gte=begin, created_at__lt=end
    )
    of_tasks = list(tasks.values_list("lead_id", flat=True))
    return len(of_tasks) + len(set(calls.values_list("lead_id", flat=True)) - set(of_tasks))


def _tasks(person: User, end: datetime) -> list[Task]:
    """Theirs for today, and whatever else is to be done for somebody who waits for an answer."""
    tasks = Task.objects.filter(
        Q(due_at__lt=end) | Q(lead__first_response_at=None),
        assignee=person,
        state=TaskState.OPEN,
        lead__status__in=OPEN_STATUSES,
    )
    tasks = tasks.select_related("lead__market", "lead__territory").order_by("due_at", "pk")
    return list(tasks.defer(*(f"lead__{name}" for name in _UNSHOWN))[: 2 * _MOST])


def _unanswered(person: User) -> list[Lead]:
    leads = Lead.objects.filter(UNANSWERED, assigned_to=person)
    leads = leads.select_related("market", "territory").defer(*_UNSHOWN)
    return list(leads.order_by("first_response_due_at", "pk")[:_MOST])


def _in_order(waiting: Sequence[tuple[Lead, Task | None]], *, now: datetime) -> list[DayItem]:
    hours = office_hours({lead.market for lead, _ in waiting})
    ranked = []
    for lead, task in waiting:
        clock = read_clock(
            hours[lead.market_id],
            due_at=lead.first_response_due_at,
            warn_at=lead.first_response_warn_at,
            answered_at=lead.first_response_at,
            is_over=False,
            now=now,
        )
        place, rank = place_in_day(
            Waiting(
                clock=clock.state,
                score=lead.score,
                answer_due_at=None if lead.first_response_at else lead.first_response_due_at,
                task_due_at=task.due_at if task else None,
                is_callback=task is not None and task.reason == TaskReason.CALLBACK,
            ),
            now=now,
        )
        item = DayItem(
            lead,
            task,
            place,
            clock,
            is_overdue=bool(task and task.due_at < now),
            asleep=_asleep(lead, task, now),
        )
        ranked.append((place, rank, lead.pk, item))
    return [item for *_, item in sorted(ranked, key=lambda ranked: ranked[:3])]


def _asleep(lead: Lead, task: Task | None, now: datetime) -> str:
    if not lead.phone or (task is not None and task.kind != TaskKind.CALL):
        return ""
    zone = contact_zone(lead)
    return "" if is_calling_hour(zone, now) else clock_there(zone, now)


def _is_today(item: DayItem, end: datetime) -> bool:
    return item.task is not None and item.task.due_at < end


def _bounds(now: datetime) -> tuple[datetime, datetime]:
    today = timezone.localtime(now).date()
    begin, end = (
        timezone.make_aware(datetime.combine(day, time.min))
        for day in (today, today + timedelta(days=1))
    )
    return begin, end
