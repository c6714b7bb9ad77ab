"""What all doors share: which market, which consent, which touches, and that nothing raises."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.integrations.doors.naming import canonical
from apps.integrations.doors.reading import Said, read_draft
from apps.integrations.doors.registry import DOORS
from apps.integrations.doors.words import FIELD_NAMES
from apps.leads import choices
from apps.leads.contracts import LeadDraft
from tests.integrations.reading import SETTING
from tests.integrations.test_values import anything


def read(fields: dict[str, Any], **payload: Any) -> LeadDraft:
    return read_draft(Said(canonical(fields)), payload, SETTING)


@pytest.mark.parametrize(
    ("fields", "stated", "market"),
    [
        ({}, None, "nyc"),  # the source's
        ({}, "india", "india"),
        ({}, "INDIA ", "india"),
        ({"zip": "110016"}, "nyc", "nyc"),  # what is named goes before what is found
        ({"zip": "110016"}, None, "india"),
        ({"pin": "110 016"}, None, "india"),
        ({"zip": 10021}, None, "nyc"),
        ({"zip": "10021-1234"}, None, "nyc"),
        ({"phone": "+91 98100 12345"}, None, "india"),
        ({"phone": "98100 12345"}, None, "nyc"),  # could be anywhere
        ({"zip": "10021", "phone": "+91 98100 12345"}, None, "nyc"),
        ({"bill": "₹6,500"}, None, "india"),
        ({"bill": "$6,500"}, None, "nyc"),
        ({}, "atlantis", "nyc"),
        ({}, ["india"], "nyc"),
        ({"zip": {"a": 1}}, None, "nyc"),
    ],
)
def test_market(fields: dict[str, Any], stated: Any, market: str) -> None:
    assert read(fields, market=stated).market == market


@pytest.mark.parametrize(
    "given_as",
    [True, "true", "TRUE", " yes ", "on"],
)
def test_consent_that_was_given(given_as: Any) -> None:
    consent = read({}, consent={"given": given_as, "channels": ["sms"], "text": "I agree."}).consent
    assert consent is not None
    assert (consent.channels, consent.wording) == (("sms",), "I agree.")
    assert consent.page_url == SETTING.page_url


@pytest.mark.parametrize(
    "given_as",
    [
        False,
        None,
        0,
        1,
        1.0,
        "",
        "false",
        "no",
        "off",
        "owner",
        "own",
        "maybe",
        [True],
        {"given": True},
    ],
)
def test_anything_but_yes_is_no_consent(given_as: Any) -> None:
    assert read({}, consent={"given": given_as, "channels": ["call"]}).consent is None


@pytest.mark.parametrize(
    ("stated", "channels"),
    [
        (["call", "sms", "email"], ("call", "sms", "email")),
        (["email", "call"], ("call", "email")),
        (["Call "], ("call",)),
        (["fax", "sms"], ("sms",)),
        ([["call"], None, 3, {"call": True}, "email"], ("email",)),
        ("call, sms", ("call", "sms")),
        ({"call": False, "sms": True, "email": "no"}, ("sms",)),
    ],
)
def test_channels(stated: Any, channels: tuple[str, ...]) -> None:
    consent = read({}, consent={"given": True, "channels": stated}).consent
    assert consent is not None
    assert consent.channels == channels


@pytest.mark.parametrize(
    "stated",
    [None, [], "", "do not call", "no sms please", "callback", {"call": False}, 7, True, ["fax"]],
)
def test_no_channel_is_no_consent(stated: Any) -> None:
    assert read({}, consent={"given": True, "channels": stated}).consent is None


@pytest.mark.parametrize("consent", [True, "yes", ["given"], 1])
def test_consent_that_is_no_object_is_none(consent: Any) -> None:
    assert read({}, consent=consent).consent is None


def test_only_known_touches_are_kept_and_only_short_texts() -> None:
    attribution = {
        "utm_source": "google",
        "utm_campaign": "x" * 5000,
        "gclid": {"$gt": ""},
        "fbclid": "line\nbreak",
        "password": "secret",
        "__proto__": "x",
        "first_touch": {"msclkid": 12, "other": 1},
    }
    assert read({}, attribution=attribution).attribution == {
        "first_touch": {"msclkid": "12"},
        "last_touch": {"utm_source": "google", "utm_campaign": "x" * 300, "fbclid": "line break"},
    }


def test_without_a_first_touch_the_last_one_was_the_first() -> None:
    assert read({}, attribution={"utm_source": "google", "first_touch": []}).attribution == {
        "first_touch": {"utm_source": "google"},
        "last_touch": {"utm_source": "google"},
    }


@pytest.mark.parametrize("attribution", [None, [], "utm_source=google", {}, {"evil": "1"}])
def test_no_attribution(attribution: Any) -> None:
    assert read({}, attribution=attribution).attribution == {}


@pytest.mark.parametrize(
    ("said", "e164"),
    [
        ("(212) 555-0142", "+12125550142"),
        ("212.555.0142", "+12125550142"),
        ("1 212 555 0142", "+12125550142"),
        ("+1-212-555-0142 x12", "+12125550142"),
        ("tel:+1-212-555-0142", "+12125550142"),
        (2125550142, "+12125550142"),
        (2125550142.0, "+12125550142"),
        ("２１２５５５０１４２", "+12125550142"),
        ("(917) 456-7890 evenings only", "+19174567890"),
        ("(917) 456-7890 / (917) 456-7891", "+19174567890"),
        ("011 91 98100 12345", "+919810012345"),
    ],
)
def test_phones_in_every_format(said: Any, e164: str) -> None:
    phone = read({"phone": said}, market="nyc").person.phone
    assert phone is not None
    assert phone.e164 == e164


@pytest.mark.parametrize("said", ["12", "call me", "", None, [], "+999999999999999999999", 1e300])
def test_what_is_no_phone(said: Any) -> None:
    assert read({"phone": said}).person.phone is None


def test_the_first_field_that_says_something_counts() -> None:
    assert canonical(
        {"email": {"no": 1}, "E-mail": " ", "mail": "a@example.com"}, {"email": "b@example.com"}
    ) == {"email": "a@example.com"}


def test_no_alias_belongs_to_two_fields() -> None:
    aliases = [alias for name, others in FIELD_NAMES.items() for alias in (name, *others)]
    assert sorted(set(aliases)) == sorted(aliases)


ALIASES = [alias for name, others in FIELD_NAMES.items() for alias in (name, *others)]
PARTS_OF_A_PAYLOAD = (
    "market", "partial", "consent", "attribution", "user_messages", "bot_responses", "session_id",
    "form_type", "lead", "conversation_context", "calculation_results",
)  # fmt: skip
PLACES_OF_FIELDS = ("contact_info", "user_info", "form_data", "user_inputs", "lead", "")


@settings(max_examples=200, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from(sorted(DOORS)),
    st.dictionaries(st.sampled_from(ALIASES), anything, max_size=6),
    st.dictionaries(st.sampled_from(PARTS_OF_A_PAYLOAD), anything, max_size=4),
    st.sampled_from(PLACES_OF_FIELDS),
)
def test_no_parser_ever_raises_and_every_choice_is_one(
    kind: str, fields: dict[str, Any], payload: dict[str, Any], under: str
) -> None:
    draft = DOORS[kind].parse({**payload, under: fields} | ({} if under else fields), SETTING)
    assert draft.market in {"nyc", "india"}
    for name, allowed in {
        "property_type": choices.PropertyType,
        "ownership": choices.Ownership,
        "roof_type": choices.RoofType,
        "shading": choices.Shading,
        "timeline": choices.Timeline,
        "decision_maker": choices.DecisionMaker,
        "credit_range": choices.CreditRange,
    }.items():
        assert draft.details.get(name, allowed.values[0]) in allowed.values
