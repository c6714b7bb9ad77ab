"""Finding leads that may be one person, and writing down what a person says to that."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import astuple
from datetime import datetime

from django.db import transaction
from django.db.models import Count, Q, QuerySet

from apps.contacts.models import Contact
from apps.core.errors import Conflict, NotFound
from apps.leads.actions.merging import require_may_merge
from apps.leads.choices import ActivityKind, LeadStatus
from apps.leads.duplicates import Likeness, Person, block_keys, likeness
from apps.leads.models import DuplicateBlock, DuplicateSuggestion, Lead
from apps.users.models import User

_MOST_IN_A_BLOCK = 100  # more leads than this share a key that tells nothing
_MOST_COMPARED = 500
State = DuplicateSuggestion.State
_SAID = ("first_name", "last_name", "email", "phone", "address", "postal_code")
_CONFLICT = Likeness(
    "person", 100, ("one request gave the e-mail of one and the phone of the other",)
)


def duplicates_check(lead_pk: int, *, now: datetime) -> int:
    """Compare a lead with those it shares a block with. Returns how many pairs stand open.

    Repeatable. Two transactions: its blocks are committed before others are looked for, so that of
    two leads checked at the same moment at least one sees the other.
    """
    lead = Lead.objects.filter(pk=lead_pk).first()
    if lead is None or lead.status == LeadStatus.DUPLICATE:
        _forget(lead_pk)
        return 0
    keys = _write_blocks(lead)
    with transaction.atomic():
        found = {other.pk: like for other, like in _alike(lead, keys)}
        found |= dict.fromkeys(_conflicting(lead), _CONFLICT)
        return _write_pairs(lead, found, now)


def duplicates_check_some(*, now: datetime, most: int = 500) -> int:
    """Check leads that never were: those from before there were suggestions. Returns how many."""
    unchecked = Lead.objects.filter(duplicate_blocks=None).exclude(status=LeadStatus.DUPLICATE)
    pks = list(unchecked.order_by("-pk").values_list("pk", flat=True)[:most])
    for pk in pks:
        duplicates_check(pk, now=now)
    return len(pks)


@transaction.atomic
def suggestion_dismiss(suggestion_pk: int, *, actor: User, now: datetime) -> DuplicateSuggestion:
    """These are two people. Not suggested again unless one of them says something else of itself.

    Raises PermissionRefused as merging does, Conflict for what is decided already.
    """
    found = (
        DuplicateSuggestion.objects.select_for_update(of=("self",))
        .select_related("first", "second")
        .filter(pk=suggestion_pk)
        .first()
    )
    if found is None:
        raise NotFound("There is no such suggestion.")
    require_may_merge(actor, found.first, found.second)
    if found.state != State.OPEN:
        raise Conflict(f"Somebody has decided this: {found.get_state_display().lower()}.")
    found.state, found.decided_by, found.decided_at = State.DISMISSED, actor, now
    found.save(update_fields=["state", "decided_by", "decided_at"])
    return found


def _person(lead: Lead) -> Person:
    return Person(**{name: getattr(lead, name) for name in _SAID})


@transaction.atomic
def _write_blocks(lead: Lead) -> set[str]:
    """The lead stands in these blocks and no others."""
    # A lead that can be compared with none has a block of its own, and was checked all the same.
    keys = block_keys(_person(lead)) or {f"alone:{lead.pk}"}
    mine = DuplicateBlock.objects.filter(lead=lead)
    there = set(mine.values_list("key", flat=True))
    if gone := there - keys:
        mine.filter(key__in=gone).delete()
    DuplicateBlock.objects.bulk_create(
        (DuplicateBlock(lead=lead, key=key) for key in sorted(keys - there)), ignore_conflicts=True
    )
    return keys


def _alike(lead: Lead, keys: Iterable[str]) -> Iterator[tuple[Lead, Likeness]]:
    """The leads of other people that look like this one. A fixed number of queries."""
    sizes = DuplicateBlock.objects.filter(key__in=list(keys)).values("key")
    telling = [
        row["key"] for row in sizes.annotate(size=Count("pk")) if row["size"] <= _MOST_IN_A_BLOCK
    ]
    beside = DuplicateBlock.objects.filter(key__in=telling).exclude(lead=lead).values("lead")
    others = Lead.objects.filter(pk__in=beside).exclude(contact=lead.contact_id)
    others = others.exclude(status=LeadStatus.DUPLICATE).only("contact", *_SAID)
    mine = _person(lead)
    for other in others.order_by("-pk")[:_MOST_COMPARED]:
        if like := likeness(mine, _person(other)):
            yield other, like


def _conflicting(lead: Lead) -> set[int]:
    """Leads of people whose address or number came in one request with this person's."""
    told = lead.activities.filter(kind=ActivityKind.POSSIBLE_DUPLICATE).values_list(
        "data__contact", flat=True
    )
    people = Contact.objects.filter(public_id__in=[one for one in told if one])
    leads = Lead.objects.filter(contact__in=people).exclude(contact=lead.contact_id)
    return set(leads.exclude(status=LeadStatus.DUPLICATE).values_list("pk", flat=True)[:10])


def _write_pairs(lead: Lead, found: dict[int, Likeness], now: datetime) -> int:
    """Keep the pairs of a lead: new ones open, decided ones as they are, unless facts changed."""
    _pairs(lead.pk).filter(state=State.OPEN).exclude(
        Q(first__in=found) | Q(second__in=found)
    ).delete()
    others = Lead.objects.only(*_SAID).in_bulk(list(found))
    for other_pk, like in found.items():
        first, second = sorted((lead.pk, other_pk))
        facts = _facts(*(lead if pk == lead.pk else others[pk] for pk in (first, second)))
        fresh = {
            "kind": like.kind,
            "score": like.score,
            "reasons": list(like.reasons),
            "facts": facts,
        }
        pair, is_new = DuplicateSuggestion.objects.get_or_create(
            first_id=first, second_id=second, defaults=fresh | {"created_at": now}
        )
        if not is_new and pair.facts != facts:
            reopened = {"state": State.OPEN, "decided_by": None, "decided_at": None}
            DuplicateSuggestion.objects.filter(pk=pair.pk).update(**fresh, **reopened)
    return _pairs(lead.pk).filter(state=State.OPEN).count()


def _facts(*leads: Lead) -> str:
    text = repr([astuple(_person(lead)) for lead in leads])
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def _pairs(lead_pk: int) -> QuerySet[DuplicateSuggestion]:
    return DuplicateSuggestion.objects.filter(Q(first=lead_pk) | Q(second=lead_pk))


def _forget(lead_pk: int) -> None:
    """A lead that is gone or a duplicate is compared with nobody."""
    DuplicateBlock.objects.filter(lead=lead_pk).delete()
    _pairs(lead_pk).filter(state=State.OPEN).delete()
