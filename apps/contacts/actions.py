"""What changes people: recognising them, and writing down what they agreed to."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from apps.contacts.contracts import Captured, ConsentDraft, PersonDraft
from apps.contacts.models import Channel, Consent, Contact, ContactIdentity, Suppression
from apps.contacts.suppression import suppress_digest
from apps.core.errors import Conflict
from apps.core.locks import lock_names

Kind = ContactIdentity.Kind


def identity_lock(kind: str, value: str) -> str:
    """The name of the lock on an address or number: whoever asks whose it is holds it."""
    return f"identity:{kind}:{value}"


def identities_hold(people: Iterable[PersonDraft]) -> None:
    """Hold the addresses and numbers of several people, who are captured one after the other.

    Needs a transaction, before the first of them: locks in one order cannot block each other.
    """
    lock_names(
        *(identity_lock(kind, value) for person in people for kind, value, _ in _identities(person))
    )


@transaction.atomic
def contact_capture(person: PersonDraft) -> Captured:
    """The contact this person is, made if nobody has their identities yet.

    Locks the identities in sorted order, so two requests of one person at the same moment find one
    contact. When e-mail and phone lead to two contacts the older one is taken, nothing is moved,
    and the other is named in `conflict`. Repeatable. Raises ValueError without an identity.
    """
    identities = _identities(person)
    if not identities:
        raise ValueError("A person without e-mail or phone cannot be recognised.")
    lock_names(*(identity_lock(kind, value) for kind, value, _ in identities))
    owners = {
        (owned.kind, owned.value): owned.contact
        for owned in ContactIdentity.objects.select_related("contact").filter(
            value__in=[value for _, value, _ in identities]
        )
    }
    found = sorted(
        {owners[kind, value] for kind, value, _ in identities if (kind, value) in owners},
        key=lambda contact: contact.pk,
    )
    contact = found[0] if found else _new_contact(person)
    ContactIdentity.objects.bulk_create(
        ContactIdentity(contact=contact, kind=kind, value=value, valid=valid)
        for kind, value, valid in identities
        if (kind, value) not in owners
    )
    if found:
        _fill_gaps(contact, person)
    return Captured(
        contact_pk=contact.pk,
        created=not found,
        conflict=found[1].public_id if len(found) > 1 else None,
    )


@transaction.atomic
def contact_add_identity(*, contact_pk: int, kind: str, value: str, valid: bool) -> None:
    """Learn another address or number of somebody. Repeatable.

    Locks the identity as capturing does. Raises Conflict when it is somebody else's.
    """
    lock_names(identity_lock(kind, value))
    identity, _ = ContactIdentity.objects.get_or_create(
        kind=kind, value=value, defaults={"contact_id": contact_pk, "valid": valid}
    )
    if identity.contact_id != contact_pk:
        raise Conflict("Somebody else we know is reached by this.")


def email_set_reachable(value: str, *, is_reachable: bool) -> None:
    """Note that mail to an address comes back, or that somebody writes from it after all."""
    ContactIdentity.objects.filter(kind=Kind.EMAIL, value=value).update(valid=is_reachable)


@transaction.atomic
def email_opt_out(
    *,
    contact_pk: int,
    digest: str,
    now: datetime,
    inbound_event: UUID | None = None,
    complained: bool = False,
) -> None:
    """Somebody wants no more mail: on the do-not-contact list, and out of consent. Repeatable.

    `digest` is the address as `suppression_digest` has it: a link in a mail knows no more.
    """
    reason = Suppression.Reason.COMPLAINT if complained else Suppression.Reason.OPT_OUT
    suppress_digest(kind=Kind.EMAIL, digest=digest, reason=reason)
    last = Consent.objects.filter(contact=contact_pk, channel=Channel.EMAIL).last()
    if last is None or last.kind != Consent.Kind.REVOKED:
        consent_revoke(
            contact_pk=contact_pk, channels=[Channel.EMAIL], inbound_event=inbound_event, now=now
        )


def consent_record(
    *, contact_pk: int, consent: ConsentDraft, inbound_event: UUID | None, now: datetime
) -> list[Consent]:
    """Add what somebody agreed to, one line for each channel. Repeatable per inbound event."""
    return _ledger_lines(
        [channel for channel in Channel.values if channel in consent.channels],
        contact_id=contact_pk,
        kind=Consent.Kind.GIVEN,
        wording=consent.wording,
        wording_version=consent.version,
        wording_digest=hashlib.sha256(consent.wording.encode()).hexdigest(),
        page_url=consent.page_url[:500],
        ip_address=consent.ip_address,
        user_agent=consent.user_agent[:400],
        certificate_url=consent.certificate_url[:500],
        inbound_event=inbound_event,
        occurred_at=min(consent.given_at or now, now),
    )


def consent_revoke(
    *, contact_pk: int, channels: Iterable[str], inbound_event: UUID | None, now: datetime
) -> list[Consent]:
    """Add that somebody no longer agrees. Repeatable per inbound event."""
    wanted = set(channels)
    return _ledger_lines(
        [channel for channel in Channel.values if channel in wanted],
        contact_id=contact_pk,
        kind=Consent.Kind.REVOKED,
        inbound_event=inbound_event,
        occurred_at=now,
    )


def _ledger_lines(channels: list[str], **fields: object) -> list[Consent]:
    lines = [Consent(channel=channel, **fields) for channel in channels]
    return Consent.objects.bulk_create(lines, ignore_conflicts=True)


def _identities(person: PersonDraft) -> list[tuple[str, str, bool]]:
    found: list[tuple[str, str, bool]] = []
    if person.email:
        found.append((Kind.EMAIL, person.email, True))
    if person.phone:
        found.append((Kind.PHONE, person.phone.e164, person.phone.valid))
    return found


def _new_contact(person: PersonDraft) -> Contact:
    return Contact.objects.create(
        first_name=person.first_name,
        last_name=person.last_name,
        market=person.market,
        language=person.language,
    )


def _fill_gaps(contact: Contact, person: PersonDraft) -> None:
    """A name once known is not overwritten by a form: spelling mistakes come in that way."""
    gaps = {
        name: getattr(person, name)
        for name in ("first_name", "last_name", "market", "language")
        if getattr(person, name) and not getattr(contact, name)
    }
    if gaps:
        mine: QuerySet[Contact] = Contact.objects.filter(pk=contact.pk)
        mine.update(**gaps)
