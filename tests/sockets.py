"""A browser's end of a socket, and a token's."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from asgiref.sync import async_to_sync, sync_to_async
from asgiref.testing import ApplicationCommunicator
from django.conf import settings
from django.db import connections
from django.test import Client
from rest_framework_simplejwt.tokens import RefreshToken

from apps.users.models import User
from solar_crm.routing import sockets

OURS = "http://testserver"
PATIENCE_SECONDS = 5
_THREADS = 4


def play(scenario: Callable[[], Awaitable[Any]]) -> Any:
    """Run a scenario on an event loop of its own, whose threads leave no connection behind."""

    async def with_threads() -> Any:
        with ThreadPoolExecutor(_THREADS) as threads:
            asyncio.get_running_loop().set_default_executor(threads)
            try:
                return await scenario()
            finally:
                all_here = Barrier(_THREADS)
                await asyncio.gather(*(off_the_loop(_close)(all_here) for _ in range(_THREADS)))

    return async_to_sync(with_threads)()


def _close(all_here: Barrier) -> None:
    """Once on each thread: nobody goes on before all are here."""
    all_here.wait(timeout=PATIENCE_SECONDS)
    connections.close_all()


def off_the_loop(function: Callable[..., Any]) -> Callable[..., Awaitable[Any]]:
    """What a view or a worker does meanwhile, on a thread with a connection of its own."""
    return sync_to_async(function, thread_sensitive=False)


def cookie_of(user: User) -> str:
    """The cookie of somebody who signed in at the admin."""
    client = Client()
    client.force_login(user)
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"


def token_of(user: User) -> str:
    return str(RefreshToken.for_user(user).access_token)


class Listener(ApplicationCommunicator):
    """A client of one socket. (That of channels.testing wants a server we do not have.)"""

    def __init__(
        self,
        path: str,
        *,
        cookie: str = "",
        origin: str | None = OURS,
        subprotocols: Sequence[str] = (),
    ) -> None:
        headers = [(b"host", b"testserver")]
        if cookie:
            headers.append((b"cookie", cookie.encode()))
        if origin is not None:
            headers.append((b"origin", origin.encode()))
        path, _, query = path.partition("?")
        scope = {
            "type": "websocket",
            "path": path,
            "query_string": query.encode(),
            "headers": headers,
            "subprotocols": list(subprotocols),
            "client": ["127.0.0.1", 40_000],
        }
        super().__init__(sockets, scope)

    async def enter(self) -> str | None:
        """Open it; the subprotocol the server chose."""
        await self.send_input({"type": "websocket.connect"})
        answer = await self.receive_output(timeout=PATIENCE_SECONDS)
        assert answer["type"] == "websocket.accept", answer
        chosen: str | None = answer["subprotocol"]
        return chosen

    async def hear(self) -> dict[str, Any]:
        """The next frame; fails when the connection ends instead."""
        event = await self.receive_output(timeout=PATIENCE_SECONDS)
        assert event["type"] == "websocket.send", event
        frame: dict[str, Any] = json.loads(event["text"])
        return frame

    async def say(self, frame: dict[str, Any] | str | bytes) -> None:
        """Send a frame; text and bytes go as they are."""
        if isinstance(frame, bytes):
            await self.send_input({"type": "websocket.receive", "bytes": frame})
            return
        text = frame if isinstance(frame, str) else json.dumps(frame)
        await self.send_input({"type": "websocket.receive", "text": text})

    async def end(self) -> int:
        """Whatever it says until then, the code it is closed with."""
        return (await self.end_said())[0]

    async def end_said(self) -> tuple[int, str]:
        """The code it is closed with, and why."""
        while True:
            event = await self.receive_output(timeout=PATIENCE_SECONDS)
            if event["type"] == "websocket.close":
                await self.leave()
                return int(event["code"]), event.get("reason") or ""

    async def leave(self) -> None:
        await self.send_input({"type": "websocket.disconnect", "code": 1000})
        await self.wait(timeout=PATIENCE_SECONDS)
