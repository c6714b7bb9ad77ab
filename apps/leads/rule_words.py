"""Rules as people read them: which leads, to whom, and what if there is nobody."""

from __future__ import annotations

from dataclasses import dataclass

from apps.intake.models import LeadSource
from apps.leads import choices
from apps.leads.assignment.conditions import Labels, conditions_words
from apps.leads.models import AssignmentRule, RuleSet
from apps.solar.models import Market, Territory

_SEPARATELY_NAMED = {
    choices.Strategy.ROUND_ROBIN: "in turn",
    choices.Strategy.LEAST_LOADED: "whoever has the fewest open leads",
    choices.Strategy.BEST_AVAILABLE: "whoever has the most room left",
    choices.Strategy.TERRITORY: "whoever covers the territory, in turn",
}


@dataclass(frozen=True)
class RuleWords:
    """One rule in words; `problem` is why it can give nothing to anybody."""

    rule: AssignmentRule
    conditions: tuple[str, ...]
    to: str
    otherwise: str
    problem: str = ""


def rules_in_words(rule_set: RuleSet) -> list[RuleWords]:
    """The rules of a version from top to bottom. A fixed number of queries."""
    labels = condition_labels()
    rules = rule_set.rules.select_related("pool", "person", "other_pool")
    return [
        RuleWords(
            rule=rule,
            conditions=tuple(conditions_words(rule.conditions, labels)),
            to=_to(rule),
            otherwise=_otherwise(rule),
            problem=rule_problem(rule),
        )
        for rule in rules
    ]


def rule_problem(rule: AssignmentRule) -> str:
    """Why a rule can give nothing to anybody, in a sentence; "" when it can."""
    if rule.strategy == choices.Strategy.DIRECT:
        return "" if rule.person else f"Rule “{rule.name}” names no person."
    return "" if rule.pool else f"Rule “{rule.name}” names no team."


def condition_labels() -> Labels:
    """What the values of conditions are called."""
    territories = Territory.objects.select_related("market").order_by("market__name", "name")
    return {
        "market": dict(Market.objects.order_by("name").values_list("code", "name")),
        "territory": {f"{one.market_id}/{one.code}": one.name for one in territories},
        "source": dict(LeadSource.objects.order_by("name").values_list("slug", "name")),
        "tier": dict(choices.Tier.choices),
        "property_type": dict(choices.PropertyType.choices),
        "ownership": dict(choices.Ownership.choices),
        "timeline": dict(choices.Timeline.choices),
    }


def _to(rule: AssignmentRule) -> str:
    hours = ", also outside their working hours" if rule.at_any_hour else ""
    if rule.strategy == choices.Strategy.DIRECT:
        return f"{rule.person or 'nobody'}{hours}"
    how = _SEPARATELY_NAMED[choices.Strategy(rule.strategy)]
    return f"{rule.pool or 'no team'}: {how}{hours}"


def _otherwise(rule: AssignmentRule) -> str:
    if rule.otherwise == choices.Otherwise.TEAM:
        return f"ask {rule.other_pool or 'no team'}, then the next rule"
    if rule.otherwise == choices.Otherwise.NOBODY:
        return "leave it without an owner and tell the managers"
    return "ask the next rule"
