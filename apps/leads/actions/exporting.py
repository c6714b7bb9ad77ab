"""Handing leads out as a file, and writing down who took how many."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.http import StreamingHttpResponse

from apps.core.clock import company_time
from apps.core.errors import InvalidInput, PermissionRefused
from apps.leads.export import FORMATS, Cell, lead_rows
from apps.leads.models import Lead, LeadExport
from apps.users.models import User


def leads_export(
    leads: QuerySet[Lead],
    *,
    file_format: str,
    filters: Mapping[str, list[str]],
    actor: User,
    now: datetime,
) -> StreamingHttpResponse:
    """The answer that streams `leads`, whose visibility the caller has seen to.

    Noted before the first byte, counted after the last. Raises PermissionRefused without
    `export_data`, InvalidInput for a format there is not.
    """
    if not actor.has_perm("users.export_data"):
        raise PermissionRefused("You may not export lists of people.")
    if file_format not in FORMATS:
        words = f"One of {', '.join(FORMATS)}."
        raise InvalidInput(details={"format": [words]})
    with transaction.atomic():
        export = LeadExport.objects.create(
            user=actor, file_format=file_format, filters=dict(filters), created_at=now
        )
    media_type, write = FORMATS[file_format]
    response = StreamingHttpResponse(
        write(_counted(lead_rows(leads), export.pk)), content_type=media_type
    )
    day = company_time(now).date().isoformat()
    response["Content-Disposition"] = f'attachment; filename="leads-{day}.{file_format}"'
    response["Cache-Control"] = "no-store"
    return response


def _counted(rows: Iterator[list[Cell]], export_pk: int) -> Iterator[list[Cell]]:
    """The same rows; how many there were is noted, also when nobody takes the rest."""
    sent, is_complete = -1, False  # the header is no lead
    try:
        for row in rows:
            sent += 1
            yield row
        is_complete = True
    finally:
        LeadExport.objects.filter(pk=export_pk).update(rows=max(sent, 0), is_complete=is_complete)
