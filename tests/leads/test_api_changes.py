"""Leads changed, assigned, noted, deleted and counted over HTTP."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from auditlog.models import LogEntry
from django.utils.http import http_date
from rest_framework.test import APIClient

from apps.contacts.models import Consent, Contact, ContactIdentity
from apps.core.models import OutboxMessage
from apps.leads.models import Lead, LeadActivity
from apps.users.models import User
from tests.factories.leads import make_lead

pytestmark = pytest.mark.django_db
As = Callable[[User], APIClient]
NOW = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)


def address(lead: Lead, part: str = "") -> str:
    return f"/api/leads/{lead.public_id}/{part}"


def state(lead: Lead) -> tuple[dict, int, int]:
    """What a refusal must leave as it was."""
    row = Lead.objects.filter(pk=lead.pk).values().get()
    return row, lead.activities.count(), OutboxMessage.objects.count()


def refused(answer: Any) -> tuple[int, set[str]]:
    return answer.status_code, set(answer.json()["error"]["details"])


# --- PATCH and PUT -------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["patch", "put"])
def test_what_is_sent_changes_and_the_rest_stays(method: str, sam, api_as: As) -> None:
    lead = make_lead(monthly_bill=400, assigned_to=sam)
    Lead.objects.filter(pk=lead.pk).update(city="Queens")
    answer = getattr(api_as(sam), method)(
        address(lead), {"city": "Brooklyn", "call_status": "voicemail", "score": 100, "id": "x"}
    )
    data = answer.json()["data"]
    assert answer.status_code == 200
    assert (data["city"], data["call_status"], data["monthly_bill"]) == (
        "Brooklyn", "voicemail", 400.0,
    )  # fmt: skip
    lead.refresh_from_db()
    assert lead.score != 100
    line = lead.activities.filter(kind="updated").get()
    assert (line.actor, line.data["before"]) == (
        sam,
        {"city": "Queens", "call_status": "to_call"},
    )


def test_nothing_changed_leaves_no_line(sam, api_as: As) -> None:
    lead = make_lead(assigned_to=sam)
    Lead.objects.filter(pk=lead.pk).update(city="Queens")
    before = state(lead)
    assert api_as(sam).patch(address(lead), {"city": "Queens"}).status_code == 200
    assert state(lead) == before


def test_a_new_postal_code_moves_the_territory_and_the_score_follows(sam, api_as: As) -> None:
    lead = make_lead(postal_code="10021", assigned_to=sam)
    data = api_as(sam).patch(address(lead), {"postal_code": "11215"}).json()["data"]
    assert data["territory"] == "brooklyn"
    assert lead.activities.filter(kind="scored").exists()


def test_a_gap_is_filled_and_an_identity_never_overwritten(sam, api_as: As) -> None:
    lead = make_lead(phone="", email="pat@example.com", assigned_to=sam)
    client = api_as(sam)
    data = client.patch(address(lead), {"phone": "(212) 555-0142"}).json()["data"]
    assert data["phone"] == "+12125550142"
    assert ContactIdentity.objects.filter(contact=lead.contact, value="+12125550142").exists()
    before = state(lead)
    for body in ({"email": "other@example.com"}, {"phone": ""}, {"phone": "(212) 555-0143"}):
        assert refused(client.patch(address(lead), body)) == (400, set(body))
    assert state(lead) == before
    assert client.patch(address(lead), {"email": "Pat@Example.com"}).status_code == 200


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"email": "nonsense"}, "email"),
        ({"phone": "nonsense"}, "phone"),
        ({"postal_code": "ABC"}, "postal_code"),
        ({"monthly_bill": -1}, "monthly_bill"),
        ({"roof_area_m2": -1}, "roof_area_m2"),
        ({"status": "nonsense"}, "status"),
        ({"status": "won"}, "status"),
        ({"status": "sold"}, "status"),
        ({"status": "duplicate"}, "status"),
        ({"status": "lost"}, "lost_reason"),
        ({"city": "Brooklyn", "status": "won"}, "status"),  # all or nothing
        ({"updated_at": "yesterday"}, "updated_at"),
    ],
)
def test_what_is_not_valid_changes_nothing(body: dict, field: str, sam, api_as: As) -> None:
    lead = make_lead(email="", assigned_to=sam)
    before = state(lead)
    assert refused(api_as(sam).patch(address(lead), body)) == (400, {field})
    assert state(lead) == before


def test_somebody_elses_address_is_refused(sam, api_as: As) -> None:
    make_lead(email="lee@example.com")
    lead = make_lead(email="", assigned_to=sam)
    answer = api_as(sam).patch(address(lead), {"email": "lee@example.com"})
    assert refused(answer) == (400, {"email"})


def test_lost_says_why_and_can_be_opened_again(sam, api_as: As) -> None:
    lead, client = make_lead(assigned_to=sam), api_as(sam)
    lost = client.patch(address(lead), {"status": "lost", "lost_reason": "Moves away"})
    assert lost.json()["data"]["lost_reason"] == "Moves away"
    again = client.patch(address(lead), {"status": "contacted"}).json()["data"]
    assert (again["status"], again["lost_reason"]) == ("contacted", "")


@pytest.mark.parametrize("status", ["won", "sold", "duplicate"])
def test_what_an_act_did_is_not_undone_by_hand(status: str, mia, api_as: As) -> None:
    lead = make_lead(status=status)
    before = state(lead)
    assert api_as(mia).patch(address(lead), {"status": "contacted"}).status_code == 409
    assert state(lead) == before


def test_a_change_of_somebody_else_in_between_is_a_conflict(sam, mia, api_as: As) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        lead = make_lead(assigned_to=sam)
        read = api_as(sam).get(address(lead)).json()["data"]["updated_at"]
        read_on = http_date(NOW.timestamp())
        clock.shift(timedelta(minutes=1))
        api_as(mia).patch(address(lead), {"city": "Queens"})
        before = state(lead)
        for body, header in (({"updated_at": read}, ""), ({}, read_on)):
            answer = api_as(sam).patch(
                address(lead), {"city": "Brooklyn", **body}, HTTP_IF_UNMODIFIED_SINCE=header
            )
            assert refused(answer) == (409, {"updated_at"})
        assert state(lead) == before
        read = api_as(sam).get(address(lead)).json()["data"]["updated_at"]
        answer = api_as(sam).patch(address(lead), {"city": "Brooklyn", "updated_at": read})
        assert answer.status_code == 200


# --- assign and take -----------------------------------------------------------------------------


def test_a_free_lead_is_taken_once(sam, sue, api_as: As) -> None:
    lead = make_lead()
    answer = api_as(sam).post(address(lead, "assign/"))
    assert answer.json()["data"]["assigned_to"]["id"] == str(sam.public_id)
    assert api_as(sam).post(address(lead, "assign/")).status_code == 200
    assert lead.activities.filter(kind="assigned").count() == 1
    assert api_as(sue).post(address(lead, "assign/")).status_code == 404


def test_sales_do_not_give_and_managers_do(sam, sue, mia, api_as: As) -> None:
    lead = make_lead(assigned_to=sam)
    to_sue = {"user": str(sue.public_id)}
    before = state(lead)
    assert api_as(sam).post(address(lead, "assign/"), to_sue).status_code == 403
    assert state(lead) == before
    given = api_as(mia).post(address(lead, "assign/"), to_sue).json()["data"]
    assert given["assigned_to"]["name"] == "sue"


@pytest.mark.parametrize(("who", "status"), [("bea", 400), ("nobody", 404)])
def test_who_cannot_work_leads_is_given_none(who, status, mia, bea, api_as: As) -> None:
    lead = make_lead()
    user = bea.public_id if who == "bea" else lead.public_id
    answer = api_as(mia).post(address(lead, "assign/"), {"user": str(user)})
    assert answer.status_code == status
    lead.refresh_from_db()
    assert lead.assigned_to is None


# --- notes ---------------------------------------------------------------------------------------


def test_a_note_is_on_the_timeline_once_per_key(sam, api_as: As) -> None:
    lead, client = make_lead(assigned_to=sam), api_as(sam)
    for _ in range(2):
        answer = client.post(
            address(lead, "notes/"), {"text": "Calls back"}, HTTP_IDEMPOTENCY_KEY="n-1"
        )
        assert answer.status_code == 201
        assert answer.json()["data"]["actor"]["id"] == str(sam.public_id)
    assert [line.summary for line in lead.activities.filter(kind="note")] == ["Calls back"]
    assert refused(client.post(address(lead, "notes/"), {"text": " "})) == (400, {"text"})


# --- delete --------------------------------------------------------------------------------------


def test_a_lead_goes_and_the_evidence_stays(mia, api_as: As) -> None:
    lead = make_lead()
    Consent.objects.create(contact=lead.contact, channel="email", occurred_at=NOW)
    assert api_as(mia).delete(address(lead)).status_code == 200
    assert not Lead.objects.filter(pk=lead.pk).exists()
    assert not LeadActivity.objects.filter(lead=lead.pk).exists()
    assert Contact.objects.get(pk=lead.contact_id).consents.count() == 1
    entry = LogEntry.objects.filter(content_type__model="lead", object_pk=lead.pk).latest("pk")
    assert entry.action == LogEntry.Action.DELETE
    assert api_as(mia).delete(address(lead)).status_code == 404


@pytest.mark.parametrize(
    "columns", [{"status": "won"}, {"status": "sold"}, {"sold_at": NOW}, {"converted_at": NOW}]
)
def test_what_money_hangs_on_stays(columns: dict, mia, api_as: As, client) -> None:
    lead = make_lead()
    Lead.objects.filter(pk=lead.pk).update(**columns)
    assert api_as(mia).delete(address(lead)).status_code == 409
    client.force_login(mia)
    page = f"/admin/leads/lead/{lead.pk}/delete/"
    assert client.post(page, {"post": "yes"}).status_code == 403
    assert Lead.objects.filter(pk=lead.pk).exists()


# --- stats and filters ---------------------------------------------------------------------------


def test_the_figures_are_of_the_leads_i_may_see(sam, sue, mia, api_as: As) -> None:
    with time_machine.travel(NOW, tick=False):
        won, lost = make_lead(status="won", assigned_to=sam), make_lead(assigned_to=sam)
        Lead.objects.filter(pk=lost.pk).update(status="lost")
        late = make_lead(source="chatbot")
        make_lead(assigned_to=sue, market="india", phone="+919812345678")
        for lead, minutes in ((won, 10), (lost, 30)):
            Lead.objects.filter(pk=lead.pk).update(
                first_response_at=lead.created_at + timedelta(minutes=minutes)
            )
        Lead.objects.filter(pk=late.pk).update(first_response_due_at=NOW - timedelta(hours=1))
        gone = make_lead(market="india", phone="+919812345679", assigned_to=sue)
        Lead.objects.filter(pk=gone.pk).update(
            status="unqualified", first_response_due_at=NOW - timedelta(hours=2)
        )
        mine = api_as(sam).get("/api/leads/stats/").json()["data"]
        everything = api_as(mia).get("/api/leads/stats/").json()["data"]
        narrowed = api_as(mia).get("/api/leads/stats/?source=chatbot").json()["data"]
    assert (mine["total"], mine["open"], mine["unassigned"], mine["overdue"]) == (3, 1, 1, 1)
    assert mine["by_status"] | {"won": 1, "lost": 1, "new": 1} == mine["by_status"]
    assert set(mine["by_status"].values()) == {0, 1}
    assert mine["by_market"] == {"nyc": 3}
    assert (mine["answered"], mine["median_first_response_seconds"]) == (2, 1200.0)
    assert mine["conversion_rate"] == 0.5
    assert everything["by_market"] == {"nyc": 3, "india": 2}
    assert everything["overdue"] == 1  # nobody waits for an answer to a lead that was closed
    assert (narrowed["total"], narrowed["by_source"]) == (1, {"chatbot": 1})
    assert narrowed["conversion_rate"] is None


def test_the_figures_take_the_same_few_queries_however_many(
    mia, api_as: As, django_assert_num_queries
) -> None:
    client = api_as(mia)
    client.get("/api/leads/stats/")
    for _ in range(3):
        make_lead()
    with django_assert_num_queries(3):  # groups, their sources, the median
        client.get("/api/leads/stats/")


def test_lists_are_narrowed_by_more(mia, api_as: As) -> None:
    with time_machine.travel(NOW, tick=False):
        no_phone = make_lead(last_name="Mute", phone="")
        busy = make_lead(last_name="Busy")
        due = make_lead(last_name="Due")
        closed = make_lead(last_name="Closed")
    later = NOW + timedelta(hours=2)
    Lead.objects.filter(pk=busy.pk).update(
        call_status="busy", priority_level="high", interest_level="low", updated_at=later, score=40
    )
    Lead.objects.update(first_response_due_at=None)
    Lead.objects.filter(pk=due.pk).update(first_response_due_at=NOW)
    Lead.objects.filter(pk=closed.pk).update(status="lost", first_response_due_at=NOW)

    def found(**narrowed: Any) -> set[str]:
        results = api_as(mia).get("/api/leads/", narrowed).json()["data"]["results"]
        return {lead["last_name"] for lead in results}

    assert found(call_status="busy") == {"Busy"}
    assert found(priority_level="high") == {"Busy"}
    assert found(interest_level="low") == {"Busy"}
    assert found(has_phone="false") == {no_phone.last_name}
    assert found(has_phone="true") == {"Busy", "Due", "Closed"}
    assert found(has_email="false") == set()
    assert found(updated_from=later.isoformat()) == {"Busy"}
    assert found(updated_to=later.isoformat()) == {"Mute", "Due", "Closed"}
    assert found(due_before=(NOW + timedelta(minutes=1)).isoformat()) == {"Due"}
    assert found(due_before=NOW.isoformat()) == set()
    assert found(max_score=39) == {"Mute", "Due", "Closed"}
