"""Our door to the internet, against servers that behave badly and names that lie."""

from __future__ import annotations

import re
import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import httpcore
import pytest

from apps.core import http
from apps.core.errors import Permanent, Retryable
from apps.core.http import MAX_RESPONSE_BYTES, send

PUBLIC = "93.184.215.14"


@pytest.fixture
def serve(settings) -> Iterator[Callable]:
    """A server on loopback that runs a function on each connection after reading the request."""
    settings.ALLOW_PRIVATE_ADDRESSES = True
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(10)
    requests: list[bytes] = []
    with ThreadPoolExecutor(1) as pool:

        def start(behave: Callable[[socket.socket], None]) -> tuple[str, list[bytes]]:
            def run() -> None:
                with suppress(OSError):
                    while True:
                        connection, _ = listener.accept()
                        with connection, suppress(OSError):
                            requests.append(whole_request(connection))
                            behave(connection)

            pool.submit(run)
            return f"http://127.0.0.1:{listener.getsockname()[1]}", requests

        yield start
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()


def whole_request(connection: socket.socket) -> bytes:
    """Head and body, which may come in two pieces."""
    received = connection.recv(65536)
    head, _, body = received.partition(b"\r\n\r\n")
    stated = re.search(rb"content-length: (\d+)", head, re.IGNORECASE)
    while stated and len(received) < len(head) + 4 + int(stated[1]):
        received += connection.recv(65536)
    return received


def reply(text: str) -> Callable[[socket.socket], None]:
    return lambda connection: connection.sendall(text.replace("\n", "\r\n").encode())


@pytest.fixture
def resolving(monkeypatch, settings) -> Callable:
    """Names resolve to given addresses; what would be connected to is recorded, not called."""
    settings.ALLOW_PRIVATE_ADDRESSES = False

    def prepare(*answers: list[str]) -> list[str]:
        remaining = list(answers)
        connected: list[str] = []

        def getaddrinfo(host, port, *args, **kwargs):
            addresses = remaining.pop(0) if len(remaining) > 1 else remaining[0]
            return [(2, 1, 6, "", (address, port)) for address in addresses]

        def connect_tcp(self, host, *args, **kwargs):
            connected.append(host)
            raise httpcore.ConnectError("not in a test")

        monkeypatch.setattr(http.socket, "getaddrinfo", getaddrinfo)
        monkeypatch.setattr(httpcore.SyncBackend, "connect_tcp", connect_tcp)
        return connected

    return prepare


def test_an_answer_is_brought_back_whatever_its_status(serve) -> None:
    url, requests = serve(reply("HTTP/1.1 418 No\nX-Thing: 1\nContent-Length: 5\n\nhello"))
    answer = send("POST", f"{url}/a?b=c", content=b"{}", headers={"X-Key": "k"})
    assert (answer.status, answer.headers["x-thing"], answer.body) == (418, "1", b"hello")
    head = requests[0].decode()
    assert head.startswith("POST /a?b=c HTTP/1.1\r\n")
    assert "x-key: k" in head
    assert "content-length: 2" in head.lower()
    assert head.endswith("\r\n\r\n{}")


def test_redirects_are_not_followed(serve) -> None:
    url, requests = serve(
        reply("HTTP/1.1 302 Found\nLocation: http://127.0.0.1:1/\nContent-Length: 0\n\n")
    )
    assert send("GET", url).status == 302
    assert len(requests) == 1


def test_an_answer_has_a_size(serve) -> None:
    def flood(connection) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        for _ in range(MAX_RESPONSE_BYTES // 65536 + 2):
            connection.sendall(b"x" * 65536)

    url, _ = serve(flood)
    with pytest.raises(Permanent, match="over 1048576 bytes"):
        send("GET", url)


def test_an_answer_of_the_size_allowed_is_read(serve) -> None:
    url, _ = serve(
        lambda connection: connection.sendall(
            b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % MAX_RESPONSE_BYTES
            + b"x" * MAX_RESPONSE_BYTES
        )
    )
    assert len(send("GET", url).body) == MAX_RESPONSE_BYTES


def test_compressed_answers_are_neither_asked_for_nor_unpacked(serve) -> None:
    url, requests = serve(
        reply("HTTP/1.1 200 OK\nContent-Encoding: gzip\nContent-Length: 3\n\nabc")
    )
    assert send("GET", url).body == b"abc"
    assert b"accept-encoding: identity" in requests[0]


@pytest.mark.parametrize("drip", [b"X", b"HTTP/1.1 200 OK\r\nA: b\r\n", b"HTTP/1.1 200 OK\r\n\r\n"])
def test_a_drip_of_bytes_is_no_answer(serve, drip: bytes) -> None:
    """In the status line, in the headers, in the body: each byte comes in time, all of them not."""

    def trickle(connection) -> None:
        connection.sendall(drip)
        for _ in range(100):
            connection.sendall(b"a")
            time.sleep(0.02)

    url, _ = serve(trickle)
    started = time.monotonic()
    with pytest.raises(Retryable):
        send("GET", url, deadline=0.3)
    assert time.monotonic() - started < 1


@pytest.mark.parametrize("behave", [lambda connection: None, reply("nonsense\n\n")])
def test_no_answer_can_be_tried_again(serve, behave) -> None:
    url, _ = serve(behave)
    with pytest.raises(Retryable):
        send("GET", url)


def test_nobody_there_can_be_tried_again(settings) -> None:
    settings.ALLOW_PRIVATE_ADDRESSES = True
    with pytest.raises(Retryable):
        send("GET", "http://127.0.0.1:9/")


def test_proxies_of_the_environment_are_not_used(serve, monkeypatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    url, _ = serve(reply("HTTP/1.1 204 No\n\n"))
    assert send("GET", url).status == 204


@pytest.mark.parametrize(
    "url",
    [
        "",
        "no url",
        "ftp://example.com/",
        "file:///etc/passwd",
        "https://",
        "https:///path",
        "https://[::1",
        "https://example.com:99999/",
        "https://user:secret@example.com/",
        "https://exa mple.com/",
        "https://" + "a" * 70 + ".com/",
        "https://example.com\r\nX: y/",
    ],
)
@pytest.mark.parametrize("private_allowed", [True, False])
def test_what_is_no_url_of_ours_is_refused_for_good(url, private_allowed, settings) -> None:
    settings.ALLOW_PRIVATE_ADDRESSES = private_allowed
    with pytest.raises((Permanent, Retryable)) as refusal:
        send("GET", url)
    assert isinstance(refusal.value, Permanent) or "a" * 70 in url


@pytest.mark.parametrize("name", ["X\r\nY", "X Y", ""])
def test_headers_cannot_smuggle_others(name, serve) -> None:
    url, requests = serve(reply("HTTP/1.1 204 No\n\n"))
    with pytest.raises(Permanent):
        send("GET", url, headers={name: "z"})
    with pytest.raises(Permanent):
        send("GET", url, headers={"X": "a\r\nY: b"})
    assert not any(b"Y" in request for request in requests)


def test_plain_http_is_refused_outside_development(resolving) -> None:
    connected = resolving([PUBLIC])
    with pytest.raises(Permanent, match="Only https"):
        send("GET", "http://example.com/")
    assert connected == []


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0x7f000001",
        "0177.0.0.1",
        "0.0.0.0",
        "localhost",
        "169.254.169.254",
        "10.0.0.1",
        "172.16.0.1",
        "192.168.1.1",
        "100.64.0.1",
        "224.0.0.1",
        "255.255.255.255",
        "[::1]",
        "[::]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[::ffff:100.64.0.1]",
        "[fe80::1]",
        "[fc00::1]",
        "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]",
        "[2001:0:4136:e378:8000:63bf:3fff:fdd2]",
    ],
)
def test_private_addresses_are_refused_however_they_are_written(
    host, settings, monkeypatch
) -> None:
    settings.ALLOW_PRIVATE_ADDRESSES = False
    monkeypatch.setattr(
        httpcore.SyncBackend, "connect_tcp", lambda *args, **kwargs: pytest.fail("It was called.")
    )
    with pytest.raises(Permanent, match=r"private network|Not a URL"):
        send("GET", f"https://{host}/latest/meta-data/")


@pytest.mark.parametrize("addresses", [["10.0.0.5"], [PUBLIC, "10.0.0.5"], ["fe80::1%eth0"]])
def test_a_name_that_leads_inside_is_refused(addresses, resolving) -> None:
    connected = resolving(addresses)
    with pytest.raises(Permanent, match="private network"):
        send("GET", "https://buyer.example/")
    assert connected == []


@pytest.mark.parametrize("address", [PUBLIC, "2606:2800:21f:cb07:6820:80da:af6b:8b2c"])
def test_a_public_name_is_called_at_the_address_that_was_checked(address, resolving) -> None:
    connected = resolving([address], ["127.0.0.1"])  # a second answer would lead inside
    with pytest.raises(Retryable):
        send("GET", "https://buyer.example/")
    assert connected == [address]


def test_a_name_nobody_knows_can_be_tried_again(settings, monkeypatch) -> None:
    settings.ALLOW_PRIVATE_ADDRESSES = False

    def unknown(*args, **kwargs):
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(http.socket, "getaddrinfo", unknown)
    with pytest.raises(Retryable, match="not resolved"):
        send("GET", "https://nobody.example/")
