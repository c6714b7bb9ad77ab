"""Leads entered through our own API are read as they stand."""

from __future__ import annotations

from apps.integrations.doors.api.parser import parse
from tests.integrations.reading import SETTING, payload, understood


def test_an_entered_lead_says_what_was_entered() -> None:
    assert understood(parse(payload("api", "entered"), SETTING)) == {
        "name": ("Ana Maria", "Rivera"),
        "email": "ana@example.com",
        "phone": "+12125550142",
        "market": "nyc",
        "postal_code": "10021",
        "monthly_bill": "400.00",
        "message": "Walk-in",
        "ownership": "owner",
        "property_type": "co_op",
        "interest_level": "high",
    }
