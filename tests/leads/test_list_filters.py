"""Narrowing the list by moments that calendars know and databases do not."""

from __future__ import annotations

import pytest

from tests.factories.leads import make_lead


@pytest.mark.parametrize(
    ("query", "status", "count"),
    [
        ("created_from=2020-01-01T00:00:00Z", 200, 1),
        ("created_to=2020-01-01T00:00:00Z", 200, 0),
        ("created_from=2020-01-01T00:00:00%2B19:10", 200, 1),
        ("created_from=0001-01-01T00:00:00%2B12:00", 400, None),
        ("created_from=9999-12-31T23:59:59-12:00", 400, None),
        ("created_from=yesterday", 400, None),
    ],
)
def test_moments(query: str, status: int, count: int | None, mia, api_as) -> None:
    make_lead()
    answer = api_as(mia).get(f"/api/leads/?{query}")
    assert answer.status_code == status
    assert answer.json().get("data", {}).get("count") == count
