"""Giving a lead to a person: directly, in turn, by load or by territory."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Q

from apps.core import outbox
from apps.core.errors import InvalidInput, NotFound
from apps.core.ids import new_id
from apps.leads.assignment import Candidate, choose
from apps.leads.choices import OPEN_STATUSES, ActivityKind
from apps.leads.models import AssignmentPool, Lead, PoolMember
from apps.leads.timeline import activity_add
from apps.users.models import User

ASSIGNED = "lead.assigned"


@transaction.atomic
def lead_assign_by_rule(lead_pk: int, *, now: datetime) -> User | None:
    """Give an unassigned lead to the person the rules name; None when nobody takes leads there.

    Locks the pool's row first: it is the cursor, and two workers at once would give two leads to
    the same person. A lead that somebody already has stays with them. Repeatable.
    """
    lead = Lead.objects.select_related("source__assign_to").get(pk=lead_pk)
    if lead.assigned_to_id is not None:
        return lead.assigned_to
    direct = lead.source.assign_to
    if direct is not None and direct.is_active:
        return _give(lead, direct, f"takes everything from {lead.source.name}", now)
    pool = AssignmentPool.objects.select_for_update().filter(market=lead.market_id).first()
    if pool is None:
        return None
    members = _active_members(pool)
    chosen = choose(pool.strategy, _candidates(members, lead), last=pool.last_assigned_id)
    if chosen is None:
        return None
    person = next(member.user for member in members if member.user_id == chosen)
    given = _give(lead, person, f"{pool.name}, {pool.get_strategy_display().lower()}", now)
    if given is not None and given.pk == chosen:
        AssignmentPool.objects.filter(pk=pool.pk).update(last_assigned=chosen)
    return given


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


def _active_members(pool: AssignmentPool) -> list[PoolMember]:
    return list(
        pool.members.filter(is_active=True, user__is_active=True)
        .select_related("user")
        .prefetch_related("territories")
        .order_by("user_id")
    )


def _candidates(members: list[PoolMember], lead: Lead) -> list[Candidate]:
    load = dict(
        User.objects.filter(pk__in=[member.user_id for member in members])
        .annotate(open_leads=Count("leads", filter=Q(leads__status__in=OPEN_STATUSES)))
        .values_list("pk", "open_leads")
    )
    return [
        Candidate(
            key=member.user_id,
            open_leads=load[member.user_id],
            covers=_covers(member, lead.territory_id),
        )
        for member in members
    ]


def _covers(member: PoolMember, territory_pk: int | None) -> bool:
    territories = {territory.pk for territory in member.territories.all()}
    return not territories or territory_pk in territories


def _give(lead: Lead, person: User, why: str, now: datetime) -> User | None:
    """Conditional: a person who was quicker by hand keeps the lead."""
    taken = Lead.objects.filter(pk=lead.pk, assigned_to=None).update(
        assigned_to=person, updated_at=now
    )
    if not taken:
        lead.refresh_from_db(fields=["assigned_to"])
        return lead.assigned_to
    _tell(lead, person, f"Given to {person} ({why})", now)
    return person


def _tell(
    lead: Lead, person: User, summary: str, now: datetime, *, actor_pk: int | None = None
) -> None:
    activity_add(
        lead.pk,
        ActivityKind.ASSIGNED,
        summary,
        now=now,
        actor_pk=actor_pk,
        user=str(person.public_id),
    )
    outbox.publish(
        ASSIGNED, key=str(new_id()), lead=str(lead.public_id), user=str(person.public_id)
    )
