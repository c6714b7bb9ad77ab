"""Taking a file of leads in: uploaded, told how to be read, begun, stopped."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from itertools import islice
from uuid import UUID

from django.db import transaction

from apps.core.errors import Conflict, InvalidInput, NotFound, PayloadTooLarge, PermissionRefused
from apps.intake.actions import source_for_files
from apps.intake.choices import Provenance
from apps.integrations.imports.columns import guessed, mapping_problems
from apps.integrations.imports.models import Import, ImportRow
from apps.integrations.imports.sheets import InvalidSheet, read_sheet
from apps.solar.models import Market
from apps.solar.selectors import market_by_code
from apps.users.models import User

MOST_BYTES = 10 * 1024 * 1024
_SAMPLES = 50
_AT_ONCE = 1000
State = Import.State


def require_may_import(user: User) -> None:
    """Raises PermissionRefused: files of people are a manager's business."""
    if not user.has_perm("users.manage_leads"):
        raise PermissionRefused("Only a manager takes in files of leads.")


@transaction.atomic
def import_upload(
    content: bytes, *, file_name: str, market: str, actor: User, now: datetime
) -> Import:
    """Keep the rows of a file as a draft, its columns guessed. Nothing is taken in yet.

    Raises PayloadTooLarge, and InvalidInput in words for what is no file of rows or is damaged:
    then nothing is kept.
    """
    require_may_import(actor)
    if len(content) > MOST_BYTES:
        raise PayloadTooLarge(f"The file is over {MOST_BYTES // 1024 // 1024} MiB: split it.")
    name = file_name.rsplit("/", 1)[-1][:200] or "file"
    try:
        return _kept(name, content, market, actor, now)
    except InvalidSheet as refusal:
        raise InvalidInput(f"{name}: {refusal.message}") from refusal


def _kept(name: str, content: bytes, market: str, actor: User, now: datetime) -> Import:
    sheet = read_sheet(content)
    found = Import.objects.create(
        file_name=name,
        columns=sheet.columns,
        market=_market(market),
        user=actor,
        created_at=now,
    )
    samples: list[list[str]] = []
    while rows := list(islice(sheet.rows, _AT_ONCE)):
        ImportRow.objects.bulk_create(
            ImportRow(source_file=found, number=number, cells=cells) for number, cells in rows
        )
        samples += [cells for _, cells in rows[: _SAMPLES - len(samples)]]
        found.total += len(rows)
    if not found.total:
        raise InvalidSheet("The file names columns and holds no rows.")
    found.mapping = guessed(sheet.columns, samples)
    found.save(update_fields=["total", "mapping"])
    found.refresh_from_db()
    return found


@transaction.atomic
def import_configure(
    import_id: UUID,
    *,
    mapping: Mapping[int, str] | None = None,
    market: str | None = None,
    on_known: str | None = None,
    actor: User,
) -> Import:
    """Say how a draft is to be read. Raises Conflict once it has begun, InvalidInput by field."""
    require_may_import(actor)
    found = _held(import_id)
    if found.state != State.DRAFT:
        raise Conflict("This file is being taken in already.")
    if mapping is not None:
        # Kept however wrong: the page shows what was chosen, and beginning refuses it.
        found.mapping = {str(place): field for place, field in sorted(mapping.items())}
    if market is not None:
        found.market = _market(market)
    if on_known is not None:
        if on_known not in Import.OnKnown.values:
            words = f"One of {', '.join(Import.OnKnown.values)}."
            raise InvalidInput(details={"on_known": [words]})
        found.on_known = on_known
    found.save(update_fields=["mapping", "market", "on_known"])
    return found


@transaction.atomic
def import_begin(
    import_id: UUID,
    *,
    source: str,
    provenance: str = Provenance.FIRST_PARTY,
    actor: User,
    now: datetime,
) -> Import:
    """Let the rows be taken in, as leads of the source called `source`. Also goes on with one that
    was stopped. Raises InvalidInput where the columns do not do, Conflict for one that is done.
    """
    require_may_import(actor)
    found = _held(import_id)
    if found.state not in (State.DRAFT, State.CANCELLED):
        raise Conflict(f"This file is {found.get_state_display().lower()}.")
    if problems := mapping_problems(mapping_of(found), len(found.columns)):
        raise InvalidInput(" ".join(problems), details={"mapping": problems})
    if found.source is None:
        if not source.strip():
            raise InvalidInput(
                "Say what the leads of this file are to be known by.",
                details={"source": ["Give a name, like “Spring fair”."]},
            )
        if provenance not in Provenance.values:
            raise InvalidInput(details={"provenance": [f"One of {', '.join(Provenance.values)}."]})
        found.source = source_for_files(source, provenance=provenance)
    found.state, found.claimed_at = State.RUNNING, None
    found.started_at = found.started_at or now
    found.save(update_fields=["source", "state", "claimed_at", "started_at"])
    return found


@transaction.atomic
def import_cancel(import_id: UUID, *, actor: User) -> Import:
    """Stop after the row in hand. What was taken in stays; the rest can go on later."""
    require_may_import(actor)
    found = _held(import_id)
    if found.state != State.RUNNING:
        raise Conflict(f"This file is {found.get_state_display().lower()}.")
    found.state = State.CANCELLED
    found.save(update_fields=["state"])
    return found


def mapping_of(found: Import) -> dict[int, str]:
    """What each column holds, by its number."""
    return {int(place): field for place, field in found.mapping.items()}


def _held(import_id: UUID) -> Import:
    found = Import.objects.select_for_update().filter(public_id=import_id).first()
    if found is None:
        raise NotFound("There is no such import.")
    return found


def _market(code: str) -> Market:
    market = market_by_code(code)
    if market is None:
        raise InvalidInput(details={"market": ["There is no such market."]})
    return market
