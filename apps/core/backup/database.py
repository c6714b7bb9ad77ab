"""What backup and restore ask of PostgreSQL's catalogue, and the keys an archive belongs to."""

from __future__ import annotations

import hashlib
from typing import Any

import psycopg
from django.conf import settings
from django.db import connection

from apps.core.backup.archive import ArchiveError

_MIGRATIONS = "django_migrations"  # written by the migrations themselves


def connect() -> psycopg.Connection[Any]:
    """A connection of our own: the snapshot lasts as long as the dump. Raises ArchiveError."""
    if connection.vendor != "postgresql":
        raise ArchiveError("Backups are of PostgreSQL. A SQLite database is a file: copy it.")
    parameters = connection.get_connection_params()
    return psycopg.connect(**parameters | {"cursor_factory": psycopg.Cursor})


def tables(database: psycopg.Connection[Any]) -> dict[str, list[str]]:
    """Every table with the columns that hold data, in the order of their names."""
    rows = database.execute(
        "SELECT c.relname, array_agg(a.attname::text ORDER BY a.attnum)"
        " FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid"
        " WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'"
        " AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''"
        " AND c.relname <> %s GROUP BY c.relname ORDER BY c.relname",
        [_MIGRATIONS],
    )
    return {str(name): list(columns) for name, columns in rows}


def sequences(database: psycopg.Connection[Any]) -> dict[str, int | None]:
    """Where every counter stands; None for one that never counted."""
    rows = database.execute(
        "SELECT sequencename, last_value FROM pg_sequences"
        " WHERE schemaname = 'public' ORDER BY sequencename"
    )
    return dict(rows.fetchall())


def key_marks() -> dict[str, list[str]]:
    """Marks of the keys that the data needs, to tell whether they are the same ones; no key can
    be had from its mark."""
    marks = {
        "ENCRYPTION_KEYS": settings.ENCRYPTION_KEYS,
        "SUPPRESSION_KEY": [settings.SUPPRESSION_KEY],
    }
    return {
        name: [hashlib.sha256(f"backup:{key}".encode()).hexdigest()[:16] for key in keys]
        for name, keys in marks.items()
    }
