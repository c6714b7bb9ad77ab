"""Backups by the clock: noted, one at a time, and missed when they do not come."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine

from apps.core.backup import ArchiveError, running
from apps.core.backup.archive import Manifest
from apps.core.backup.running import backup_nightly, backup_run
from apps.core.health import Verdict, run_checks
from apps.core.models import BackupRun

NOW = datetime(2026, 11, 21, 2, 30, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path: Path, settings, monkeypatch) -> Path:
    """A folder for backups, and the making of one cut short: `tests/system` makes real ones."""

    def make(path: Path, **_: object) -> Manifest:
        path.write_bytes(b"archive")
        return Manifest("", "", {}, {}, rows={"one": 3})

    monkeypatch.setattr(running, "backup_make", make)
    settings.BACKUP_DIR, settings.BACKUP_KEEP = str(tmp_path), 2
    return tmp_path


def health() -> tuple[Verdict, str]:
    [result] = run_checks(only={"backup"})
    return result.verdict, result.words


def test_every_night_one_and_the_newest_are_kept(folder: Path, db) -> None:
    for night in range(4):
        backup_nightly(now=NOW + timedelta(days=night))
    assert sorted(path.name for path in folder.iterdir()) == [
        "solar-crm-20261123T023000Z.zip",
        "solar-crm-20261124T023000Z.zip",
    ]
    assert BackupRun.objects.filter(rows=3, size=7, error="").count() == 4


def test_without_a_folder_none_is_made(folder: Path, settings, db) -> None:
    settings.BACKUP_DIR = ""
    backup_nightly(now=NOW)
    assert list(folder.iterdir()) == []
    assert health()[0] == Verdict.OK


def test_one_at_a_time_but_one_that_died_holds_nobody_up(folder: Path, db) -> None:
    BackupRun.objects.create(name="begun", started_at=NOW - timedelta(hours=1))
    assert backup_run(folder / "b.zip", now=NOW) is None
    assert backup_run(folder / "b.zip", now=NOW + timedelta(hours=6)) is not None


def test_what_went_wrong_is_noted_and_the_next_one_runs(folder: Path, monkeypatch, db) -> None:
    with monkeypatch.context() as broken:

        def fail(path: Path, **_: object) -> Manifest:
            raise OSError("No space left on device")

        broken.setattr(running, "backup_make", fail)
        with pytest.raises(OSError, match="No space"):
            backup_run(folder / "a.zip", now=NOW)
    assert BackupRun.objects.get().error == "No space left on device"
    assert backup_run(folder / "b.zip", now=NOW) is not None


def test_health_worries_when_a_night_was_missed(folder: Path, db) -> None:
    assert health() == (Verdict.DEGRADED, "none was made yet")
    with time_machine.travel(NOW, tick=False) as clock:
        backup_nightly(now=NOW)
        clock.shift(timedelta(hours=25))
        assert health() == (Verdict.OK, "made 25 h ago")
        clock.shift(timedelta(hours=2))
        assert health()[0] == Verdict.DEGRADED


def test_a_database_that_is_a_file_is_copied_instead(monkeypatch, tmp_path: Path) -> None:
    from apps.core.backup import database

    monkeypatch.setattr(database.connection, "vendor", "sqlite", raising=False)
    with pytest.raises(ArchiveError, match="copy it"):
        database.connect()
