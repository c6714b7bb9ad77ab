"""Giving a lead to a person: by the rules, or by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q
from django.urls import reverse

from apps.core import outbox
from apps.core.errors import Conflict, InvalidInput, NotFound
from apps.core.ids import new_id
from apps.leads.actions.tasks import tasks_follow_lead
from apps.leads.assignment.availability import day_begins
from apps.leads.assignment.decision import choose, reason
from apps.leads.choices import OPEN_STATUSES, ActivityKind, RuleSetState
from apps.leads.desk import desk_of, facts_of, former_owner, state_of, turns_stored
from apps.leads.models import AssignmentPool, Lead, LeadAssignment, RuleSet, WaitingLead
from apps.leads.selectors import people_who_manage_leads
from apps.leads.timeline import activity_add
from apps.notifications.actions import notify
from apps.users.models import User

ASSIGNED = "lead.assigned"
WAITING = "leads.waiting"


@transaction.atomic
def lead_assign_by_rule(lead_pk: int, *, now: datetime) -> User | None:
    """Give an unassigned lead to the person the rules name; None when they find nobody.

    Locks the live rules first: two workers at once would give two leads to the same person, or one
    more than somebody can take. A lead that somebody has stays with them, a closed one with nobody;
    one that nobody can take waits and is tried again. Repeatable.
    """
    related = ("source", "market", "territory", "contact", "assigned_to")
    lead = Lead.objects.select_related(*related).get(pk=lead_pk)
    if lead.assigned_to_id is not None or lead.status not in OPEN_STATUSES:
        return lead.assigned_to
    rules = RuleSet.objects.select_for_update().filter(state=RuleSetState.LIVE).first()
    facts = facts_of(lead, known_to=former_owner(lead))
    beside = frozenset(key for key in (facts.direct_to, facts.known_to) if key)
    desk = desk_of(rules, beside=beside)
    choice = choose(facts, desk, state_of(desk, now), now)
    why = reason(choice, desk)
    if choice.person is None:
        _wait(lead, why, now)
        return None
    person = User.objects.get(pk=choice.person)
    if not _give(lead, person, f"Given to {person}: {why}", now, rule_pk=choice.rule):
        lead.refresh_from_db(fields=["assigned_to"])
        return lead.assigned_to  # whoever was quicker; it was nobody's turn
    if choice.team is not None:
        AssignmentPool.objects.filter(pk=choice.team).update(turns=turns_stored(choice.turns))
    return person


@transaction.atomic
def lead_assign_as_stated(lead_pk: int, *, user_id: UUID, now: datetime) -> None:
    """Give a new lead to whom it was meant for when it was sent in; the rules, if they are gone."""
    person = User.objects.filter(public_id=user_id, is_active=True).first()
    if person is not None and person.has_perm("leads.change_lead"):
        _give(Lead.objects.get(pk=lead_pk), person, f"Given to {person} (as it was sent in)", now)


@transaction.atomic
def leads_assign(lead_ids: Sequence[UUID], *, user_id: UUID, actor: User, now: datetime) -> int:
    """Give leads to somebody by hand, whoever has them now. Returns how many changed hands.

    Raises NotFound for an unknown person, InvalidInput for one who cannot work leads.
    """
    person = User.objects.filter(public_id=user_id).first()
    if person is None:
        raise NotFound("There is no such person.")
    if not (person.is_active and person.has_perm("leads.change_lead")):
        raise InvalidInput(
            "This person cannot work leads.", details={"user": ["Cannot work leads."]}
        )
    changed = 0
    for lead in Lead.objects.select_for_update().filter(public_id__in=lead_ids).order_by("pk"):
        if lead.assigned_to_id != person.pk:
            Lead.objects.filter(pk=lead.pk).update(assigned_to=person, updated_at=now)
            _tell(lead, person, f"Given to {person} by {actor}", now, actor_pk=actor.pk)
            changed += 1
    return changed


@transaction.atomic
def lead_take(lead_pk: int, *, actor: User, now: datetime) -> None:
    """Take a lead that nobody has. Repeatable. Raises Conflict when somebody else was quicker."""
    lead = Lead.objects.select_for_update().get(pk=lead_pk)
    if lead.assigned_to_id == actor.pk:
        return
    if lead.assigned_to_id is not None:
        raise Conflict("Somebody was quicker: this lead is taken.")
    Lead.objects.filter(pk=lead.pk).update(assigned_to=actor, updated_at=now)
    _tell(lead, actor, f"Taken by {actor}", now, actor_pk=actor.pk)


def person_instead(lead: Lead, *, now: datetime) -> User | None:
    """Whom the rules would give a lead to, its owner left aside; None when nobody else can.

    Locks the live rules, so it belongs in one transaction with giving the lead away.
    """
    rules = RuleSet.objects.select_for_update().filter(state=RuleSetState.LIVE).first()
    desk = desk_of(rules)
    others = {key: one for key, one in desk.people.items() if key != lead.assigned_to_id}
    desk = replace(desk, people=others)
    facts = replace(facts_of(lead), direct_to=None)
    choice = choose(facts, desk, state_of(desk, now), now)
    return User.objects.filter(pk=choice.person).first() if choice.person else None


@transaction.atomic
def lead_hand_over(lead: Lead, person: User, *, why: str, now: datetime) -> None:
    """Give a lead that somebody has to another person, by a rule. It is nobody's turn."""
    Lead.objects.filter(pk=lead.pk).update(assigned_to=person, updated_at=now)
    _tell(lead, person, f"Given to {person} ({why})", now)


def waiting_leads_assign(*, now: datetime, most: int = 500) -> int:
    """Try again the leads nobody could take; how many found somebody.

    Those that were not tried for longest come first, so that each has its turn however many wait.
    What somebody has, or what was closed meanwhile, waits no more.
    """
    waits = Q(lead__status__in=OPEN_STATUSES, lead__assigned_to=None)
    WaitingLead.objects.exclude(waits).delete()
    in_turn = WaitingLead.objects.order_by(F("tried_at").asc(nulls_first=True), "since", "pk")
    leads = list(in_turn.values_list("lead", flat=True)[:most])
    return sum(lead_assign_by_rule(lead_pk, now=now) is not None for lead_pk in leads)


def _give(
    lead: Lead, person: User, summary: str, now: datetime, *, rule_pk: int | None = None
) -> bool:
    """Whether it was given: who was quicker, by hand or beside us, keeps the lead."""
    taken = Lead.objects.filter(pk=lead.pk, assigned_to=None).update(
        assigned_to=person, updated_at=now
    )
    if taken:
        _tell(lead, person, summary, now, rule_pk=rule_pk)
    return bool(taken)


def _wait(lead: Lead, why: str, now: datetime) -> None:
    """Remember that nobody could take it; managers hear of it once a day and market."""
    waits, is_new = WaitingLead.objects.get_or_create(
        lead=lead, defaults={"reason": why[:300], "since": now, "tried_at": now}
    )
    if not is_new:
        WaitingLead.objects.filter(pk=waits.pk).update(reason=why[:300], tried_at=now)
    if is_new:
        market = lead.market
        notify(
            WAITING,
            recipients=people_who_manage_leads().values_list("pk", flat=True),
            title=f"Leads of {market} wait for a person",
            body=why,
            link=f"{reverse('admin:leads_lead_changelist')}?assigned=nobody",
            key=f"{WAITING}:{market.pk}:{day_begins(market.time_zone, now):%Y-%m-%d}",
            level="warning",
            now=now,
        )


def _tell(
    lead: Lead,
    person: User,
    summary: str,
    now: datetime,
    *,
    actor_pk: int | None = None,
    rule_pk: int | None = None,
) -> None:
    """Write down who has it now: the row that limits count, the timeline, and the fact."""
    tasks_follow_lead(lead.pk, user_pk=person.pk)
    LeadAssignment.objects.create(
        lead=lead, user=person, rule_id=rule_pk, given_by_id=actor_pk, created_at=now
    )
    WaitingLead.objects.filter(lead=lead).delete()
    activity_add(
        lead.pk,
        ActivityKind.ASSIGNED,
        summary,
        now=now,
        actor_pk=actor_pk,
        user=str(person.public_id),
    )
    outbox.publish(
        ASSIGNED,
        key=str(new_id()),
        lead=str(lead.public_id),
        user=str(person.public_id),
        by=actor_pk,
    )
