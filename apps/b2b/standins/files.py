"""A stand-in for a buyer's SFTP server: real SSH on loopback, files in a folder of this machine."""

from __future__ import annotations

import contextlib
import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import paramiko
from django.conf import settings

from apps.b2b.transports.sftp.transport import fingerprint

USERNAME, PASSWORD = "leads", "stand-in"


def standin_folder() -> Path:
    """Where the stand-in of this installation keeps its key and its files."""
    return Path(settings.DATA_DIR) / "standin-buyers"


def host_key(folder: Path) -> paramiko.PKey:
    """The key of the server whose data are in `folder`: made once, so that buyers can name it."""
    file = folder / "host_key"
    if not file.exists():
        folder.mkdir(parents=True, exist_ok=True)
        paramiko.RSAKey.generate(2048).write_private_key_file(str(file))
    return paramiko.RSAKey.from_private_key_file(str(file))


def endpoint(port: int, key: paramiko.PKey) -> dict[str, Any]:
    """What a buyer behind a server on `port` is set up with."""
    return {
        "host": "127.0.0.1",
        "port": str(port),
        "folder": ".",
        "username": USERNAME,
        "host_key": fingerprint(key),
    }


class FileBuyers:
    """One server, one user, one folder. Each connection is served by a thread of its own."""

    def __init__(self, folder: Path, port: int = 0) -> None:
        self.folder = folder / "files"
        self.folder.mkdir(parents=True, exist_ok=True)
        self.key = host_key(folder)
        self._listener = socket.create_server(("127.0.0.1", port))
        self._transports: list[paramiko.Transport] = []

    @property
    def endpoint(self) -> dict[str, Any]:
        """What a buyer behind this server is set up with."""
        return endpoint(self._listener.getsockname()[1], self.key)

    @property
    def files(self) -> dict[str, bytes]:
        return {one.name: one.read_bytes() for one in sorted(self.folder.iterdir())}

    def serve(self) -> None:
        """Until the listener is closed."""
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                transport = paramiko.Transport(connection)
                transport.add_server_key(self.key)
                transport.set_subsystem_handler(
                    "sftp", paramiko.SFTPServer, sftp_si=_Folder, root=self.folder
                )
                self._transports.append(transport)
                with contextlib.suppress(paramiko.SSHException, EOFError):
                    transport.start_server(server=_Door())

    def close(self) -> None:
        self._listener.close()
        for transport in self._transports:
            transport.close()


class _Door(paramiko.ServerInterface):
    """Lets the one user in."""

    def check_auth_password(self, username: str, password: str) -> int:
        known = (username, password) == (USERNAME, PASSWORD)
        return int(paramiko.AUTH_SUCCESSFUL if known else paramiko.AUTH_FAILED)

    def check_channel_request(self, kind: str, chanid: int) -> int:
        return int(paramiko.OPEN_SUCCEEDED)

    def get_allowed_auths(self, username: str) -> str:
        return "password"


class _Folder(paramiko.SFTPServerInterface):
    """A folder, and nothing outside it."""

    def __init__(self, server: Any, *, root: Path) -> None:
        super().__init__(server)
        self._root = root

    def _place(self, path: str) -> Path:
        return self._root / Path(path).name if path.strip("./") else self._root

    def stat(self, path: str) -> Any:
        try:
            return paramiko.SFTPAttributes.from_stat(self._place(path).stat())
        except OSError as error:
            return paramiko.SFTPServer.convert_errno(error.errno or 0)

    lstat = stat

    def open(self, path: str, flags: int, attr: Any) -> Any:
        try:
            number = os.open(self._place(path), flags, 0o600)
        except OSError as error:
            return paramiko.SFTPServer.convert_errno(error.errno or 0)
        handle = paramiko.SFTPHandle(flags)
        handle.filename = str(self._place(path))
        handle.writefile = os.fdopen(number, "wb")
        return handle

    def rename(self, oldpath: str, newpath: str) -> int:
        self._place(oldpath).rename(self._place(newpath))
        return int(paramiko.SFTP_OK)


@contextmanager
def file_buyers(folder: Path, port: int = 0) -> Iterator[FileBuyers]:
    """The server, serving until the block ends."""
    server = FileBuyers(folder, port)
    serving = threading.Thread(target=server.serve, daemon=True)  # noqa: TID251 (no background work of ours)
    serving.start()
    try:
        yield server
    finally:
        server.close()
