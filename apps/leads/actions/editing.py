"""One lead changed by a program: details and status together, or the lead deleted."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import ProtectedError

from apps.contacts.models import ContactIdentity
from apps.core.clock import utc_text
from apps.core.errors import Conflict, InvalidInput
from apps.leads.actions.changing import lead_details_save, leads_set_status
from apps.leads.choices import CallStatus, LeadStatus
from apps.leads.models import Lead
from apps.users.models import User

_IDENTITY_STAYS = "What a person is known by is learned, never overwritten: write a note instead."


_MUST_BE_OBEYED = "Note it as the outcome of a call: then the number is suppressed as well."


@transaction.atomic
def lead_change(
    lead_pk: int,
    *,
    stated: Mapping[str, Any],
    actor: User,
    now: datetime,
    seen_at: datetime | None = None,
) -> None:
    """Keep what is stated of a lead: columns, and `status` with its `lost_reason`.

    What equals what is there changes nothing. Raises Conflict when the lead was changed after
    `seen_at`, InvalidInput for another address or number than the known one and for
    `do_not_call`, which a column does not keep, and what `leads_set_status` raises. All or nothing.
    """
    lead = Lead.objects.select_for_update(of=("self",)).select_related("market").get(pk=lead_pk)
    if seen_at is not None and lead.updated_at > seen_at:
        raise Conflict(
            "Somebody changed this lead since you read it.",
            details={"updated_at": utc_text(lead.updated_at)},
        )
    details = dict(stated)
    status, lost_reason = details.pop("status", lead.status), details.pop("lost_reason", "")
    before = {name: old for name in details if (old := getattr(lead, name)) != details[name]}
    if taken := [kind for kind in ContactIdentity.Kind.values if before.get(kind)]:
        raise InvalidInput(details={kind: [_IDENTITY_STAYS] for kind in taken})
    if "call_status" in before and details["call_status"] == CallStatus.DO_NOT_CALL:
        raise InvalidInput(details={"call_status": [_MUST_BE_OBEYED]})
    for name in before:
        setattr(lead, name, details[name])
    lead_details_save(lead, before=before, actor=actor, now=now)
    if status != lead.status:
        leads_set_status(
            [lead.public_id], status=status, lost_reason=lost_reason, actor=actor, now=now
        )


@transaction.atomic
def lead_delete(lead_pk: int) -> None:
    """Delete a lead with its timeline, for what should never have been one.

    The person, their consents and what they sent stay: those are evidence. Raises Conflict for a
    lead that money hangs on (won or sold, now or once) and for one another room holds on to.
    """
    lead = Lead.objects.select_for_update().get(pk=lead_pk)
    if not is_deletable(lead):
        raise Conflict(f"{lead.name} was {lead.status}: money hangs on it, so it stays.")
    try:
        with transaction.atomic():
            lead.delete()
    except ProtectedError as error:
        raise Conflict(f"{lead.name} has a history elsewhere, so it stays.") from error


def is_deletable(lead: Lead) -> bool:
    """Whether no money hangs on a lead."""
    is_paid_for = lead.status in {LeadStatus.WON, LeadStatus.SOLD}
    return not (is_paid_for or lead.converted_at or lead.sold_at)
