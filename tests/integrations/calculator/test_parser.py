"""What is understood of a calculation: one payload, one exact draft."""

from __future__ import annotations

from typing import Any

import pytest

from apps.integrations.doors.calculator.parser import parse
from tests.integrations.reading import SETTING, payload, payload_names, understood

DRAFTS: dict[str, dict[str, Any]] = {
    "result": {
        "name": ("Dmitri", "Volkov"),
        "email": "dmitri.volkov@example.com",
        "phone": "+17187620193",
        "market": "nyc",
        "postal_code": "11377",
        "monthly_bill": "320.00",
        "property_type": "single_family",
        "estimated_capacity": "7.20",
        "roof_area_m2": "85.0",
        "interest_level": "high",
        "priority_level": "high",
    },
    "from_india_without_a_market": {
        "name": ("Kavya", "Nair"),
        "phone": "+919810012345",
        "market": "india",
        "postal_code": "201301",
        "monthly_bill": "5400.00",
        "ownership": "owner",
        "estimated_capacity": "4.00",
        "interest_level": "high",
        "priority_level": "high",
    },
    # Digits of full width, a name from right to left, and consent to one channel of three.
    "hostile": {
        "name": ("", "محمد علي"),
        "phone": "+12125550142",
        "market": "nyc",
        "channels": ("sms",),
        "interest_level": "high",
        "priority_level": "high",
    },
}


def test_every_payload_has_its_draft() -> None:
    assert payload_names("calculator") == set(DRAFTS)


@pytest.mark.parametrize("name", DRAFTS)
def test_draft(name: str) -> None:
    assert understood(parse(payload("calculator", name), SETTING)) == DRAFTS[name]


def test_what_a_person_says_goes_before_what_the_browser_computed() -> None:
    draft = parse(
        {"user_inputs": {"capacity": 5}, "calculation_results": {"system_capacity_kw": 9}}, SETTING
    )
    assert str(draft.details["estimated_capacity"]) == "5.00"
