"""Leads over HTTP: who sees what, what lists can be narrowed by, and what a new one is told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from rest_framework.test import APIClient

from apps.intake.models import InboundEvent
from apps.leads.actions.scoring import lead_score
from apps.leads.models import Lead
from apps.pipeline.models import Journey
from apps.users.models import Role, User
from tests.factories.leads import make_lead
from tests.factories.users import make_user
from tests.leads.test_search import HOSTILE

pytestmark = pytest.mark.django_db

As = Callable[[User], APIClient]
LEADS = "/api/leads/"
NEW = {
    "first_name": "Grace",
    "last_name": "Feldman",
    "email": "Grace@Example.com",
    "phone": "(212) 555-0142",
    "postal_code": "10021",
    "property_type": "co_op",
    "ownership": "owner",
    "monthly_bill": "400.00",
}


def names(response: Any) -> list[str]:
    assert response.status_code == 200, response.content
    return [lead["last_name"] for lead in response.json()["data"]["results"]]


def error(response: Any) -> tuple[int, str, set[str]]:
    body = response.json()["error"]
    return response.status_code, body["code"], set(body["details"])


# --- who sees what ------------------------------------------------------------------------------


def test_sales_see_their_own_and_nobodys_leads(sam: User, sue: User, api_as: As) -> None:
    mine = make_lead(last_name="Mine", assigned_to=sam)
    free = make_lead(last_name="Free")
    hers = make_lead(last_name="Hers", assigned_to=sue)
    client = api_as(sam)
    assert set(names(client.get(LEADS))) == {"Mine", "Free"}
    for part in ("", "timeline/", "score/"):
        assert client.get(f"{LEADS}{mine.public_id}/{part}").status_code == 200
        assert client.get(f"{LEADS}{free.public_id}/{part}").status_code == 200
        # As if it did not exist: that somebody has it is not theirs to know either.
        assert error(client.get(f"{LEADS}{hers.public_id}/{part}"))[:2] == (404, "NOT_FOUND")


@pytest.mark.parametrize("role", [Role.ADMIN, Role.MANAGER, Role.SUPPORT, Role.ANALYST])
def test_who_may_see_all_leads_does(sam: User, api_as: As, role: str) -> None:
    make_lead(last_name="His", assigned_to=sam)
    make_lead(last_name="Free")
    user = make_user("x", role=role, is_superuser=role == Role.ADMIN)
    assert set(names(api_as(user).get(LEADS))) == {"His", "Free"}


@pytest.mark.parametrize("role", [Role.BUYER, Role.TECHNICIAN])
def test_who_has_no_business_with_leads_is_refused(api_as: As, role: str) -> None:
    lead = make_lead()
    client = api_as(make_user("x", role=role))
    for address in (LEADS, *(f"{LEADS}{lead.public_id}/{p}" for p in ("", "timeline/", "score/"))):
        assert error(client.get(address))[:2] == (403, "PERMISSION_DENIED")
    assert error(client.post(LEADS, NEW, format="json"))[:2] == (403, "PERMISSION_DENIED")
    assert Lead.objects.count() == 1
    assert not InboundEvent.objects.exists()


@pytest.mark.parametrize("role", [Role.SUPPORT, Role.ANALYST])
def test_who_may_only_look_enters_nothing(api_as: As, role: str) -> None:
    response = api_as(make_user("x", role=role)).post(LEADS, NEW, format="json")
    assert error(response)[:2] == (403, "PERMISSION_DENIED")
    assert not InboundEvent.objects.exists()


def test_a_stranger_is_asked_to_sign_in(api: APIClient) -> None:
    lead = make_lead()
    for address in (LEADS, f"{LEADS}{lead.public_id}/"):
        assert error(api.get(address))[:2] == (401, "AUTHENTICATION_REQUIRED")
    assert api.post(LEADS, NEW, format="json").status_code == 401
    assert Lead.objects.count() == 1


def test_an_unknown_lead_is_not_there(mia: User, api_as: As) -> None:
    assert error(api_as(mia).get(f"{LEADS}{uuid4()}/"))[:2] == (404, "NOT_FOUND")


# --- lists --------------------------------------------------------------------------------------


@pytest.fixture
def three(sam: User) -> None:
    make_lead(
        last_name="Ames", postal_code="10021", monthly_bill=100, score=90, status="contacted",
        now=datetime(2026, 1, 1, tzinfo=UTC), assigned_to=sam, details={"property_type": "condo"},
    )  # fmt: skip
    make_lead(
        last_name="Boyd", postal_code="11215", monthly_bill=300, score=20,
        now=datetime(2026, 2, 1, tzinfo=UTC), source="chatbot",
    )  # fmt: skip
    make_lead(
        last_name="Cole", market="india", postal_code="110016", score=50, status="lost",
        now=datetime(2026, 3, 1, tzinfo=UTC),
    )  # fmt: skip
    Lead.objects.filter(last_name="Ames").update(tier="premium")


@pytest.mark.parametrize(
    ("query", "who"),
    [
        ("", "Cole Boyd Ames"),  # newest first
        ("status=new", "Boyd"),
        ("status=new&status=lost", "Cole Boyd"),
        ("status=new,lost", "Cole Boyd"),
        ("status=&tier=&unassigned=&ordering=", "Cole Boyd Ames"),  # a form with nothing chosen
        ("tier=premium", "Ames"),
        ("source=chatbot", "Boyd"),
        ("market=india", "Cole"),
        ("territory=brooklyn", "Boyd"),
        ("property_type=condo", "Ames"),
        ("postal_code=10021", "Ames"),
        ("unassigned=true", "Cole Boyd"),
        ("unassigned=false", "Ames"),
        ("min_score=50", "Cole Ames"),
        ("created_from=2026-02-01T00:00:00Z", "Cole Boyd"),
        ("created_to=2026-02-01T00:00:00Z", "Ames"),
        ("search=boy", "Boyd"),
        ("search=11215", "Boyd"),
        ("search=boyd&status=lost", ""),
        ("ordering=score", "Boyd Cole Ames"),
        ("ordering=-score", "Ames Cole Boyd"),
        ("ordering=last_name", "Ames Boyd Cole"),
        ("ordering=-created_at", "Cole Boyd Ames"),
        ("unknown=1", "Cole Boyd Ames"),
    ],
)
def test_lists_are_narrowed_and_ordered(
    three: None, mia: User, api_as: As, query: str, who: str
) -> None:
    assert names(api_as(mia).get(f"{LEADS}?{query}")) == who.split()


def test_a_list_can_be_narrowed_to_a_person(three: None, mia: User, sam: User, api_as: As) -> None:
    client = api_as(mia)
    assert names(client.get(f"{LEADS}?assigned_to={sam.public_id}")) == ["Ames"]
    assert names(client.get(f"{LEADS}?assigned_to={uuid4()}")) == []


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("status=bogus", "status"),
        ("tier=gold", "tier"),
        ("assigned_to=sam", "assigned_to"),
        ("min_score=many", "min_score"),
        ("min_score=101", "min_score"),
        ("created_from=yesterday", "created_from"),
        ("ordering=password", "ordering"),
        ("search=" + "x" * 201, "search"),
        ("search=a%00b", "search"),
        ("market=%00", "market"),
        ("status=new,nope", "status"),
        ("has_phone=maybe", "has_phone"),
    ],
)
def test_a_wrong_filter_names_itself(mia: User, api_as: As, query: str, field: str) -> None:
    assert error(api_as(mia).get(f"{LEADS}?{query}")) == (400, "VALIDATION_ERROR", {field})


@pytest.mark.parametrize("typed", [typed for typed in HOSTILE if len(typed) <= 200])
def test_no_search_breaks_the_list(three: None, mia: User, api_as: As, typed: str) -> None:
    assert names(api_as(mia).get(LEADS, {"search": typed})) == []


def test_pages_come_in_the_envelope(mia: User, api_as: As) -> None:
    for _ in range(5):
        make_lead()
    client = api_as(mia)
    body = client.get(f"{LEADS}?page_size=2&page=2").json()
    assert body["status"] == "success"
    data = body["data"]
    assert (data["count"], data["page_size"], data["total_pages"]) == (5, 2, 3)
    assert len(data["results"]) == 2
    assert "page=3" in data["next"]
    assert "page_size=2" in data["previous"]
    assert error(client.get(f"{LEADS}?page=9"))[:2] == (404, "NOT_FOUND")
    assert client.get(f"{LEADS}?page_size=1000").json()["data"]["page_size"] == 100


def test_a_lead_in_a_list_has_this_shape(mia: User, sam: User, api_as: As) -> None:
    lead = make_lead(monthly_bill="99.5", postal_code="10021", assigned_to=sam)
    row = api_as(mia).get(LEADS).json()["data"]["results"][0]
    assert row["id"] == str(lead.public_id)
    assert (row["monthly_bill"], row["currency"]) == (99.5, "USD")
    assert (row["source"], row["market"], row["territory"]) == ("website-form", "nyc", "manhattan")
    assert row["assigned_to"] == {"id": str(sam.public_id), "name": "sam", "role": "sales"}
    assert not {"original_data", "score_detail", "contact"} & set(row)


def test_a_longer_list_costs_no_more_queries(
    mia: User, sam: User, api_as: As, django_assert_max_num_queries: Any
) -> None:
    client = api_as(mia)
    for _ in range(25):
        make_lead(postal_code="10021", assigned_to=sam)
    with django_assert_max_num_queries(4):  # rights, count, rows, and one to spare
        assert len(names(client.get(f"{LEADS}?page_size=25"))) == 25


def test_a_longer_timeline_costs_no_more_queries(
    mia: User, api_as: As, django_assert_max_num_queries: Any
) -> None:
    lead = make_lead(email="a@example.com")
    for _ in range(10):
        make_lead(email="a@example.com")
    with django_assert_max_num_queries(5):
        data = api_as(mia).get(f"{LEADS}{lead.public_id}/timeline/").json()["data"]
    assert data["count"] == 11
    assert [line["kind"] for line in data["results"]][-1] == "created"  # newest first


def test_a_score_is_shown_with_its_reasons(mia: User, api_as: As) -> None:
    lead = make_lead(details={"ownership": "renter"})
    client = api_as(mia)
    unscored = client.get(f"{LEADS}{lead.public_id}/score/").json()["data"]
    assert (unscored["score"], unscored["model"], unscored["factors"]) == (0, "", [])
    lead_score(lead.pk, now=datetime(2026, 11, 21, tzinfo=UTC))
    data = client.get(f"{LEADS}{lead.public_id}/score/").json()["data"]
    assert data["model"] == "2026-11"
    assert {"part", "name", "stated", "points", "maximum"} == set(data["factors"][0])
    assert len(data["factors"]) == 16
    assert data["offer_community_solar"] is True


def test_moments_are_said_in_utc(mia: User, api_as: As) -> None:
    lead = make_lead(now=datetime(2026, 2, 1, 12, tzinfo=UTC))
    client = api_as(mia)
    for root in (LEADS, "/api/v1/leads/"):
        shown = client.get(f"{root}{lead.public_id}/").json()["data"]
        assert shown["created_at"] == "2026-02-01T12:00:00Z"
        line = client.get(f"{root}{lead.public_id}/timeline/").json()["data"]["results"][0]
        assert line["created_at"] == "2026-02-01T12:00:00Z"


# --- new ones -----------------------------------------------------------------------------------


def test_a_new_lead_goes_the_whole_road_at_once(sam: User, api_as: As) -> None:
    response = api_as(sam).post(LEADS, NEW, format="json")
    assert response.status_code == 201, response.content
    body = response.json()
    assert body["message"] == "Lead created"
    data = body["data"]
    assert (data["email"], data["phone"]) == ("grace@example.com", "+12125550142")
    assert (data["tier"], data["territory"], data["source"]) == ("premium", "manhattan", "api")
    lead = Lead.objects.get()
    assert str(lead.public_id) == data["id"]
    assert Journey.objects.get().lead == lead
    assert bytes(InboundEvent.objects.get().body)


def test_the_open_lead_of_a_known_person_is_named(sam: User, sue: User, api_as: As) -> None:
    known = make_lead(email="grace@example.com", assigned_to=sue)
    for body in (NEW, {"email": "GRACE@example.com"}):
        response = api_as(sam).post(LEADS, body, format="json")
        assert error(response) == (409, "CONFLICT", {"lead_id"})
        assert response.json()["error"]["details"]["lead_id"] == str(known.public_id)
    assert Lead.objects.count() == 1
    assert not InboundEvent.objects.exists()


def test_somebody_with_only_a_closed_lead_gets_a_new_one(sam: User, api_as: As) -> None:
    make_lead(email="grace@example.com", status="lost")
    assert api_as(sam).post(LEADS, NEW, format="json").status_code == 201
    assert Lead.objects.count() == 2


def test_the_same_key_and_body_create_once(sam: User, sue: User, api_as: As) -> None:
    client, headers = api_as(sam), {"Idempotency-Key": "k-1"}
    first = client.post(LEADS, NEW, format="json", headers=headers)
    again = client.post(LEADS, NEW, format="json", headers=headers)
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json()["data"] == first.json()["data"]
    other = client.post(LEADS, NEW | {"city": "X"}, format="json", headers=headers)
    assert error(other)[:2] == (409, "CONFLICT")
    assert "lead_id" not in other.json()["error"]["details"]
    hers = api_as(sue).post(LEADS, NEW, format="json", headers=headers)  # her key is her own
    assert error(hers) == (409, "CONFLICT", {"lead_id"})
    assert Lead.objects.count() == InboundEvent.objects.count() == 1


def test_a_refused_body_may_be_corrected_under_another_key(sam: User, api_as: As) -> None:
    client = api_as(sam)
    bad = client.post(LEADS, {"email": "x"}, format="json", headers={"Idempotency-Key": "k-1"})
    assert bad.status_code == 400
    good = client.post(LEADS, NEW, format="json", headers={"Idempotency-Key": "k-2"})
    assert good.status_code == 201


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({}, {"email"}),
        ({"email": "", "phone": ""}, {"email"}),
        ({"email": "not an address"}, {"email"}),
        ({"phone": "12"}, {"phone"}),
        ({"email": "a@example.com", "market": "atlantis"}, {"market"}),
        ({"email": "a@example.com", "property_type": "castle"}, {"property_type"}),
        ({"email": "a@example.com", "monthly_bill": -1}, {"monthly_bill"}),
        ({"email": "a@example.com", "monthly_bill": "a lot"}, {"monthly_bill"}),
        ({"email": "a@example.com", "monthly_bill": 10**12}, {"monthly_bill"}),
        ({"email": "a@example.com", "roof_age": -1}, {"roof_age"}),
        ({"email": "a@example.com", "roof_area_m2": -1}, {"roof_area_m2"}),
        ({"email": "a@example.com", "estimated_capacity": -1}, {"estimated_capacity"}),
        ({"email": "a@example.com", "postal_code": "ABC"}, {"postal_code"}),
        ({"email": "a@example.com", "postal_code": "110016"}, {"postal_code"}),  # of India
        ({"email": "a@example.com", "first_name": "x" * 101}, {"first_name"}),
        ({"email": ["a@example.com"]}, {"email"}),
        ({"email": {"a": 1}, "first_name": []}, {"email", "first_name"}),
    ],
)
def test_a_new_lead_that_is_not_valid_names_its_fields(
    sam: User, api_as: As, body: dict[str, Any], fields: set[str]
) -> None:
    assert error(api_as(sam).post(LEADS, body, format="json")) == (400, "VALIDATION_ERROR", fields)
    assert not Lead.objects.exists()
    assert not InboundEvent.objects.exists()


def test_what_the_system_decides_cannot_be_entered(sam: User, api_as: As) -> None:
    sly = NEW | {"score": 100, "tier": "premium", "status": "won", "assigned_to": "me", "id": 1}
    del sly["ownership"]
    data = api_as(sam).post(LEADS, sly, format="json").json()["data"]
    assert (data["status"], data["tier"]) == ("new", "standard")


def test_everything_valid_that_is_entered_arrives(sam: User, api_as: As) -> None:
    stated = {
        "company": "Feldman & Co", "address": "1 Park Avenue", "city": "New York", "state": "NY",
        "roof_type": "flat", "roof_age": 12, "roof_area_m2": 85.5, "shading": "some",
        "utility": "PSEG", "estimated_capacity": 7.25, "budget_range": "20-30k",
        "timeline": "immediate", "decision_maker": "joint", "credit_range": "good",
        "interest_level": "low", "service_type": "battery",
    }  # fmt: skip
    data = api_as(sam).post(LEADS, NEW | stated, format="json").json()["data"]
    assert {name: data[name] for name in stated} == stated


def test_junk_bodies_are_refused_in_the_envelope(sam: User, api_as: As) -> None:
    client = api_as(sam)
    for junk in ("[]", '"x"', "{", "NaN", '{"email": NaN}'):
        response = client.post(LEADS, junk, content_type="application/json")
        assert error(response)[:2] == (400, "VALIDATION_ERROR")
    response = client.post(LEADS, "a=b", content_type="application/x-www-form-urlencoded")
    assert error(response)[:2] == (415, "UNSUPPORTED_MEDIA_TYPE")
    assert not InboundEvent.objects.exists()
