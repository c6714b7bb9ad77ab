"""A stand-in buyer behind HTTP: `POST /<behaviour>[-name]/leads`, and `GET /received`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from apps.b2b.standins.behaviour import Memory

HANG_SECONDS = 3600.0


class WebBuyers(ThreadingHTTPServer):
    """All of them on one port. A caller that hangs is let go when the server is closed."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, address: tuple[str, int]) -> None:
        super().__init__(address, _Handler)
        self.memory = Memory()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Handler(BaseHTTPRequestHandler):
    server: WebBuyers
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        try:
            lead: dict[str, Any] = json.loads(body)
        except ValueError:
            lead = {}
        buyer = self.path.strip("/").split("/")[0]
        key = self.headers.get("Idempotency-Key") or self.headers.get("webhook-id") or ""
        said = self.server.memory.receive(buyer, key, lead)
        if said.hangs:
            # Nothing more is sent: waiting ends when the caller hangs up.
            self.connection.settimeout(HANG_SECONDS)
            self.connection.recv(1)
            self.close_connection = True
            return
        self._answer(said.status, said.body)

    def do_GET(self) -> None:
        self._answer(200, json.dumps(self.server.memory.as_json()).encode())

    def do_HEAD(self) -> None:
        is_down = self.path.strip("/").startswith("down")
        self._answer(503 if is_down else 200, b"")

    def _answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Nothing: what is remembered can be asked for."""


@contextmanager
def web_buyers(port: int = 0) -> Iterator[WebBuyers]:
    """The server, bound and not yet serving."""
    server = WebBuyers(("127.0.0.1", port))
    try:
        yield server
    finally:
        server.server_close()
