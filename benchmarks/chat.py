"""Many visitors talking at once: sockets held open, and how long each waits for a reply."""

from __future__ import annotations

import asyncio
import itertools
import os
import random
import statistics
import time
from collections.abc import Mapping
from typing import Any

from benchmarks.processors import cpu_seconds
from benchmarks.sockets import PATIENCE_SECONDS, Line, line_open

SOCKETS = int(os.environ.get("BENCH_SOCKETS", "500"))
MINUTES = float(os.environ.get("BENCH_CHAT_MINUTES", "1"))
PAUSE_SECONDS = 10.0  # between two messages of a visitor
_FIRST_VISITORS = 8
SILENT = 10  # visitors who say nothing for a minute, and then something
SILENCE_SECONDS = 60.0
_LINES = (
    "I own a house in 11215, how much would solar save me?",
    "about 280 a month",
    "no shade",
    "the roof is 12 years old",
    "is there still a federal tax credit?",
    "within 3 months",
)


def chat_measure(address: str, parts: Mapping[str, int]) -> dict[str, Any]:
    """Talk for MINUTES over SOCKETS sockets; what a visitor waited for each reply, in ms.

    `parts` are the processes that work for it, by name: what a reply costs in each, in ms of a
    core, with everything around it, the opening of the sockets too.
    """
    asyncio.run(_warm_up(address))
    before = _used(parts)
    waited, failed, survived = asyncio.run(_talk_all(address))
    used = {name: seconds - before[name] for name, seconds in _used(parts).items()}
    cuts = statistics.quantiles(waited, n=100) if len(waited) > 1 else [0.0] * 99
    return {
        "sockets": SOCKETS,
        "replies": len(waited),
        "failed": failed,
        "silent": SILENT,
        "survived": survived,
        "cpu_ms": {name: round(1000 * one / max(1, len(waited)), 1) for name, one in used.items()},
        "load": round(os.getloadavg()[0], 1),
        "p50_ms": round(cuts[49], 1),
        "p95_ms": round(cuts[94], 1),
        "p99_ms": round(cuts[98], 1),
    }


def _used(parts: Mapping[str, int]) -> dict[str, float]:
    used = {name: cpu_seconds(pid) for name, pid in parts.items()}
    return used | {"visitors": time.process_time()}


def chat_print(row: dict[str, Any]) -> None:
    print(
        f"\nchat, {row['sockets']} sockets, one message each {PAUSE_SECONDS:.0f} s:"
        f" {row['replies']} replies, p50 {row['p50_ms']} ms, p95 {row['p95_ms']} ms,"
        f" p99 {row['p99_ms']} ms, {row['failed']} failed;"
        f" {row['survived']} of {row['silent']} outlived {SILENCE_SECONDS:.0f} s of silence"
    )
    parts = ", ".join(f"{name} {cost}" for name, cost in row["cpu_ms"].items())
    print(f"a reply, in ms of a core: {parts}; load average {row['load']}")


async def _talk_all(address: str) -> tuple[list[float], int, int]:
    waited: list[float] = []
    dice = random.Random(2026)
    visitors = [_visit(address, dice.uniform(0, PAUSE_SECONDS), waited) for _ in range(SOCKETS)]
    silent = asyncio.gather(*(_stay_silent(address) for _ in range(SILENT)), return_exceptions=True)
    ends = await asyncio.gather(*visitors, return_exceptions=True)
    survived = sum(not isinstance(end, BaseException) for end in await silent)
    return waited, sum(isinstance(end, Exception) for end in ends), survived


async def _warm_up(address: str) -> None:
    """Enough visitors, one after the other, that every process has read its tables."""
    for _ in range(_FIRST_VISITORS):
        async with line_open(address) as line:
            for text in _LINES:
                await _converse(line, text)


async def _stay_silent(address: str) -> None:
    async with line_open(address) as line:
        await asyncio.sleep(SILENCE_SECONDS)
        await _converse(line, "Hi, are you still there?")


async def _visit(address: str, wait: float, waited: list[float]) -> None:
    """One visitor: comes some time within the first pause, then says a line at each."""
    await asyncio.sleep(wait)
    async with line_open(address) as line:
        lines = itertools.cycle(_LINES)
        ends_at = time.monotonic() + MINUTES * 60
        while time.monotonic() < ends_at:
            began = time.monotonic()
            await _converse(line, next(lines))
            waited.append((time.monotonic() - began) * 1000)
            await asyncio.sleep(max(0.0, PAUSE_SECONDS - (time.monotonic() - began)))


async def _converse(line: Line, text: str) -> None:
    """Say something and wait for the reply."""
    await line.say({"type": "message", "text": text, "client_id": str(time.monotonic())})
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not _is_reply(await line.hear()):
            pass


def _is_reply(frame: dict[str, Any]) -> bool:
    return frame.get("type") == "message" and frame.get("role") == "assistant"
