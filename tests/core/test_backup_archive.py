"""An archive is believed only after all of it was read."""

from __future__ import annotations

import json
import os
import shutil
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from apps.core.backup import ArchiveError, backup_restore, restoring
from apps.core.backup.archive import ArchiveReader, ArchiveWriter, Manifest
from apps.core.backup.database import key_marks
from apps.core.backup.making import NAME, backups_rotate
from apps.users.models import User

NOW = datetime(2026, 11, 21, 2, 30, tzinfo=UTC)


def manifest(**facts) -> Manifest:
    stated = {"made_at": "2026-11-21", "server": "160000", "migrations": {}, "keys": key_marks()}
    return Manifest(**stated | facts)


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    path = tmp_path / "a.zip"
    writer = ArchiveWriter(path)
    writer.add("tables/one.copy", iter([b"1\tPat\n", os.urandom(20_000).hex().encode()]))
    writer.close(manifest(columns={"one": ["id", "name"]}, rows={"one": 2}))
    return path


@pytest.fixture(autouse=True)
def _nothing_is_touched(monkeypatch: pytest.MonkeyPatch) -> None:
    """Restoring for good is `tests/system/test_backup.py`: here the tests' own database is near."""

    def touched(database: object) -> None:
        raise AssertionError("It would have been emptied.")

    monkeypatch.setattr(restoring, "_empty", touched)


def refusal(path: Path, **options) -> str:
    with pytest.raises(ArchiveError) as refused:
        backup_restore(path, force=True, **options)
    return str(refused.value)


def rewritten(path: Path, **changes) -> Path:
    """The same archive with another manifest."""
    other = path.with_name("b.zip")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(other, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "manifest.json":
                content = json.dumps(json.loads(content) | changes).encode()
            new.writestr(name, content)
    return other


def test_what_is_written_is_read(archive: Path) -> None:
    reader = ArchiveReader(archive)
    reader.check()
    assert reader.manifest.rows == {"one": 2}
    assert b"".join(reader.content("tables/one.copy")).startswith(b"1\tPat\n")


def test_what_is_no_archive_is_refused(tmp_path: Path, db) -> None:
    (tmp_path / "text").write_text("hello")
    with zipfile.ZipFile(tmp_path / "empty", "w"):
        pass
    for name in ("text", "empty", "missing"):
        assert "is no backup" in refusal(tmp_path / name)


@pytest.mark.parametrize("place", [200, 4000, 15_000])
def test_one_changed_byte_is_found(archive: Path, place: int, db) -> None:
    content = bytearray(archive.read_bytes())
    content[place] ^= 0xFF
    archive.write_bytes(content)
    assert "tables/one.copy in the archive" in refusal(archive)


def test_content_that_is_not_what_was_written_is_found(archive: Path, sam) -> None:
    lying = rewritten(archive, digests={"tables/one.copy": "0" * 64})
    assert "not what was written" in refusal(lying)
    assert "damaged" in refusal(rewritten(archive, digests={"tables/two.copy": "0" * 64}))
    assert User.objects.filter(pk=sam.pk).exists()


def test_another_format_is_refused(archive: Path, db) -> None:
    assert "format 2" in refusal(rewritten(archive, format=2))


def test_a_later_release_is_refused(archive: Path, sam) -> None:
    later = rewritten(archive, migrations={"leads": "9999_of_tomorrow"})
    assert "leads.9999_of_tomorrow" in refusal(later)
    assert User.objects.filter(pk=sam.pk).exists()


def test_other_keys_are_refused(archive: Path, sam, settings) -> None:
    settings.SUPPRESSION_KEY = "another" * 8
    assert "SUPPRESSION_KEY" in refusal(archive)
    assert User.objects.filter(pk=sam.pk).exists()


def test_a_database_with_something_in_it_is_refused(archive: Path, sam) -> None:
    with pytest.raises(CommandError, match="--force"):
        call_command("restore", str(archive))
    assert User.objects.filter(pk=sam.pk).exists()


def test_the_newest_are_kept_and_nothing_of_others_is_touched(tmp_path: Path) -> None:
    for day in range(1, 6):
        (tmp_path / NAME.format(NOW.replace(day=day))).touch()
    (tmp_path / "solar-crm-before-the-move.zip").touch()
    gone = backups_rotate(tmp_path, keep=2)
    assert len(gone) == 3
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "solar-crm-20261104T023000Z.zip",
        "solar-crm-20261105T023000Z.zip",
        "solar-crm-before-the-move.zip",
    ]


def test_no_half_written_file_is_left(tmp_path: Path, settings, db) -> None:
    target = tmp_path / "full"
    target.write_text("a file where a folder should be")
    with pytest.raises(OSError, match="full"):
        call_command("backup", str(target / "b.zip"))
    assert [path.name for path in tmp_path.iterdir()] == ["full"]
    shutil.rmtree(tmp_path)
