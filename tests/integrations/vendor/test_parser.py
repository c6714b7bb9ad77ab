"""What is understood of vendors' leads, whatever names they use: one payload, one exact draft."""

from __future__ import annotations

from typing import Any

import pytest

from apps.integrations.doors.vendor.parser import external_id, parse
from tests.integrations.reading import SETTING, payload, payload_names, understood

DRAFTS: dict[str, dict[str, Any]] = {
    "flat": {
        "name": ("Marcus", "Bell"),
        "email": "marcus.bell@example.com",
        "phone": "+19175550139",
        "market": "nyc",
        "postal_code": "10472",
        "monthly_bill": "250.50",
        "certificate_url": "https://cert.trustedform.com/0123",
        "ownership": "owner",
    },
    "under_lead": {
        "name": ("王", "小明"),
        "email": "wang@example.com",
        "phone": "+19175550140",
        "market": "nyc",
        "channels": ("call", "sms"),
        "certificate_url": "https://cert.example/9",
        "ownership": "owner",
    },
    "hostile": {
        "name": ("A" * 100, ""),
        "email": "someone@example.com",
        "phone": "+19175550141",
        "market": "nyc",
        "postal_code": "11215",
        "monthly_bill": "400.00",
    },
}


def test_every_payload_has_its_draft() -> None:
    assert payload_names("vendor") == set(DRAFTS)


@pytest.mark.parametrize("name", DRAFTS)
def test_draft(name: str) -> None:
    assert understood(parse(payload("vendor", name), SETTING)) == DRAFTS[name]


@pytest.mark.parametrize(
    ("said", "known_as"),
    [
        ({"external_id": "v-1"}, "v-1"),
        ({"lead": {"lead_id": 77}}, "77"),
        ({"reference": "  a\tb\u0000 "}, "a b?"),
        ({"external_id": ["v-1"]}, ""),
        ({"external_id": ""}, ""),
        ({}, ""),
    ],
)
def test_the_vendors_own_id(said: dict[str, Any], known_as: str) -> None:
    assert external_id(said).replace("\ufffd", "?") == known_as


def test_a_certificate_alone_is_no_consent() -> None:
    assert parse(payload("vendor", "flat"), SETTING).consent is None
