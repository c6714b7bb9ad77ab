"""The rules in versions: a draft is made from what is live, edited, and put live or thrown away."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Max

from apps.core.errors import Conflict, InvalidInput
from apps.leads.choices import RuleSetState
from apps.leads.models import AssignmentRule, RuleSet
from apps.leads.rule_words import rule_problem
from apps.users.models import User


@transaction.atomic
def rules_draft_begin(
    *, actor: User | None, now: datetime, origin: RuleSet | None = None
) -> RuleSet:
    """A draft with the rules of `origin`, by default of the live version. Repeatable.

    Raises Conflict when there is a draft already and `origin` names what it should begin with.
    """
    draft = RuleSet.objects.filter(state=RuleSetState.DRAFT).first()
    if draft is not None:
        if origin is not None and origin.pk != draft.pk:
            raise Conflict(f"{draft} is being edited: put it live or discard it first.")
        return draft
    origin = origin or RuleSet.objects.filter(state=RuleSetState.LIVE).first()
    try:
        with transaction.atomic():
            draft = RuleSet.objects.create(
                version=(RuleSet.objects.aggregate(Max("version"))["version__max"] or 0) + 1,
                back_to_owner=origin.back_to_owner if origin else True,
                created_by=actor,
                created_at=now,
            )
    except IntegrityError as error:
        raise Conflict("Somebody has begun a draft this very moment: look again.") from error
    for rule in origin.rules.all() if origin else ():
        rule.pk, rule.rule_set = None, draft
        rule._state.adding = True
        rule.save()
    return draft


@transaction.atomic
def rules_put_live(rule_set_pk: int, *, actor: User, now: datetime) -> RuleSet:
    """From now on leads are given by this draft; the version before is kept, to go back to.

    Raises Conflict for what is no draft any more, InvalidInput for one that could give nothing to
    anybody. Waits for whoever is assigning by the old rules.
    """
    locked = {
        row.pk: row
        for row in RuleSet.objects.select_for_update()
        .filter(state__in=[RuleSetState.LIVE, RuleSetState.DRAFT])
        .order_by("pk")
    }
    draft = locked.get(rule_set_pk)
    if draft is None or draft.state != RuleSetState.DRAFT:
        raise Conflict("This is no draft any more: somebody has put it live or discarded it.")
    if problems := rules_problems(draft):
        raise InvalidInput(problems[0], details={"rules": problems})
    for live in (row for row in locked.values() if row.state == RuleSetState.LIVE):
        live.state, live.live_until = RuleSetState.RETIRED, now
        live.save(update_fields=["state", "live_until"])
    draft.state, draft.live_from = RuleSetState.LIVE, now
    draft.save(update_fields=["state", "live_from"])
    return draft


@transaction.atomic
def rules_discard(rule_set_pk: int) -> None:
    """Throw a draft away. Raises Conflict for what is no draft."""
    _draft(rule_set_pk).delete()


@transaction.atomic
def rule_move(rule: AssignmentRule, *, by: int) -> None:
    """Move a rule of a draft up (-1) or down (1); at the end of the list nothing happens."""
    rules = list(_draft(rule.rule_set_id).rules.all())
    at = next(place for place, one in enumerate(rules) if one.pk == rule.pk)
    to = min(max(at + by, 0), len(rules) - 1)
    rules.insert(to, rules.pop(at))
    _number(rules)


@transaction.atomic
def rule_copy(rule: AssignmentRule) -> AssignmentRule:
    """The same rule again, below it. Raises Conflict outside a draft."""
    rules = list(_draft(rule.rule_set_id).rules.all())
    copy = AssignmentRule.objects.get(pk=rule.pk)
    copy.pk, copy.name = None, f"{rule.name} (copy)"[:100]
    copy._state.adding = True
    copy.save()
    at = next(place for place, one in enumerate(rules) if one.pk == rule.pk)
    rules.insert(at + 1, copy)
    _number(rules)
    return copy


@transaction.atomic
def rule_remove(rule: AssignmentRule) -> None:
    """Take a rule out of a draft. Raises Conflict outside one."""
    draft = _draft(rule.rule_set_id)
    rule.delete()
    _number(list(draft.rules.all()))


@transaction.atomic
def rule_save(rule: AssignmentRule) -> None:
    """Keep a rule that was edited; a new one goes to the end. Raises Conflict outside a draft."""
    draft = _draft(rule.rule_set_id)
    if rule.pk is None:
        rule.position = draft.rules.count() + 1
    rule.save()


def rules_problems(rule_set: RuleSet) -> list[str]:
    """What is missing before a version could go live, one sentence each."""
    rules = list(rule_set.rules.select_related("pool", "person", "other_pool"))
    if not rules:
        return ["There is no rule yet: every lead would stay without an owner."]
    return [problem for rule in rules if (problem := rule_problem(rule))]


def _draft(rule_set_pk: int) -> RuleSet:
    draft = RuleSet.objects.select_for_update().filter(pk=rule_set_pk).first()
    if draft is None or draft.state != RuleSetState.DRAFT:
        raise Conflict("Only a draft is edited: begin one first.")
    return draft


def _number(rules: list[AssignmentRule]) -> None:
    for position, rule in enumerate(rules, start=1):
        rule.position = position
    AssignmentRule.objects.bulk_update(rules, ["position"])
