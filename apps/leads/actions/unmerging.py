"""Taking apart what was merged by mistake. What it promises is in docs/adr."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from apps.contacts.merging import ContactsMerged, contacts_unmerge
from apps.core import outbox
from apps.core.attachments import return_attached
from apps.core.errors import Conflict
from apps.leads.actions.closing import running_resume
from apps.leads.actions.merging import LEAD, leads_hold, require_may_merge
from apps.leads.actions.pairing import pair_note_unmerged
from apps.leads.actions.scoring import lead_score
from apps.leads.actions.tasks import tasks_follow_lead
from apps.leads.choices import ActivityKind, LeadStatus, TaskState
from apps.leads.columns import plain_columns, read_columns
from apps.leads.merging import CLOCK
from apps.leads.models import Lead, LeadMerge, LeadScore, Task
from apps.leads.timeline import activity_add
from apps.users.models import User

UNMERGED = "lead.unmerged"
# What follows from the rest: back as it was where nothing was touched, else worked out anew.
_DERIVED = ("score", "tier", "score_detail", "updated_at")


@dataclass(frozen=True)
class Unmerged:
    """What became of it.

    `kept` names columns that somebody changed after the merge and that stay as they are, `missing`
    counts rows that were deleted since or hang elsewhere now.
    """

    merge: LeadMerge
    kept: tuple[str, ...]
    missing: int


@transaction.atomic
def leads_unmerge(merge_id: UUID, *, actor: User, now: datetime) -> Unmerged:
    """Undo a merge: every row that moved returns, and both leads are as they were.

    What came in since stays with the survivor; what was changed since keeps its newer value.
    Raises Conflict for a merge that is undone already, that is not the survivor's latest, or whose
    survivor was itself merged away; PermissionRefused as merging does.
    """
    found = LeadMerge.objects.select_related("survivor", "duplicate").get(public_id=merge_id)
    people = ContactsMerged(**found.contacts) if found.contacts else None
    survivor, duplicate = leads_hold(
        found.survivor.public_id,
        found.duplicate.public_id,
        with_people={people.duplicate} if people else set(),
    )
    merge = LeadMerge.objects.select_for_update().get(pk=found.pk)
    require_may_merge(actor, survivor, duplicate)
    _refuse_out_of_turn(merge, survivor)
    missing = return_attached(LEAD, merge.moved, source=duplicate.pk, target=survivor.pk)
    if people:
        missing += contacts_unmerge(people)
    kept = _restore(survivor, merge, actor, now)
    _reopen(merge)
    _return_tasks(merge)
    running_resume(merge.ended)
    merge.undone_at, merge.undone_by = now, actor
    merge.save(update_fields=["undone_at", "undone_by"])
    _tell(survivor, duplicate, kept, actor, now)
    pair_note_unmerged(survivor.pk, duplicate.pk, actor=actor, now=now)
    outbox.publish(UNMERGED, key=str(merge.public_id), lead=str(survivor.public_id))
    return Unmerged(merge, kept, missing)


def merge_to_undo(lead: Lead) -> LeadMerge:
    """The merge that taking this lead apart undoes: its own, else the latest into it.

    Raises Conflict when there is none.
    """
    standing = LeadMerge.objects.filter(undone_at=None)
    merge = standing.filter(duplicate=lead).first()
    merge = merge or standing.filter(survivor=lead).order_by("-pk").first()
    if merge is None:
        raise Conflict("This lead is not merged with any other.")
    return merge


def _refuse_out_of_turn(merge: LeadMerge, survivor: Lead) -> None:
    if merge.undone_at is not None:
        raise Conflict("This merge has been undone already.")
    if survivor.status == LeadStatus.DUPLICATE:
        raise Conflict(f"{survivor.name} has since been merged itself: undo that first.")
    later = survivor.merges.filter(undone_at=None, pk__gt=merge.pk).order_by("-pk").first()
    if later is not None:
        raise Conflict(
            f"{later.duplicate.name} was merged into it later: undo that first.",
            details={"lead_id": str(later.duplicate.public_id)},
        )


def _restore(survivor: Lead, merge: LeadMerge, actor: User, now: datetime) -> tuple[str, ...]:
    """Put back what the merge wrote over. Returns the columns that somebody changed since."""
    before, after = merge.survivor_before, merge.survivor_after
    there = plain_columns(survivor, before)
    touched = {name for name in before if name not in _DERIVED and there[name] != after[name]}
    back = {name: before[name] for name in before if name not in touched | set(_DERIVED)}
    is_untouched = not touched and there["score_detail"] == after["score_detail"]
    if is_untouched:
        back |= {name: before[name] for name in _DERIVED}
        LeadScore.objects.filter(pk__in=merge.scores_made).delete()
    Lead.objects.filter(pk=survivor.pk).update(**read_columns(back))
    if not is_untouched:
        lead_score(survivor.pk, now=now, actor_pk=actor.pk)
    return tuple(sorted(n for n in touched - set(CLOCK) if before[n] != after[n]))


def _reopen(merge: LeadMerge) -> None:
    """The duplicate is what it was. Raises Conflict where its person has another open lead now."""
    values = read_columns(merge.duplicate_before)
    try:
        with transaction.atomic():
            Lead.objects.filter(pk=merge.duplicate_id).update(**values)
    except IntegrityError as error:
        raise Conflict(
            "The person has another open lead now: close or merge that one first."
        ) from error


def _return_tasks(merge: LeadMerge) -> None:
    """What the merge dropped is to be done again, by whoever has each lead now."""
    dropped = Task.objects.filter(pk__in=merge.tasks_dropped, state=TaskState.DROPPED)
    dropped.update(state=TaskState.OPEN, done_at=None, result="")
    for lead in Lead.objects.filter(pk__in=[merge.survivor_id, merge.duplicate_id]):
        tasks_follow_lead(lead.pk, user_pk=lead.assigned_to_id)


def _tell(
    survivor: Lead, duplicate: Lead, kept: tuple[str, ...], actor: User, now: datetime
) -> None:
    for lead, other in ((survivor, duplicate), (duplicate, survivor)):
        words = f"The merge with {other.name} was undone by {actor}"
        activity_add(
            lead.pk,
            ActivityKind.UNMERGED,
            words,
            now=now,
            actor_pk=actor.pk,
            other=str(other.public_id),
            kept=list(kept) if lead is survivor else [],
        )
