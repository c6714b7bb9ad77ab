"""Our one door to the internet: every outgoing HTTP request of the product goes through `send`.

Time-outs, no redirects, a bound on what is read back, and no private or link-local addresses
outside development: a buyer's or a vendor's URL must not become a way into our own network.
"""

from __future__ import annotations

import ipaddress
import socket
import time
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpx
from django.conf import settings

from apps.core.errors import Permanent, Retryable

MAX_RESPONSE_BYTES = 1024 * 1024
_TIMEOUT = httpx.Timeout(10.0, connect=3.0)
_DEADLINE_SECONDS = 20.0  # for the whole answer: a drip of bytes is no answer


@dataclass(frozen=True)
class Answer:
    """What the other side said."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def send(
    method: str,
    url: str,
    *,
    content: bytes = b"",
    headers: Mapping[str, str] | None = None,
    timeout: httpx.Timeout = _TIMEOUT,
) -> Answer:
    """Send one request and return the answer, whatever its status. Never retries by itself.

    Raises Permanent for a URL we refuse or an answer over MAX_RESPONSE_BYTES, and Retryable when
    no answer came: a time-out is *unknown*, not failed, so repeat only with an idempotency key.
    """
    request_url, request_headers, extensions = _pinned(url, dict(headers or {}))
    deadline = time.monotonic() + _DEADLINE_SECONDS
    try:
        with (
            httpx.Client(timeout=timeout, follow_redirects=False, trust_env=False) as client,
            client.stream(
                method, request_url, content=content, headers=request_headers, extensions=extensions
            ) as response,
        ):
            return Answer(response.status_code, dict(response.headers), _read(response, deadline))
    except httpx.InvalidURL as error:
        raise Permanent(f"Not a URL: {error}") from error
    except httpx.HTTPError as error:
        raise Retryable(f"No answer: {type(error).__name__}") from error


def _read(response: httpx.Response, deadline: float) -> bytes:
    body = b""
    for piece in response.iter_bytes():
        body += piece
        if len(body) > MAX_RESPONSE_BYTES:
            raise Permanent(f"The answer is over {MAX_RESPONSE_BYTES} bytes.")
        if time.monotonic() > deadline:
            raise Retryable("The answer took too long.")
    return body


def _pinned(url: str, headers: dict[str, str]) -> tuple[str, dict[str, str], dict[str, str]]:
    """The request aimed at an address that was checked, so that a second DNS answer cannot send
    it elsewhere; the name stays in the Host header and in the TLS handshake."""
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise Permanent("Only http and https URLs with a host are called.")
    if settings.ALLOW_PRIVATE_ADDRESSES:
        return url, headers, {}
    if parts.scheme != "https":
        raise Permanent("Only https URLs are called.")
    address = _public_address(parts.hostname, parts.port or 443)
    host = f"[{address}]" if ":" in address else address
    location = host if parts.port is None else f"{host}:{parts.port}"
    headers = {"Host": parts.netloc.rpartition("@")[2], **headers}
    return parts._replace(netloc=location).geturl(), headers, {"sni_hostname": parts.hostname}


def _public_address(hostname: str, port: int) -> str:
    try:
        found = socket.getaddrinfo(hostname, port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise Retryable("The host's name was not resolved.") from error
    addresses = [str(entry[4][0]) for entry in found]
    for address in addresses:
        if not ipaddress.ip_address(address.partition("%")[0]).is_global:
            raise Permanent("The host has an address inside a private network.")
    return addresses[0]
