"""Letters without their accents, alike in both languages."""

from __future__ import annotations

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.core.accents import without_accents, without_accents_sql

# Letters in which names are written here; NUL no column keeps.
LETTERS = st.characters(min_codepoint=1, max_codepoint=0x1FFF, exclude_categories=["Cs", "Cn"])


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("Peña Çelik", "Pena Celik"),
        ("Zoe\u0308", "Zoe"),
        ("Đặng", "Đang"),  # a stroke is no accent
        ("शर्मा", "शर्मा"),
        ("", ""),
    ],
)
def test_what_goes_and_what_stays(written: str, plain: str) -> None:
    assert without_accents(written) == plain


@pytest.mark.django_db
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(LETTERS, max_size=20))
def test_the_database_agrees(text: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {without_accents_sql('%s::text')}", [text])
        assert cursor.fetchone() == (without_accents(text),)
