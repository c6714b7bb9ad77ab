"""What failed is kept, out of the transaction that broke, and never makes it worse."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from rest_framework.test import APIClient

from apps.core import failures
from apps.core.api import system
from apps.core.context import note_failure
from apps.core.errors import ServiceUnavailable
from apps.core.failures import failure_record, failures_recent
from apps.core.load import quantile
from apps.core.middleware import RequestContextMiddleware
from apps.core.models import BackupRun, FailureRecord, OutboxMessage
from apps.core.purging import purge_everything
from apps.pipeline.models import Journey, JourneyState
from solar_crm.celery import _keep_failure
from tests.walking import knock


@pytest.fixture(autouse=True)
def _room() -> None:
    failures._minute[:] = [0.0, 0]


def failing_request(error: Exception | None, *, status: int = 500) -> HttpResponse:
    def get_response(request: HttpRequest) -> HttpResponse:
        if error is not None:
            try:
                raise error
            except Exception as raised:
                note_failure(request, raised)
        return HttpResponse(status=status)

    return RequestContextMiddleware(get_response)(RequestFactory().get("/api/leads/"))


def test_a_failed_request_is_kept_with_its_id_and_without_anybodys_name(db) -> None:
    answer = failing_request(ValueError("no such pat@example.com, +1 212 555 0142"))
    [row] = FailureRecord.objects.all()
    assert (row.kind, row.error, row.reference) == (
        "request", "ValueError", answer["X-Request-ID"],
    )  # fmt: skip
    assert "pat@example.com" not in row.words
    assert "555" not in row.words
    assert "test_failures.py" in row.trace


def test_the_api_and_the_pages_hand_their_errors_on(api_as, ana, client, monkeypatch) -> None:
    def broken() -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr(system, "load_now", broken)
    assert api_as(ana).get("/api/system/metrics/").status_code == 500
    monkeypatch.setattr("apps.core.staff.system.load_now", broken)
    client.force_login(ana)
    client.raise_request_exception = False
    assert client.get("/admin/core/failurerecord/system/").status_code == 500
    kept = FailureRecord.objects.order_by("pk").values_list("where", "error")
    assert list(kept) == [
        ("GET /api/system/metrics/", "RuntimeError"),
        ("GET /admin/core/failurerecord/system/", "RuntimeError"),
    ]


@pytest.mark.parametrize(
    ("error", "status"),
    [(None, 200), (None, 404), (ServiceUnavailable(), 503), (OperationalError("away"), 500)],
)
def test_what_is_nobodys_fault_is_not_kept(error, status: int, db) -> None:
    failing_request(error, status=status)
    assert not FailureRecord.objects.exists()


def test_a_failed_task_is_kept(db) -> None:
    _keep_failure(sender=None, task_id="t-1", exception=ValueError("x"))
    [row] = FailureRecord.objects.all()
    assert (row.kind, row.reference) == ("task", "t-1")


def test_it_never_makes_a_failure_worse(db, monkeypatch) -> None:
    def away(**_: object) -> None:
        raise DatabaseError("away")

    monkeypatch.setattr(FailureRecord.objects, "create", away)
    assert failing_request(ValueError("x")).status_code == 500


def test_it_waits_a_second_at_most(transactional_db, monkeypatch) -> None:
    monkeypatch.setattr(failures, "_WAIT_MILLISECONDS", 50)
    with connection.copy().cursor() as other:
        other.execute("BEGIN; LOCK TABLE core_failurerecord IN ACCESS EXCLUSIVE MODE")
        failure_record("task", "x", None, reference="")
        other.execute("ROLLBACK")
        other.connection.close()
    assert not FailureRecord.objects.exists()
    failure_record("task", "x", None, reference="")
    assert FailureRecord.objects.count() == 1


def test_a_storm_is_a_few_rows(db) -> None:
    for _ in range(50):
        failure_record("task", "x", None, reference="")
    assert FailureRecord.objects.count() == failures._MOST_A_MINUTE


def test_it_is_forgotten_after_a_month(db) -> None:
    for days in (29, 31):
        FailureRecord.objects.create(kind="task", at=timezone.now() - timedelta(days=days))
    assert purge_everything()["failures"] == 1


# --- seen ----------------------------------------------------------------------------------------


@pytest.fixture
def one_of_each(db, api) -> None:
    now = timezone.now()
    knock(api, "emailjs", {"contact_info": {"name": "Lee", "email": "lee@example.com"}})
    Journey.objects.update(state=JourneyState.PARKED, last_error="lee@example.com?", updated_at=now)
    FailureRecord.objects.create(kind="request", where="GET /x", error="ValueError", at=now)
    FailureRecord.objects.create(kind="task", where="core.purge", at=now - timedelta(hours=1))
    OutboxMessage.objects.create(topic="a.b", handler="c", state="dead", last_error="why")


def test_all_of_it_is_read_in_one_place(one_of_each, api_as, mia) -> None:
    found = api_as(mia).get("/api/system/errors/").json()["data"]
    assert found["count"] == 4
    assert [one["at"] for one in found["results"]] == sorted(
        (one["at"] for one in found["results"]), reverse=True
    )
    assert {one["kind"] for one in found["results"]} == {"request", "task", "outbox", "journey"}
    assert all(one["cure"] and one["link"].startswith("/admin/") for one in found["results"])
    assert "lee@example.com" not in str(found)


def test_it_is_narrowed_and_paged(one_of_each, api_as, mia) -> None:
    client: APIClient = api_as(mia)
    only = client.get("/api/system/errors/?kind=task").json()["data"]["results"]
    assert [one["where"] for one in only] == ["core.purge"]
    second = client.get("/api/system/errors/?page=2&page_size=3").json()["data"]
    assert (len(second["results"]), second["total_pages"]) == (1, 2)
    assert client.get("/api/system/errors/?kind=nonsense").status_code == 400
    assert client.get("/api/system/errors/?page=9").status_code == 404


def test_the_page_shows_what_to_do(one_of_each, client, mia) -> None:
    client.force_login(mia)
    BackupRun.objects.create(name="b.zip", started_at=timezone.now(), error="disk full")
    page = client.get("/admin/core/failurerecord/system/").content.decode()
    for words in ("Mend what it names, then press Resume", "GET /x", "disk full", "refresh"):
        assert words in page
    assert "lee@example.com" not in page
    narrowed = client.get("/admin/core/failurerecord/system/?kind=task").content.decode()
    assert "GET /x" not in narrowed
    for link in {failure.link for failure in failures_recent()}:
        assert client.get(link).status_code == 200


def test_the_load_is_counted(api_as, mia) -> None:
    client = api_as(mia)
    client.get("/api/leads/")
    load = client.get("/api/system/metrics/").json()["data"]
    leads = next(one for one in load["routes"] if one["route"] == "/api/leads/")
    assert leads["requests"] >= 1
    assert 0 < leads["median_ms"] <= leads["p95_ms"]
    assert load["requests"] >= leads["requests"]
    assert set(load["gauges"]) >= {"outbox_oldest_waiting_seconds", "queue_waiting", "journeys"}
    assert set(load["gauges"]["queue_waiting"]) >= {"intake", "journey", "analytics"}


@given(st.lists(st.floats(0.001, 9.9), min_size=1), st.floats(0.01, 0.99))
def test_a_quantile_is_never_better_than_it_was(times: list[float], share: float) -> None:
    edges = [0.005, 0.05, 0.5, 1.0, 5.0, 10.0, float("inf")]
    buckets = [(edge, float(sum(time <= edge for time in times))) for edge in edges]
    said = quantile(buckets, share)
    assert sum(time <= said for time in times) >= share * len(times)
    assert said in edges


def test_nothing_counted_is_no_time() -> None:
    assert quantile([], 0.5) == 0
    assert quantile([(1.0, 0.0), (float("inf"), 0.0)], 0.5) == 0
    assert quantile([(1.0, 0.0), (float("inf"), 3.0)], 0.5) == 1.0
