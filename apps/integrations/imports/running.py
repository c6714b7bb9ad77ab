"""Taking the rows of a file in: each once, however often a worker dies on the way.

A row is judged, then recorded as an inbound event under a key of its own (import and line) in the
same transaction that notes the event on the row. From there it is on the road like everything that
comes in: this worker walks it at once, and if it dies, whoever sweeps journeys does. What became of
a row is noted with the counts in one transaction, and only where nobody noted it before.

Some rows at a time go all the way in one transaction, which saves a dozen commits for each. Who
dies on it leaves them as they were; where one fails so, they are taken in one by one.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, Q
from django.utils import timezone

from apps.contacts.actions import identities_hold
from apps.core import outbox
from apps.core.audit import only_people_audited
from apps.core.context import logging_facts
from apps.core.errors import AppError
from apps.core.reading import reading_once
from apps.intake.actions import RECORDED, event_record
from apps.intake.choices import EventState
from apps.intake.contracts import Arrival
from apps.intake.selectors import event_by_id
from apps.integrations.doors.reading import Setting
from apps.integrations.imports.judging import Plan, judge
from apps.integrations.imports.models import Import, ImportRow
from apps.integrations.imports.plans import plan_of, setting_of
from apps.leads.selectors import captured_as, open_lead_with_identity

_logger = logging.getLogger("import")

_SECONDS_AT_ONCE = 10.0  # then other work of the queue has its turn
_ROWS_AT_ONCE = 200
_ROWS_TOGETHER = 20  # about a second's work: so soon a stop is heard, far within the lease
State, RowState = Import.State, ImportRow.State


def import_advance(import_pk: int) -> bool:
    """Take in the next rows, for about ten seconds. Returns whether there may be more to do now.

    One worker at a time; harmless if there are two.
    """
    if not _claim(import_pk, timezone.now()):
        return False
    found = Import.objects.select_related("source", "market").get(pk=import_pk)
    plan, setting = plan_of(found), setting_of(found)
    end = time.monotonic() + _SECONDS_AT_ONCE
    with logging_facts(import_id=found.public_id):
        waiting = found.rows.filter(state=RowState.PENDING)
        # What is on the road and has not arrived comes last: it must not hold up the others.
        rows = list(waiting.order_by(F("event").asc(nulls_first=True), "number")[:_ROWS_AT_ONCE])
        has_moved = False
        with reading_once():
            for first in range(0, len(rows), _ROWS_TOGETHER):
                if time.monotonic() > end or not _renew(import_pk, timezone.now()):
                    break
                together = rows[first : first + _ROWS_TOGETHER]
                has_moved |= _take_together(found, together, plan, setting)
    return _let_go(import_pk, timezone.now()) and has_moved


def imports_waiting(now: datetime) -> list[int]:
    """Imports under way that no worker is on: it died, or rows were still on the road."""
    running = Import.objects.filter(_free(now), state=State.RUNNING)
    return list(running.values_list("pk", flat=True))


def _free(now: datetime) -> Q:
    """No worker is on it, or the one that was has died: the lease is that of the outbox."""
    lapsed = now - timedelta(seconds=settings.OUTBOX_LEASE_SECONDS)
    return Q(claimed_at=None) | Q(claimed_at__lt=lapsed)


def _take_together(found: Import, rows: Sequence[ImportRow], plan: Plan, setting: Setting) -> bool:
    """Bring rows as far as they go now. Returns whether one of them is through."""
    drafts = (judge(row.cells, plan, setting).draft for row in rows)
    try:
        with transaction.atomic():
            # Its row is held to the end: nobody takes a slow worker for a dead one.
            if not _renew(found.pk, timezone.now()):
                return False
            identities_hold(draft.person for draft in drafts if draft is not None)
            has_moved = _take_all(found, rows, plan, setting)
            _renew(found.pk, timezone.now())
            return has_moved
    except Exception:  # whatever it is, it must not hold up the rows beside it
        _logger.warning("import.rows_apart", exc_info=True)
    again = found.rows.filter(pk__in=[row.pk for row in rows], state=RowState.PENDING)
    return _take_all(found, again.order_by("number"), plan, setting)


def _take_all(found: Import, rows: Iterable[ImportRow], plan: Plan, setting: Setting) -> bool:
    has_moved = False
    for row in rows:
        has_moved |= _take(found, row, plan, setting)
    return has_moved


def _take(found: Import, row: ImportRow, plan: Plan, setting: Setting) -> bool:
    """Bring one row as far as it goes now. Returns whether it is through."""
    if row.event is None:
        judged = judge(row.cells, plan, setting)
        if judged.draft is None:
            return _settle(row, RowState.FAILED, "; ".join(judged.problems))
        if found.on_known == Import.OnKnown.SKIP:
            person = judged.draft.person
            known = open_lead_with_identity(
                email=person.email, phone=person.phone.e164 if person.phone else ""
            )
            if known is not None:
                return _settle(row, RowState.SKIPPED, "Has an open lead already", lead=known.pk)
        row.reason = "; ".join(judged.notes)
        try:
            _record(found, row, judged.payload)
        except AppError as refusal:  # the source was switched off, say
            return _settle(row, RowState.FAILED, refusal.message)
    with only_people_audited():
        outbox.deliver_now(RECORDED, key=str(row.event))
    return _note_arrival(row)


@transaction.atomic
def _record(found: Import, row: ImportRow, payload: dict[str, object]) -> None:
    assert found.source is not None  # noqa: S101 (set when it began)
    recorded = event_record(
        Arrival(
            source=found.source.slug,
            body=json.dumps(payload, ensure_ascii=False).encode(),
            payload=payload,
            idempotency_key=f"import:{found.public_id}:{row.number}",
        ),
        now=timezone.now(),
    )
    row.event = recorded.event_id
    row.save(update_fields=["event", "reason"])


def _note_arrival(row: ImportRow) -> bool:
    """What became of a row that is on the road; nothing while that is not known."""
    event_id: UUID = row.event  # type: ignore[assignment]  # recorded: see `_take`
    if captured := captured_as(event_id):
        lead_pk, is_new = captured
        state = RowState.CREATED if is_new else RowState.UPDATED
        return _settle(row, state, row.reason, lead=lead_pk)
    event = event_by_id(event_id)
    if event is None or event.state in (EventState.PARKED, EventState.PROCESSED):
        return _settle(row, RowState.FAILED, event.note if event else "Its event was deleted")
    return False


@transaction.atomic
def _settle(row: ImportRow, state: str, reason: str, *, lead: int | None = None) -> bool:
    """Note it and count it, once."""
    settled = ImportRow.objects.filter(pk=row.pk, state=RowState.PENDING).update(
        state=state, reason=reason, lead=lead
    )
    if settled:
        counted = {str(state): F(str(state)) + 1}
        Import.objects.filter(pk=row.source_file_id).update(**counted)
    return True


def _claim(import_pk: int, now: datetime) -> bool:
    """Take hold of it, unless somebody is at work on it: whoever is holds its row."""
    free = Import.objects.filter(_free(now), pk=import_pk, state=State.RUNNING)
    with transaction.atomic():
        if connection.features.has_select_for_update_skip_locked:
            free = free.select_for_update(skip_locked=True)
        return bool(Import.objects.filter(pk__in=[one.pk for one in free]).update(claimed_at=now))


def _renew(import_pk: int, now: datetime) -> bool:
    """Hold on to it; False when somebody stopped it."""
    return bool(Import.objects.filter(pk=import_pk, state=State.RUNNING).update(claimed_at=now))


def _let_go(import_pk: int, now: datetime) -> bool:
    """Give it back, done when every row is through. Returns whether it goes on."""
    mine = Import.objects.filter(pk=import_pk, state=State.RUNNING)
    if not ImportRow.objects.filter(source_file=import_pk, state=RowState.PENDING).exists():
        mine.update(state=State.DONE, finished_at=now, claimed_at=None)
        return False
    return bool(mine.update(claimed_at=None))
