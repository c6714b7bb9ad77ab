"""Two records of one person become one, and two again. Called inside a merge of leads.

Addresses, numbers and whatever rooms have registered move to the survivor; the consent ledger is
only ever added to, so its lines stay where they were written and are read through `merged_into`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import connection

from apps.contacts.actions import identity_lock
from apps.contacts.models import Contact, ContactIdentity
from apps.core.attachments import Moved, move_attached, return_attached
from apps.core.errors import Conflict
from apps.core.locks import lock_names

_CONTACT = "contacts.contact"
_FILLED = ("first_name", "last_name", "market", "language")


@dataclass(frozen=True)
class ContactsMerged:
    """What merging two people changed. Plain values, so that it can be kept as JSON."""

    survivor: int
    duplicate: int
    filled: dict[str, str]  # gaps of the survivor, and what they were filled with
    moved: Moved


def contacts_hold(contact_pks: set[int]) -> None:
    """Lock people for a merge, in the order capturing locks: what they are known by, then they.

    Needs a transaction. A request of one of them waits until the merge is over, and then finds
    whoever it left.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("contacts_hold needs a transaction.")
    known = ContactIdentity.objects.filter(contact__in=contact_pks).values_list("kind", "value")
    lock_names(*(identity_lock(kind, value) for kind, value in known))
    list(Contact.objects.select_for_update().filter(pk__in=contact_pks).order_by("pk"))


def contacts_merge(*, survivor_pk: int, duplicate_pk: int) -> ContactsMerged:
    """Make `duplicate` a pointer to `survivor`. The caller holds both. A gap in the survivor's name
    is filled, nothing is overwritten. Raises Conflict where one of them is such a pointer already.
    """
    people = Contact.objects.in_bulk([survivor_pk, duplicate_pk])
    survivor, duplicate = people[survivor_pk], people[duplicate_pk]
    if survivor.merged_into_id or duplicate.merged_into_id:
        raise Conflict("One of these people has been merged into another already.")
    filled = {
        name: getattr(duplicate, name)
        for name in _FILLED
        if getattr(duplicate, name) and not getattr(survivor, name)
    }
    if filled:
        _change(survivor_pk, **filled)
    moved = move_attached(_CONTACT, source=duplicate_pk, target=survivor_pk)
    _change(duplicate_pk, merged_into_id=survivor_pk)
    return ContactsMerged(survivor_pk, duplicate_pk, filled, moved)


def contacts_unmerge(merged: ContactsMerged) -> int:
    """Undo it: what moved returns, a gap that was filled is one again unless somebody corrected it.

    Returns how many rows could not return. The caller holds both.
    """
    _change(merged.duplicate, merged_into_id=None)
    survivor = Contact.objects.get(pk=merged.survivor)
    emptied = {
        name: "" for name, value in merged.filled.items() if getattr(survivor, name) == value
    }
    if emptied:
        _change(merged.survivor, **emptied)
    return return_attached(_CONTACT, merged.moved, source=merged.duplicate, target=merged.survivor)


def _change(contact_pk: int, **values: Any) -> None:
    Contact.objects.filter(pk=contact_pk).update(**values)
