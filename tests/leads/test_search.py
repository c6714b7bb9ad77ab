"""Finding a lead by what somebody types."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.contacts.actions import contact_add_identity
from apps.leads.models import Lead
from apps.leads.search import search_leads
from tests.factories.leads import make_lead

pytestmark = pytest.mark.django_db


@pytest.fixture
def leads() -> None:
    make_lead(
        first_name="Mei-Ling", last_name="Chen", email="mei@example.com", phone="+12125550142",
        postal_code="10021", details={"company": "Chen & Daughters", "city": "New York"},
    )  # fmt: skip
    make_lead(
        first_name="Patrick", last_name="O'Hara", email="pat@example.com", phone="+19174567890",
        postal_code="11215",
    )  # fmt: skip
    make_lead(
        first_name="प्रिया", last_name="शर्मा", email="priya@example.com", phone="+919810012345",
        market="india", postal_code="110016",
    )  # fmt: skip
    make_lead(first_name="小明", last_name="王", email="wang@example.com", phone="")
    make_lead(first_name="Zoë", last_name="Çelik", email="zoe@example.com", phone="")


def found(text: str) -> set[str]:
    return {lead.email.partition("@")[0] for lead in search_leads(Lead.objects.all(), text)}


@pytest.mark.parametrize(
    ("typed", "who"),
    [
        ("chen", {"mei"}),
        ("CHE", {"mei"}),
        ("mei chen", {"mei"}),
        ("chen mei", {"mei"}),
        ("Mei-Ling", {"mei"}),
        ("ling", {"mei"}),
        ("daughters", {"mei"}),
        ("new yor", {"mei"}),
        ("chen patrick", set()),  # all words
        ("O'Hara", {"pat"}),
        ("ohara", set()),
        ("प्रिया", {"priya"}),
        ("शर्", {"priya"}),
        ("小", {"wang"}),
        ("王 小明", {"wang"}),
        ("zoë", {"zoe"}),
        ("çel", {"zoe"}),
        ("zoe celik", {"zoe"}),
        ("Mêi", {"mei"}),
        ("zoe\u0308", {"zoe"}),  # the accent as a letter of its own, as some keyboards send it
        ("शर्मा", {"priya"}),
        ("शरम", set()),  # another word: vowel signs are no accents
        ("pat@example.com", {"pat"}),
        (" PAT@Example.com ", {"pat"}),
        ("pat@example", set()),
        ("+12125550142", {"mei"}),
        ("(212) 555-0142", {"mei"}),
        ("212.555.0142", {"mei"}),
        ("98100 12345", {"priya"}),
        ("+91 98100-12345", {"priya"}),
        ("10021", {"mei"}),
        ("1002", {"mei"}),
        ("110016", {"priya"}),
        ("11", {"pat", "priya"}),
        ("nobody", set()),
    ],
)
def test_what_is_found(leads: None, typed: str, who: set[str]) -> None:
    assert found(typed) == who


def test_whatever_a_person_is_known_by_finds_their_leads(leads: None) -> None:
    lead = Lead.objects.get(email="mei@example.com")
    contact_add_identity(contact_pk=lead.contact_id, kind="phone", value="+17187620142", valid=True)
    contact_add_identity(
        contact_pk=lead.contact_id, kind="email", value="chen@work.example", valid=True
    )
    make_lead(email="", phone="+17187620177")
    for typed in ("(718) 762-0142", "chen@work.example", "mei@example.com"):
        assert found(typed) == {"mei"}
    assert not search_leads(Lead.objects.exclude(pk=lead.pk), "chen@work.example").exists()


@pytest.mark.parametrize("typed", ["", "   "])
def test_nothing_typed_is_everybody(leads: None, typed: str) -> None:
    assert len(found(typed)) == 5


HOSTILE = [
    "'); DROP TABLE leads_lead; --", "'); -- & | : *", "&", "|", "!", ":*", "a:* & !b", "(((", "\\",
    "q\\", "%", "_", "%s", "{}", "<->", "' OR 1=1", "😀", "\u202e", "x" * 5000, "a " * 2000, "-",
    "²", "\u0301", "ª:ª", "''''", "a'b\"c`d",
]  # fmt: skip


@pytest.mark.parametrize("typed", HOSTILE)
def test_hostile_input_finds_nothing_and_breaks_nothing(leads: None, typed: str) -> None:
    assert found(typed) == set()
    assert Lead.objects.count() == 5


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=40))
def test_no_text_breaks_the_search(db: None, typed: str) -> None:
    assert list(search_leads(Lead.objects.all(), typed)) == []  # there are none
