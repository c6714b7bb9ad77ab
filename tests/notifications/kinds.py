"""Kinds that only the tests know, and how one of them is told."""

from __future__ import annotations

from datetime import UTC, datetime

from django.db import transaction

from apps.notifications.actions import notify
from apps.notifications.choices import Mail
from apps.notifications.kinds import Channels, Kind, register

NOW = datetime(2026, 11, 27, 15, 0, tzinfo=UTC)  # 10:00 in New York, a Friday
PLAIN = Kind("test.plain", "A plain thing", Channels())
MAILED = Kind("test.mailed", "A thing worth a mail", Channels(mail=Mail.AT_ONCE))
DIGESTED = Kind("test.digested", "A thing for the digest", Channels(mail=Mail.DIGEST))
URGENT = Kind(
    "test.urgent", "A thing that needs a person", Channels(), managers_after=10, admins_after=30
)
for _kind in (PLAIN, MAILED, DIGESTED, URGENT):
    register(_kind)


def told(*people, kind: Kind = PLAIN, key: str = "k", **words) -> int:
    """Tell people something short, as a handler would."""
    words = {"title": "Something happened", "now": NOW} | words
    with transaction.atomic():
        return notify(kind.code, recipients=[person.pk for person in people], key=key, **words)
