"""What columns are taken for, and what is said of a row: every problem, in words."""

from __future__ import annotations

import pytest

from apps.integrations.imports.columns import FIELDS, guessed, mapping_problems
from apps.integrations.imports.judging import Judged, Plan, judge
from apps.leads.export import COLUMNS
from tests.integrations.reading import SETTING

SAM = "0192f000-0000-7000-8000-000000000000"
PEOPLE = {"sam": [SAM], "sam lee": [SAM, "0192f000-0000-7000-8000-000000000001"]}
MARKETS = {"nyc": ["nyc"], "new york city": ["nyc"], "india": ["india"], "ny": ["nyc", "upstate"]}


def judged(**said: str) -> Judged:
    plan = Plan(list(said), dict(enumerate(said)), "nyc", MARKETS, PEOPLE)
    return judge(list(said.values()), plan, SETTING)


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("E-mail Address", "email"),
        ("Mobile", "phone"),
        ("ZIP", "postal_code"),
        ("PIN code", "postal_code"),
        ("First Name", "first_name"),
        ("Electric Bill", "monthly_bill"),
        ("Consent text", "consent_wording"),
        ("Assigned to", "assign_to"),
        ("Phone No.", "phone"),
        ("Customer Mobile Number", "phone"),
        ("Email ID", "email"),
        ("Bill / month (INR)", "monthly_bill"),
        ("Favourite colour", None),
        ("Service No.", None),
        ("Customer ID", None),
    ],
)
def test_a_column_by_its_name(name, field) -> None:
    assert guessed([name], [["x"]]).get(0) == field


def test_owner_is_who_works_it_unless_it_says_yes_and_no() -> None:
    assert guessed(["Owner"], [["sam"], ["sue"]]) == {0: "assign_to"}
    assert guessed(["Owner"], [["yes"], ["rent"]]) == {0: "homeowner"}
    assert guessed(["Owner?"], [["yes"], ["own"], ["maybe"]]) == {0: "homeowner"}
    assert guessed(["Owner"], []) == {0: "assign_to"}


def test_the_first_column_of_a_kind_counts() -> None:
    assert guessed(["Phone", "Mobile"], [["1", "2"]]) == {0: "phone"}


def test_a_name_itself_counts_before_one_that_is_nearly_it() -> None:
    assert guessed(["Contact name of lead", "Name"], [["x", "y"]]) == {1: "name"}


def test_a_column_of_addresses_is_one_whatever_it_is_called() -> None:
    assert guessed(["Colour", "ई-मेल"], [["red", "asha@example.in"]]) == {1: "email"}
    assert guessed(["Kontakt"], [["a@example.com"], ["by post"]]) == {}
    assert guessed(["Agent e-mail"], [["sam@aurum.example"]]) == {}


def test_our_own_export_is_understood() -> None:
    columns = list(COLUMNS)
    found = {columns[place]: field for place, field in guessed(columns, []).items()}
    for name in ("first_name", "email", "phone", "market", "postal_code", "monthly_bill"):
        assert found[name] == name
    assert (found["ownership"], found["owner"]) == ("homeowner", "assign_to")


@pytest.mark.parametrize(
    ("mapping", "words"),
    [
        ({0: "first_name"}, "e-mail or the phone"),
        ({0: "email", 1: "email"}, "two columns"),
        ({0: "email", 1: "shoe_size"}, "no such field"),
        ({0: "email", 9: "phone"}, "no such column"),
    ],
)
def test_columns_that_do_not_do(mapping, words) -> None:
    assert any(words in problem for problem in mapping_problems(mapping, 2))
    assert mapping_problems({0: "email"}, 2) == []


def test_a_row_is_read_as_the_road_reads_it() -> None:
    row = judged(name="Grace Feldman", email=" Grace@X.com ", homeowner="yes", monthly_bill="$400")
    assert (row.problems, row.notes) == ([], [])
    assert row.draft is not None
    assert (row.draft.person.first_name, row.draft.person.email) == ("Grace", "grace@x.com")
    assert row.draft.details["ownership"] == "owner"


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        ({"first_name": "Grace", "email": ""}, "Neither an e-mail address nor a phone number"),
        ({"email": "grace@"}, "“grace@” is no e-mail address"),
        ({"phone": "12"}, "“12” is no phone number"),
        ({"email": "g@x.com", "market": "Mars"}, "There is no market called “Mars”"),
        (
            {"email": "g@x.com", "assign_to": "Sam Lee"},
            "“Sam Lee” in “assign_to” is the name of 2: write the e-mail instead",
        ),
        (
            {"email": "g@x.com", "market": "NY"},
            "“NY” in “market” is the name of 2: write the code instead",
        ),
    ],
)
def test_why_a_row_cannot_be_taken_in(said, problem) -> None:
    assert judged(**said).problems == [problem]


@pytest.mark.parametrize(
    ("said", "note"),
    [
        ({"phone": "12"}, "“12” is no phone number: left out"),
        ({"postal_code": "99"}, "“99” is no postal code of this market: left out"),
        ({"monthly_bill": "much"}, "“much” is no amount: left out"),
        ({"homeowner": "perhaps"}, "“perhaps” is no yes or no: left out"),
        ({"property_type": "castle"}, "“castle” is no answer we know to “Kind of property”"),
        ({"assign_to": "nobody"}, "Nobody who works leads is called “nobody”"),
    ],
)
def test_what_is_left_out_of_a_row_that_is_taken_in(said, note) -> None:
    row = judged(email="g@x.com", **said)
    assert row.problems == []
    assert len(row.notes) == 1
    assert row.notes[0].startswith(note)


def test_a_column_nobody_chose_is_kept() -> None:
    plan = Plan(["mail", "colour"], {0: "email"}, "nyc", MARKETS, PEOPLE)
    assert judge(["g@x.com", "red"], plan, SETTING).payload["other_columns"] == {"colour": "red"}


def test_who_works_it_is_named_by_id() -> None:
    row = judged(email="g@x.com", assign_to="Sam")
    assert row.draft is not None
    assert str(row.draft.assign_to) == SAM


def test_consent_with_its_words_is_written_down_as_given_then() -> None:
    row = judged(
        email="g@x.com",
        consent_given="Yes",
        consent_wording="Call me.",
        consent_channels="call, email",
        consent_at="2026-03-04",
    )
    assert row.draft is not None
    consent = row.draft.consent
    assert consent is not None
    assert (consent.wording, consent.channels) == ("Call me.", ("call", "email"))
    assert consent.given_at is not None
    assert consent.given_at.date().isoformat() == "2026-03-04"


def test_a_year_that_is_a_slip_of_the_hand_is_no_day_of_consent() -> None:
    row = judged(
        email="ana@example.com",
        consent_given="Yes",
        consent_wording="Call me.",
        consent_channels="call",
        consent_at="0026-11-27",
    )
    assert row.draft is not None
    assert row.draft.consent is not None
    assert row.draft.consent.given_at is None
    assert row.notes == ["“0026-11-27” is no date like 2026-11-27: the day of the import is kept"]


@pytest.mark.parametrize(
    "said",
    [
        {"consent_given": "yes", "consent_channels": "call"},
        {"consent_given": "yes", "consent_wording": "Call me."},
        {"consent_given": "no", "consent_wording": "Call me.", "consent_channels": "call"},
        {"consent_wording": "Call me.", "consent_channels": "call"},
    ],
)
def test_consent_without_words_ways_or_a_yes_is_none(said) -> None:
    row = judged(email="g@x.com", **said)
    assert row.draft is not None
    assert row.draft.consent is None
    assert bool(row.notes) == (said.get("consent_given") == "yes")


def test_every_field_of_the_menu_can_be_read() -> None:
    row = judged(**dict.fromkeys(FIELDS, "x") | {"email": "g@x.com", "market": "nyc"})
    assert row.problems == []
