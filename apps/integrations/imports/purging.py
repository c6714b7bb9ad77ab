"""Files of people are not kept longer than they are of use."""

from __future__ import annotations

from datetime import datetime, timedelta

from apps.core.purging import purger
from apps.integrations.imports.models import Import, ImportRow

_KEEP_ROWS = timedelta(days=30)
_KEEP_DRAFTS = timedelta(days=7)


@purger("import rows")
def purge_import_rows(now: datetime) -> int:
    """Drop the rows of what was finished long ago, and drafts nobody began. The counts stay."""
    drafts = Import.objects.filter(state=Import.State.DRAFT, created_at__lt=now - _KEEP_DRAFTS)
    gone = drafts.delete()[0]
    old = ImportRow.objects.filter(source_file__finished_at__lt=now - _KEEP_ROWS)
    return gone + old.delete()[0]
