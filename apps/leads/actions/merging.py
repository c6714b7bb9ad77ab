"""Two leads of one person become one, and two again when that was a mistake."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from apps.contacts.merging import contacts_hold, contacts_merge
from apps.core import outbox
from apps.core.attachments import hold_first, move_attached
from apps.core.errors import Conflict, InvalidInput, NotFound, PermissionRefused
from apps.leads.actions.closing import lead_closed, running_of
from apps.leads.actions.pairing import pair_note_merged
from apps.leads.actions.scoring import lead_score
from apps.leads.actions.tasks import tasks_follow_lead
from apps.leads.choices import OPEN_STATUSES, ActivityKind, LeadStatus, TaskReason, TaskState
from apps.leads.columns import plain_columns
from apps.leads.merging import UNITS, Side, choices, merged_values
from apps.leads.models import Lead, LeadMerge, Task, WaitingLead
from apps.leads.stated import told_by
from apps.leads.timeline import activity_add
from apps.users.models import User

MERGED = "lead.merged"
LEAD = "leads.lead"
_SCORED = ("score", "tier", "score_detail", "updated_at")


@transaction.atomic
def leads_merge(
    survivor_id: UUID,
    duplicate_id: UUID,
    *,
    actor: User,
    now: datetime,
    keep: Mapping[str, Side] | None = None,
) -> LeadMerge:
    """Make one lead of two: `duplicate` gives all it has to `survivor` and becomes a duplicate.

    `keep` says, by the names of `merging.UNITS`, whose word stays where both say something. Their
    people become one as well. Raises NotFound, PermissionRefused (see `may_merge`), InvalidInput
    for a name or side that there is not, Conflict where the two cannot be one.
    """
    if wrong := {name for name, side in (keep or {}).items() if not _is_choice(name, side)}:
        words = f"For {', '.join(sorted(wrong))} there is no such choice."
        raise InvalidInput(details={"keep": [words]})
    survivor, duplicate = leads_hold(survivor_id, duplicate_id)
    require_may_merge(actor, survivor, duplicate)
    _refuse_what_cannot_be_one(survivor, duplicate)
    sides = told_by(survivor), told_by(duplicate)
    values = merged_values(*sides, choices(*sides, keep))
    columns = [*values, *_SCORED]
    before = plain_columns(survivor, columns)
    was = plain_columns(duplicate, ["status", "first_response_alert_at", "updated_at"])
    ended = running_of([survivor.pk, duplicate.pk])
    _write(duplicate, {"status": LeadStatus.DUPLICATE, "updated_at": now})
    people = None
    if survivor.contact_id != duplicate.contact_id:
        people = contacts_merge(survivor_pk=survivor.contact_id, duplicate_pk=duplicate.contact_id)
    moved = move_attached(LEAD, source=duplicate.pk, target=survivor.pk)
    lead_closed(duplicate.pk, status=LeadStatus.DUPLICATE, now=now)
    scores = set(survivor.scores.values_list("pk", flat=True))
    _write(survivor, values | {"updated_at": now})
    dropped = _one_first_task(survivor.pk, now)
    tasks_follow_lead(survivor.pk, user_pk=values["assigned_to_id"])
    if values["assigned_to_id"]:
        WaitingLead.objects.filter(lead=survivor).delete()
    merge = LeadMerge(survivor=survivor, duplicate=duplicate, actor=actor, created_at=now)
    _tell(merge, ActivityKind.MERGED, actor, now)
    pair_note_merged(survivor.pk, duplicate.pk, actor=actor, now=now)
    lead_score(survivor.pk, now=now, actor_pk=actor.pk)
    survivor.refresh_from_db()
    merge.survivor_before = before
    merge.survivor_after = plain_columns(survivor, columns)
    merge.duplicate_before = was
    merge.contacts = asdict(people) if people else None
    merge.moved = moved
    merge.scores_made = sorted(set(survivor.scores.values_list("pk", flat=True)) - scores)
    merge.tasks_dropped = dropped
    merge.ended = ended
    merge.save()
    outbox.publish(MERGED, key=str(merge.public_id), lead=str(survivor.public_id))
    return merge


def may_merge(user: User, *leads: Lead) -> bool:
    """Whether somebody may merge these, or take them apart: a manager, or who works them all."""
    if user.has_perm("users.manage_leads"):
        return True
    mine = all(lead.assigned_to_id == user.pk for lead in leads)
    return mine and user.has_perm("leads.change_lead")


def require_may_merge(actor: User, *leads: Lead) -> None:
    """Raises PermissionRefused where `may_merge` says no."""
    if not may_merge(actor, *leads):
        raise PermissionRefused("Only a manager, or whoever has both leads, may do this.")


def leads_hold(*lead_ids: UUID, with_people: Collection[int] = ()) -> list[Lead]:
    """The leads in the order asked for, locked with their people and what others lock before them.

    Needs a transaction. Raises NotFound. Requests of these people wait until it is over.
    """
    known = dict(Lead.objects.filter(public_id__in=lead_ids).values_list("public_id", "pk"))
    if len(known) < len(set(lead_ids)):
        raise NotFound("There is no such lead.")
    pks = [known[lead_id] for lead_id in lead_ids]
    hold_first(LEAD, pks)
    contacts_hold({*_people_of(pks), *with_people})
    held = {
        lead.pk: lead for lead in Lead.objects.select_for_update().filter(pk__in=pks).order_by("pk")
    }
    return [held[pk] for pk in pks]


def _people_of(pks: Iterable[int]) -> set[int]:
    return set(Lead.objects.filter(pk__in=pks).values_list("contact", flat=True))


def _refuse_what_cannot_be_one(survivor: Lead, duplicate: Lead) -> None:
    if survivor.pk == duplicate.pk:
        raise InvalidInput("A lead cannot be merged with itself.")
    for lead in (survivor, duplicate):
        if lead.status == LeadStatus.DUPLICATE:
            raise Conflict(f"{lead.name} has been merged into another lead already.")
    if duplicate.status in (LeadStatus.WON, LeadStatus.SOLD):
        raise Conflict(
            f"{duplicate.name} is {duplicate.status}, and money hangs on it:"
            " merge the other one into it."
        )
    if duplicate.status in OPEN_STATUSES and survivor.status not in OPEN_STATUSES:
        raise Conflict("An open lead cannot end in a closed one: merge them the other way round.")
    people = {survivor.contact_id, duplicate.contact_id}
    others = Lead.objects.filter(contact__in=people, status__in=OPEN_STATUSES)
    others = others.exclude(pk__in=[survivor.pk, duplicate.pk])
    is_open = survivor.status in OPEN_STATUSES
    if len(people) > 1 and (other := others.first()) and (is_open or others.count() > 1):
        raise Conflict(
            f"{other.name} is another open lead of these people: merge that one first.",
            details={"lead_id": str(other.public_id)},
        )


def _one_first_task(lead_pk: int, now: datetime) -> list[int]:
    """Both leads waited for a first call: one is enough. Returns the keys of what was dropped."""
    waiting = Task.objects.filter(
        lead=lead_pk, state=TaskState.OPEN, reason__in=[TaskReason.FIRST_CALL, TaskReason.FOLLOW_UP]
    )
    spare = list(waiting.order_by("due_at", "pk").values_list("pk", flat=True)[1:])
    Task.objects.filter(pk__in=spare).update(
        state=TaskState.DROPPED, done_at=now, result="The leads were merged"
    )
    return spare


def _write(lead: Lead, values: Mapping[str, Any]) -> None:
    Lead.objects.filter(pk=lead.pk).update(**values)


def _tell(merge: LeadMerge, kind: ActivityKind, actor: User, now: datetime) -> None:
    survivor, duplicate = merge.survivor, merge.duplicate
    for lead, other, words in (
        (survivor, duplicate, f"{duplicate.name} was merged into this lead by {actor}"),
        (duplicate, survivor, f"Merged into {survivor.name} by {actor}"),
    ):
        activity_add(lead.pk, kind, words, now=now, actor_pk=actor.pk, other=str(other.public_id))


def _is_choice(name: str, side: Any) -> bool:
    return name in UNITS and side in ("survivor", "duplicate")
