"""Restoring a backup: check everything, make the schema, load the rows, bring it up to date."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from psycopg import sql

from apps.core.backup.archive import ArchiveError, ArchiveReader, Manifest, table_member
from apps.core.backup.database import connect, key_marks, sequences, tables
from apps.core.backup.making import Report

_LOCK_SECONDS = 30


def backup_restore(
    path: Path, *, force: bool, other_keys: bool = False, report: Report = lambda words: None
) -> Manifest:
    """Put an archive in place of this database. Raises ArchiveError, before anything is touched,
    for a damaged archive, one of a later release, one of other keys (unless `other_keys`), and a
    database that holds something or is in use (unless `force`).
    """
    archive = ArchiveReader(path)
    try:
        report("Checking the archive")
        archive.check()
        _refuse_later_release(archive.manifest)
        _refuse_other_keys(archive.manifest, other_keys)
        with connect() as database:
            _refuse_what_is_there(database, force)
            _empty(database)
        report("Making the schema of the backup")
        _make_schema(archive.manifest)
        _load(archive, report)
        report("Bringing it up to this release")
        call_command("migrate", verbosity=0)
        _unpack_files(archive)
    finally:
        archive.close()
    return archive.manifest


def _refuse_later_release(manifest: Manifest) -> None:
    known = MigrationLoader(None).disk_migrations
    unknown = [
        f"{app}.{name}" for app, name in manifest.migrations.items() if (app, name) not in known
    ]
    if unknown:
        raise ArchiveError(f"Made by a later release; this one does not know {', '.join(unknown)}.")


def _refuse_other_keys(manifest: Manifest, other_keys: bool) -> None:
    ours = key_marks()
    foreign = [name for name, marks in manifest.keys.items() if not set(marks) & set(ours[name])]
    if foreign and not other_keys:
        raise ArchiveError(
            f"Made with other keys than this installation has: {', '.join(foreign)}. Put those in"
            " place first. With --other-keys it is restored all the same: what was encrypted stays"
            " closed, and who asked not to be contacted is forgotten."
        )


def _refuse_what_is_there(database: psycopg.Connection[Any], force: bool) -> None:
    if force:
        return
    others = database.execute(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
        " AND backend_type = 'client backend' AND pid <> pg_backend_pid() AND pid <> %s",
        [_own_backend()],
    ).fetchone()
    if others and others[0]:
        raise ArchiveError(
            f"{others[0]} other connections use this database: stop web and workers, or --force."
        )
    if tables(database):
        raise ArchiveError(
            "This database is not empty. With --force everything in it is deleted first."
        )


def _own_backend() -> int:
    """Django's own connection, which is ours as well; 0 while it is closed."""
    return int(connection.connection.info.backend_pid) if connection.connection else 0


def _empty(database: psycopg.Connection[Any]) -> None:
    connection.close()
    database.execute(f"SET lock_timeout = '{_LOCK_SECONDS}s'")
    database.execute("DROP SCHEMA public CASCADE")
    database.execute("CREATE SCHEMA public")


def _make_schema(manifest: Manifest) -> None:
    """Migrate to where each app stood when the backup was made."""
    MigrationExecutor(connection).migrate(list(manifest.migrations.items()))


def _load(archive: ArchiveReader, report: Report) -> None:
    """All rows in one transaction. What the migrations put into the tables makes way first, and
    our own triggers rest meanwhile: the rows are what they once let in."""
    manifest = archive.manifest
    with connect() as database:
        known = tables(database)
        for table in known:
            database.execute(_alter(table, "DISABLE"))
        for table in known:
            database.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))
        for table, columns in manifest.columns.items():
            _copy_in(database, archive, table, columns)
            report(f"{table}: {manifest.rows[table]:,} rows")
        database.execute("SET CONSTRAINTS ALL IMMEDIATE")
        _set_sequences(database, manifest)
        for table in known:
            database.execute(_alter(table, "ENABLE"))


def _copy_in(
    database: psycopg.Connection[Any], archive: ArchiveReader, table: str, columns: list[str]
) -> None:
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    with database.cursor() as cursor:
        with cursor.copy(statement) as copied:
            for chunk in archive.content(table_member(table)):
                copied.write(chunk)
        if cursor.rowcount != archive.manifest.rows[table]:
            raise ArchiveError(f"{table}: {cursor.rowcount} rows came back.")


def _set_sequences(database: psycopg.Connection[Any], manifest: Manifest) -> None:
    for name in sequences(database).keys() & manifest.sequences.keys():
        value = manifest.sequences[name]
        if value is not None:
            database.execute("SELECT setval(%s::regclass, %s)", [f'public."{name}"', value])


def _alter(table: str, what: str) -> sql.Composed:
    return sql.SQL("ALTER TABLE {} {} TRIGGER USER").format(sql.Identifier(table), sql.SQL(what))


def _unpack_files(archive: ArchiveReader) -> None:
    for name in archive.manifest.files:
        target = (Path(settings.MEDIA_ROOT) / name.removeprefix("files/")).resolve()
        if not target.is_relative_to(Path(settings.MEDIA_ROOT).resolve()):
            raise ArchiveError(f"{name} would leave the folder of uploaded files.")
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("wb") as file:
            for chunk in archive.content(name):
                file.write(chunk)
