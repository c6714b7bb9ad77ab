"""What makes two requests the same person: read carefully, and never joining two."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from apps.contacts.identity import (
    PhoneNumber,
    find_emails,
    find_phones,
    read_email,
    read_phone,
    region_of,
    show_phone,
)

anything = st.text(st.characters(exclude_categories=()))
regions = st.sampled_from(["US", "IN"])
wrappings = st.text(" <>\"'.,;\t", max_size=4)
addresses = st.from_regex(
    r"[a-zA-Z0-9!#$%&'*+/=?^_`{|}~-]{1,10}(\.[a-zA-Z0-9+'-]{1,5})?@[a-zA-Z0-9]{1,8}\.[a-zA-Z]{2,4}",
    fullmatch=True,
)
phone_like = st.text("0123456789+-() .x#*", max_size=25)


@given(anything)
@example("mailto:'a@b.co")
@example("<mailto:a@b.co>")
@example("mailto:mailto:a@b.co")
@example("İ@example.com")
def test_an_address_read_twice_is_the_same(text: str) -> None:
    found = read_email(text)
    assert found is None or read_email(found) == found


@given(wrappings, st.sampled_from(["", "mailto:", "MAILTO:"]), wrappings, addresses, wrappings)
def test_what_is_around_an_address_and_its_case_do_not_matter(
    before: str, scheme: str, between: str, address: str, after: str
) -> None:
    plain = read_email(address)
    assert read_email(f"{before}{scheme}{between}{address}{after}") == plain
    assert read_email(address.upper()) == read_email(address.lower())


@given(addresses)
def test_dots_and_tags_are_kept_for_they_may_be_somebody_else(address: str) -> None:
    found = read_email(address)
    assert found is None or found.count(".") == address.strip("'").count(".")


@pytest.mark.parametrize(
    "text",
    ["", "ana", "ana@", "@example.com", "ana@example", "ana@@example.com", "a b@example.com",
     "ana@exam_ple.com", "ana@-example.com", "ana..b@example.com", "a" * 65 + "@example.com",
     "ana@" + "a." * 130 + "com", "ana@127.0.0.1", "ana\x00@example.com", "\ud800@example.com"],
)  # fmt: skip
def test_what_is_no_address(text: str) -> None:
    assert read_email(text) is None


@given(anything | phone_like, regions, regions)
@example("+910 9876543210", "US", "IN")
@example("+1 212 555 0142 ext. 7", "US", "IN")
def test_a_number_read_twice_is_the_same_wherever_it_is_read(text, region, other) -> None:
    found = read_phone(text, region=region)
    if found is not None:
        assert found.e164.startswith("+")
        assert found.e164[1:].isascii()
        assert found.e164[1:].isdigit()
        assert len(found.e164) <= 16
        assert read_phone(found.e164, region=other) == found


@pytest.mark.parametrize(
    ("region", "e164", "ways"),
    [
        ("US", "+12125550142",
         ["2125550142", "(212) 555-0142", "212.555.0142", "1-212-555-0142", "+1 212 555 0142",
          "0012125550142"[2:], "tel:+12125550142", "212 555 0142 ext 9", "2 1 2 5 5 5 0 1 4 2",
          "\uff0b\uff11 212 555 0142", "  212-555-0142  "]),
        ("IN", "+919876543210",
         ["9876543210", "09876543210", "+91 98765 43210", "91 9876543210", "98765-43210",
          "+91-98765-43210", "0091 98765 43210"]),
    ],
)  # fmt: skip
def test_one_number_in_many_ways(region: str, e164: str, ways: list[str]) -> None:
    assert {way: read_phone(way, region=region).e164 for way in ways} == dict.fromkeys(ways, e164)


@given(st.integers(200, 999), st.integers(200, 999), st.integers(0, 9999))
def test_formats_of_the_same_number_are_equal(area: int, office: int, line: int) -> None:
    digits = f"{area}{office}{line:04}"
    ways = [
        digits,
        f"({area}) {office}-{line:04}",
        f"+1{digits}",
        f"1 {area}.{office}.{line:04}",
    ]
    assert len({read_phone(way, region="US") for way in ways}) == 1


@pytest.mark.parametrize(
    "text",
    [
        "",
        "call me",
        "555-0142",
        "911",
        "12",
        "+",
        "9" * 61,
        "1" * 30,
        "\x00",
        "٢١٢",
        "2125550142" * 3,
    ],
)
def test_what_is_no_number(text: str) -> None:
    assert read_phone(text, region="US") is None


def test_a_number_that_is_possible_but_not_valid_is_kept_as_such() -> None:
    assert read_phone("123-456-7890", region="US") == PhoneNumber("+11234567890", valid=False)
    assert read_phone("212-736-5000", region="US") == PhoneNumber("+12127365000", valid=True)


@given(anything, regions)
def test_searching_a_text_never_raises(text: str, region: str) -> None:
    for number in find_phones(text, region=region):
        assert read_phone(number.e164, region=region) == number
    for address in find_emails(text):
        assert read_email(address) == address


def test_what_somebody_wrote_inside_a_sentence_is_found() -> None:
    text = "Write to Ana@Example.com, or call (212) 736-5000; my wife is on +91 98765 43210."
    assert find_emails(text) == ["ana@example.com"]
    assert [n.e164 for n in find_phones(text, region="US")] == ["+12127365000", "+919876543210"]


def test_numbers_for_people() -> None:
    assert show_phone("+12127365000") == "+1 212-736-5000"
    assert show_phone("no number") == "no number"
    assert (region_of("+12127365000"), region_of("+919876543210")) == ("US", "IN")
