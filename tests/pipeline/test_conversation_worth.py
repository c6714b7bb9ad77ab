"""`conversation/revenue-optimized`: the answer to everybody, what it is worth to staff alone."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories.b2b import make_platform

URL = "/api/v1/conversation/revenue-optimized/"
EXAMPLE = {
    "message": "I'm interested in solar for my co-op in Manhattan",
    "session_id": "chat_1234567890",
    "conversation_context": {
        "homeowner_verified": True,
        "bill_amount": 400.0,
        "zip_code": "10021",
        "borough": "manhattan",
        "neighborhood": "upper_east_side",
    },
    "conversation_history": [],
}


def test_the_example_of_the_requirements(api, db) -> None:
    answered = api.post(URL, EXAMPLE)
    assert answered.status_code == 200
    data = answered.json()["data"]
    assert "a year" in data["content"]
    assert data["next_questions"]
    assert data["facts"]["property_type"] == {
        "value": "co_op",
        "confidence": 0.95,
        "quote": "co-op",
    }
    assert data["facts"]["monthly_bill"]["value"] == 400
    assert "revenue_optimization" not in data


def test_staff_see_what_it_is_worth(api_as, mia) -> None:
    data = api_as(mia).post(URL, EXAMPLE).json()["data"]
    block = data["revenue_optimization"]
    assert block["lead_score"]["quality_tier"] == "premium"
    assert block["lead_score"]["conversion_probability"] > 0
    assert block["routing_decision"] == {
        "selected_buyer_id": None,
        "selected_buyer_tier": None,
        "price_per_lead": None,
        "expected_revenue": None,
        "routing_reason": "No buyer may have this lead",
    }
    assert set(block) == {
        "currency",
        "lead_score",
        "conversation_metrics",
        "optimization_recommendations",
        "routing_decision",
        "revenue_insights",
    }


def test_a_buyer_makes_it_worth_money_and_consent_makes_it_sellable(api_as, mia) -> None:
    make_platform("sunny")
    client = api_as(mia)
    block = client.post(URL, EXAMPLE).json()["data"]["revenue_optimization"]
    assert block["lead_score"]["revenue_potential"] > 0
    undecided = block["routing_decision"]
    assert undecided["selected_buyer_id"] is None
    assert "onsent" in undecided["routing_reason"]  # nobody agreed to be sold
    said = {"session_id": EXAMPLE["session_id"]}
    for message in ("none", "10 years", "asap", "just me", "Ana", "yes", "212-555-2368"):
        data = client.post(URL, {"message": message, **said}).json()["data"]
    decision = data["revenue_optimization"]["routing_decision"]
    assert decision["selected_buyer_id"] == "sunny"
    assert set(decision) == set(undecided)
    assert 0 < decision["expected_revenue"] <= decision["price_per_lead"]


def test_the_market_is_looked_at_once_for_both_prices(api_as, mia) -> None:
    make_platform("sunny")
    with CaptureQueriesContext(connection) as queries:
        api_as(mia).post(URL, EXAMPLE)
    for table in ("b2b_pricingpolicy", "b2b_routingrule"):
        assert len([one for one in queries if f'FROM "{table}" WHERE' in one["sql"]]) == 1, table


def test_a_session_goes_on(api, db) -> None:
    api.post(URL, {"message": "I own a house in 11375", "session_id": "s-1"})
    data = api.post(URL, {"message": "$320", "session_id": "s-1"}).json()["data"]
    assert data["facts"]["homeowner"]["value"] is True
    assert data["facts"]["monthly_bill"]["value"] == 320


def test_nobody_reads_on_in_the_session_of_another_address(api, db) -> None:
    api.post(URL, {"message": "my email is ana@example.com", "session_id": "s-1"})
    other = api.post(URL, {"message": "hi", "session_id": "s-1"}, REMOTE_ADDR="198.51.100.7")
    assert "email" not in other.json()["data"]["facts"]


def test_who_they_are_is_not_told_to_whoever_knows_the_session(api, api_as, mia) -> None:
    said = {"session_id": "s-1", "message": "I'm Ana Ruiz, ana@example.com, 212-555-0142, I own"}
    api.post(URL, said)
    facts = api.post(URL, {"message": "hi", "session_id": "s-1"}).json()["data"]["facts"]
    assert facts["homeowner"]["value"] is True
    assert not {"first_name", "last_name", "email", "phone"} & set(facts)
    facts = api_as(mia).post(URL, {"message": "hi", "session_id": "s-1"}).json()["data"]["facts"]
    assert facts["first_name"]["value"] == "Ana"
    assert facts["phone"]["value"] == "+12125550142"


def test_a_history_is_understood_with_its_questions(api, db) -> None:
    history = [
        {"role": "assistant", "content": "How much is your electric bill?"},
        {"role": "user", "content": "about 250"},
        {"role": "assistant", "content": "Do you own your home?"},
    ]
    asked = {"message": "yes", "session_id": "s-2", "conversation_history": history}
    facts = api.post(URL, asked).json()["data"]["facts"]
    assert (facts["monthly_bill"]["value"], facts["homeowner"]["value"]) == (250, True)


@pytest.mark.parametrize(
    "body",
    [{}, {"message": ""}, {"message": "x" * 2_001}, {"message": "hi", "conversation_history": 1}],
)
def test_what_cannot_be_read_is_refused(api, db, body) -> None:
    assert api.post(URL, body).status_code == 400
