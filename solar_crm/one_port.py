"""HTTP and sockets on one port, for a laptop, where no nginx stands before them.

HTTP goes to the very WSGI application that production runs, on a few threads that hold their
database connections: Django's own ASGI handler would answer 40 % fewer requests.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections.abc import Awaitable, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import IO, Any
from urllib.parse import unquote_to_bytes
from wsgiref.util import FileWrapper

from channels.routing import ProtocolTypeRouter

from solar_crm.wsgi import application as _wsgi  # sets Django up, before what follows

from solar_crm.routing import sockets  # isort: skip

THREADS = 4
_IN_MEMORY_BYTES = 1024 * 1024
_BLOCK_BYTES = 256 * 1024
_threads = ThreadPoolExecutor(THREADS, thread_name_prefix="http")

Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]


async def _http(scope: dict[str, Any], receive: Receive, send: Send) -> None:
    loop = asyncio.get_running_loop()

    async def sent(event: dict[str, Any]) -> None:
        await send(event)

    def send_now(event: dict[str, Any]) -> None:
        asyncio.run_coroutine_threadsafe(sent(event), loop).result()

    with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY_BYTES) as body:
        if await _read(receive, body):
            last = await loop.run_in_executor(_threads, _answer, _environ(scope, body), send_now)
            for event in last:
                await send(event)


async def _read(receive: Receive, body: IO[bytes]) -> bool:
    """Take the whole request in. False when the client went away meanwhile."""
    while True:
        event = await receive()
        if event["type"] == "http.disconnect":
            return False
        body.write(event.get("body", b""))
        if not event.get("more_body", False):
            return True


def _answer(
    environ: dict[str, Any], send_now: Callable[[dict[str, Any]], None]
) -> list[dict[str, Any]]:
    """Run the application. Long answers go out while they are made; the end is returned."""
    waiting: list[dict[str, Any]] = []

    def start_response(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> None:
        encoded = [
            (name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers
        ]
        start = {"type": "http.response.start", "status": int(status[:3]), "headers": encoded}
        waiting.append(start)

    chunks: Iterable[bytes] = _wsgi(environ, start_response)  # type: ignore[arg-type]  # (…) of PEP 3333
    try:
        part = None
        for chunk in chunks:
            if part is not None:
                for event in (*waiting, part):
                    send_now(event)
                waiting.clear()
            part = {"type": "http.response.body", "body": chunk, "more_body": True}
        return [*waiting, (part or {"type": "http.response.body"}) | {"more_body": False}]
    finally:
        chunks.close()  # type: ignore[attr-defined]  # a response of Django's


def _environ(scope: dict[str, Any], body: IO[bytes]) -> dict[str, Any]:
    """The request as PEP 3333 has it: text is bytes read as Latin-1."""
    length = body.tell()
    body.seek(0)
    host, port = scope["server"]
    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(scope["raw_path"]).decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_NAME": host,
        "SERVER_PORT": str(port),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "REMOTE_ADDR": scope["client"][0],
        "CONTENT_LENGTH": str(length),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope["scheme"],
        "wsgi.input": body,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
        "wsgi.file_wrapper": lambda file, _: FileWrapper(file, _BLOCK_BYTES),
    }
    for name, value in scope["headers"]:
        key = name.decode("latin-1").upper().replace("-", "_")
        if key != "CONTENT_LENGTH":
            key = key if key == "CONTENT_TYPE" else f"HTTP_{key}"
            text = value.decode("latin-1")
            environ[key] = f"{environ[key]},{text}" if key in environ else text
    return environ


application = ProtocolTypeRouter({"http": _http, "websocket": sockets})
