"""Whose turn it is: a table, and fairness as a property."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.leads.assignment import Candidate, choose


def people(*keys: int, loads: dict[int, int] | None = None, cover: set[int] | None = None):
    return [
        Candidate(
            key=key,
            open_leads=(loads or {}).get(key, 0),
            covers=cover is None or key in cover,
        )
        for key in keys
    ]


@pytest.mark.parametrize(
    ("strategy", "candidates", "last", "chosen"),
    [
        ("round_robin", people(1, 2, 3), None, 1),
        ("round_robin", people(1, 2, 3), 1, 2),
        ("round_robin", people(3, 1, 2), 2, 3),  # order of keys, not of rows
        ("round_robin", people(1, 2, 3), 3, 1),
        ("round_robin", people(1, 3), 2, 3),  # the last one has left
        ("round_robin", people(1, 2), 9, 1),
        ("round_robin", people(5), 5, 5),
        ("round_robin", [], 1, None),
        ("least_loaded", people(1, 2, 3, loads={1: 2, 2: 1, 3: 1}), None, 2),
        ("least_loaded", people(1, 2, 3, loads={1: 2, 2: 1, 3: 1}), 2, 3),  # in turn among equals
        ("least_loaded", people(1, 2, loads={1: 0, 2: 5}), 1, 1),
        ("least_loaded", [], None, None),
        ("territory", people(1, 2, 3, cover={2, 3}), None, 2),
        ("territory", people(1, 2, 3, cover={2, 3}), 2, 3),
        ("territory", people(1, 2, 3, cover={2, 3}), 3, 2),
        ("territory", people(1, 2, 3, cover=set()), 1, 2),  # nobody covers it: everybody does
        ("territory", [], None, None),
        ("a strategy of tomorrow", people(1, 2), 1, 2),
    ],
)
def test_whose_turn_it_is(
    strategy: str, candidates: list[Candidate], last: int | None, chosen: int | None
) -> None:
    assert choose(strategy, candidates, last=last) == chosen


@given(st.sets(st.integers(1, 50), min_size=1, max_size=12), st.integers(0, 200))
def test_going_round_is_fair_within_one(keys: set[int], leads: int) -> None:
    last, given_to = None, Counter(dict.fromkeys(keys, 0))
    for _ in range(leads):
        last = choose("round_robin", people(*keys), last=last)
        given_to[last] += 1
    assert max(given_to.values()) - min(given_to.values()) <= 1


@given(st.dictionaries(st.integers(1, 50), st.integers(0, 30), min_size=1), st.integers(0, 100))
def test_the_least_loaded_are_levelled_up(loads: dict[int, int], leads: int) -> None:
    loads, last = dict(loads), None
    most = max(loads.values())
    for _ in range(leads):
        last = choose("least_loaded", people(*loads, loads=loads), last=last)
        assert loads[last] == min(loads.values())
        loads[last] += 1
    if sum(loads.values()) >= most * len(loads):
        assert max(loads.values()) - min(loads.values()) <= 1


@given(
    st.sampled_from(["round_robin", "least_loaded", "territory"]),
    st.sets(st.integers(1, 20), max_size=8),
    st.none() | st.integers(0, 25),
)
def test_somebody_is_chosen_exactly_when_there_is_somebody(
    strategy: str, keys: set[int], last: int | None
) -> None:
    chosen = choose(strategy, people(*keys, cover=set(list(keys)[:2])), last=last)
    assert chosen in keys if keys else chosen is None
