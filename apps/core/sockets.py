"""WebSockets: what every socket of ours does, whatever it is for.

A room plugs in by deriving from `Socket` and a line in `solar_crm/routing.py`:

    class Inbox(Socket):
        async def admit(self) -> None: ...             # raise an AppError to refuse
        async def opened(self) -> None: ...            # join groups, say what there is
        async def on_reply(self, frame: Frame) -> None: ...   # a client's {"type": "reply", …}
        async def inbox_changed(self, event: Event) -> None: ...  # what `send_to_group` sent

Frames are JSON objects with a `type`, in both directions. A refusal becomes
`{"type": "error", "code", "message"}`, or, while the socket opens, the close code 4000 plus the
HTTP status: 4401 not signed in, 4403 not allowed, 4429 too many.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Executor
from contextlib import suppress
from typing import Any, ParamSpec, TypeVar
from urllib.parse import urlsplit

from asgiref.sync import async_to_sync
from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer
from channels.layers import get_channel_layer
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.http.request import HttpRequest, split_domain_port, validate_host

from apps.core.context import logging_facts
from apps.core.errors import AppError, InvalidInput, NotFound, PermissionRefused
from apps.core.ids import new_id
from apps.core.json_data import parse_object, storable

_logger = logging.getLogger("socket")

Frame = dict[str, Any]
Event = dict[str, Any]
P = ParamSpec("P")
T = TypeVar("T")

_BROKEN = 1011
_TOO_BIG = 1009
_LONGEST_REASON = 123  # bytes, of a closing frame


def threaded(function: Callable[P, T], executor: Executor | None = None) -> Any:
    """`await threaded(selector)(…)`: run what asks the database on a thread, not on the loop.

    What takes seconds has an `executor` of its own: the loop's few threads are for everybody.
    """
    return database_sync_to_async(function, thread_sensitive=False, executor=executor)


def send_to_group(group: str, event_type: str, **data: Any) -> None:
    """Send an event to every socket in a group: `event_type` "inbox.changed" calls inbox_changed.

    For outbox handlers, after the commit of what it tells. Nobody may listen; then nothing happens.
    Raises redis.RedisError while Redis is away, and the outbox tries again.
    """
    send_to_groups([group], event_type, **data)


def send_to_groups(groups: Sequence[str], event_type: str, **data: Any) -> None:
    """`send_to_group` to several, in one step."""
    async_to_sync(_send)(groups, {"type": event_type, **data})


async def _send(groups: Sequence[str], event: Event) -> None:
    layer = get_channel_layer()
    for group in groups:
        await layer.group_send(group, event)


class Socket(AsyncWebsocketConsumer):
    """One connection of one client."""

    beat_seconds: float | None = 25.0  # below the 60 s after which proxies cut what is silent
    longest_frame = 16 * 1024
    subprotocol: str | None = None

    # --- what a room writes ---------------------------------------------------------------------

    async def admit(self) -> None:
        """Look at who comes. Raise an AppError to refuse."""

    async def opened(self) -> None:
        """The client is in: join groups, say what there is."""

    async def closed(self) -> None:
        """The client is gone."""

    async def beat(self) -> None:
        """A sign of life every `beat_seconds`."""
        await self.say("beat")

    def origins(self) -> Iterable[str]:
        """Web sites, beside our own, whose pages may open this socket."""
        return settings.CSRF_TRUSTED_ORIGINS

    # --- what a room uses -----------------------------------------------------------------------

    async def say(self, frame_type: str, **data: Any) -> None:
        frame = {"type": frame_type, **data}
        await self.send(text_data=json.dumps(frame, cls=DjangoJSONEncoder))

    async def join(self, group: str) -> None:
        """Be told what `send_to_group` sends to this group, until the end."""
        await self.channel_layer.group_add(group, self.channel_name)
        self.groups.append(group)

    async def say_refusal(self, error: AppError, **data: Any) -> None:
        await self.say("error", code=error.code, message=_words(error), **data)

    async def refuse(self, error: AppError) -> None:
        """End the connection, saying why."""
        reason = _words(error).encode()[:_LONGEST_REASON].decode(errors="ignore")
        await self.close(code=4000 + error.status, reason=reason)

    # --- the way of a connection ----------------------------------------------------------------

    async def connect(self) -> None:
        self._beating: asyncio.Task[None] | None = None
        self._id = str(new_id())
        try:
            if not _origin_is_known(self.scope, self.origins()):
                raise PermissionRefused("Pages of this site may not connect.")
            await self.admit()
        except AppError as refusal:
            # Accepted first: a browser is told the code only of a connection that was there.
            await self.accept(subprotocol=self.subprotocol)
            await self.refuse(refusal)
            return
        except Exception:
            _logger.exception("socket.failed", extra={"path": self.scope["path"]})
            await self.accept(subprotocol=self.subprotocol)
            await self.close(code=_BROKEN)
            return
        await self.accept(subprotocol=self.subprotocol)
        await self.opened()
        if self.beat_seconds is not None:
            self._beating = asyncio.create_task(self._beat_on(self.beat_seconds))

    async def disconnect(self, code: int) -> None:
        if self._beating is not None:
            self._beating.cancel()
            with suppress(asyncio.CancelledError):
                await self._beating
        await self.closed()

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        if len(text_data or bytes_data or b"") > self.longest_frame:
            await self.close(code=_TOO_BIG, reason="The frame is too large.")
            return
        with logging_facts(socket_id=self._id):
            try:
                await self._receive(text_data)
            except AppError as refusal:
                await self.say_refusal(refusal)
            except Exception:
                _logger.exception("socket.failed", extra={"path": self.scope["path"]})
                await self.close(code=_BROKEN)

    async def _receive(self, text: str | None) -> None:
        if text is None:
            raise InvalidInput("Send text frames.")
        frame = storable(parse_object(text.encode()))
        name = frame.get("type")
        handler = getattr(self, f"on_{name}", None) if isinstance(name, str) else None
        if handler is None:
            raise InvalidInput("There is no such type of frame.")
        await handler(frame)

    async def on_ping(self, frame: Frame) -> None:
        """A client's own sign of life."""
        await self.say("pong")

    async def _beat_on(self, seconds: float) -> None:
        while True:
            await asyncio.sleep(seconds)
            try:
                await self.beat()
            except AppError as refusal:
                await self.refuse(refusal)
                return
            except Exception:
                _logger.exception("socket.beat_failed", extra={"path": self.scope["path"]})
                await self.close(code=_BROKEN)
                return


class NowhereSocket(Socket):
    """Any other path below /ws/."""

    async def admit(self) -> None:
        raise NotFound()


def _words(error: AppError) -> str:
    """What was wrong in a sentence: a frame has no details."""
    first = next(iter(error.details.values()), None)
    is_plain = error.message == type(error).message and isinstance(first, list) and first
    return str(first[0]) if is_plain and first else error.message


def header(scope: dict[str, Any], name: str) -> str | None:
    """A header of the request that opened a socket; None when it was not sent."""
    wanted = name.lower().encode()
    found = (value for sent, value in scope["headers"] if sent == wanted)
    value = next(found, None)
    return None if value is None else value.decode("latin-1")


def as_request(scope: dict[str, Any]) -> HttpRequest:
    """The opening of a socket as a request, for what asks requests: addresses and limits."""
    request = HttpRequest()
    request.META["REMOTE_ADDR"] = (scope.get("client") or [""])[0]
    if (forwarded := header(scope, "x-forwarded-for")) is not None:
        request.META["HTTP_X_FORWARDED_FOR"] = forwarded
    return request


def _origin_is_known(scope: dict[str, Any], others: Iterable[str]) -> bool:
    """Whether a page of ours, or of a site we know, opens this.

    A browser always says the origin, and a page elsewhere would come with our cookies. Whoever
    says none is no browser, and could say any.
    """
    origin = header(scope, "origin")
    if origin is None or origin in others:
        return True
    host = header(scope, "host") or ""
    domain, _ = split_domain_port(host)
    return urlsplit(origin).netloc == host and validate_host(domain, settings.ALLOWED_HOSTS)
