"""The least of RFC 6455 that a client of the chat needs: text frames under 64 kB, none in parts."""

from __future__ import annotations

import asyncio
import base64
import json
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

PATIENCE_SECONDS = 60.0
_TEXT, _CLOSE = 0x1, 0x8


@dataclass(frozen=True)
class Line:
    """An open socket."""

    read: asyncio.StreamReader
    write: asyncio.StreamWriter

    async def say(self, frame: dict[str, Any]) -> None:
        data, mask = json.dumps(frame).encode(), os.urandom(4)
        length = len(data).to_bytes(1) if len(data) < 126 else b"\x7e" + len(data).to_bytes(2)
        length = bytes([length[0] | 0x80]) + length[1:]
        masked = bytes(byte ^ mask[place % 4] for place, byte in enumerate(data))
        self.write.write(b"\x81" + length + mask + masked)
        await self.write.drain()

    async def hear(self) -> dict[str, Any]:
        """The next text frame. Raises ConnectionError when the other side hangs up."""
        while True:
            try:
                first, length = await self.read.readexactly(2)
                if length == 126:
                    length = int.from_bytes(await self.read.readexactly(2))
                data = await self.read.readexactly(length)
            except asyncio.IncompleteReadError as end:
                raise ConnectionError("Cut off") from end
            if first & 0x0F == _CLOSE:
                raise ConnectionError("Closed")
            if first & 0x0F == _TEXT:
                frame: dict[str, Any] = json.loads(data)
                return frame


@asynccontextmanager
async def line_open(address: str, query: str = "") -> AsyncIterator[Line]:
    """A socket of the chat. Raises ConnectionError when there is none to be had."""
    target = urlsplit(address)
    read, write = await asyncio.open_connection(target.hostname, target.port)
    try:
        key = base64.b64encode(os.urandom(16)).decode()
        write.write(
            f"GET /ws/chat/?{query} HTTP/1.1\r\nHost: {target.netloc}\r\nOrigin: {address}\r\n"
            f"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: {key}\r\n"
            "Sec-WebSocket-Version: 13\r\n\r\n".encode()
        )
        async with asyncio.timeout(PATIENCE_SECONDS):
            try:
                head = await read.readuntil(b"\r\n\r\n")
            except asyncio.IncompleteReadError as end:
                raise ConnectionError("Cut off") from end
        if b" 101 " not in head.split(b"\r\n")[0]:
            raise ConnectionError(head.split(b"\r\n")[0].decode())
        yield Line(read, write)
    finally:
        write.close()
