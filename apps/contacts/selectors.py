"""What can be asked about people."""

from __future__ import annotations

from apps.contacts.models import Channel, Consent


def consent_state(contact_pk: int) -> dict[str, Consent | None]:
    """The line of the ledger that holds today for each channel; None where nobody ever asked."""
    latest: dict[str, Consent | None] = dict.fromkeys(Channel.values)
    for line in Consent.objects.filter(contact=contact_pk).order_by("occurred_at", "id"):
        latest[line.channel] = line
    return latest
