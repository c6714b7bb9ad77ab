"""Stand-ins of the vendors on loopback: each speaks its protocol, and misbehaves as it is told."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Behaviour = Callable[["_Conversation"], None]


def says(*pieces: str) -> Behaviour:
    """The whole protocol, with these pieces of text."""

    def behave(call: _Conversation) -> None:
        call.begin()
        for frame in _FRAMES[call.vendor](pieces):
            call.frame(frame)
        call.end()

    return behave


def breaks_after(*pieces: str) -> Behaviour:
    """Some pieces, and the connection is gone."""

    def behave(call: _Conversation) -> None:
        call.begin()
        for frame in _FRAMES[call.vendor](pieces)[: len(pieces) + _BEFORE_TEXT[call.vendor]]:
            call.frame(frame)
        call.close_connection = True

    return behave


def hangs_after(*pieces: str) -> Behaviour:
    """Some pieces, then now and then a sign of life that says nothing."""

    def behave(call: _Conversation) -> None:
        call.begin()
        for frame in _FRAMES[call.vendor](pieces)[: len(pieces) + _BEFORE_TEXT[call.vendor]]:
            call.frame(frame)
        while not call.server.is_over.wait(0.05):
            call.chunk(b": still here\n\n")

    return behave


def answers(status: int, body: str = "{}") -> Behaviour:
    def behave(call: _Conversation) -> None:
        call.send_response(status)
        call.send_header("content-type", "application/json")
        call.send_header("content-length", str(len(body)))
        call.end_headers()
        call.wfile.write(body.encode())

    return behave


def _openai(pieces: tuple[str, ...]) -> list[tuple[str, Any]]:
    def chunk(**more: Any) -> tuple[str, Any]:
        whole = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "m"}
        return "", {**whole, "choices": [], **more}

    def choice(text: str | None, ending: str | None) -> dict[str, Any]:
        delta = {"content": text} if text else {}
        return {"choices": [{"index": 0, "delta": delta, "finish_reason": ending}]}

    return [
        *(chunk(**choice(piece, None)) for piece in pieces),
        chunk(**choice(None, "stop")),
        chunk(usage={"prompt_tokens": 400, "completion_tokens": 50, "total_tokens": 450}),
        ("", "[DONE]"),
    ]


def _anthropic(pieces: tuple[str, ...]) -> list[tuple[str, Any]]:
    message = {
        "id": "1", "type": "message", "role": "assistant", "model": "m", "content": [],
        "stop_reason": None, "usage": {"input_tokens": 400, "output_tokens": 1},
    }  # fmt: skip
    frames = [
        {"type": "message_start", "message": message},
        {
            "type": "content_block_start",
            "index": 0,
            "content_block": {"type": "text", "text": ""},
        },
        *(
            {
                "type": "content_block_delta",
                "index": 0,
                "delta": {"type": "text_delta", "text": piece},
            }
            for piece in pieces
        ),
        {"type": "content_block_stop", "index": 0},
        {
            "type": "message_delta",
            "delta": {"stop_reason": "end_turn"},
            "usage": {"output_tokens": 50},
        },
        {"type": "message_stop"},
    ]
    return [(str(frame["type"]), frame) for frame in frames]


def _cohere(pieces: tuple[str, ...]) -> list[tuple[str, Any]]:
    usage = {"billed_units": {"input_tokens": 400, "output_tokens": 50}}
    frames = [
        {"type": "message-start", "id": "1", "delta": {"message": {"role": "assistant"}}},
        {
            "type": "content-start",
            "index": 0,
            "delta": {"message": {"content": {"type": "text", "text": ""}}},
        },
        *(
            {
                "type": "content-delta",
                "index": 0,
                "delta": {"message": {"content": {"text": piece}}},
            }
            for piece in pieces
        ),
        {"type": "content-end", "index": 0},
        {"type": "message-end", "delta": {"finish_reason": "COMPLETE", "usage": usage}},
    ]
    return [(str(frame["type"]), frame) for frame in frames]


_FRAMES = {"openai": _openai, "anthropic": _anthropic, "cohere": _cohere}
_BEFORE_TEXT = {"openai": 0, "anthropic": 2, "cohere": 2}
_PATHS = {
    "/openai/v1/chat/completions": "openai",
    "/anthropic/v1/messages": "anthropic",
    "/cohere/v2/chat": "cohere",
}
PREFIXES = {"openai": "/openai/v1", "anthropic": "/anthropic", "cohere": "/cohere"}


class Vendors(ThreadingHTTPServer):
    """All three under one address, with what they were asked."""

    daemon_threads = True
    block_on_close = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Conversation)
        self.behaviour: dict[str, Behaviour] = {}
        self.asked: list[tuple[str, dict[str, Any], str]] = []  # (vendor, body, authorization)
        self.is_over = threading.Event()

    def url(self, vendor: str) -> str:
        return f"http://127.0.0.1:{self.server_port}{PREFIXES[vendor]}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Somebody who hung up is what these tests are about."""


class _Conversation(BaseHTTPRequestHandler):
    server: Vendors
    protocol_version = "HTTP/1.1"
    vendor = ""

    def do_POST(self) -> None:
        self.vendor = _PATHS[self.path]
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self.server.asked.append((self.vendor, body, self.headers["authorization"]))
        self.server.behaviour[self.vendor](self)

    def begin(self) -> None:
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.send_header("transfer-encoding", "chunked")
        self.end_headers()

    def frame(self, frame: tuple[str, Any]) -> None:
        event, data = frame
        text = data if isinstance(data, str) else json.dumps(data)
        self.chunk((f"event: {event}\n" if event else "").encode() + f"data: {text}\n\n".encode())

    def chunk(self, data: bytes) -> None:
        self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")

    def end(self) -> None:
        self.wfile.write(b"0\r\n\r\n")

    def log_message(self, *_: Any) -> None:
        """Not into the tests' output."""


@contextmanager
def serving() -> Iterator[Vendors]:
    server = Vendors()
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)  # noqa: TID251
    thread.start()
    yield server
    server.is_over.set()
    server.shutdown()
    server.server_close()
