"""Backups as they are run: one at a time, noted, the old ones deleted, and missed when late."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import psycopg
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from apps.core.backup.archive import ArchiveError, Manifest
from apps.core.backup.making import NAME, Report, backup_make, backups_rotate
from apps.core.health import Verdict, health_check
from apps.core.locks import lock_names
from apps.core.models import BackupRun

_LASTS_AT_MOST = timedelta(hours=6)
_WORRY_AFTER = timedelta(hours=26)  # a night's, and two hours to make it


def backup_run(
    path: Path, *, now: datetime, report: Report = lambda words: None
) -> Manifest | None:
    """Make a backup and note how it went; None while another one is being made.

    Raises what `backup_make` raises, after noting it.
    """
    with transaction.atomic():
        lock_names("backup")
        under_way = BackupRun.objects.filter(
            finished_at=None, error="", started_at__gt=now - _LASTS_AT_MOST
        )
        if under_way.exists():
            return None
        run = BackupRun.objects.create(name=path.name, started_at=now)
    noted = BackupRun.objects.filter(pk=run.pk)
    try:
        manifest = backup_make(path, now=now, report=report)
    except (ArchiveError, OSError, psycopg.Error) as error:
        noted.update(error=str(error)[:500] or type(error).__name__)
        raise
    noted.update(
        finished_at=timezone.now(), rows=sum(manifest.rows.values()), size=path.stat().st_size
    )
    return manifest


def backup_nightly(*, now: datetime) -> None:
    """The backup of the schedule, where `BACKUP_DIR` says into which folder."""
    if not settings.BACKUP_DIR:
        return
    folder = Path(settings.BACKUP_DIR)
    if backup_run(folder / NAME.format(now), now=now) is not None:
        backups_rotate(folder, keep=settings.BACKUP_KEEP)


@health_check("backup", cure="Look at its error on the page System; mind the disk of BACKUP_DIR.")
def _age() -> tuple[Verdict, str]:
    if not settings.BACKUP_DIR:
        return Verdict.OK, "none is made by the schedule: BACKUP_DIR is not set"
    last = BackupRun.objects.filter(finished_at__isnull=False).order_by("-started_at").first()
    if last is None or last.finished_at is None:
        return Verdict.DEGRADED, "none was made yet"
    age = timezone.now() - last.finished_at
    words = f"made {age.total_seconds() / 3600:.0f} h ago"
    return (Verdict.OK if age < _WORRY_AFTER else Verdict.DEGRADED), words
