"""Writing down what came in, once, before anything else happens to it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.text import slugify

from apps.core import outbox
from apps.core.errors import Conflict, InvalidInput, NotFound, PermissionRefused
from apps.core.keys import PREFIX_LENGTH, key_digest, new_key
from apps.intake.choices import EventState, SourceKind
from apps.intake.contracts import Arrival, Recorded
from apps.intake.models import InboundEvent, LeadSource, SourceKey
from apps.intake.selectors import forget_sources, source_facts

RECORDED = "inbound_event.recorded"
# What may differ between two sendings of the same request.
_NOT_CONTENT = ("timestamp", "idempotency_key")


def event_record(arrival: Arrival, *, now: datetime) -> Recorded:
    """Keep a request and publish that it came, in one commit. The same request again: same answer.

    Requests are the same when they bear the same idempotency key, or, without one, when their
    bodies are equal but for the timestamp within `INTAKE_REPEAT_WINDOW_SECONDS`. Raises Conflict
    for a known key with another body, PermissionRefused for a source that is switched off.
    """
    source = source_facts(arrival.source)
    if not source.is_active:
        raise PermissionRefused("This source is switched off.")
    digest = content_digest(arrival.payload)
    if not arrival.idempotency_key and (earlier := _earlier(source.pk, digest, now)):
        return Recorded(earlier, is_repeat=True)
    event = InboundEvent(
        source_id=source.pk,
        state=EventState.SPAM if arrival.is_spam else EventState.RECEIVED,
        body=arrival.body,
        body_digest=digest,
        repeat_key=_repeat_key(arrival.idempotency_key, digest, now),
        ip_address=arrival.ip_address,
        user_agent=arrival.user_agent[:400],
        page_url=arrival.page_url[:500],
        received_at=now,
    )
    try:
        with transaction.atomic():
            event.save(force_insert=True)
            if not arrival.is_spam:
                _publish(event.public_id, replay=0)
    except IntegrityError:
        return _repeated(event)
    return Recorded(event.public_id)


def events_replay(event_ids: Sequence[UUID]) -> int:
    """Send events down the road again: parked ones, or ones whose parser has learned something.

    Spam is released by it. Repeatable: a replay updates the same lead. Returns how many.
    """
    replayed = 0
    for event_id in event_ids:
        with transaction.atomic():
            found = InboundEvent.objects.filter(public_id=event_id)
            if found.update(state=EventState.RECEIVED, note="", replays=F("replays") + 1):
                _publish(event_id, replay=found.values_list("replays", flat=True).get())
                replayed += 1
    return replayed


def events_mark_spam(event_ids: Sequence[UUID]) -> int:
    """Mark events that have not become anything yet as spam. Returns how many."""
    waiting = InboundEvent.objects.filter(
        public_id__in=event_ids, state__in=[EventState.RECEIVED, EventState.PARKED]
    )
    return waiting.update(state=EventState.SPAM)


def event_settle(event_pk: int, *, state: EventState, note: str = "") -> None:
    """Note what became of an event."""
    InboundEvent.objects.filter(pk=event_pk).update(state=state, note=note)


def source_for_files(name: str, *, provenance: str) -> LeadSource:
    """The source that rows of files called `name` come from, made at the first such file.

    Raises InvalidInput for a name of another kind of source.
    """
    slug = slugify(name)[:50] or "file"
    source, _ = LeadSource.objects.get_or_create(
        slug=slug,
        defaults={"name": name.strip()[:100], "kind": SourceKind.IMPORT, "provenance": provenance},
    )
    if source.kind != SourceKind.IMPORT:
        raise InvalidInput(
            details={"source": [f"“{source.name}” has a door of its own: choose another name."]}
        )
    return source


def source_issue_key(source: LeadSource, *, key: str = "") -> str:
    """A new key for a vendor. Returned once and never shown again: only its digest is kept.

    `key` is given by the demo data alone, whose key has to be the same on every start.
    """
    key = key or new_key("src")
    SourceKey.objects.get_or_create(
        digest=key_digest(key), defaults={"source": source, "prefix": key[:PREFIX_LENGTH]}
    )
    return key


def source_key_revoke(key_pk: int, *, now: datetime) -> bool:
    """Take a key away for good. Returns whether it was still one."""
    return bool(SourceKey.objects.filter(pk=key_pk, revoked_at=None).update(revoked_at=now))


def source_key_used(key: SourceKey) -> None:
    """Remember the day a key was last used; one write a day."""
    today = timezone.now().date()
    if key.last_used_on != today:
        SourceKey.objects.filter(pk=key.pk).update(last_used_on=today)


def content_digest(payload: dict[str, Any]) -> str:
    """What a request says, whenever it was sent: equal for two sendings of the same."""
    content = {name: value for name, value in payload.items() if name not in _NOT_CONTENT}
    text = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _publish(event_id: UUID, *, replay: int) -> None:
    key = f"{event_id}:{replay}" if replay else str(event_id)
    outbox.publish(RECORDED, key=key, event=str(event_id))


def _window(now: datetime) -> int:
    return int(now.timestamp()) // int(settings.INTAKE_REPEAT_WINDOW_SECONDS)


def _repeat_key(idempotency_key: str, digest: str, now: datetime) -> str:
    if idempotency_key:
        return f"key:{idempotency_key}"
    return f"body:{digest}:{_window(now)}"


def _earlier(source_pk: int, digest: str, now: datetime) -> UUID | None:
    """The same body in the window before this one, if that is less than a window ago.

    Windows begin at fixed times so that a unique key can hold them; without this look back, two
    sendings around a beginning would be two events.
    """
    width = timedelta(seconds=settings.INTAKE_REPEAT_WINDOW_SECONDS)
    return (
        InboundEvent.objects.filter(
            source=source_pk,
            repeat_key=f"body:{digest}:{_window(now) - 1}",
            received_at__gt=now - width,
        )
        .values_list("public_id", flat=True)
        .first()
    )


def _repeated(event: InboundEvent) -> Recorded:
    same = InboundEvent.objects.filter(source_id=event.source_id, repeat_key=event.repeat_key)
    first = same.only("public_id", "body_digest").first()
    if first is None:  # not a repeat: the source went away in the seconds it is remembered
        forget_sources()
        raise NotFound("This source is gone.")
    if first.body_digest != event.body_digest:
        raise Conflict("This idempotency key was used with another body.")
    return Recorded(first.public_id, is_repeat=True)
