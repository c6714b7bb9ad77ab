"""Making a backup: one snapshot of every table, streamed into an archive."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from psycopg import IsolationLevel, sql

from apps.core.backup.archive import ArchiveWriter, Manifest, chunks, table_member
from apps.core.backup.database import connect, key_marks, sequences, tables

NAME = "solar-crm-{:%Y%m%dT%H%M%SZ}.zip"
Report = Callable[[str], None]


def backup_make(path: Path, *, now: datetime, report: Report = lambda words: None) -> Manifest:
    """Write everything to `path`; the file appears when it is whole. Raises ArchiveError.

    All tables are read in one REPEATABLE READ snapshot: nobody is kept waiting, and no row refers
    to one that is not in the archive.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(path.name + ".part")
    unfinished.unlink(missing_ok=True)
    unfinished.touch(mode=0o600)  # everybody we know is in it
    try:
        with connect() as database:
            manifest = _write(database, unfinished, now, report)
        with unfinished.open("rb") as written:
            os.fsync(written.fileno())
        unfinished.rename(path)
    finally:
        unfinished.unlink(missing_ok=True)
    return manifest


def backups_rotate(folder: Path, *, keep: int) -> list[Path]:
    """Delete all but the newest `keep` backups in `folder`, and nothing else. Returns which."""
    found = sorted(folder.glob("solar-crm-*T*Z.zip"))
    old = found[:-keep] if keep else []
    for path in old:
        path.unlink()
    return old


def _write(
    database: psycopg.Connection[Any], path: Path, now: datetime, report: Report
) -> Manifest:
    database.isolation_level = IsolationLevel.REPEATABLE_READ
    database.read_only = True
    writer = ArchiveWriter(path)
    manifest = Manifest(
        made_at=now.isoformat(timespec="seconds"),
        server=str(database.info.server_version),
        migrations=_last_migrations(database),
        keys=key_marks(),
        columns=tables(database),
    )
    for table, columns in manifest.columns.items():
        writer.add(table_member(table), _copied(database, table, columns))
        manifest.rows[table] = _count(database, table)
        report(f"{table}: {manifest.rows[table]:,} rows")
    manifest.sequences = sequences(database)
    for file in _uploaded():
        with file.open("rb") as content:
            name = file.relative_to(settings.MEDIA_ROOT).as_posix()
            writer.add(f"files/{name}", chunks(content))
    writer.close(manifest)
    report(f"{len(manifest.files)} uploaded files")
    return manifest


def _copied(database: psycopg.Connection[Any], table: str, columns: list[str]) -> Iterator[bytes]:
    statement = sql.SQL("COPY {} ({}) TO STDOUT").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    with database.cursor() as cursor, cursor.copy(statement) as copied:
        for chunk in copied:
            yield bytes(chunk)


def _count(database: psycopg.Connection[Any], table: str) -> int:
    row = database.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table)))
    found = row.fetchone()
    return int(found[0]) if found else 0


def _last_migrations(database: psycopg.Connection[Any]) -> dict[str, str]:
    return dict(
        database.execute("SELECT app, max(name) FROM django_migrations GROUP BY app").fetchall()
    )


def _uploaded() -> list[Path]:
    root = Path(settings.MEDIA_ROOT) if settings.MEDIA_ROOT else None
    if root is None or not root.is_dir():
        return []
    return sorted(file for file in root.rglob("*") if file.is_file())
