"""A lead from the calculator bears our figures, whatever the browser claims."""

from __future__ import annotations

from decimal import Decimal

import pytest

from apps.core.models import OutboxMessage
from apps.integrations.doors.calculator.keep import CLAIMED
from apps.integrations.models import CalculatorData
from apps.leads.models import LeadActivity
from apps.solar.models import EstimateRun
from tests.walking import knock, settle

pytestmark = pytest.mark.django_db

HOME = {"market": "nyc", "postal_code": "11215", "monthly_bill": 240, "property_type": "townhouse"}
VISITOR = {"first_name": "Ana", "last_name": "Rivera", "email": "ana@example.com"}


def estimate(api) -> dict:
    answer = api.post("/api/solar/estimate/", HOME, format="json")
    assert answer.status_code == 200, answer.content
    return answer.json()["data"]


def test_the_lead_gets_what_we_computed_and_not_what_the_browser_says(api) -> None:
    shown = estimate(api)
    lead = knock(
        api,
        "calculator",
        {
            "session_id": "calc_1",
            "calculation_results": {"run_id": shown["run_id"], "system_capacity_kw": 99},
            "user_inputs": HOME,
            "user_info": VISITOR,
        },
    )
    assert lead.estimated_capacity == Decimal(str(shown["system_capacity_kw"]))
    row = CalculatorData.objects.get(lead=lead)
    assert str(row.estimate_run.public_id) == shown["run_id"]
    (line,) = LeadActivity.objects.filter(lead=lead, kind="estimated")
    assert line.data == {"run": shown["run_id"]}
    assert f"{shown['annual_savings']:,.2f}" in line.summary


@pytest.mark.parametrize(
    "claimed", ["01a1fd7b-a334-73b7-9b3b-4c8f40dff505", "nonsense", 7, None, ["x"], {}]
)
def test_a_run_that_is_not_ours_is_computed_anew(api, claimed) -> None:
    ours = estimate(api)
    lead = knock(
        api,
        "calculator",
        {
            "calculation_results": {"run_id": claimed, "system_capacity_kw": 99},
            "user_inputs": HOME,
            "user_info": VISITOR,
        },
    )
    assert lead.estimated_capacity == Decimal(str(ours["system_capacity_kw"]))
    row = CalculatorData.objects.get(lead=lead)
    assert row.calculation_results["system_capacity_kw"] == 99  # kept as it was claimed
    assert row.estimate_run is None  # the visitor was not shown ours
    (line,) = LeadActivity.objects.filter(lead=lead, kind="estimated")
    run = EstimateRun.objects.get(public_id=line.data["run"])
    assert run.result["annual_savings"] == ours["annual_savings"]
    assert line.summary.startswith("By our own calculator")


@pytest.mark.parametrize(
    "known",
    [
        {"postal_code": "11215", "monthly_bill": 240},
        {"postal_code": "11215", "property_type": "townhouse"},
        {"monthly_bill": 240, "property_type": "townhouse"},
        {"postal_code": "99999", "monthly_bill": 240, "property_type": "townhouse"},
    ],
)
def test_where_too_little_is_known_nothing_is_computed(api, known: dict) -> None:
    lead = knock(
        api,
        "calculator",
        {
            "calculation_results": {"system_capacity_kw": 7},
            "user_inputs": {"market": "nyc", **known},
            "user_info": VISITOR,
        },
    )
    assert lead.estimated_capacity == 7  # what they said they want
    assert not LeadActivity.objects.filter(lead=lead, kind="estimated").exists()
    assert not OutboxMessage.objects.exclude(state="done").exists()


def test_computing_again_changes_nothing(api) -> None:
    lead = knock(
        api, "calculator", {"calculation_results": {}, "user_inputs": HOME, "user_info": VISITOR}
    )
    OutboxMessage.objects.filter(topic=CLAIMED).update(state="pending")
    settle()
    assert LeadActivity.objects.filter(lead=lead, kind="estimated").count() == 1
    lead.delete()
    OutboxMessage.objects.filter(topic=CLAIMED).update(state="pending")
    settle()
    assert OutboxMessage.objects.get(topic=CLAIMED).state == "done"
