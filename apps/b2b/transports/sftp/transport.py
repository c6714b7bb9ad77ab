"""Putting a lead as a file on a buyer's server."""

from __future__ import annotations

import base64
import hashlib
import io
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Literal

import paramiko
from django.conf import settings

from apps.b2b.transports.contracts import Parcel, Reply
from apps.b2b.transports.sftp.config import SETTINGS, TEMPLATE
from apps.core.errors import Misconfigured, Permanent, Retryable, Unreachable
from apps.core.http import CONNECT_SECONDS, DEADLINE_SECONDS, public_address


class Sftp:
    """One file for each lead, named after the delivery: a second try finds it there.

    It is written under another name first and then renamed, so the buyer never reads half a file.
    """

    label = "File by SFTP"
    body: Literal["json", "csv"] = "csv"
    settings = SETTINGS
    template = TEMPLATE

    def send(self, parcel: Parcel) -> Reply:
        folder = str(parcel.endpoint.get("folder") or ".").rstrip("/") or "/"
        name = f"{folder}/lead-{parcel.key}.csv"
        with _session(parcel.endpoint, parcel.credentials) as server:
            try:
                if _is_there(server, name):
                    return Reply(None, b"It was there already")
                with server.open(f"{name}.part", "wb") as file:
                    file.write(parcel.body)
                server.rename(f"{name}.part", name)
            except PermissionError as error:
                raise Permanent(f"May not write to {folder}") from error
            except FileNotFoundError as error:
                raise Permanent(f"There is no folder {folder}") from error
            except (OSError, EOFError, paramiko.SSHException) as error:
                raise Retryable(f"No answer: {type(error).__name__}") from error
        return Reply(None, name.encode())

    def reach(self, endpoint: Mapping[str, Any], credentials: Mapping[str, Any]) -> str:
        with _session(endpoint, credentials) as server:
            try:
                server.stat(str(endpoint.get("folder") or "."))
            except OSError as error:
                raise Permanent("The folder is not there") from error
        return "It answers, and the folder is there"


@contextmanager
def _session(
    endpoint: Mapping[str, Any], credentials: Mapping[str, Any]
) -> Iterator[paramiko.SFTPClient]:
    """Signed in to the host that was meant, whatever answers under its name."""
    transport = paramiko.Transport(_connected(endpoint))
    transport.banner_timeout = transport.auth_timeout = DEADLINE_SECONDS
    try:
        transport.start_client(timeout=DEADLINE_SECONDS)
        _check_host(transport, str(endpoint.get("host_key") or ""))
        _sign_in(transport, str(endpoint.get("username") or ""), credentials)
        client = paramiko.SFTPClient.from_transport(transport)
        if client is None:
            raise Unreachable("It opens no session")
        client.get_channel().settimeout(DEADLINE_SECONDS)
        yield client
    except (paramiko.BadAuthenticationType, paramiko.AuthenticationException) as error:
        raise Permanent("The user name, password or key is refused") from error
    except (paramiko.SSHException, EOFError) as error:
        raise Unreachable(f"No session: {type(error).__name__}") from error
    finally:
        transport.close()


def _connected(endpoint: Mapping[str, Any]) -> socket.socket:
    host, port = str(endpoint.get("host") or ""), port_of(endpoint)
    if not host:
        raise Misconfigured("There is no host.")
    address = host if settings.ALLOW_PRIVATE_ADDRESSES else public_address(host, port)
    try:
        return socket.create_connection((address, port), timeout=CONNECT_SECONDS)
    except OSError as error:
        raise Unreachable(f"No connection: {type(error).__name__}") from error


def port_of(endpoint: Mapping[str, Any]) -> int:
    """The port to call. Raises Misconfigured for what is none."""
    stated = str(endpoint.get("port") or 22)
    if not (stated.isascii() and stated.isdigit() and 0 < int(stated) < 65536):
        raise Misconfigured(f"“{stated}” is no port: write a number, as 22.")
    return int(stated)


def _check_host(transport: paramiko.Transport, expected: str) -> None:
    found = fingerprint(transport.get_remote_server_key())
    if found != expected.strip().rstrip("="):
        raise Permanent(f"Another host answers: its key is {found}")


def fingerprint(key: paramiko.PKey) -> str:
    """A key as `ssh-keygen -l` shows it."""
    digest = base64.b64encode(hashlib.sha256(key.asbytes()).digest()).decode()
    return f"SHA256:{digest.rstrip('=')}"


def _sign_in(transport: paramiko.Transport, username: str, credentials: Mapping[str, Any]) -> None:
    if text := credentials.get("private_key"):
        transport.auth_publickey(username, _private_key(str(text)))
    else:
        transport.auth_password(username, str(credentials.get("password") or ""))


def _private_key(text: str) -> paramiko.PKey:
    for kind in (paramiko.Ed25519Key, paramiko.ECDSAKey, paramiko.RSAKey):
        try:
            return kind.from_private_key(io.StringIO(text))
        except (paramiko.SSHException, ValueError):
            continue
    raise Misconfigured("The private key cannot be read.")


def _is_there(server: paramiko.SFTPClient, name: str) -> bool:
    try:
        server.stat(name)
    except FileNotFoundError:
        return False
    return True
