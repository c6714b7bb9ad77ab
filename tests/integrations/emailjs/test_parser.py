"""What is understood of the site's forms: one payload, one exact draft."""

from __future__ import annotations

from typing import Any

import pytest

from apps.integrations.doors.emailjs.parser import parse
from tests.integrations.reading import SETTING, payload, payload_names, understood

DRAFTS: dict[str, dict[str, Any]] = {
    "quote_request": {
        "name": ("Grace", "Feldman"),
        "email": "grace.feldman@example.com",
        "phone": "+12125550142",
        "market": "nyc",
        "postal_code": "10021",
        "monthly_bill": "400.00",
        "channels": ("call", "sms", "email"),
        "attribution": {
            "first_touch": {"referrer": "https://news.example/"},
            "last_touch": {
                "utm_source": "google",
                "utm_medium": "cpc",
                "gclid": "abc",
                "landing_page": "https://aurum.example/",
            },
        },
        "message": "Does my board have to vote?",
        "ownership": "owner",
        "property_type": "co_op",
        "timeline": "immediate",
        "roof_age": "12",
        "interest_level": "high",
    },
    # No market is named: the postal code and the number say where it is.
    "one_name_field_in_hindi": {
        "name": ("प्रिया", "शर्मा"),
        "phone": "+919810012345",
        "language": "hi",
        "market": "india",
        "postal_code": "110016",
        "monthly_bill": "6500.00",
        "budget_range": "3-4 लाख",
        "ownership": "owner",
        "property_type": "single_family",
    },
    "last_name_first": {
        "name": ("Grace", "FELDMAN"),
        "email": "grace@example.com",
        "phone": "+12125550142",
        "market": "nyc",
        "postal_code": "10021",
        "monthly_bill": "250.00",
        "behaviour": {"compares_offers": True},
        "service_type": "panel cleaning",
        "roof_type": "asphalt_shingle",
        "shading": "some",
        "timeline": "within_6_months",
        "decision_maker": "joint",
        "credit_range": "excellent",
    },
    # An object where a text belongs does not hide the e-mail that stands further down.
    "hostile": {
        "name": ("Robert'); DROP TABLE leads_lead;--?", "?Jones"),
        "email": "bobby@example.com",
        "market": "nyc",
        "message": "=cmd|' /C calc'!A0?😀",
        "property_type": "single_family",
    },
    "nobody": {"name": ("Anonymous", ""), "market": "nyc", "message": "interested"},
    "only_junk": {"name": ("", ""), "market": "nyc"},
    "partial_without_consent": {
        "name": ("Hal", "Half"),
        "email": "hal@example.com",
        "market": "nyc",
        "partial": True,
        "interest_level": "high",
    },
}


def test_every_payload_has_its_draft() -> None:
    assert payload_names("emailjs") == set(DRAFTS)


@pytest.mark.parametrize("name", DRAFTS)
def test_draft(name: str) -> None:
    assert understood(parse(payload("emailjs", name), SETTING)) == DRAFTS[name]


def test_consent_keeps_what_was_shown_and_where() -> None:
    consent = parse(payload("emailjs", "quote_request"), SETTING).consent
    assert consent is not None
    assert consent.wording == "I agree that Aurum Solar may call, text and e-mail me."
    assert (consent.version, consent.page_url) == (
        "2026-11-a",
        "https://aurum.example/?utm_source=google",
    )
    assert (consent.ip_address, consent.user_agent) == ("203.0.113.9", "Browser")


def test_contact_details_given_apart_go_before_those_of_the_form() -> None:
    draft = parse(
        {"contact_info": {"email": "one@example.com"}, "form_data": {"email": "two@example.com"}},
        SETTING,
    )
    assert draft.person.email == "one@example.com"


def test_a_novel_is_cut_and_a_long_name_fits_its_column() -> None:
    draft = parse(
        {"name": "N" * 90_000 + " " + "M" * 90_000, "message": "😀" * 100_000, "city": "x" * 9_000},
        SETTING,
    )
    assert len(draft.message) == 5000
    assert len(draft.person.first_name) <= 100
    assert len(draft.details["city"]) == 100
