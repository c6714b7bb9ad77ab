"""Who looks like the same person, and who must not: slips, households, strangers."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from apps.leads.duplicates import Person, block_keys, likeness, sound

GRACE = Person(
    first_name="Grace",
    last_name="Feldman",
    email="grace.feldman@gmail.com",
    phone="+12125550142",
    address="12 Main Street",
    postal_code="10021",
)
NOBODY = Person()


def only(**said: str) -> Person:
    return Person(**said)


@pytest.mark.parametrize(
    ("other", "reason"),
    [
        (replace(GRACE, email="gracefeldman@gmail.com", phone=""), "without dots"),
        (replace(GRACE, email="grace.feldman@gmial.com", phone=""), "slip: gmail.com"),
        (replace(GRACE, email="", phone="+17185550142"), "the same end"),
        (replace(GRACE, email="gf@work.example", phone="+19175550100"), "the same address"),
        (replace(GRACE, email="grace.feldmann@gmail.com", phone=""), "one letter"),
        (replace(GRACE, first_name="G.", email="", address=""), "same phone"),
        (replace(GRACE, last_name="Feldmann", email="x@y.com", phone=""), "the same name"),
        (replace(GRACE, first_name="Gràce", email="", phone="+17185550142"), "the same name"),
        (replace(GRACE, first_name="Feldman", last_name="Grace", phone="+17185550142"), "dots"),
    ],
)
def test_one_person(other, reason) -> None:
    found = likeness(GRACE, other)
    assert found is not None
    if reason == "dots":  # swapped names: known by the rest
        assert found.kind in {"person", "household"}
        return
    assert found.kind == "person"
    assert any(reason in words for words in found.reasons), found.reasons
    assert block_keys(GRACE) & block_keys(other)


@pytest.mark.parametrize(
    "other",
    [
        replace(GRACE, first_name="Daniel", email="dan@x.com", phone=""),
        replace(GRACE, first_name="Daniel", email="dan@x.com", address=""),
    ],
    ids=["one address", "one telephone"],
)
def test_two_spouses_are_a_household_and_not_a_person(other) -> None:
    found = likeness(GRACE, other)
    assert found is not None
    assert found.kind == "household"
    assert "a household rather than one person" in found.reasons[-1]


@pytest.mark.parametrize(
    "other",
    [
        NOBODY,
        only(first_name="Grace", last_name="Feldman"),  # of another town
        only(first_name="Grace", last_name="Feldman", postal_code="10021"),  # of a big house
        only(first_name="Ruth", last_name="Weiss", postal_code="10021", address="12 Main Street"),
        only(first_name="Grace", last_name="Oduya", email="grace.oduya@gmail.com"),
        replace(GRACE, first_name="Otto", last_name="Weiss", email="", address=""),  # a new owner
        only(email="grace.feldman@yahoo.com", first_name="Otto", last_name="Weiss"),
        only(phone="+12125550143", first_name="Grace", last_name="Feldman"),
    ],
)
def test_two_strangers(other) -> None:
    found = likeness(GRACE, other)
    assert found is None or found.kind == "household"
    if other.first_name == "Grace" or not other.first_name:
        assert found is None


def test_offices_are_nobody() -> None:
    one = only(email="info@solar.example", first_name="Ann")
    assert likeness(one, only(email="info@solar.exampel", first_name="Ann")) is None
    assert likeness(one, one) is None
    assert block_keys(one) == set()


def test_short_names_are_not_alike_by_one_letter() -> None:
    one = only(first_name="Mei", last_name="Li", postal_code="11355", phone="+17185550142")
    other = replace(one, last_name="Lu", phone="+12125550142")
    assert likeness(one, other) is None


@pytest.mark.parametrize(
    ("one", "other"), [("meyer", "maier"), ("smith", "smyth"), ("johnson", "jonson")]
)
def test_names_that_sound_alike_share_a_block(one, other) -> None:
    assert sound(one) == sound(other)


def test_other_scripts_have_blocks_too() -> None:
    one = only(last_name="शर्मा", first_name="प्रिया", postal_code="110016")
    assert block_keys(one) == block_keys(replace(one, first_name="राहुल"))


people = st.builds(
    Person,
    first_name=st.sampled_from(["", "Grace", "G.", "Daniel", "प्रिया", "Li"]),
    last_name=st.sampled_from(["", "Feldman", "Feldmann", "Weiss", "शर्मा"]),
    email=st.sampled_from(["", "grace.f@gmail.com", "gracef@gmial.com", "info@x.com", "a@b.co"]),
    phone=st.sampled_from(["", "+12125550142", "+17185550142", "+919810012345"]),
    address=st.sampled_from(["", "12 Main Street", "12 Main St.", "Main Street"]),
    postal_code=st.sampled_from(["", "10021", "110016"]),
)


@given(people, people)
def test_it_does_not_matter_who_is_compared_with_whom(one, other) -> None:
    found, turned = likeness(one, other), likeness(other, one)
    if found is None or turned is None:
        assert found == turned
    else:
        assert (found.kind, found.score) == (turned.kind, turned.score)


@given(people, people)
@example(Person(email="info@x.com"), Person(email="info@x.com"))
def test_who_is_suggested_shares_a_block(one, other) -> None:
    """Else the pair would never be looked at."""
    if likeness(one, other) is not None:
        assert block_keys(one) & block_keys(other)


@given(people, people)
def test_every_suggestion_says_why_and_clashing_first_names_are_no_person(one, other) -> None:
    found = likeness(one, other)
    if found is not None:
        assert 0 < found.score <= 100
        assert found.reasons
        if {one.first_name, other.first_name} == {"Grace", "Daniel"}:
            assert found.kind == "household"


@given(st.text(max_size=30), st.text(max_size=30))
def test_any_text_has_a_sound_and_blocks(name, address) -> None:
    person = Person(last_name=name, address=address, postal_code="10021", email=name, phone=name)
    assert all(len(key) <= 100 for key in block_keys(person))
    likeness(person, person)
