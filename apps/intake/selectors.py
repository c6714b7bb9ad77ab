"""What can be asked about sources and events."""

from __future__ import annotations

import time
from uuid import UUID

from apps.core.errors import NotFound
from apps.core.keys import key_digest
from apps.intake.contracts import SourceFacts
from apps.intake.models import InboundEvent, LeadSource, SourceKey

_REMEMBER_SECONDS = 10.0
_remembered: dict[str, tuple[float, SourceFacts]] = {}


def source_facts(slug: str) -> SourceFacts:
    """The source called `slug`, remembered for ten seconds: every request asks. Raises NotFound."""
    until, facts = _remembered.get(slug, (0.0, None))
    if facts is not None and time.monotonic() < until:
        return facts
    source = LeadSource.objects.filter(slug=slug).first()
    if source is None:
        raise NotFound(f"There is no source called {slug}.")
    facts = _facts(source)
    _remembered[slug] = (time.monotonic() + _REMEMBER_SECONDS, facts)
    return facts


def forget_sources() -> None:
    """Read sources again at the next request: after a change in this process."""
    _remembered.clear()


def source_by_key(key: str) -> tuple[SourceFacts, SourceKey] | None:
    """The source a vendor's key belongs to, and the key's row; None for a wrong or revoked one."""
    digest = key_digest(key)
    row = SourceKey.objects.select_related("source").filter(digest=digest, revoked_at=None).first()
    return (_facts(row.source), row) if row else None


def event_by_id(event_id: UUID) -> InboundEvent | None:
    """The event, without its body."""
    return InboundEvent.objects.defer("body").filter(public_id=event_id).first()


def _facts(source: LeadSource) -> SourceFacts:
    return SourceFacts(
        pk=source.pk,
        slug=source.slug,
        kind=source.kind,
        market=source.market,
        is_active=source.is_active,
        signing_secret=source.signing_secret,
    )
