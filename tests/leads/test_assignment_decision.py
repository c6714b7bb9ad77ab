"""Who gets a lead: tables for each strategy and fallback, fairness and limits as properties."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.leads.assignment.availability import Load, Person, hours_read
from apps.leads.assignment.conditions import LeadFacts
from apps.leads.assignment.decision import (
    Choice,
    Desk,
    Member,
    Rule,
    State,
    Team,
    choose,
    reason,
)
from apps.leads.assignment.turns import Turns

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)  # a Saturday
LEAD = LeadFacts(market="nyc", territory="nyc/brooklyn", tier="premium", score=90)
ANN, BEN, CAT = 1, 2, 3
NAMES = {ANN: "Ann", BEN: "Ben", CAT: "Cat"}


def desk(*rules: Rule, members: tuple[Member, ...] = (), **people: Person) -> Desk:
    """Ann, Ben and Cat in the team "Desk" (1), nobody in "Night" (2) but Cat."""
    everybody = {key: Person(key, name) for key, name in NAMES.items()}
    everybody |= {person.key: person for person in people.values()}
    return Desk(
        rules=rules or (Rule(1, "All", team=1),),
        teams={
            1: Team(1, "Desk", members or (Member(ANN), Member(BEN), Member(CAT))),
            2: Team(2, "Night", (Member(CAT),)),
        },
        people=everybody,
    )


def loads(**open_leads: int) -> State:
    keys = {name.lower(): key for key, name in NAMES.items()}
    return State(loads={keys[name]: Load(open=count) for name, count in open_leads.items()})


def run(rule_desk: Desk, number: int, state: State | None = None) -> list[int | None]:
    """Who gets the next `number` leads, one after the other."""
    state, given_to = state or State(), []
    for _ in range(number):
        choice = choose(LEAD, rule_desk, state, NOW)
        given_to.append(choice.person)
        state = after(state, choice)
    return given_to


def after(state: State, choice: Choice) -> State:
    if choice.person is None:
        return state
    before = state.load(choice.person)
    load = Load(before.open + 1, before.today + 1, before.last_30_days + 1)
    turns = {**state.turns, choice.team: choice.turns} if choice.team else state.turns
    return State(loads={**state.loads, choice.person: load}, turns=turns)


@pytest.mark.parametrize(
    ("rule", "state", "expected"),
    [
        ({}, State(), [ANN, BEN, CAT, ANN, BEN]),
        ({"strategy": "least_loaded"}, loads(ann=2, ben=1, cat=1), [BEN, CAT, ANN, BEN, CAT]),
        ({"strategy": "least_loaded"}, loads(ann=5, ben=5), [CAT] * 5),
        ({"strategy": "best_available"}, loads(ann=3), [BEN, CAT, BEN, CAT, BEN]),
        ({"strategy": "direct", "team": None, "person": BEN}, State(), [BEN] * 5),
        ({"team": 2}, State(), [CAT] * 5),
        ({"team": None}, State(), [None] * 5),
        ({"strategy": "direct", "person": 9}, State(), [None] * 5),
    ],
)
def test_strategies(rule: dict, state: State, expected: list[int | None]) -> None:
    assert run(desk(replace(Rule(1, "All", team=1), **rule)), 5, state) == expected


def test_best_available_compares_the_share_of_the_room_that_is_taken() -> None:
    rule = Rule(1, "All", team=1, strategy="best_available")
    small = Person(ANN, "Ann", max_open=4)
    large = Person(BEN, "Ben", max_open=40)
    away = Person(CAT, "Cat", max_open=0)
    state = loads(ann=1, ben=9)  # a quarter, and less than a quarter
    assert run(desk(rule, ann=small, ben=large, cat=away), 3, state) == [BEN, ANN, BEN]


def test_weights_are_turns_in_a_round() -> None:
    heavy = desk(members=(Member(ANN, weight=3), Member(BEN), Member(CAT)))
    assert Counter(run(heavy, 10)) == {ANN: 6, BEN: 2, CAT: 2}
    assert run(heavy, 5) != [ANN, ANN, ANN, BEN, CAT]  # spread over the round


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        ("nyc/brooklyn", [BEN] * 4),
        ("nyc/queens", [CAT, BEN, CAT, BEN]),  # one covers it, one covers everything
        ("nyc/bronx", [BEN] * 4),
    ],
)
def test_a_territory_goes_round_among_those_who_cover_it(place: str, expected: list[int]) -> None:
    members = (
        Member(ANN, territories=frozenset({"nyc/manhattan"})),
        Member(BEN),
        Member(CAT, territories=frozenset({"nyc/queens"})),
    )
    rule_desk = desk(Rule(1, "All", team=1, strategy="territory"), members=members)
    behind = {1: Turns({BEN: -1})} if place == "nyc/queens" else {}
    state, given_to = State(turns=behind), []
    for _ in range(4):
        choice = choose(replace(LEAD, territory=place), rule_desk, state, NOW)
        given_to.append(choice.person)
        state = after(state, choice)
    assert given_to == expected


def test_a_territory_nobody_covers_goes_round_among_all() -> None:
    members = tuple(Member(key, territories=frozenset({"nyc/queens"})) for key in NAMES)
    rule_desk = desk(Rule(1, "All", team=1, strategy="territory"), members=members)
    assert run(rule_desk, 3) == [ANN, BEN, CAT]


@pytest.mark.parametrize(
    ("otherwise", "expected"),
    [("next", BEN), ("team", CAT), ("nobody", None)],
)
def test_when_nobody_of_a_rule_can(otherwise: str, expected: int | None) -> None:
    """The first rule knows Ann alone, and she is away."""
    first = Rule(1, "Ann's", strategy="direct", person=ANN, otherwise=otherwise, other_team=2)
    if otherwise == "team":
        first = replace(first, strategy="round_robin", team=3)
    second = Rule(2, "Ben's", strategy="direct", person=BEN)
    away = Person(ANN, "Ann", days_off=((date(2026, 11, 20), date(2026, 11, 23)),))
    rule_desk = desk(first, second, ann=away)
    teams = {**rule_desk.teams, 3: Team(3, "Ann's", (Member(ANN),))}
    choice = choose(LEAD, replace(rule_desk, teams=teams), State(), NOW)
    assert choice.person == expected
    assert [(one.person, one.why) for one in choice.passed] == [(ANN, "is off until 23 Nov")]


def test_the_first_rule_that_fits_and_finds_somebody_decides() -> None:
    rules = (
        Rule(1, "India", {"market": ["india"]}, team=2),
        Rule(2, "Premium", {"tier": ["premium"]}, strategy="direct", person=BEN),
        Rule(3, "All", team=1),
    )
    assert choose(LEAD, desk(*rules), State(), NOW).rule == 2
    assert choose(replace(LEAD, tier="basic"), desk(*rules), State(), NOW).rule == 3
    nothing = choose(replace(LEAD, tier="basic"), desk(*rules[:2]), State(), NOW)
    assert (nothing.person, nothing.why) == (None, "no rule is for it")


def test_what_comes_before_the_rules() -> None:
    """Whoever takes all of a source; then whoever knows the person, unless they are away."""
    known = replace(LEAD, known_to=CAT)
    assert choose(replace(known, direct_to=BEN), desk(), State(), NOW).person == BEN
    assert choose(known, desk(), State(), NOW).person == CAT
    assert choose(known, replace(desk(), back_to_owner=False), State(), NOW).person == ANN
    away = Person(CAT, "Cat", days_off=((NOW.date(), NOW.date()),))
    assert choose(known, desk(cat=away), State(), NOW).person == ANN
    left = Person(CAT, "Cat", is_active=False)
    assert choose(known, desk(cat=left), State(), NOW).person == ANN
    assert choose(replace(LEAD, direct_to=CAT), desk(cat=left), State(), NOW).person == ANN
    full = Person(CAT, "Cat", max_open=1)
    assert choose(known, desk(cat=full), loads(cat=1), NOW).person == CAT  # they know each other


def test_the_reason_names_the_rule_the_way_and_why_not_the_others() -> None:
    full = Person(ANN, "Ann", max_open=20)
    rule_desk = desk(Rule(1, "Brooklyn premium", team=1), ann=full)
    choice = choose(LEAD, rule_desk, loads(ann=20), NOW)
    assert reason(choice, rule_desk) == (
        "rule “Brooklyn premium”, Desk, in turn; Ann has 20 of at most 20 open leads"
    )


def test_a_holiday_leaves_no_gap_that_is_made_up_for_or_repeated() -> None:
    """Ann is away for thirty leads; back again she gets every third one, no more and no less."""
    away = desk(ann=Person(ANN, "Ann", is_active=False))
    state = State()
    for rule_desk, number, shares in (
        (desk(), 9, {ANN: 3, BEN: 3, CAT: 3}),
        (away, 30, {BEN: 15, CAT: 15}),
        (desk(), 30, {ANN: 10, BEN: 10, CAT: 10}),
    ):
        given_to = []
        for _ in range(number):
            choice = choose(LEAD, rule_desk, state, NOW)
            given_to.append(choice.person)
            state = after(state, choice)
        assert Counter(given_to) == shares


@given(st.sets(st.integers(1, 50), min_size=1, max_size=12), st.integers(0, 200))
def test_going_round_is_fair_within_one(keys: set[int], number: int) -> None:
    team = Team(1, "Desk", tuple(Member(key) for key in keys))
    people = {key: Person(key, str(key)) for key in keys}
    rule_desk = Desk((Rule(1, "All", team=1),), {1: team}, people)
    shares = Counter(run(rule_desk, number))
    counts = [shares[key] for key in keys]
    assert max(counts) - min(counts) <= 1


@given(st.lists(st.integers(1, 5), min_size=1, max_size=6), st.integers(1, 4))
def test_a_round_gives_everybody_their_weight(weights: list[int], rounds: int) -> None:
    team = Team(1, "Desk", tuple(Member(n, weight) for n, weight in enumerate(weights, start=1)))
    people = {member.person: Person(member.person, "") for member in team.members}
    rule_desk = Desk((Rule(1, "All", team=1),), {1: team}, people)
    shares = Counter(run(rule_desk, rounds * sum(weights)))
    assert shares == {n: rounds * weight for n, weight in enumerate(weights, start=1)}


STRATEGIES = st.sampled_from(["round_robin", "least_loaded", "best_available", "territory"])
LIMIT = st.none() | st.integers(0, 4)
HOURS = st.sampled_from([{}, {"sat": [["09:00", "17:00"]]}, {"mon": [["09:00", "17:00"]]}])


@given(STRATEGIES, st.lists(st.tuples(LIMIT, LIMIT, LIMIT, HOURS), min_size=1, max_size=5))
def test_nobody_gets_more_than_they_take_nor_outside_their_hours(strategy: str, people) -> None:
    everybody = {
        key: Person(key, str(key), hours=hours_read(hours), max_open=most, max_per_day=day,
                    max_per_30_days=month)
        for key, (most, day, month, hours) in enumerate(people, start=1)
    }  # fmt: skip
    team = Team(1, "Desk", tuple(Member(key) for key in everybody))
    rule_desk = Desk((Rule(1, "All", team=1, strategy=strategy),), {1: team}, everybody)
    given_to = run(rule_desk, 25)
    shares = Counter(given_to)
    for key, person in everybody.items():
        limits = [
            limit
            for limit in (person.max_open, person.max_per_day, person.max_per_30_days)
            if limit is not None
        ]
        assert shares[key] <= min(limits, default=25)
        if 0 in person.hours:  # Mondays only
            assert shares[key] == 0
    if None in given_to:  # then nobody could have taken it: it stays so
        assert set(given_to[given_to.index(None) :]) == {None}


@given(STRATEGIES, st.permutations(list(NAMES)), st.dictionaries(st.sampled_from(list(NAMES)),
       st.integers(0, 5)))  # fmt: skip
def test_the_order_of_rows_decides_nothing(strategy: str, order: list[int], open_leads) -> None:
    state = State(loads={key: Load(open=count) for key, count in open_leads.items()})
    rule = Rule(1, "All", team=1, strategy=strategy)
    shuffled = desk(rule, members=tuple(Member(key) for key in order))
    assert run(shuffled, 6, state) == run(desk(rule), 6, state)
