"""Our one door to the internet: every outgoing HTTP request of the product goes through `send`.

Time-outs, no redirects, a bound on what is read back, and no private or link-local addresses
outside development: a buyer's or a vendor's URL must not become a way into our own network.
"""

from __future__ import annotations

import ipaddress
import re
import socket
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import httpcore
import httpx
from django.conf import settings

from apps.core.errors import Permanent, Retryable, Unreachable, UnreadableAnswer

MAX_RESPONSE_BYTES = 1024 * 1024
CONNECT_SECONDS = 3.0
SILENCE_SECONDS = 10.0  # between two pieces of an answer
DEADLINE_SECONDS = 20.0  # for all of it, headers included: a drip of bytes is no answer

_USER_AGENT = "SolarCRM/1"
_HOST = re.compile(rb"[A-Za-z0-9._:-]+")


@dataclass(frozen=True)
class Answer:
    """What the other side said. The names of headers are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def send(
    method: str,
    url: str,
    *,
    content: bytes = b"",
    headers: Mapping[str, str] | None = None,
    deadline: float = DEADLINE_SECONDS,
) -> Answer:
    """Send one request and return the answer, whatever its status. Never retries by itself.

    Raises Permanent for a URL we refuse or an answer over MAX_RESPONSE_BYTES, Unreachable when
    nothing could be sent, and Retryable when no answer came: a time-out is *unknown*, not failed,
    so repeat only with an idempotency key.
    """
    target = _checked(url)
    try:
        with (
            httpcore.ConnectionPool(network_backend=_Network(deadline)) as pool,
            pool.stream(
                method,
                httpcore.URL(
                    scheme=target.raw_scheme,
                    host=target.raw_host,
                    port=target.port,
                    target=target.raw_path,
                ),
                headers=_headers(target, headers or {}),
                content=content,
                extensions={"timeout": {"connect": CONNECT_SECONDS, "read": SILENCE_SECONDS}},
            ) as response,
        ):
            return Answer(response.status, _plain(response.headers), _read(response))
    except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
        raise Unreachable(f"No connection: {type(error).__name__}") from error
    except (
        httpcore.TimeoutException,
        httpcore.NetworkError,
        httpcore.RemoteProtocolError,
    ) as error:
        raise Retryable(f"No answer: {type(error).__name__}") from error
    except (httpcore.ProtocolError, httpcore.UnsupportedProtocol, UnicodeError) as error:
        raise Permanent("The request cannot be sent as it is.") from error


def require_callable(url: str) -> None:
    """Refuse a URL that `send` would refuse: for vendors' own clients, which call it themselves.

    Raises Permanent for an address inside a private network outside development, and for anything
    that is no https URL there; Unreachable when its name is not resolved.
    """
    target = _checked(url)
    if not settings.ALLOW_PRIVATE_ADDRESSES:
        public_address(target.host, target.port or 443)


def _checked(url: str) -> httpx.URL:
    try:
        parsed = httpx.URL(url)
    except (httpx.InvalidURL, ValueError) as error:
        raise Permanent("Not a URL.") from error
    if parsed.scheme not in {"http", "https"} or not _HOST.fullmatch(parsed.raw_host):
        raise Permanent("Only http and https URLs with a host are called.")
    if parsed.port is not None and not 0 < parsed.port < 65536:
        raise Permanent("Not a port.")
    if parsed.scheme != "https" and not settings.ALLOW_PRIVATE_ADDRESSES:
        raise Permanent("Only https URLs are called.")
    if parsed.userinfo:
        raise Permanent("Credentials belong in a header, not in the URL.")
    return parsed


def _headers(url: httpx.URL, given: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
    ours = {
        "host": url.netloc.decode("ascii"),
        "user-agent": _USER_AGENT,
        # A small compressed answer could grow past any bound.
        "accept-encoding": "identity",
    }
    merged = ours | {name.lower(): value for name, value in given.items()}
    return [(name.encode("ascii"), value.encode("utf-8")) for name, value in merged.items()]


def _plain(headers: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    return {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in headers}


def _read(response: httpcore.Response) -> bytes:
    body = bytearray()
    for piece in response.iter_stream():
        body += piece
        if len(body) > MAX_RESPONSE_BYTES:
            raise UnreadableAnswer(f"The answer is over {MAX_RESPONSE_BYTES} bytes.")
    return bytes(body)


class _Network(httpcore.SyncBackend):
    """The network with a deadline, and with nothing private in it outside development.

    The address that was checked is the one that is called: a second DNS answer cannot send the
    request elsewhere. The name stays in the Host header and in the TLS handshake.
    """

    def __init__(self, seconds: float) -> None:
        self._ends_at = time.monotonic() + seconds

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        address = host if settings.ALLOW_PRIVATE_ADDRESSES else public_address(host, port)
        stream = super().connect_tcp(address, port, timeout, local_address, socket_options)
        return _TimedStream(stream, self._ends_at)


class _TimedStream(httpcore.NetworkStream):
    """A connection whose every wait ends at one deadline."""

    def __init__(self, stream: httpcore.NetworkStream, ends_at: float) -> None:
        self._stream = stream
        self._ends_at = ends_at

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._left(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: object, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        secured = self._stream.start_tls(ssl_context, server_hostname, self._left(timeout))  # type: ignore[arg-type]  # passed through as it came
        return _TimedStream(secured, self._ends_at)

    def get_extra_info(self, info: str) -> object:
        return self._stream.get_extra_info(info)

    def _left(self, timeout: float | None) -> float:
        left = self._ends_at - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout("The answer took too long.")
        return left if timeout is None else min(left, timeout)


def public_address(host: str, port: int) -> str:
    """The address to call for a name. Raises Permanent for one inside a private network.

    For protocols beside HTTP that go to addresses other people typed in.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except UnicodeError as error:
        raise Permanent("The host's name cannot be a name.") from error
    except OSError as error:
        raise Unreachable("The host's name was not resolved.") from error
    addresses = [str(entry[4][0]) for entry in found]
    if not all(_is_public(address) for address in addresses):
        raise Permanent("The host has an address inside a private network.")
    return addresses[0]


def _is_public(text: str) -> bool:
    """Somebody's address on the internet, and no IPv6 envelope around an IPv4 one."""
    address = ipaddress.ip_address(text.partition("%")[0])
    if isinstance(address, ipaddress.IPv6Address):
        if address in _NAT64 or address.sixtofour or address.teredo:
            return False
        address = address.ipv4_mapped or address
    return address.is_global and not address.is_multicast


_NAT64 = ipaddress.ip_network("64:ff9b::/96")
