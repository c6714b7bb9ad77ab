"""Reading single values as people and programs write them: tables, and never an exception."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.integrations.doors import values, words

anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters())  # lone surrogates and NUL among them
    | st.text("0123456789.,-+ $₹kKlto/–() e"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        (400, "400"),
        (0, "0"),
        (1250.5, "1250.5"),
        ("400", "400"),
        (" 400 ", "400"),
        ("$400", "400"),
        ("$1,250.50/month", "1250.50"),
        ("$1,250.50USD", "1250.50"),
        ("₹6,500", "6500"),
        ("Rs. 5,000/-", "5000"),
        ("Rs 42,00,000", "4200000"),
        ("about 300 a month", "300"),
        ("1.5k", "1500.0"),
        ("2 K", "2000"),
        ("4 hundred", "400"),
        ("2 lakh", "200000"),
        ("1.5 Lakhs", "150000.0"),
        ("3 crore", "30000000"),
        ("7.2kW", "7.2"),  # a unit of its own, not a thousand
        ("7 kw", "7"),
        ("12years", "12"),
        ("4e2", "4E+2"),
        ("1.250,50", "1250.50"),
        ("1.250,50 €", "1250.50"),
        ("५०००", "5000"),
        ("٤٠٠", "400"),
        ("200-300", "250"),
        ("200 - 300", "250"),
        ("$200 - $300", "250"),
        ("200–300", "250"),
        ("200 to 300", "250"),
        ("between 200 and 300", "250"),
        ("5-6k", "5500"),
        ("1 to 2 lakh", "150000"),
        ("$201-300", "250.5"),
        ("400 and 3 kids", "400"),  # not a range
        ("10021-1234", "10021"),  # falls: not a range either
        ("over $500", "500"),
    ],
)
def test_numbers(said: Any, meant: str) -> None:
    found = values.number(said)
    assert found is not None
    assert found == Decimal(meant)


@pytest.mark.parametrize(
    "said",
    [
        None, True, False, "", "none", "a lot", "-50", "- 50", "$-50", "−50", "bill: -50", -1, -0.1,
        float("nan"), float("inf"), "NaN", "Infinity", "1e309", "1e99999999", 10**12, "9" * 99,
        "1" * 101, [400], {"amount": 400}, "\x00", "\ud800",
    ],
)  # fmt: skip
def test_no_number(said: Any) -> None:
    assert values.number(said) is None


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        (True, True), (1, True), ("yes", True), ("YES!", True), (" y ", True), ("true", True),
        ("on", True), ("Own", True), ("owner", True), ("haan", True),
        (False, False), (0, False), ("no", False), ("N", False), ("false", False),
        ("rent", False), ("Renter.", False), ("nahi", False),
        (None, None), ("", None), ("maybe", None), ("no idea", None), (2, None), (1.0, None),
        ([True], None), ({"yes": True}, None),
    ],
)  # fmt: skip
def test_yes_and_no(said: Any, meant: bool | None) -> None:
    assert values.boolean(said) is meant


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("Priya Sharma", ("Priya", "Sharma")),
        ("Sharma, Priya", ("Priya", "Sharma")),
        ("SHARMA,PRIYA", ("PRIYA", "SHARMA")),
        ("Dr. A. B. Rao", ("A.", "B. Rao")),
        ("Mrs Grace Feldman", ("Grace", "Feldman")),
        ("Drew Barry", ("Drew", "Barry")),
        ("Cher", ("Cher", "")),
        ("Martin Luther King, Jr.", ("Martin", "Luther King Jr.")),
        ("  Mei-Ling   Chen ", ("Mei-Ling", "Chen")),
        ("Patrick O'Hara", ("Patrick", "O'Hara")),
        ("王小明", ("王小明", "")),
        ("محمد علي", ("محمد", "علي")),
        ("क्\u200dषमा राव", ("क्\u200dषमा", "राव")),  # a joiner belongs to its word
        ("Ann\tMarie\nSmith", ("Ann", "Marie Smith")),
        ("\u202eevil name", ("evil", "name")),
        ("Zoë 😀", ("Zoë", "😀")),
        ("Smith,", ("Smith", "")),
        (", Smith", ("Smith", "")),
        ("ann@example.com", ("", "")),
        ("12345", ("", "")),
        ("---", ("", "")),
        (None, ("", "")),
        (["Ann"], ("", "")),
        ("A" * 300, ("A" * 100, "")),
    ],
)
def test_names(said: Any, meant: tuple[str, str]) -> None:
    assert values.person_name(said) == meant


@pytest.mark.parametrize(
    ("said", "table", "meant"),
    [
        ("House", words.PROPERTY_TYPES, "single_family"),
        ("2-family", words.PROPERTY_TYPES, "multi_family"),
        ("two family house", words.PROPERTY_TYPES, "multi_family"),  # the longer match
        ("Co-Op", words.PROPERTY_TYPES, "co_op"),
        ("co-op apartment", words.PROPERTY_TYPES, "co_op"),
        ("CONDOMINIUM!", words.PROPERTY_TYPES, "condo"),
        ("single_family", words.PROPERTY_TYPES, "single_family"),
        ("houseboat", words.PROPERTY_TYPES, ""),
        ("not a house", words.PROPERTY_TYPES, ""),
        ("ASAP", words.TIMELINES, "immediate"),
        ("1-3 months", words.TIMELINES, "within_3_months"),
        ("3-6 months", words.TIMELINES, "within_6_months"),
        ("just researching", words.TIMELINES, "researching"),
        ("not sure", words.TIMELINES, "researching"),
        ("next year", words.TIMELINES, "within_year"),
        ("no shade", words.SHADING, "none"),
        ("a lot of shade", words.SHADING, "heavy"),
        ("me and my spouse", words.DECISION_MAKERS, "joint"),
        (750, words.CREDIT_RANGES, "excellent"),
        ("580-669", words.CREDIT_RANGES, "fair"),
        ("", words.PROPERTY_TYPES, ""),
        (None, words.PROPERTY_TYPES, ""),
        (True, words.PROPERTY_TYPES, ""),
        (["house"], words.PROPERTY_TYPES, ""),
    ],
)
def test_choices(said: Any, table: dict[str, tuple[str, ...]], meant: str) -> None:
    assert values.choice(said, table) == meant


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(anything)
def test_no_reader_ever_raises_and_all_of_it_can_be_stored(value: Any) -> None:
    texts = [
        values.text(value),
        values.line(value, limit=100),
        *values.person_name(value),
        values.choice(value, words.PROPERTY_TYPES),
    ]
    for text in texts:
        assert "\x00" not in text
        text.encode("utf-8")
    assert "\n" not in texts[1]
    found = values.number(value)
    assert found is None or 0 <= found < 10**9
    assert values.boolean(value) in (True, False, None)


@given(st.text(st.characters(), max_size=400), st.integers(1, 120))
def test_texts_fit_their_column(value: str, limit: int) -> None:
    assert len(values.text(value, limit=limit)) <= limit
    assert len(values.line(value, limit=limit)) <= limit
    assert all(len(part) <= 100 for part in values.person_name(value))
