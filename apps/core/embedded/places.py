"""Where embedded servers keep their data, and who they run as."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

PROJECT_DIR = Path(__file__).resolve().parents[3]


def data_dir() -> Path:
    """The folder of everything a run leaves behind: `DATA_DIR`, else `var/` in the project."""
    return Path(os.environ.get("DATA_DIR") or PROJECT_DIR / "var").resolve()


def wheel_dir(package: str) -> Path:
    """The installed folder of a wheel that carries server binaries.

    Raises RuntimeError, naming the line to type, when the wheel is not installed.
    """
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise RuntimeError(
            f"The wheel that carries the embedded server ({package}) is not installed. Type:"
            " pip install -r requirements/development.txt, or set DATABASE_URL and REDIS_URL."
        )
    return Path(next(iter(spec.submodule_search_locations)))


@dataclass(frozen=True)
class Account:
    """The operating-system account a server runs as; `uid` None means the current one."""

    uid: int | None = None
    gid: int | None = None

    def popen_arguments(self) -> dict[str, object]:
        """The keyword arguments that make `subprocess` run as this account."""
        if self.uid is None:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def can_enter(self, folder: Path) -> bool:
        """Whether this account can reach what lies in `folder`."""
        if self.uid is None:
            return True
        probe = subprocess.run(
            ["/bin/sh", "-c", 'cd "$1"', "sh", str(folder)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=False,
            cwd="/",
            **self.popen_arguments(),  # type: ignore[call-overload]  # user/group/extra_groups
        )
        return bool(probe.returncode == 0)

    def own(self, folder: Path) -> None:
        """Make `folder` and its content belong to this account."""
        if self.uid is None or self.gid is None:
            return
        os.chown(folder, self.uid, self.gid)
        for path in folder.rglob("*"):
            os.chown(path, self.uid, self.gid, follow_symlinks=False)


def unprivileged_account() -> Account:
    """PostgreSQL refuses to run as root: started as root, it runs as `postgres` or `nobody`."""
    if os.geteuid() != 0:
        return Account()
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(uid=entry.pw_uid, gid=entry.pw_gid)
    return Account(uid=65534, gid=65534)


def reachable(folder: Path, account: Account) -> Path:
    """`folder` itself, or a stand-in under the system's temporary folder when a closed parent
    (a home folder of mode 700, say) keeps `account` out. The same folder always gets the same
    stand-in, so its data is found again on the next start."""
    folder.mkdir(parents=True, exist_ok=True)
    if account.can_enter(folder):
        return folder
    digest = hashlib.sha256(str(folder).encode()).hexdigest()[:12]
    root = Path("/var/tmp") if Path("/var/tmp").is_dir() else Path(tempfile.gettempdir())  # noqa: S108
    stand_in = root / f"solar-crm-{digest}"
    stand_in.mkdir(mode=0o755, exist_ok=True)
    if stand_in.stat().st_uid != os.geteuid():
        raise RuntimeError(f"{stand_in} belongs to somebody else: remove it or set DATA_DIR.")
    return stand_in


def reachable_copy(source: Path, home: Path, account: Account) -> Path:
    """`source`, or a copy of it inside `home` when `account` cannot reach the original."""
    if account.can_enter(source):
        return source
    copy = home / source.name
    if not copy.is_dir():
        unfinished = copy.with_suffix(".copying")
        shutil.rmtree(unfinished, ignore_errors=True)
        shutil.copytree(source, unfinished, symlinks=True)
        unfinished.rename(copy)
    return copy
