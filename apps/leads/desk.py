"""What assignment looks at, read from the database: rules, teams, people and what they have."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Count, Q

from apps.contacts.models import Contact
from apps.core.reading import read_once
from apps.leads.assignment.availability import Load, Person, day_begins, hours_read
from apps.leads.assignment.conditions import LeadFacts
from apps.leads.assignment.decision import Desk, Member, Rule, State, Team
from apps.leads.assignment.turns import Turns
from apps.leads.choices import OPEN_STATUSES
from apps.leads.models import (
    AssignmentPool,
    AssignmentRule,
    Availability,
    Lead,
    LeadAssignment,
    PoolMember,
    RuleSet,
)
from apps.solar.models import Market
from apps.users.models import User
from apps.users.roles import roles_with

_THIRTY_DAYS = timedelta(days=30)


def facts_of(lead: Lead, *, known_to: int | None = None) -> LeadFacts:
    """What rules may look at. Reads `source`, `territory` and `contact` of the lead."""
    touch = {**lead.first_touch, **{k: v for k, v in lead.last_touch.items() if v}}
    contact: Contact = lead.contact
    return LeadFacts(
        market=lead.market_id,
        territory=f"{lead.market_id}/{lead.territory.code}" if lead.territory else "",
        source=lead.source.slug,
        tier=lead.tier,
        property_type=lead.property_type,
        ownership=lead.ownership,
        timeline=lead.timeline,
        language=contact.language,
        utm_source=str(touch.get("utm_source", "")),
        utm_medium=str(touch.get("utm_medium", "")),
        utm_campaign=str(touch.get("utm_campaign", "")),
        score=lead.score,
        monthly_bill=lead.monthly_bill,
        postal_code=lead.postal_code,
        direct_to=lead.source.assign_to_id,
        known_to=known_to,
    )


def former_owner(lead: Lead) -> int | None:
    """Whoever has the latest earlier lead of the same person."""
    earlier = Lead.objects.filter(contact=lead.contact_id, assigned_to__isnull=False)
    return (
        earlier.exclude(pk=lead.pk)
        .order_by("-created_at", "-pk")
        .values_list("assigned_to", flat=True)
        .first()
    )


@read_once
def desk_of(rule_set: RuleSet | None, *, beside: frozenset[int] = frozenset()) -> Desk:
    """The rules of a version with their teams and people, and the people `beside` them by key."""
    rules = list(rule_set.rules.all()) if rule_set else []
    named = {rule.pool_id for rule in rules} | {rule.other_pool_id for rule in rules}
    teams = _teams(named - {None})
    wanted = {member.person for team in teams.values() for member in team.members}
    wanted |= {rule.person_id for rule in rules if rule.person_id} | set(beside)
    return Desk(
        rules=tuple(_rule(rule) for rule in rules),
        teams=teams,
        people=people_of(wanted),
        back_to_owner=rule_set.back_to_owner if rule_set else False,
    )


def state_of(desk: Desk, now: datetime) -> State:
    """What the people of a desk have now, and what its teams owe them."""
    stored = AssignmentPool.objects.filter(pk__in=desk.teams).values_list("pk", "turns")
    return State(
        loads=loads_of(desk.people.values(), now),
        turns={team: turns_read(turns) for team, turns in stored},
    )


def turns_read(stored: Mapping[str, Any]) -> Turns:
    """Where a team stands, from its row."""
    owed = {int(person): int(what) for person, what in stored.get("owed", {}).items()}
    return Turns(owed, stored.get("last"))


def turns_stored(turns: Turns) -> dict[str, Any]:
    """The other way round."""
    return {"owed": {str(key): owed for key, owed in turns.owed.items()}, "last": turns.last}


def people_of(keys: Collection[int]) -> dict[int, Person]:
    """People as assignment sees them: those who may not work leads are not active."""
    if not keys:
        return {}
    working_roles = set(roles_with("leads.change_lead"))
    users = (
        User.objects.filter(pk__in=keys)
        .select_related("availability__office")
        .prefetch_related("availability__days_off", "availability__office__holidays")
    )
    return {user.pk: person_of(user, may_work=user.role in working_roles) for user in users}


def person_of(user: User, *, may_work: bool = True) -> Person:
    """Somebody as assignment sees them. Reads `availability` with its days off and holidays."""
    row: Availability | None = getattr(user, "availability", None)
    office: Market | None = row.office if row else None
    is_active = user.is_active and may_work
    if row is None:
        return Person(user.pk, str(user), is_active=is_active, time_zone=settings.TIME_ZONE)
    return Person(
        key=user.pk,
        name=str(user),
        is_active=is_active,
        time_zone=row.time_zone or (office.time_zone if office else settings.TIME_ZONE),
        hours=hours_read(row.hours),
        days_off=tuple((absence.first_day, absence.last_day) for absence in row.days_off.all()),
        holidays=frozenset(holiday.day for holiday in office.holidays.all() if holiday.is_closed)
        if office
        else frozenset(),
        max_open=row.max_open,
        max_per_day=row.max_per_day,
        max_per_30_days=row.max_per_30_days,
    )


def loads_of(people: Iterable[Person], now: datetime) -> dict[int, Load]:
    """What people have. What no limit of theirs asks for is not counted and stays 0."""
    people = list(people)
    keys = [person.key for person in people]
    open_leads = dict(
        Lead.objects.filter(assigned_to__in=keys, status__in=OPEN_STATUSES)
        .order_by()
        .values_list("assigned_to")
        .annotate(count=Count("*"))
    )
    lately = _given_since(
        {person.key: now - _THIRTY_DAYS for person in people if person.max_per_30_days is not None}
    )
    today = _given_since(
        {
            person.key: day_begins(person.time_zone, now)
            for person in people
            if person.max_per_day is not None
        }
    )
    return {
        key: Load(open_leads.get(key, 0), today.get(key, 0), lately.get(key, 0)) for key in keys
    }


def _given_since(begins: dict[int, datetime]) -> dict[int, int]:
    """How many leads each was given since their moment, in one query for all."""
    if not begins:
        return {}
    people_by_moment: dict[datetime, list[int]] = defaultdict(list)
    for key, moment in begins.items():
        people_by_moment[moment].append(key)
    wanted = Q()
    for moment, keys in people_by_moment.items():
        wanted |= Q(user__in=keys, created_at__gte=moment)
    counted = LeadAssignment.objects.filter(wanted).order_by().values_list("user")
    return dict(counted.annotate(Count("lead", distinct=True)))


def _rule(rule: AssignmentRule) -> Rule:
    return Rule(
        key=rule.pk,
        name=rule.name,
        conditions=rule.conditions,
        strategy=rule.strategy,
        team=rule.pool_id,
        person=rule.person_id,
        at_any_hour=rule.at_any_hour,
        otherwise=rule.otherwise,
        other_team=rule.other_pool_id,
    )


def _teams(keys: Collection[int | None]) -> dict[int, Team]:
    members: dict[int, list[Member]] = {key: [] for key in keys if key}
    if not members:
        return {}
    rows = PoolMember.objects.filter(pool__in=members, is_active=True)
    for row in rows.prefetch_related("territories").order_by("user"):
        places = frozenset(f"{one.market_id}/{one.code}" for one in row.territories.all())
        members[row.pool_id].append(Member(row.user_id, row.weight, places))
    names = dict(AssignmentPool.objects.filter(pk__in=members).values_list("pk", "name"))
    return {key: Team(key, names[key], tuple(found)) for key, found in members.items()}
