"""Who must not be contacted, kept as keyed hashes: it answers "is this one on it?" and no more."""

from __future__ import annotations

import hashlib
import hmac

from django.conf import settings

from apps.contacts.models import ContactIdentity, Suppression


def suppression_digest(kind: str, value: str) -> str:
    """HMAC-SHA256 of a normalised e-mail or E.164 number, under `SUPPRESSION_KEY`."""
    text = f"{kind}:{value}".encode()
    return hmac.new(settings.SUPPRESSION_KEY.encode(), text, hashlib.sha256).hexdigest()


def suppress(*, kind: str, value: str, reason: str, note: str = "") -> Suppression:
    """Put an address on the list. Repeatable: the first reason stays."""
    digest = suppression_digest(kind, value)
    return suppress_digest(kind=kind, digest=digest, reason=reason, note=note)


def suppress_digest(*, kind: str, digest: str, reason: str, note: str = "") -> Suppression:
    """The same for an address that is known by its hash alone, as a link in a mail knows it."""
    entry, _ = Suppression.objects.get_or_create(
        kind=kind, value_digest=digest, defaults={"reason": reason, "note": note}
    )
    return entry


def suppressed_kinds(*, email: str, phone: str) -> set[str]:
    """Which of the two addresses must not be used: a set of "email" and "phone"."""
    given = {ContactIdentity.Kind.EMAIL: email, ContactIdentity.Kind.PHONE: phone}
    digests = {suppression_digest(kind, value): kind for kind, value in given.items() if value}
    if not digests:
        return set()
    found = Suppression.objects.filter(value_digest__in=digests).values_list("kind", flat=True)
    return {str(kind) for kind in found}
