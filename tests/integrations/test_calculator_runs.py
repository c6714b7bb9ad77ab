"""A lead from the calculator bears our figures, whatever the browser claims."""

from __future__ import annotations

from decimal import Decimal

import pytest

from apps.integrations.models import CalculatorData
from apps.leads.models import LeadActivity
from tests.walking import knock

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
def test_a_run_that_is_not_ours_is_only_a_claim(api, claimed) -> None:
    lead = knock(
        api,
        "calculator",
        {
            "calculation_results": {"run_id": claimed, "system_capacity_kw": 7},
            "user_inputs": HOME,
            "user_info": VISITOR,
        },
    )
    assert lead.estimated_capacity == 7
    assert CalculatorData.objects.get(lead=lead).estimate_run is None
    assert not LeadActivity.objects.filter(lead=lead, kind="estimated").exists()
