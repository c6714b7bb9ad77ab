"""Values in words: with their currency and unit wherever they stand."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from apps.leads.score_words import score_words
from apps.leads.value_words import value_words
from tests.factories.leads import make_lead


def test_a_bill_in_a_score_is_an_amount() -> None:
    factors = [
        {"part": "base", "name": name, "stated": stated, "points": 22.0, "maximum": 30}
        for name, stated in (("monthly_bill", "275000"), ("monthly_bill", ""), ("roof_age", "12"))
    ]
    words = score_words(50, {"model": "1", "factors": factors}, {}, "INR")
    assert words is not None
    said = [factor.stated for factor in words.parts[0].factors]
    assert said == ["₹2,75,000", "not asked", "12"]


@pytest.mark.django_db
def test_a_column_says_its_choice_its_unit_or_nothing() -> None:
    lead = make_lead(monthly_bill=Decimal(310))
    lead.roof_age, lead.estimated_capacity, lead.ownership = 12, Decimal("7.20"), "owner"
    said = [value_words(lead, name) for name in ("monthly_bill", "roof_age", "estimated_capacity")]
    assert said == ["$310", "12 years", "7.20 kW"]
    assert value_words(lead, "ownership") == lead.get_ownership_display()
    assert value_words(lead, "roof_type") == ""


@pytest.mark.django_db
def test_two_leads_side_by_side_say_their_units(client: Client, mia) -> None:
    one, other = make_lead(details={"roof_age": 12}), make_lead(details={"roof_age": 20})
    client.force_login(mia)
    address = reverse("admin:leads_lead_merge", args=[one.pk])
    page = client.get(address, {"with": other.pk}).content.decode()
    assert "12 years" in page
    assert "20 years" in page
