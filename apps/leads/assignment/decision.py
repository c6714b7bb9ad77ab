"""The whole decision: the first rule that knows somebody gives the lead to them. Pure.

Order: whoever takes everything from the lead's source; whoever has an earlier lead of the same
person; then the rules from top to bottom. Every answer says why, and why not the others.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from fractions import Fraction

from apps.leads.assignment.availability import Load, Person, why_absent, why_not
from apps.leads.assignment.conditions import Conditions, LeadFacts, matches
from apps.leads.assignment.turns import Turns, next_after_last, next_turn

# For comparing room: what somebody without a limit is taken to carry.
_USUAL_ROOM = 50
_MOST_NAMED = 3


@dataclass(frozen=True)
class Member:
    """A person in a team: their share of the turns, and where they work. No places: everywhere."""

    person: int
    weight: int = 1
    territories: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Team:
    """People who share leads."""

    key: int
    name: str
    members: tuple[Member, ...] = ()


@dataclass(frozen=True)
class Rule:
    """See leads/models/rules.py: AssignmentRule. Teams and persons by key."""

    key: int
    name: str
    conditions: Conditions = field(default_factory=dict)
    strategy: str = "round_robin"
    team: int | None = None
    person: int | None = None
    at_any_hour: bool = False
    otherwise: str = "next"
    other_team: int | None = None


@dataclass(frozen=True)
class Desk:
    """All that decides beside the lead and the clock."""

    rules: tuple[Rule, ...] = ()
    teams: Mapping[int, Team] = field(default_factory=dict)
    people: Mapping[int, Person] = field(default_factory=dict)
    back_to_owner: bool = True

    def knows_somebody(self, rule: Rule) -> bool:
        """Whether anybody of a rule still takes leads, be it not today."""
        members = [*self._members(rule.team)]
        if rule.otherwise == "team":
            members += self._members(rule.other_team)
        if rule.strategy == "direct" and rule.person:
            members = [rule.person]
        return any(self.people[key].is_active for key in members if key in self.people)

    def _members(self, team: int | None) -> list[int]:
        found = self.teams.get(team or 0)
        return [member.person for member in found.members] if found else []


@dataclass(frozen=True)
class Passed:
    """Somebody who did not get the lead, and why, in words that follow their name."""

    person: int
    why: str


@dataclass(frozen=True)
class Choice:
    """Who gets the lead (None: nobody), by which rule, and why.

    `turns` is where `team` stands afterwards; without a team nothing changed.
    """

    person: int | None
    why: str
    rule: int | None = None
    team: int | None = None
    turns: Turns = field(default_factory=Turns)
    passed: tuple[Passed, ...] = ()


@dataclass(frozen=True)
class State:
    """What changes from lead to lead: what people have, and what teams owe them."""

    loads: Mapping[int, Load] = field(default_factory=dict)
    turns: Mapping[int, Turns] = field(default_factory=dict)  # by team

    def load(self, person: int) -> Load:
        return self.loads.get(person, Load())


def choose(lead: LeadFacts, desk: Desk, state: State, now: datetime) -> Choice:
    """Decide who gets a lead."""
    if _works(desk, lead.direct_to):
        return Choice(lead.direct_to, "takes everything from this source")
    known_to = desk.people.get(lead.known_to or 0) if desk.back_to_owner else None
    if known_to is not None and known_to.is_active and not why_absent(known_to, now):
        return Choice(known_to.key, "knows this person from an earlier lead")
    passed: tuple[Passed, ...] = ()
    for rule in desk.rules:
        if not matches(rule.conditions, lead):
            continue
        choice = _by_rule(rule, lead, desk, state, now)
        passed = _merged(passed, choice.passed)
        if choice.person is not None:
            return replace(choice, passed=passed)
        if rule.otherwise == "nobody":
            why = f"rule “{rule.name}” found nobody and leaves it to the managers"
            return Choice(None, why, rule=rule.key, passed=passed)
    why = "nobody of the rules can take it now" if passed else "no rule is for it"
    return Choice(None, why, passed=passed)


def reason(choice: Choice, desk: Desk) -> str:
    """Why, and why not the others, as the timeline says it: “…, in turn; Sol is off today”."""
    named = [
        f"{desk.people[one.person].name} {one.why}"
        for one in choice.passed
        if one.person in desk.people
    ]
    more = len(named) - _MOST_NAMED
    if more > 0:
        named = [*named[:_MOST_NAMED], f"{more} more could not take it"]
    return "; ".join([choice.why, *named])


def _by_rule(rule: Rule, lead: LeadFacts, desk: Desk, state: State, now: datetime) -> Choice:
    if rule.strategy == "direct":
        return _direct(rule, desk, state, now)
    choice = _from_team(rule, rule.team, lead, desk, state, now)
    if choice.person is None and rule.otherwise == "team":
        other = _from_team(rule, rule.other_team, lead, desk, state, now)
        choice = replace(other, passed=_merged(choice.passed, other.passed))
    return choice


def _direct(rule: Rule, desk: Desk, state: State, now: datetime) -> Choice:
    person = desk.people.get(rule.person or 0)
    if person is None:
        return Choice(None, "", rule=rule.key)
    refusal = why_not(person, state.load(person.key), now, at_any_hour=rule.at_any_hour)
    if refusal:
        return Choice(None, "", rule=rule.key, passed=(Passed(person.key, refusal),))
    return Choice(person.key, f"rule “{rule.name}”, always this person", rule=rule.key)


def _from_team(
    rule: Rule, key: int | None, lead: LeadFacts, desk: Desk, state: State, now: datetime
) -> Choice:
    team = desk.teams.get(key or 0)
    if team is None:
        return Choice(None, "", rule=rule.key)
    can, passed = [], []
    for member in team.members:
        person = desk.people.get(member.person)
        if person is None:
            continue
        load = state.load(member.person)
        refusal = why_not(person, load, now, at_any_hour=rule.at_any_hour)
        if refusal:
            passed.append(Passed(member.person, refusal))
        else:
            can.append(member)
    if not can:
        return Choice(None, "", rule=rule.key, passed=tuple(passed))
    mine = {member.person for member in team.members}
    turns = state.turns.get(team.key, Turns())
    turns = Turns({who: owed for who, owed in turns.owed.items() if who in mine}, turns.last)
    taker, turns, words = _taker(rule.strategy, can, turns, lead, desk, state)
    why = f"rule “{rule.name}”, {team.name}, {words}"
    return Choice(taker, why, rule=rule.key, team=team.key, turns=turns, passed=tuple(passed))


def _taker(
    strategy: str, can: list[Member], turns: Turns, lead: LeadFacts, desk: Desk, state: State
) -> tuple[int, Turns, str]:
    """Who of those who can takes it, where the team stands then, and the way in words."""
    if strategy == "least_loaded":
        loads = {one.person: Fraction(state.load(one.person).open, one.weight) for one in can}
        return (*next_after_last(turns, _least(loads)), "the fewest open leads")
    if strategy == "best_available":
        used = {one.person: _used(desk.people[one.person], state) for one in can}
        return (*next_after_last(turns, _least(used)), "the most room left")
    words = "in turn"
    if strategy == "territory":
        covering = [one for one in can if not one.territories or lead.territory in one.territories]
        if covering:
            can, words = covering, "covers the place, in turn"
    return (*next_turn(turns, {one.person: one.weight for one in can}), words)


def _least(loads: Mapping[int, Fraction]) -> list[int]:
    least = min(loads.values())
    return [key for key, load in loads.items() if load == least]


def _used(person: Person, state: State) -> Fraction:
    """The share of somebody's room that is taken."""
    return Fraction(state.load(person.key).open, person.max_open or _USUAL_ROOM)


def _works(desk: Desk, person: int | None) -> bool:
    known = desk.people.get(person or 0)
    return known is not None and known.is_active


def _merged(first: Iterable[Passed], second: Iterable[Passed]) -> tuple[Passed, ...]:
    """Each person once, with the first reason."""
    return tuple({one.person: one for one in (*second, *first)}.values())
