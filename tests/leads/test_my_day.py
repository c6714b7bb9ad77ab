"""A person's day: what comes first, what is done in place, and how one goes on to the next."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from apps.leads.actions.contacting import call_outcome
from apps.leads.actions.responding import first_response_clock_set
from apps.leads.actions.tasks import next_task_ensure, task_add
from apps.leads.day_order import Place, Waiting, place_in_day
from apps.leads.models import Lead, Task
from apps.leads.my_day import my_day
from tests.factories.leads import make_lead

NOW = datetime(2026, 11, 23, 15, tzinfo=UTC)  # Monday, ten in New York
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("waiting", "place"),
    [
        (Waiting("late", 10, answer_due_at=NOW - MINUTE, task_due_at=NOW), Place.ANSWER),
        (Waiting("due_soon", 10, answer_due_at=NOW + MINUTE), Place.ANSWER),
        (Waiting("answered", 10, task_due_at=NOW, is_callback=True), Place.CALLBACK),
        (Waiting("answered", 10, task_due_at=NOW + 4 * MINUTE, is_callback=True), Place.CALLBACK),
        (Waiting("answered", 10, task_due_at=NOW + 6 * MINUTE, is_callback=True), Place.LATER),
        (Waiting("answered", 10, task_due_at=NOW), Place.DUE),
        (Waiting("answered", 10, task_due_at=NOW + MINUTE), Place.LATER),
        (Waiting("running", 10, NOW + 60 * MINUTE, NOW + 60 * MINUTE), Place.NEW),
        (Waiting("running", 10, NOW + 60 * MINUTE), Place.NEW),
        (Waiting("none", 10), Place.NEW),
        (Waiting("running", 10, NOW + 60 * MINUTE, NOW + 90 * MINUTE), Place.LATER),  # put off
        (Waiting("due_soon", 10, NOW + MINUTE, NOW + 90 * MINUTE), Place.ANSWER),  # no longer
    ],
)
def test_where_a_lead_stands_in_the_day(waiting: Waiting, place: Place) -> None:
    assert place_in_day(waiting, now=NOW)[0] == place


def test_new_leads_come_best_first_and_the_others_by_their_time() -> None:
    better, worse = Waiting("running", 90, NOW + MINUTE), Waiting("running", 20, NOW + MINUTE)
    assert place_in_day(better, now=NOW) < place_in_day(worse, now=NOW)
    earlier, later = (
        Waiting("late", 10, answer_due_at=NOW - minutes * MINUTE) for minutes in (9, 2)
    )
    assert place_in_day(earlier, now=NOW) < place_in_day(later, now=NOW)


@pytest.fixture
def day(db, sam) -> dict[str, Lead]:
    """One lead of each kind, made in the wrong order."""
    leads = {}

    def new(name: str, *, minutes_ago: int, score: int = 10) -> Lead:
        at = NOW - minutes_ago * MINUTE
        lead = make_lead(now=at, assigned_to=sam, score=score, last_name=name)
        first_response_clock_set(lead.pk, now=at)
        next_task_ensure(lead.pk, now=at)
        leads[name] = lead
        return lead

    new("fresh", minutes_ago=1, score=20)
    new("better", minutes_ago=2, score=90)
    call_outcome(
        new("callback", minutes_ago=50).public_id,
        outcome="callback_requested",
        callback_at=NOW - MINUTE,
        actor=sam,
        now=NOW - 40 * MINUTE,
    )
    call_outcome(
        new("tomorrow", minutes_ago=50).public_id,
        outcome="voicemail",
        actor=sam,
        now=NOW - 40 * MINUTE,
    )
    call_outcome(
        new("at noon", minutes_ago=50).public_id,
        outcome="no_answer",
        actor=sam,
        now=NOW - 10 * MINUTE,
    )
    due = new("due", minutes_ago=50)
    call_outcome(due.public_id, outcome="qualified", actor=sam, now=NOW - 40 * MINUTE)
    task_add(due.pk, kind="mail", title="Send it", due_at=NOW - 20 * MINUTE, now=NOW)
    new("soon", minutes_ago=50)  # due in ten minutes
    new("late", minutes_ago=60)  # the office opened at nine: due now
    return leads


def names(items) -> list[str]:
    return [item.lead.last_name for item in items]


def test_the_day_in_its_order(day, sam) -> None:
    found = my_day(sam, now=NOW)
    assert names(found.now) == ["late", "soon", "callback", "due", "better", "fresh"]
    assert names(found.later) == ["at noon"]
    assert (found.done, found.total) == (4, 11)
    assert [place.name for place, _ in found.groups()] == [
        "ANSWER",
        "CALLBACK",
        "DUE",
        "NEW",
        "LATER",
    ]


def test_the_way_from_one_to_the_next_goes_round(day, sam) -> None:
    found = my_day(sam, now=NOW)
    order = [item.lead.pk for item in found.now]
    assert found.after(None).lead.pk == order[0]
    assert found.after(order[2]).lead.pk == order[3]
    assert found.after(order[-1]).lead.pk == order[0]
    assert found.after(0).lead.pk == order[0]


def test_what_belongs_to_others_or_is_closed_is_not_in_my_day(day, sam, sue) -> None:
    assert my_day(sue, now=NOW).total == 0
    Lead.objects.all().update(status="lost")
    assert names(my_day(sam, now=NOW).now) == []


def test_a_fuller_day_costs_no_more_queries(day, sam, django_assert_num_queries) -> None:
    with django_assert_num_queries(6):
        my_day(sam, now=NOW)
    for lead in day.values():
        for minutes in range(5):
            due = NOW - minutes * MINUTE
            task_add(lead.pk, kind="call", title="Call", due_at=due, now=NOW)
        make_lead(now=NOW, assigned_to=sam, market="india", phone="")
    with django_assert_num_queries(6):
        my_day(sam, now=NOW)


# --- the pages ------------------------------------------------------------------------------------


@pytest.fixture
def page(client: Client, sam):
    client.force_login(sam)
    with time_machine.travel(NOW, tick=False):
        yield client


def press(client: Client, lead: Lead, name: str, **data):
    return client.post(reverse("admin:leads_lead_do", args=[lead.pk, name]), data)


def next_of(lead: Lead) -> str:
    return f"{reverse('admin:leads_lead_change', args=[lead.pk])}?day=next"


def test_the_page_shows_the_day_with_its_clock_in_words(day, page) -> None:
    content = page.get(reverse("admin:leads_my_day")).content.decode()
    assert "Late by under a minute" in content
    assert "Answer within 10 min" in content
    assert "4 done, 6 due now, 1 later" in content
    for lead in day.values():
        assert (lead.name in content) is (lead.last_name != "tomorrow")


def test_an_outcome_leads_on_to_the_next(day, page) -> None:
    start = page.get(reverse("admin:leads_my_day_next"))
    assert start.url == next_of(day["late"])
    assert b"Skip to the next" in page.get(start.url).content
    answer = press(page, day["late"], "outcome", outcome="no_answer", day="next")
    onwards = page.get(answer.url)
    assert onwards.url == next_of(day["soon"])
    skipped = page.get(reverse("admin:leads_my_day_next"), {"after": day["soon"].pk})
    assert skipped.url == next_of(day["callback"])


def test_the_end_of_the_day_leads_back_to_it(page, sam) -> None:
    answer = page.get(reverse("admin:leads_my_day_next"), follow=True)
    assert b"Nothing is due today" in answer.content
    assert b"Nothing else is due now" in answer.content


def test_done_and_put_off_in_place(day, page) -> None:
    fresh, due = day["better"].tasks.get(), day["due"].tasks.get(title="Send it")
    for task, name, more in ((fresh, "task_later", {"by": "tomorrow"}), (due, "task_done", {})):
        answer = press(page, task.lead, name, task=task.public_id, day="list", **more)
        assert answer.url == reverse("admin:leads_my_day")
    left = [item.lead.last_name for item in my_day(due.assignee, now=NOW).now]
    assert left == ["late", "soon", "callback", "fresh"]


def test_a_task_of_another_lead_is_not_touched_through_this_one(day, page) -> None:
    task = day["due"].tasks.get(title="Send it")
    press(page, day["late"], "task_done", task=task.public_id)
    press(page, day["late"], "task_done", task="nonsense")
    task.refresh_from_db()
    assert task.state == "open"


def test_a_manager_looks_at_a_persons_day_and_sales_only_at_their_own(
    day, page, mia, sue, sam
) -> None:
    url = reverse("admin:leads_my_day")
    page.force_login(sue)
    assert day["late"].name not in page.get(url, {"person": sam.pk}).content.decode()
    page.force_login(mia)
    seen = page.get(url, {"person": sam.pk}).content.decode()
    assert day["late"].name in seen
    assert "/do/task_done/" not in seen


def test_the_time_of_a_callback_is_the_time_of_whoever_is_called(page, sam) -> None:
    lead = make_lead(
        now=NOW, assigned_to=sam, market="india", phone="+919810012345", postal_code="110016"
    )
    shown = page.get(reverse("admin:leads_lead_change", args=[lead.pk])).content.decode()
    assert "time in Kolkata" in shown
    assert "It is 20:30 in Kolkata" in shown
    press(page, lead, "outcome", outcome="callback_requested", callback_at="2026-11-24T11:00")
    assert Task.objects.get(reason="callback").due_at == datetime(2026, 11, 24, 5, 30, tzinfo=UTC)


def test_a_task_by_hand_is_due_in_the_time_of_the_screens(page, sam) -> None:
    lead = make_lead(now=NOW, assigned_to=sam)
    press(page, lead, "task_add", kind="mail", title="Prices", due_at="2026-11-24T11:00")
    press(page, lead, "task_add", kind="mail", title="Prices", due_at="soon")
    press(page, lead, "task_add", kind="mail", title="Prices", due_at="9999-12-31T23:59")
    press(page, lead, "task_add", kind="dance", title="Prices", due_at="2026-11-24T11:00")
    assert Task.objects.get().due_at == datetime(2026, 11, 24, 16, tzinfo=UTC)


def test_the_page_of_a_lead_says_what_is_next_and_whether_to_call(day, page) -> None:
    late = page.get(reverse("admin:leads_lead_change", args=[day["late"].pk])).content.decode()
    assert "Late by under a minute" in late
    assert "Next: First call" in late
    assert "Ask yourself first" in late
    assert late.count('name="outcome"') == 9


def test_a_day_says_whose_clock_forbids_a_call(client, sam) -> None:
    asleep = make_lead(now=NOW, assigned_to=sam, market="india", phone="+919810012345")
    awake = make_lead(now=NOW, assigned_to=sam)
    unreachable = make_lead(now=NOW, assigned_to=sam, market="india", phone="")
    with time_machine.travel(NOW + 60 * MINUTE, tick=False):
        items = my_day(sam, now=NOW + 60 * MINUTE).now
        client.force_login(sam)
        page = client.get(reverse("admin:leads_my_day")).content.decode()
    clocks = {item.lead.pk: item.asleep for item in items}
    assert clocks == {asleep.pk: "21:30 in Kolkata", awake.pk: "", unreachable.pk: ""}
    assert page.count("It is 21:30 in Kolkata") == 1
    assert "We call from 08:00 to 21:00." in page
