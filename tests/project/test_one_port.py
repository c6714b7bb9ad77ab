"""The laptop's server: what WSGI answers goes out over ASGI, byte for byte."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest
from asgiref.testing import ApplicationCommunicator
from django.http import HttpResponse

from solar_crm import one_port
from solar_crm.one_port import application
from tests.sockets import play


def ask(
    path: str, *, method: str = "GET", body: bytes = b"", **headers: str
) -> tuple[int, dict, list]:
    """Status, headers and the parts in which the answer came."""
    raw, _, query = path.partition("?")
    scope = {
        "type": "http",
        "method": method,
        "scheme": "http",
        "http_version": "1.1",
        "path": raw,
        "raw_path": quote(raw).encode(),
        "query_string": query.encode(),
        "server": ("127.0.0.1", 8000),
        "client": ("203.0.113.9", 40_000),
        "headers": [
            (b"host", b"testserver"),
            (b"content-length", str(len(body)).encode()),
            *((name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()),
        ],
    }

    async def scenario() -> list[dict[str, Any]]:
        asked = ApplicationCommunicator(application, scope)
        half = len(body) // 2
        await asked.send_input({"type": "http.request", "body": body[:half], "more_body": True})
        await asked.send_input({"type": "http.request", "body": body[half:], "more_body": False})
        events = [await asked.receive_output(timeout=10)]
        while events[-1].get("more_body", True):
            events.append(await asked.receive_output(timeout=10))
        return events

    start, *parts = play(scenario)
    assert start["type"] == "http.response.start"
    found = {name.decode(): value.decode("latin-1") for name, value in start["headers"]}
    return start["status"], found, [part["body"] for part in parts]


@pytest.fixture
def seen(monkeypatch) -> dict[str, Any]:
    """What reaches an application that says back what it was sent."""
    environ: dict[str, Any] = {}

    def echo(request: dict[str, Any], start_response: Any) -> HttpResponse:
        environ.update(request, body=request["wsgi.input"].read())
        start_response("202 Accepted", [("Content-Type", "text/plain"), ("X-Echo", "ø")])
        return HttpResponse(environ["body"])

    monkeypatch.setattr(one_port, "_wsgi", echo)
    return environ


def test_a_request_arrives_whole_and_a_short_answer_in_one_part(seen):
    body = "Pát ☀".encode() * 1000
    status, headers, parts = ask("/a/यह?q=%F0%9F&q=2", method="POST", body=body, x_thing="1")
    assert (status, headers["content-type"], parts) == (202, "text/plain", [body])
    assert seen["body"] == body
    assert (seen["CONTENT_LENGTH"], seen["REQUEST_METHOD"]) == (str(len(body)), "POST")
    assert seen["PATH_INFO"].encode("latin-1").decode() == "/a/यह"
    assert (seen["QUERY_STRING"], seen["HTTP_X_THING"]) == ("q=%F0%9F&q=2", "1")
    assert (seen["REMOTE_ADDR"], seen["HTTP_HOST"]) == ("203.0.113.9", "testserver")


def test_a_long_answer_comes_in_parts_and_is_the_file(settings, monkeypatch):
    file = settings.BASE_DIR / "static" / "internal" / "admin.css"
    monkeypatch.setattr(one_port, "_BLOCK_BYTES", file.stat().st_size // 4)
    status, _, parts = ask("/static/internal/admin.css")
    assert status == 200
    assert len(parts) > 3
    assert b"".join(parts) == file.read_bytes()
