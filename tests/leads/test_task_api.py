"""Tasks and outcomes of calls over HTTP."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from apps.leads.actions.tasks import task_add
from apps.leads.models import Lead, Task
from tests.factories.leads import make_lead

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 23, 15, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def _monday_at_ten():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def lead(sam) -> Lead:
    return make_lead(now=NOW, assigned_to=sam)


def add(lead: Lead, title: str, *, due: datetime = NOW, kind: str = "call") -> Task:
    return task_add(lead.pk, kind=kind, title=title, due_at=due, now=NOW)


def titles(answer) -> list[str]:
    assert answer.status_code == 200, answer.content
    return [task["title"] for task in answer.json()["data"]["results"]]


def test_my_tasks_are_mine_by_their_time_and_can_be_narrowed(api_as, lead, sam, sue, mia) -> None:
    add(lead, "later", due=NOW + HOUR, kind="mail")
    add(lead, "overdue", due=NOW - HOUR)
    add(make_lead(now=NOW, assigned_to=sue), "hers")
    mine = api_as(sam)
    assert titles(mine.get("/api/leads/tasks/")) == ["overdue", "later"]
    assert titles(mine.get("/api/leads/tasks/?overdue=true")) == ["overdue"]
    assert titles(mine.get("/api/leads/tasks/?overdue=false")) == ["later"]
    assert titles(mine.get("/api/leads/tasks/?kind=mail&state=open")) == ["later"]
    assert titles(mine.get("/api/leads/tasks/", {"due_from": NOW.isoformat()})) == ["later"]
    assert titles(mine.get(f"/api/leads/tasks/?assignee={sue.public_id}")) == []
    assert titles(api_as(mia).get(f"/api/leads/tasks/?assignee={sue.public_id}")) == ["hers"]
    assert titles(mine.get(f"/api/leads/{lead.public_id}/tasks/")) == ["overdue", "later"]


def test_a_task_is_written_down_once_changed_and_done(api_as, lead, sam) -> None:
    mine, body = api_as(sam), {"title": "Prices", "kind": "mail", "due_at": "2026-11-24T10:00:00Z"}
    url = f"/api/leads/{lead.public_id}/tasks/"
    made = [mine.post(url, body, format="json", headers={"Idempotency-Key": "k"}) for _ in "ab"]
    assert [answer.status_code for answer in made] == [201, 201]
    task = made[0].json()["data"]
    assert (task["lead"]["id"], task["assignee"]["name"]) == (str(lead.public_id), "sam")
    assert lead.tasks.count() == 1
    one = f"/api/leads/tasks/{task['id']}/"
    changed = mine.patch(one, {"priority": "high"}, format="json").json()["data"]
    assert (changed["priority"], changed["title"], changed["is_overdue"]) == (
        "high",
        "Prices",
        False,
    )
    done = mine.post(f"{one}complete/", {"result": "Sent"}, format="json").json()["data"]
    assert (done["state"], done["result"]) == ("done", "Sent")
    assert mine.post(f"{one}complete/", {}, format="json").status_code == 409
    assert mine.patch(one, {"title": "x"}, format="json").status_code == 409
    assert mine.get(one).json()["data"]["title"] == "Prices"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"due_at": "2026-11-24T10:00:00Z"}, "title"),
        ({"title": "x"}, "due_at"),
        ({"title": "x", "due_at": "soon"}, "due_at"),
        ({"title": "x", "due_at": "9999-12-31T23:59:00"}, "due_at"),
        ({"title": "x", "due_at": "0226-11-24T10:00:00Z"}, "due_at"),
        ({"title": "x", "due_at": "2026-11-24T10:00:00Z", "kind": "dance"}, "kind"),
    ],
)
def test_a_task_that_says_too_little_is_refused(api_as, lead, sam, body, field) -> None:
    answer = api_as(sam).post(f"/api/leads/{lead.public_id}/tasks/", body, format="json")
    assert answer.status_code == 400
    assert set(answer.json()["error"]["details"]) == {field}
    assert not lead.tasks.exists()


def test_a_task_is_not_moved_to_the_end_of_the_calendar(api_as, lead, sam) -> None:
    task = add(lead, "Prices")
    url = f"/api/leads/tasks/{task.public_id}/"
    answer = api_as(sam).patch(url, {"due_at": "9999-12-31T23:59:00"}, format="json")
    assert answer.status_code == 400
    assert set(answer.json()["error"]["details"]) == {"due_at"}
    task.refresh_from_db()
    assert task.due_at == NOW


def test_an_outcome_answers_with_the_lead_and_what_is_next(api_as, lead, sam) -> None:
    url, mine = f"/api/leads/{lead.public_id}/outcome/", api_as(sam)
    body = {"outcome": "callback_requested", "callback_at": "2026-11-24T10:00:00-05:00"}
    data = mine.post(url, body, format="json").json()["data"]
    assert (data["lead"]["status"], data["lead"]["call_status"]) == (
        "contacted",
        "callback_requested",
    )
    due_at = datetime.fromisoformat(data["next_task"]["due_at"])
    assert due_at == datetime(2026, 11, 24, 15, tzinfo=UTC)
    assert datetime.fromisoformat(data["lead"]["first_response_at"]) == NOW
    data = mine.post(url, {"channel": "mail", "note": "Sent"}, format="json").json()["data"]
    assert data["next_task"]["reason"] == "callback"
    data = mine.post(url, {"outcome": "not_qualified", "reason": "x"}, format="json").json()["data"]
    assert (data["lead"]["status"], data["next_task"]) == ("unqualified", None)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "outcome"),
        ({"outcome": "calling"}, "outcome"),
        ({"outcome": "callback_requested"}, "callback_at"),
        ({"outcome": "callback_requested", "callback_at": "9999-12-31T23:59:00"}, "callback_at"),
        ({"outcome": "not_qualified"}, "reason"),
        ({"channel": "pigeon"}, "channel"),
    ],
)
def test_an_outcome_that_says_too_little_is_refused(api_as, lead, sam, body, field) -> None:
    answer = api_as(sam).post(f"/api/leads/{lead.public_id}/outcome/", body, format="json")
    assert answer.status_code == 400
    assert set(answer.json()["error"]["details"]) == {field}
    assert not lead.activities.filter(kind__in=["call", "mail"]).exists()


def test_do_not_call_is_more_than_a_column(api_as, lead, sam) -> None:
    body = {"call_status": "do_not_call"}
    answer = api_as(sam).patch(f"/api/leads/{lead.public_id}/", body, format="json")
    assert answer.status_code == 400
    assert set(answer.json()["error"]["details"]) == {"call_status"}
    lead.refresh_from_db()
    assert lead.call_status == "to_call"


def test_a_closed_lead_takes_neither_calls_nor_tasks(api_as, lead, sam) -> None:
    Lead.objects.filter(pk=lead.pk).update(status="lost")
    mine, task = api_as(sam), {"title": "x", "due_at": "2026-11-24T10:00:00Z"}
    for path, body in (("outcome", {"outcome": "busy"}), ("tasks", task)):
        answer = mine.post(f"/api/leads/{lead.public_id}/{path}/", body, format="json")
        assert answer.status_code == 409
    assert not lead.tasks.exists()
