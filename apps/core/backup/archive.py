"""The archive: its manifest, and members that are written and checked as they stream by."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Protocol
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile

FORMAT = 1
MANIFEST = "manifest.json"
_CHUNK = 1024 * 1024
# Of no use without these, and not in it: who finds a backup must not find the keys beside it.
NOT_INCLUDED = ("SECRET_KEY", "ENCRYPTION_KEYS", "SUPPRESSION_KEY", "settings", "Redis")


class ArchiveError(Exception):
    """A backup that cannot be made or restored, in words for whoever runs the command."""


@dataclass
class Manifest:
    """What an archive says of itself. `migrations` is the schema: the last one of each app."""

    made_at: str
    server: str
    migrations: dict[str, str]
    keys: dict[str, list[str]]
    format: int = FORMAT
    columns: dict[str, list[str]] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)
    sequences: dict[str, int | None] = field(default_factory=dict)
    digests: dict[str, str] = field(default_factory=dict)
    not_included: tuple[str, ...] = NOT_INCLUDED

    @property
    def files(self) -> list[str]:
        return [name for name in self.digests if name.startswith("files/")]


class Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


def table_member(table: str) -> str:
    return f"tables/{table}.copy"


def chunks(source: Readable) -> Iterator[bytes]:
    while chunk := source.read(_CHUNK):
        yield bytes(chunk)


class ArchiveWriter:
    """Writes members of unknown length, one after the other, and their digests."""

    def __init__(self, path: Path) -> None:
        self._zip = ZipFile(path, "w", ZIP_DEFLATED, compresslevel=4)
        self.digests: dict[str, str] = {}

    def add(self, name: str, content: Iterator[bytes]) -> None:
        digest = hashlib.sha256()
        with self._zip.open(name, "w", force_zip64=True) as member:
            for chunk in content:
                digest.update(chunk)
                member.write(chunk)
        self.digests[name] = digest.hexdigest()

    def close(self, manifest: Manifest) -> None:
        manifest.digests = self.digests
        self._zip.writestr(MANIFEST, json.dumps(asdict(manifest), indent=1))
        self._zip.close()


class ArchiveReader:
    """An archive that was checked from end to end before anything is read from it."""

    def __init__(self, path: Path) -> None:
        """Raises ArchiveError for what is no archive, a damaged one, or one of a later format."""
        try:
            self._zip = ZipFile(path)
            stated: dict[str, Any] = json.loads(self._zip.read(MANIFEST))
        except (OSError, BadZipFile, KeyError, ValueError) as error:
            raise ArchiveError(f"{path} is no backup: {error}") from error
        if stated.get("format") != FORMAT:
            raise ArchiveError(f"{path} has format {stated.get('format')}; this reads {FORMAT}.")
        self.manifest = Manifest(**stated)

    def check(self) -> None:
        """Read every member and compare its digest. Raises ArchiveError for the first that lies."""
        for name, wanted in self.manifest.digests.items():
            digest = hashlib.sha256()
            try:
                for chunk in self.content(name):
                    digest.update(chunk)
            except (KeyError, BadZipFile, OSError, EOFError, zlib.error) as error:
                raise ArchiveError(f"{name} in the archive is damaged: {error}") from error
            if digest.hexdigest() != wanted:
                raise ArchiveError(f"{name} in the archive is not what was written.")

    def content(self, name: str) -> Iterator[bytes]:
        with self._zip.open(name) as member:
            yield from chunks(member)

    def close(self) -> None:
        self._zip.close()
