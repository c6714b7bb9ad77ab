"""What staff change on a lead: its details, its status, its notes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from apps.contacts.actions import contact_add_identity
from apps.contacts.identity import read_phone
from apps.contacts.models import ContactIdentity
from apps.core import outbox
from apps.core.errors import Conflict, InvalidInput
from apps.core.ids import new_id
from apps.leads.actions.closing import lead_closed, lead_reopened
from apps.leads.actions.responding import (
    first_response_clock_set,
    first_response_follow_status,
)
from apps.leads.actions.scoring import lead_score
from apps.leads.choices import OPEN_STATUSES, ActivityKind, LeadStatus
from apps.leads.models import Lead, LeadActivity
from apps.leads.timeline import activity_add
from apps.solar.selectors import place_of
from apps.users.models import User

CHANGED = "lead.changed"
# Reached only by the act they name: a conversion, a sale, a merge.
BY_THEIR_OWN_ACT = {LeadStatus.WON, LeadStatus.SOLD, LeadStatus.DUPLICATE}


@transaction.atomic
def leads_set_status(
    lead_ids: Sequence[UUID],
    *,
    status: str,
    actor: User,
    now: datetime,
    lost_reason: str = "",
    expected: str | None = None,
) -> int:
    """Move leads to a status by hand. Returns how many changed; the same status changes nothing.

    Raises InvalidInput for what is no status, for `won`, `sold` and `duplicate` (only their own act
    leads there) and for `lost` without a reason; Conflict when reopening would give a person two
    open leads, for a lead whose own act would have to be undone first, and for one that is no
    longer in the status `expected` by whoever moves it.
    """
    if status not in LeadStatus.values:
        raise InvalidInput("There is no such status.", details={"status": ["Not a status."]})
    if status in BY_THEIR_OWN_ACT:
        raise InvalidInput(
            f"A lead becomes {status} only by the act itself.", details={"status": ["Not by hand."]}
        )
    if status == LeadStatus.LOST and not lost_reason.strip():
        raise InvalidInput("Say why it was lost.", details={"lost_reason": ["Say why."]})
    changed = 0
    for lead in Lead.objects.select_for_update().filter(public_id__in=lead_ids).order_by("pk"):
        if expected is not None and lead.status != expected:
            raise Conflict(
                f"{lead.name} is in {lead.get_status_display()} now: somebody moved it meanwhile.",
                details={"status": lead.status},
            )
        if lead.status != status:
            if lead.status in BY_THEIR_OWN_ACT:
                raise Conflict(f"{lead.name} is {lead.status}: that is not undone by hand.")
            _move(lead, status, lost_reason, actor, now)
            changed += 1
    return changed


@transaction.atomic
def lead_note(lead_id: UUID, *, text: str, actor: User, now: datetime) -> LeadActivity:
    """Write a note on a lead's timeline. Raises InvalidInput for an empty one."""
    if not text.strip():
        raise InvalidInput("The note is empty.", details={"text": ["Write something."]})
    lead = Lead.objects.only("pk").get(public_id=lead_id)
    return activity_add(
        lead.pk, ActivityKind.NOTE, text.strip(), now=now, actor_pk=actor.pk, text=text.strip()
    )


@transaction.atomic
def lead_details_save(lead: Lead, *, before: dict[str, Any], actor: User, now: datetime) -> None:
    """Keep the details staff corrected; `before` holds the old values of those that changed.

    What follows from them follows: the territory from the postal code, the person's identities
    from a new address or number, and the score. Nothing changed: nothing happens. Raises Conflict
    when the address or number is somebody else's.
    """
    if not before:
        return
    for kind in ContactIdentity.Kind.values:
        if kind in before:
            _learn(lead, kind)
    if before.keys() & {"postal_code", "market"}:
        place = place_of(lead.market_id, lead.postal_code)
        lead.territory_id = place.territory_pk if place else None
    lead.updated_at = now
    lead.save(update_fields=[*before, "territory", "phone_valid", "updated_at"])
    names = ", ".join(sorted(name.replace("_", " ") for name in before))
    activity_add(
        lead.pk,
        ActivityKind.UPDATED,
        f"{actor} changed {names}",
        now=now,
        actor_pk=actor.pk,
        before={name: "" if old is None else str(old) for name, old in before.items()},
    )
    outbox.publish(CHANGED, key=str(new_id()), lead=str(lead.public_id))
    lead_score(lead.pk, now=now, actor_pk=actor.pk)
    if lead.first_response_due_at is not None:
        first_response_clock_set(lead.pk, now=now)


def _learn(lead: Lead, kind: str) -> None:
    """The person is known by this, too. `email` and `phone` arrive in their normal form."""
    value = getattr(lead, kind)
    if kind == ContactIdentity.Kind.PHONE:
        number = read_phone(value, region=lead.market.region)
        lead.phone_valid = bool(number and number.valid)
    valid = kind == ContactIdentity.Kind.EMAIL or bool(lead.phone_valid)
    contact_add_identity(contact_pk=lead.contact_id, kind=kind, value=value, valid=valid)


def _move(lead: Lead, status: str, lost_reason: str, actor: User, now: datetime) -> None:
    changes: dict[str, Any] = {"status": status, "updated_at": now}
    has_reason = status in {LeadStatus.LOST, LeadStatus.UNQUALIFIED}
    changes["lost_reason"] = lost_reason.strip()[:200] if has_reason else ""
    try:
        with transaction.atomic():
            Lead.objects.filter(pk=lead.pk).update(**changes)
    except IntegrityError as error:
        open_words = ", ".join(OPEN_STATUSES)
        raise Conflict(
            f"{lead.name} already has another open lead ({open_words}): work that one."
        ) from error
    first_response_follow_status(lead.pk, status=status, now=now)
    if status not in OPEN_STATUSES:
        lead_closed(lead.pk, status=status, now=now)
    elif lead.status not in OPEN_STATUSES:
        lead_reopened(lead.pk, now=now)
    activity_add(
        lead.pk,
        ActivityKind.STATUS,
        f"{LeadStatus(lead.status).label} → {LeadStatus(status).label}",
        now=now,
        actor_pk=actor.pk,
        before=lead.status,
        after=status,
    )
