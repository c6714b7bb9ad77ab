"""The note a running instance leaves in its data folder: who runs, and the servers' addresses."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from apps.core.embedded.places import data_dir


class AlreadyRunningError(RuntimeError):
    """Another process holds this data folder."""


@contextmanager
def sole_instance(folder: Path) -> Iterator[None]:
    """Hold `folder` for this process. Raises AlreadyRunningError, naming the other process."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "run.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            note = _read(folder)
            raise AlreadyRunningError(
                f"Solar CRM is already running from {folder} (process {note.get('pid', '?')},"
                f" {note.get('address', 'still starting')}).\n"
                "Stop it with Ctrl-C where it runs, or start a second one with its own folder and"
                " port: DATA_DIR=var/second PORT=8001 make run"
            ) from None
        write_note(folder)  # who is starting; the addresses follow when there are some
        try:
            yield
        finally:
            _note_file(folder).unlink(missing_ok=True)


def write_note(folder: Path, **note: Any) -> None:
    """Leave the note. It holds passwords, so only its owner can read it."""
    file = _note_file(folder)
    file.unlink(missing_ok=True)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as handle:
        json.dump({"pid": os.getpid(), **note}, handle)


def service_urls() -> dict[str, str]:
    """`DATABASE_URL` and `REDIS_URL` of the instance running from this data folder, or nothing."""
    return dict(_read(data_dir()).get("services", {}))


def _note_file(folder: Path) -> Path:
    return folder / "run.json"


def _read(folder: Path) -> dict[str, Any]:
    try:
        return dict(json.loads(_note_file(folder).read_text()))
    except (FileNotFoundError, PermissionError, ValueError, TypeError):
        return {}
