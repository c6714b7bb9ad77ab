"""What the outbox calls so that leads are compared: after capture, and when what they say changes.

In the queue of the background: nobody waits for a suggestion. All safe to repeat.
"""

from __future__ import annotations

from uuid import UUID

from django.utils import timezone

from apps.core.outbox import Message, handles
from apps.leads.actions.capturing import CAPTURED
from apps.leads.actions.changing import CHANGED
from apps.leads.actions.merging import MERGED
from apps.leads.actions.suggesting import duplicates_check
from apps.leads.actions.unmerging import UNMERGED
from apps.leads.models import Lead, LeadMerge


@handles(CAPTURED, queue="analytics")
def compare_what_came_in(message: Message) -> None:
    _check(UUID(message.payload["lead"]))


@handles(CHANGED, queue="analytics")
def compare_what_was_changed(message: Message) -> None:
    _check(UUID(message.payload["lead"]))


@handles(MERGED, queue="analytics")
def compare_what_was_merged(message: Message) -> None:
    _check_both(UUID(message.key))


@handles(UNMERGED, queue="analytics")
def compare_what_was_taken_apart(message: Message) -> None:
    _check_both(UUID(message.key))


def _check(lead_id: UUID) -> None:
    pk = Lead.objects.filter(public_id=lead_id).values_list("pk", flat=True).first()
    if pk is not None:  # deleted meanwhile
        duplicates_check(pk, now=timezone.now())


def _check_both(merge_id: UUID) -> None:
    for merge in LeadMerge.objects.filter(public_id=merge_id):
        for lead_pk in (merge.survivor_id, merge.duplicate_id):
            duplicates_check(lead_pk, now=timezone.now())
