"""What can be asked about people."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.lookups import IStartsWith

from apps.contacts.identity import read_email, read_phone
from apps.contacts.models import Channel, Consent, Contact, ContactIdentity
from apps.core.accents import WithoutAccents, without_accents
from apps.users.models import User

_REGIONS = ("US", "IN")  # tried in turn for a number without its country code
_MAX_WORDS = 4


def consent_state(contact_pk: int) -> dict[str, Consent | None]:
    """The line of the ledger that holds today for each channel; None where nobody ever asked.

    Lines are never moved: those of people who were merged into this one count where they stand.
    """
    latest: dict[str, Consent | None] = dict.fromkeys(Channel.values)
    for line in consent_lines(contact_pk):
        latest[line.channel] = line
    return latest


def consent_lines(contact_pk: int) -> QuerySet[Consent]:
    """Everything a person ever agreed to or took back, under whichever record, oldest first."""
    lines = Consent.objects.filter(Q(contact=contact_pk) | Q(contact__merged_into=contact_pk))
    return lines.order_by("occurred_at", "id")


def identity_is_elsewhere(*, kind: str, value: str, contact_pk: int) -> bool:
    """Whether an address or number belongs to somebody else than this person."""
    owned = ContactIdentity.objects.filter(kind=kind, value=value)
    return owned.exclude(contact=contact_pk).exists()


def email_is_reachable(value: str) -> bool:
    """False once a mail to this address came back."""
    dead = ContactIdentity.objects.filter(kind=ContactIdentity.Kind.EMAIL, value=value, valid=False)
    return not dead.exists()


def contacts_visible_to(user: User, contacts: QuerySet[Contact]) -> QuerySet[Contact]:
    """All people with `view_all_leads`, else those whose leads this person may see."""
    if user.has_perm("users.view_all_leads"):
        return contacts
    # By name: leads are a higher room, and the one that says which leads may be seen.
    leads = Contact._meta.get_field("leads").related_model._default_manager
    theirs = leads.filter(Q(assigned_to=user) | Q(assigned_to=None), contact=OuterRef("pk"))
    return contacts.filter(Exists(theirs))


def contacts_found(contacts: QuerySet[Contact], text: str) -> QuerySet[Contact]:
    """The people `text` may mean: an address, a number, or how names begin, accents or not."""
    text = text.strip()
    if not text:
        return contacts
    values = [phone.e164 for region in _REGIONS if (phone := read_phone(text, region=region))]
    if email := read_email(text):
        values.append(email)
    if values:
        owners = ContactIdentity.objects.filter(value__in=values).values("contact")
        return contacts.filter(pk__in=owners)
    for word in without_accents(text).split()[:_MAX_WORDS]:
        contacts = contacts.filter(_begins("first_name", word) | _begins("last_name", word))
    return contacts


def _begins(name: str, word: str) -> Q:
    return Q(IStartsWith(WithoutAccents(name), word))
