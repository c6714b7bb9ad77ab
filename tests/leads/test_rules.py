"""Rules in versions: a draft changes nothing until it goes live, and what was live is kept."""

from __future__ import annotations

import importlib
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from apps.core.errors import Conflict, InvalidInput
from apps.leads.actions.assigning import lead_assign_by_rule
from apps.leads.actions.rules import (
    rule_copy,
    rule_move,
    rule_remove,
    rule_save,
    rules_discard,
    rules_draft_begin,
    rules_put_live,
)
from apps.leads.assignment.turns import next_turn
from apps.leads.desk import turns_read
from apps.leads.models import AssignmentRule, RuleSet
from apps.leads.rule_words import rules_in_words
from apps.users.models import User
from tests.factories.assignment import make_rule, make_team
from tests.factories.leads import make_lead

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 20, 15, tzinfo=UTC)


def names(rule_set: RuleSet) -> list[str]:
    return [rule.name for rule in rule_set.rules.all()]


def test_a_draft_changes_nothing_until_it_goes_live(mia: User, sam: User, sue: User) -> None:
    live = make_rule(make_team(sam), name="Sam's").rule_set
    draft = rules_draft_begin(actor=mia, now=NOW)
    assert (draft.version, names(draft)) == (2, ["Sam's"])
    rule = draft.rules.get()
    rule.pool = make_team(sue, name="Sue's")
    rule_save(rule)
    assert lead_assign_by_rule(make_lead().pk, now=NOW) == sam
    rules_put_live(draft.pk, actor=mia, now=NOW)
    assert lead_assign_by_rule(make_lead().pk, now=NOW) == sue
    live.refresh_from_db()
    assert (live.state, live.live_until, names(live)) == ("retired", NOW, ["Sam's"])
    assert live.rules.get().pool.name == "Desk"


def test_there_is_one_draft_and_beginning_again_goes_on_with_it(mia: User, sam: User) -> None:
    live = make_rule(make_team(sam)).rule_set
    draft = rules_draft_begin(actor=mia, now=NOW)
    assert rules_draft_begin(actor=mia, now=NOW) == draft
    with pytest.raises(Conflict):
        rules_draft_begin(actor=mia, now=NOW, origin=live)
    rules_discard(draft.pk)
    assert list(RuleSet.objects.all()) == [live]


def test_an_earlier_version_can_be_gone_back_to(mia: User, sam: User) -> None:
    first = make_rule(make_team(sam), name="First").rule_set
    second = rules_draft_begin(actor=mia, now=NOW)
    second.rules.update(name="Second")
    rules_put_live(second.pk, actor=mia, now=NOW)
    third = rules_draft_begin(actor=mia, now=NOW, origin=first)
    assert (third.version, names(third)) == (3, ["First"])
    rules_put_live(third.pk, actor=mia, now=NOW)
    assert list(RuleSet.objects.values_list("version", "state").order_by("version")) == [
        (1, "retired"),
        (2, "retired"),
        (3, "live"),
    ]


def test_what_could_give_nothing_to_anybody_does_not_go_live(mia: User, sam: User) -> None:
    live = make_rule(make_team(sam)).rule_set
    draft = rules_draft_begin(actor=mia, now=NOW)
    for change, words in (
        ({"pool": None}, "Rule “New York” names no team."),
        ({"strategy": "direct"}, "Rule “New York” names no person."),
    ):
        draft.rules.update(**change)
        with pytest.raises(InvalidInput, match=words):
            rules_put_live(draft.pk, actor=mia, now=NOW)
    draft.rules.all().delete()
    with pytest.raises(InvalidInput, match="no rule yet"):
        rules_put_live(draft.pk, actor=mia, now=NOW)
    live.refresh_from_db()
    draft.refresh_from_db()
    assert (live.state, draft.state, draft.live_from) == ("live", "draft", None)


def test_what_is_live_cannot_be_changed(mia: User, sam: User) -> None:
    rule = make_rule(make_team(sam))
    other = make_rule(make_team(sam, name="Other"), name="Other")
    rule.name = "Changed"
    for change in (
        lambda: rule_save(rule),
        lambda: rule_move(rule, by=1),
        lambda: rule_copy(rule),
        lambda: rule_remove(rule),
        lambda: rules_discard(rule.rule_set_id),
        lambda: rules_put_live(rule.rule_set_id, actor=mia, now=NOW),
    ):
        with pytest.raises(Conflict):
            change()
    assert names(RuleSet.objects.get()) == ["New York", "Other"]
    assert list(AssignmentRule.objects.values_list("position", flat=True)) == [1, 2]
    assert other.rule_set.state == "live"


def test_rules_move_are_copied_and_removed_in_a_draft(mia: User, sam: User) -> None:
    for name in ("A", "B", "C"):
        make_rule(make_team(sam), name=name)
    draft = rules_draft_begin(actor=mia, now=NOW)
    a, b, c = draft.rules.all()
    rule_move(c, by=-1)
    assert names(draft) == ["A", "C", "B"]
    rule_move(a, by=-1)  # it is the first one already
    assert names(draft) == ["A", "C", "B"]
    rule_copy(a)
    assert names(draft) == ["A", "A (copy)", "C", "B"]
    rule_remove(b)
    assert names(draft) == ["A", "A (copy)", "C"]
    assert list(draft.rules.values_list("position", flat=True)) == [1, 2, 3]


def test_rules_in_words(sam: User, django_assert_max_num_queries) -> None:
    team = make_team(sam, name="Brooklyn")
    conditions = {"market": ["nyc"], "tier": ["premium"], "territory": ["nyc/brooklyn"]}
    rule = make_rule(team, conditions=conditions, otherwise="team", other_pool=team)
    make_rule(None, strategy="direct", person=sam, at_any_hour=True, conditions={})
    with django_assert_max_num_queries(6):
        first, second = rules_in_words(rule.rule_set)
    assert first.conditions == ("Market: New York City", "Territory: Brooklyn", "Tier: Premium")
    assert (first.to, first.otherwise) == ("Brooklyn: in turn", "ask Brooklyn, then the next rule")
    assert second.conditions == ()
    assert second.to == "sam, also outside their working hours"


@pytest.mark.parametrize("last", [None, 1, 3, 4, 9])
def test_nobody_loses_their_turn_when_pools_become_rules(last: int | None) -> None:
    migration = importlib.import_module("apps.leads.migrations.0014_pools_become_rules")
    keys = [1, 3, 9]
    members = SimpleNamespace(filter=lambda **_: members, values_list=lambda *_, **__: keys)
    pool = SimpleNamespace(members=members, last_assigned_id=last)
    turns, taken = turns_read(migration._turns(pool)), []
    for _ in range(6):
        key, turns = next_turn(turns, dict.fromkeys(keys, 1))
        taken.append(key)
    following = [key for key in keys if key > (last or 0)] + [k for k in keys if k <= (last or 0)]
    assert taken == following * 2
