"""Rules tried on past leads: a replay that changes nothing."""

from __future__ import annotations

import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from apps.leads.actions.rules import rules_draft_begin
from apps.leads.assignment.availability import Person
from apps.leads.assignment.conditions import LeadFacts
from apps.leads.assignment.decision import Desk, Member, Rule, Team
from apps.leads.assignment.trial import PastLead, try_rules
from apps.leads.models import Lead, LeadActivity
from apps.leads.trials import rules_trial
from apps.users.models import User
from tests.factories.assignment import make_rule, make_team
from tests.factories.leads import make_lead

NOW = datetime(2026, 11, 20, 15, tzinfo=UTC)


def past(number: int, *, every: timedelta = timedelta(hours=1), **facts) -> list[PastLead]:
    begin = NOW - number * every
    return [
        PastLead(n, begin + n * every, LeadFacts(market="nyc", **facts), None, True)
        for n in range(number)
    ]


def desk(*people: Person, strategy: str = "round_robin") -> Desk:
    team = Team(1, "Desk", tuple(Member(person.key) for person in people))
    everybody = {person.key: person for person in people}
    return Desk((Rule(7, "All", team=1, strategy=strategy),), {1: team}, everybody)


def test_limits_move_with_the_days_that_are_replayed() -> None:
    people = Person(1, "Ann", max_per_day=3), Person(2, "Ben", max_per_30_days=10)
    trial = try_rules(desk(*people), past(24 * 40), {})
    days = Counter(one.lead.at.date() for one in trial.tried if one.choice.person == 1)
    assert set(days.values()) == {3}
    ben = [one.lead.at for one in trial.tried if one.choice.person == 2]
    for first, eleventh in zip(ben, ben[10:], strict=False):
        assert eleventh - first >= timedelta(days=30)
    assert trial.would[None] == 24 * 40 - trial.would[1] - trial.would[2]


def test_what_people_had_before_counts() -> None:
    people = Person(1, "Ann", max_open=5), Person(2, "Ben")
    trial = try_rules(desk(*people), past(6), {1: 4})
    assert trial.would == {1: 1, 2: 5}
    assert trial.by_rule == {7: 6}


@given(st.sampled_from(["round_robin", "least_loaded"]), st.integers(0, 60), st.integers(1, 6))
def test_a_replay_shares_like_the_rules_do(strategy: str, number: int, people: int) -> None:
    everybody = [Person(key, str(key)) for key in range(1, people + 1)]
    trial = try_rules(desk(*everybody, strategy=strategy), past(number), {})
    counts = [trial.would[person.key] for person in everybody]
    assert sum(counts) == number
    assert max(counts) - min(counts) <= 1
    assert all(a.lead.at <= b.lead.at for a, b in pairwise(trial.tried))


def test_two_thousand_leads_take_less_than_two_seconds() -> None:
    people = [Person(key, str(key), max_open=900, max_per_day=90) for key in range(1, 13)]
    began = time.process_time()
    trial = try_rules(desk(*people), past(2000), {})
    assert len(trial.tried) == 2000
    assert time.process_time() - began < 2


@pytest.mark.django_db
def test_a_draft_is_tried_without_changing_anything(
    mia: User, sam: User, sue: User, django_assert_max_num_queries
) -> None:
    make_rule(make_team(sam))
    for days in range(4):
        make_lead(now=NOW - timedelta(days=days, hours=1), assigned_to=sam)
    make_lead(now=NOW - timedelta(days=60), assigned_to=sam)
    make_lead(market="india", now=NOW - timedelta(hours=3))
    for status in ("sold", "duplicate"):  # no rule was asked
        make_lead(now=NOW - timedelta(hours=4), status=status)
    draft = rules_draft_begin(actor=mia, now=NOW)
    draft.rules.update(pool=make_team(sam, sue, name="Both"))
    before = list(Lead.objects.values_list("pk", "assigned_to")), LeadActivity.objects.count()
    with django_assert_max_num_queries(14):
        page = rules_trial(draft, days=30, now=NOW)
    assert (page.leads, page.same, page.nobody, page.changing) == (5, 3, 1, 2)
    assert [(share.name, share.would, share.has) for share in page.shares] == [
        ("sam", 2, 4),
        ("sue", 2, 0),
        ("Nobody", 1, 1),
    ]
    assert page.rules == (("New York", 4),)
    assert {(one.has, one.would) for one in page.changes} == {("sam", "sue")}
    assert page.changes[0].why.startswith("rule “New York”, Both, in turn")
    after = list(Lead.objects.values_list("pk", "assigned_to")), LeadActivity.objects.count()
    assert after == before


@pytest.mark.django_db
def test_who_comes_back_is_replayed_with_whom_they_knew(sam: User, sue: User) -> None:
    rule = make_rule(make_team(sam))
    make_lead(email="b@example.com", now=NOW - timedelta(days=50), assigned_to=sue, status="lost")
    make_lead(email="b@example.com", phone="", now=NOW - timedelta(days=1))
    page = rules_trial(rule.rule_set, days=7, now=NOW)
    assert [(one.would, one.why) for one in page.changes] == [
        ("sue", "knows this person from an earlier lead")
    ]


@pytest.mark.django_db
def test_the_page_of_a_trial(client: Client, mia: User, sam: User) -> None:
    rule = make_rule(make_team(sam))
    lead = make_lead()
    client.force_login(mia)
    address = f"/admin/leads/ruleset/{rule.rule_set_id}/trial/"
    page = client.get(address, {"days": "7"}).content.decode()
    assert "on 1 lead of the last 7 days" in page
    assert lead.name in page
    assert client.get(address, {"days": "many"}).status_code == 200
    assert client.get("/admin/leads/ruleset/999/trial/").status_code == 404
    lead.refresh_from_db()
    assert lead.assigned_to is None
