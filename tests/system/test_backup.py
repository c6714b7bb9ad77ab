"""Backup, destroy, restore: every row, every counter, every rule is there again."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from psycopg import sql

from apps.core.embedded.postgres import start_postgres
from tests.system.processes import clean_environment

# The note of the backup itself is written after its snapshot.
_AFTER_THE_SNAPSHOT = {"core_backuprun"}


@pytest.fixture
def spare_database(prepared_dir: Path) -> Iterator[str]:
    """The address of a database that nothing else uses."""
    postgres = start_postgres(prepared_dir, durable=False)
    yield postgres.url
    postgres.stop()


def manage(url: str, media: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=settings.BASE_DIR,
        env=clean_environment(
            DATABASE_URL=url, REDIS_URL="redis://127.0.0.1:9/0", DATA_DIR=str(media.parent)
        ),
        capture_output=True,
        text=True,
        check=False,
    )


def export(url: str) -> dict[str, list]:
    """All there is: rows, counters, and the rules that hold them."""
    with psycopg.connect(url) as database:
        found: dict[str, list] = {}
        names = database.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"
            " AND relkind = 'r' ORDER BY relname"
        ).fetchall()
        for (name,) in names:
            if name not in _AFTER_THE_SNAPSHOT | {"django_migrations"}:
                statement = sql.SQL("SELECT t::text FROM {} t ORDER BY 1").format(
                    sql.Identifier(name)
                )
                found[name] = database.execute(statement).fetchall()
        for what, statement in {
            "migrations": "SELECT app, name FROM django_migrations ORDER BY 1, 2",
            "sequences": "SELECT sequencename, last_value FROM pg_sequences"
            " WHERE sequencename NOT LIKE 'core_backuprun%'"
            " AND sequencename NOT LIKE 'django_migrations%' ORDER BY 1",
            "constraints": "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid)"
            " FROM pg_constraint ORDER BY 1, 2",
            "indexes": "SELECT indexname, indexdef FROM pg_indexes"
            " WHERE schemaname = 'public' ORDER BY 1",
            "triggers": "SELECT tgrelid::regclass::text, tgname, tgenabled::text,"
            " pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1, 2",
        }.items():
            found[what] = database.execute(statement).fetchall()  # type: ignore[call-overload]
        return found


@pytest.mark.system
def test_what_was_lost_is_there_again(spare_database: str, tmp_path: Path) -> None:
    media, file = tmp_path / "media", tmp_path / "backup.zip"
    (media / "roofs").mkdir(parents=True)
    (media / "roofs" / "one.jpg").write_bytes(b"\xff\xd8roof")
    made = manage(spare_database, media, "prepare", "--demo")
    assert made.returncode == 0, made.stderr
    before = export(spare_database)
    assert len(before["leads_lead"]) > 20
    assert before["triggers"]

    kept = manage(spare_database, media, "backup", str(file))
    assert kept.returncode == 0, kept.stderr
    assert "Not in it, keep elsewhere: SECRET_KEY" in kept.stdout
    assert file.stat().st_mode & 0o077 == 0

    refused = manage(spare_database, media, "restore", str(file))
    assert refused.returncode == 1
    assert "not empty" in refused.stderr
    assert export(spare_database) == before

    with psycopg.connect(spare_database) as database:
        database.execute("DROP SCHEMA public CASCADE")
        database.execute("CREATE SCHEMA public")
    (media / "roofs" / "one.jpg").unlink()
    restored = manage(spare_database, media, "restore", str(file))
    assert restored.returncode == 0, restored.stderr + restored.stdout
    assert export(spare_database) == before
    assert (media / "roofs" / "one.jpg").read_bytes() == b"\xff\xd8roof"

    # Over what is there, too, and the counters go on where they stood.
    forced = manage(spare_database, media, "restore", str(file), "--force")
    assert forced.returncode == 0, forced.stderr
    assert export(spare_database) == before
    with psycopg.connect(spare_database) as database:
        database.execute("INSERT INTO auth_group (name) VALUES ('one more')")
        with pytest.raises(psycopg.errors.RestrictViolation):
            database.execute("UPDATE contacts_consent SET wording = 'forged'")
