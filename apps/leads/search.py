"""Finding a lead by what somebody types: words by their beginning, e-mail and phone by equality.

An address or number is also looked for among all that its person is known by: who rings from
their other telephone is found.
"""

from __future__ import annotations

import unicodedata

from django.db import connection
from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL

from apps.contacts.identity import read_email, read_phone
from apps.core.accents import without_accents, without_accents_sql
from apps.leads.models import Lead

_TEXT = (
    "coalesce(leads_lead.first_name, '') || ' ' || coalesce(leads_lead.last_name, '') || ' ' || "
    "coalesce(leads_lead.company, '') || ' ' || coalesce(leads_lead.city, '') || ' ' || "
    "coalesce(leads_lead.postal_code, '')"
)
# The same expression as in the index `leads_search` (migration 0021): PostgreSQL compares them.
SEARCH_VECTOR = f"to_tsvector('simple'::regconfig, {without_accents_sql(_TEXT)})"
_MAX_WORDS = 6


def search_leads(leads: QuerySet[Lead], text: str) -> QuerySet[Lead]:
    """The leads that `text` may mean. An empty text means all of them."""
    text = text.strip()
    if not text:
        return leads
    if email := read_email(text):
        return leads.filter(pk__in=_reached_by([email]))
    phones = [phone.e164 for region in ("US", "IN") if (phone := read_phone(text, region=region))]
    if phones:
        return leads.filter(pk__in=_reached_by(phones, postal_code=text))
    words = _words(without_accents(text))[:_MAX_WORDS]
    if not words:
        return leads.none()
    if connection.vendor != "postgresql":
        return leads.filter(_all_words_somewhere(words))
    query = " & ".join(f"{word}:*" for word in words)
    return leads.filter(
        pk__in=RawSQL(  # noqa: S611 (fixed SQL, the words are a parameter)
            f"SELECT id FROM leads_lead WHERE {SEARCH_VECTOR} @@ to_tsquery('simple', %s)",  # noqa: S608 (a constant)
            [query],
        )
    )


def _reached_by(values: list[str], *, postal_code: str = "") -> QuerySet[Lead, int]:
    """Keys of leads. A union, so that each side goes by its own index."""
    stated = Q(email__in=values) | Q(phone__in=values)
    if postal_code:
        stated |= Q(postal_code=postal_code)
    by_lead = Lead.objects.filter(stated).order_by().values_list("pk", flat=True)
    by_person = Lead.objects.filter(contact__identities__value__in=values).order_by()
    return by_lead.union(by_person.values_list("pk", flat=True))


def _words(text: str) -> list[str]:
    """Runs of letters and digits, with the marks that belong to letters (Indic vowel signs)."""
    kept = (
        character if unicodedata.category(character)[0] in "LMN" else " "
        for character in text.lower()
    )
    return "".join(kept).split()


def _all_words_somewhere(words: list[str]) -> Q:
    condition = Q()
    for word in words:
        condition &= (
            Q(first_name__icontains=word)
            | Q(last_name__icontains=word)
            | Q(company__icontains=word)
            | Q(city__icontains=word)
            | Q(postal_code__startswith=word)
        )
    return condition
