"""Rules tried on leads of the past: who would have got what, in the order the leads came. Pure.

Turns begin anew, and what people have grows with what the rules would have given them. A lead
counts as open from the day it came when it is open now: when it was closed nobody replays.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from apps.leads.assignment.availability import Load, Person, day_begins
from apps.leads.assignment.conditions import LeadFacts
from apps.leads.assignment.decision import Choice, Desk, State, choose
from apps.leads.assignment.turns import Turns

_THIRTY_DAYS = timedelta(days=30)


@dataclass(frozen=True)
class PastLead:
    """A lead as it came, and who has it now."""

    key: int
    at: datetime
    facts: LeadFacts
    owner: int | None
    is_open: bool


@dataclass(frozen=True)
class Tried:
    """What the rules would have done with one lead."""

    lead: PastLead
    choice: Choice

    @property
    def changes_hands(self) -> bool:
        return self.choice.person != self.lead.owner


@dataclass
class Trial:
    """The whole of it. Counts by person and by rule; leads without anybody are under None."""

    tried: list[Tried] = field(default_factory=list)
    would: Counter[int | None] = field(default_factory=Counter)
    has: Counter[int | None] = field(default_factory=Counter)
    by_rule: Counter[int | None] = field(default_factory=Counter)

    @property
    def changing(self) -> list[Tried]:
        return [one for one in self.tried if one.changes_hands]


def try_rules(desk: Desk, leads: Iterable[PastLead], open_before: Mapping[int, int]) -> Trial:
    """Give the leads, in the order they came, to whom the rules of `desk` name.

    `open_before` is how many open leads people had from before the first one.
    """
    trial = Trial()
    given: dict[int, list[datetime]] = defaultdict(list)
    open_now = Counter(open_before)
    turns: dict[int, Turns] = {}
    for lead in sorted(leads, key=lambda one: (one.at, one.key)):
        loads = {
            key: _load(person, given[key], open_now[key], lead.at)
            for key, person in desk.people.items()
        }
        choice = choose(lead.facts, desk, State(loads, turns), lead.at)
        if choice.person is not None:
            given[choice.person].append(lead.at)
            open_now[choice.person] += lead.is_open
        if choice.team is not None:
            turns[choice.team] = choice.turns
        trial.tried.append(Tried(lead, choice))
        trial.would[choice.person] += 1
        trial.has[lead.owner] += 1
        if choice.rule is not None:
            trial.by_rule[choice.rule] += 1
    return trial


def _load(person: Person, given: list[datetime], open_leads: int, at: datetime) -> Load:
    """What no limit asks for is not counted, as when leads are given for good."""
    today = lately = 0
    if person.max_per_day is not None:
        today = len(given) - bisect_left(given, day_begins(person.time_zone, at))
    if person.max_per_30_days is not None:
        lately = len(given) - bisect_left(given, at - _THIRTY_DAYS)
    return Load(open_leads, today, lately)
