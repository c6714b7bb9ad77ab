"""What may be said of a difference: by hand, by property, and by ten thousand coins."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.conversations.interval_chart import interval_chart
from apps.conversations.variants import (
    HORIZON,
    Tally,
    Verdict,
    choose,
    compare,
    newcombe,
    wilson,
)


@st.composite
def tallies(draw, least: int = 1) -> Tally:
    visitors = draw(st.integers(least, 5_000))
    return Tally(visitors, draw(st.integers(0, visitors)))


@pytest.mark.parametrize(
    ("reached", "visitors", "low", "high"),
    # Newcombe 1998, "Two-sided confidence intervals for the single proportion", method 3.
    [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0000, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_one_share_as_published(reached, visitors, low, high) -> None:
    found = wilson(Tally(visitors, reached))
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)


def test_a_difference_as_published() -> None:
    # Newcombe 1998, "Interval estimation for the difference", method 10: 56/70 against 48/80.
    found = newcombe(Tally(80, 48), Tally(70, 56))
    assert (round(found.low, 4), round(found.high, 4)) == (0.0524, 0.3339)


def test_of_nobody_everything_is_possible() -> None:
    found = wilson(Tally(0, 0))
    assert (found.low, found.high) == (0, 1)


@given(tallies())
def test_an_interval_holds_its_share_and_stays_a_share(tally) -> None:
    found = wilson(tally)
    assert 0 <= found.low <= tally.reached / tally.visitors <= found.high <= 1


@given(tallies(), st.integers(2, 50))
def test_more_visitors_narrow_it(tally, times) -> None:
    more = wilson(Tally(tally.visitors * times, tally.reached * times))
    one = wilson(tally)
    assert more.high - more.low < one.high - one.low


@given(tallies(), tallies())
def test_a_difference_turned_round_is_the_same_difference(one, other) -> None:
    there, back = newcombe(one, other), newcombe(other, one)
    assert there.low == pytest.approx(-back.high)
    assert there.low <= other.reached / other.visitors - one.reached / one.visitors <= there.high


@given(tallies(HORIZON), tallies(HORIZON))
def test_two_lines_are_judged_alike_from_both_sides(one, other) -> None:
    opposite = {
        Verdict.BETTER: Verdict.WORSE,
        Verdict.WORSE: Verdict.BETTER,
        Verdict.NO_DIFFERENCE: Verdict.NO_DIFFERENCE,
    }
    there, back = compare([one, other])[1], compare([other, one])[1]
    assert opposite[there.verdict] == back.verdict


@given(st.lists(tallies(), min_size=1, max_size=5))
def test_before_the_horizon_nothing_is_said(found) -> None:
    first, *others = compare(found)
    assert first.verdict == Verdict.FIRST
    for tally, one in zip(found[1:], others, strict=True):
        enough = min(tally.visitors, found[0].visitors) >= HORIZON
        assert (one.verdict == Verdict.NOT_ENOUGH) is not enough
        assert (one.difference is None) is not enough


def test_twice_as_many_leads_are_a_difference() -> None:
    assert compare([Tally(400, 20), Tally(400, 44)])[1].verdict == Verdict.BETTER


def test_the_same_difference_among_five_lines_is_none() -> None:
    """With four comparisons one of them looks like this by chance far too often."""
    first, good = Tally(400, 20), Tally(400, 37)
    assert compare([first, good])[1].verdict == Verdict.BETTER
    assert compare([first, good, first, first, first])[1].verdict == Verdict.NO_DIFFERENCE


def test_equal_lines_seldom_get_a_winner() -> None:
    """A thousand comparisons of lines that bring the same: one in twenty may be called wrong."""
    leads = np.random.default_rng(2026).binomial(HORIZON, 0.06, size=(1_000, 2))
    called = [
        compare([Tally(HORIZON, int(one)), Tally(HORIZON, int(other))])[1].verdict
        for one, other in leads
    ]
    wrong = sum(verdict != Verdict.NO_DIFFERENCE for verdict in called)
    assert wrong <= 65


@given(st.binary(max_size=40), st.dictionaries(st.text(max_size=5), st.integers(0, 100)))
def test_only_what_has_a_weight_is_chosen_and_always_the_same(key, weights) -> None:
    chosen = choose(key, weights)
    assert chosen == choose(key, weights)
    if any(weights.values()):
        assert weights[chosen] > 0
    else:
        assert chosen is None


def test_each_is_chosen_as_often_as_its_weight_says() -> None:
    keys = (number.to_bytes(4) for number in range(10_000))
    chosen = [choose(key, {"a": 1, "b": 3, "c": 0}) for key in keys]
    assert chosen.count("b") == pytest.approx(7_500, abs=150)
    assert "c" not in chosen


@given(st.lists(tallies(0), max_size=6))
def test_every_bar_lies_within_its_picture(found) -> None:
    rows = [(str(number), tally.share, wilson(tally)) for number, tally in enumerate(found)]
    chart = interval_chart(rows)
    for bar in chart.bars:
        assert 0 <= bar.x <= bar.x + bar.width <= chart.width + 0.2
        assert bar.dot is None or bar.x - 0.2 <= bar.dot <= bar.x + bar.width + 0.2
    assert all(0 <= mark.x <= chart.width for mark in chart.marks)
