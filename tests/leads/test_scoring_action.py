"""Giving a lead its score: once for each input, explained, told only when it changed."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from apps.leads.actions.scoring import lead_score, scoring_model_active
from apps.leads.models import Lead, LeadScore, ScoringModel
from apps.leads.scoring import Parameters
from tests.factories.leads import make_lead

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def worked_example() -> Lead:
    return make_lead(
        postal_code="10021",
        monthly_bill=400,
        details={"ownership": "owner", "property_type": "co_op"},
    )


def scored_lines(lead: Lead) -> int:
    return lead.activities.filter(kind="scored").count()


def test_the_worked_example_is_premium_and_explained() -> None:
    lead = worked_example()
    score = lead_score(lead.pk, now=NOW)
    lead.refresh_from_db()
    assert (lead.score, lead.tier, lead.priority_level) == (score.total, "premium", "high")
    assert score.total >= 85
    assert lead.score_detail["model"] == scoring_model_active().version
    factors = {factor["name"]: factor["points"] for factor in lead.score_detail["factors"]}
    assert {name: factors[name] for name in ("ownership", "monthly_bill", "territory")} == {
        "ownership": 45,
        "monthly_bill": 30,
        "territory": 10,
    }
    kept = LeadScore.objects.get()
    assert (kept.total, kept.tier, kept.detail) == (score.total, "premium", lead.score_detail)
    assert kept.inputs["monthly_bill"] == 400
    line = lead.activities.get(kind="scored")
    assert line.summary == f"Scored {score.total}: premium"
    assert line.data == {"score": kept.pk, "before": None}


def test_the_same_facts_again_change_nothing() -> None:
    lead = worked_example()
    lead_score(lead.pk, now=NOW)
    before = Lead.objects.values().get()
    lead_score(lead.pk, now=NOW)
    assert Lead.objects.values().get() == before
    assert LeadScore.objects.count() == scored_lines(lead) == 1


def test_other_facts_give_another_score_and_another_line() -> None:
    lead = worked_example()
    first = lead_score(lead.pk, now=NOW).total
    Lead.objects.update(ownership="renter")
    second = lead_score(lead.pk, now=NOW)
    assert second.total <= 69
    assert LeadScore.objects.count() == scored_lines(lead) == 2
    assert lead.activities.filter(kind="scored").latest("id").data["before"] == first
    lead.refresh_from_db()
    assert lead.score_detail["offer_community_solar"] is True


def test_facts_that_come_back_get_their_old_score_and_a_new_line() -> None:
    lead = worked_example()
    first = lead_score(lead.pk, now=NOW).total
    for ownership in ("renter", "owner"):
        Lead.objects.update(ownership=ownership)
        lead_score(lead.pk, now=NOW)
    lead.refresh_from_db()
    assert lead.score == first
    assert LeadScore.objects.count() == 2
    assert scored_lines(lead) == 3


def test_another_version_of_the_model_scores_again() -> None:
    lead = worked_example()
    lead_score(lead.pk, now=NOW)
    ScoringModel.objects.update(is_active=False)
    parameters = Parameters().to_json() | {"weights": {"base": 100}}
    ScoringModel.objects.create(version="test", parameters=parameters, is_active=True)
    lead_score(lead.pk, now=NOW)
    assert Lead.objects.get().score == 98
    assert set(LeadScore.objects.values_list("model__version", flat=True)) == {"2026-11", "test"}


def test_only_one_model_is_active() -> None:
    with pytest.raises(IntegrityError, match="leads_one_active_scoring"), transaction.atomic():
        ScoringModel.objects.create(version="second", parameters={}, is_active=True)


def test_the_season_is_that_of_the_leads_own_clock() -> None:
    lead = make_lead(market="india")
    lead_score(lead.pk, now=datetime(2026, 11, 30, 20, tzinfo=UTC))  # December in Kolkata
    assert LeadScore.objects.get().inputs["month"] == 12


def test_scoring_locks_the_lead_and_not_its_market() -> None:
    lead = make_lead()
    with CaptureQueriesContext(
        connection,
    ) as asked:
        lead_score(lead.pk, now=NOW)
    locks = [one["sql"] for one in asked if "FOR UPDATE" in one["sql"]]
    assert len(locks) == 1
    assert 'FOR UPDATE OF "leads_lead"' in locks[0]
