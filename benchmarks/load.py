"""A small closed-loop load generator: as many requests as the connections can carry.

Raw HTTP/1.1 over asyncio, because a full client costs more than the server it measures. Bounded in
time, and it speaks to loopback only.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

Body = Callable[[], bytes]


@dataclass(frozen=True)
class Load:
    """What one run saw. Latencies in milliseconds."""

    per_second: float
    p50_ms: float
    p99_ms: float
    requests: int
    errors: int


def run_load(url: str, *, connections: int, seconds: float, body: Body) -> Load:
    """POST to `url` over `connections` connections at once for `seconds`."""
    return asyncio.run(_run(url, connections, seconds, body))


async def _run(url: str, connections: int, seconds: float, body: Body) -> Load:
    parts = urlsplit(url)
    if parts.hostname not in {"127.0.0.1", "localhost"}:
        raise ValueError("Loads are sent to this machine only.")
    deadline = time.perf_counter() + seconds
    started = time.perf_counter()
    results = await asyncio.gather(
        *(
            _client(parts.hostname, parts.port or 80, parts.path, deadline, body)
            for _ in range(connections)
        )
    )
    elapsed = time.perf_counter() - started
    times = sorted(took for latencies, _ in results for took in latencies)
    if not times:
        raise RuntimeError(f"{url} never answered.")
    return Load(
        per_second=round(len(times) / elapsed, 1),
        p50_ms=round(times[len(times) // 2] * 1000, 2),
        p99_ms=round(times[int(len(times) * 0.99)] * 1000, 2),
        requests=len(times),
        errors=sum(errors for _, errors in results),
    )


async def _client(
    host: str, port: int, path: str, deadline: float, body: Body
) -> tuple[list[float], int]:
    latencies: list[float] = []
    errors = 0
    reader, writer = await asyncio.open_connection(host, port)
    head = f"POST {path} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\n"
    while time.perf_counter() < deadline:
        content = body()
        began = time.perf_counter()
        writer.write(f"{head}Content-Length: {len(content)}\r\n\r\n".encode() + content)
        status = await _answer(reader)
        latencies.append(time.perf_counter() - began)
        errors += status != 202
    writer.close()
    return latencies, errors


async def _answer(reader: asyncio.StreamReader) -> int:
    """Read one answer to its end; returns the status."""
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    length = int(head.split(b"content-length:", 1)[1].split(b"\r\n", 1)[0])
    await reader.readexactly(length)
    return int(head[9:12])
