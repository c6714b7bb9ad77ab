from __future__ import annotations

from typing import Any

from apps.leads.models import AssignmentPool, AssignmentRule, PoolMember, RuleSet
from apps.users.models import User


def make_team(*people: User, name: str = "Desk") -> AssignmentPool:
    team = AssignmentPool.objects.create(name=name)
    PoolMember.objects.bulk_create(PoolMember(pool=team, user=person) for person in people)
    return team


def make_rule(team: AssignmentPool | None = None, **fields: Any) -> AssignmentRule:
    """The next rule of the live version; for leads of New York unless it says something else."""
    rule_set, _ = RuleSet.objects.get_or_create(state="live", defaults={"version": 1})
    return AssignmentRule.objects.create(
        **{
            "rule_set": rule_set,
            "position": rule_set.rules.count() + 1,
            "name": "New York",
            "conditions": {"market": ["nyc"]},
            "pool": team,
        }
        | fields
    )


def make_draft() -> RuleSet:
    return RuleSet.objects.create(version=2)
