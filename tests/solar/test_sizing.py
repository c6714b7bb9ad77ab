"""How large a system is, by hand."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.solar.sizing import Roof, Size, system_size


def size(
    use: int = 9000,
    *,
    asked: str | None = None,
    area: int | None = None,
    m2: str = "5.3",
    usual: str | None = None,
) -> Size:
    return system_size(
        asked_kw=None if asked is None else Decimal(asked),
        yearly_use_kwh=Decimal(use),
        yield_per_kw=Decimal(1293),
        roof=Roof(None if area is None else Decimal(area), Decimal(60), Decimal(m2)),
        usual_roof_kw=None if usual is None else Decimal(usual),
        smallest_kw=Decimal(1),
        largest_kw=Decimal(25),
    )


@pytest.mark.parametrize(
    ("made", "capacity", "held_by"),
    [
        (size(9000), "6.9", ""),
        (size(9000, asked="12"), "12", ""),
        (size(0), "1", ""),
        (size(60_000), "25", "limit"),
        (size(9000, area=40), "4.5", "roof"),  # 40 * 0.6 / 5.3
        (size(9000, area=84, m2="8.8"), "5.7", "roof"),  # a brownstone: 5 to 6 kW
        (size(9000, area=5), "1", "roof"),
        (size(9000, usual="6"), "6", "usual_roof"),
        (size(7000, usual="6"), "5.4", ""),
        (size(9000, usual="6", area=84, m2="8.8"), "5.7", "roof"),
        (size(9000, usual="6", asked="12"), "12", ""),
        (size(9000, area=500), "6.9", ""),
    ],
)
def test_sizes(made: Size, capacity, held_by):
    assert (made.capacity_kw, made.held_by) == (Decimal(capacity), held_by)


@given(st.integers(0, 200_000), st.none() | st.integers(1, 1000))
def test_never_more_than_wanted_and_never_under_the_smallest(use, area):
    made = size(use, area=area)
    assert 1 <= made.capacity_kw <= max(made.wanted_kw, Decimal(1))
