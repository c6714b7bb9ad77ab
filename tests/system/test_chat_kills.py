"""SIGKILL of the process that holds the sockets, in the middle of many talks."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest

from benchmarks.sockets import Line, line_open
from tests.system.machine import Machine, a_machine

pytestmark = pytest.mark.system

VISITORS = 12
LINES = ("I own a house in 11375", "about $310 a month", "no shade", "10 years", "within 3 months")
SECONDS = 90


@pytest.fixture
def machine(prepared_dir: Path) -> Iterator[Machine]:
    with a_machine(prepared_dir) as machine:
        machine.start("live")
        yield machine


class Crowd:
    """Visitors who say each line until it is answered, and come back when they are cut off."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.answers = 0
        self.answered = asyncio.Event()
        self.cut_off = 0
        self.shown: set[str] = set()  # a message that comes again is no other one

    async def answers_reach(self, number: int) -> None:
        while self.answers < number:
            self.answered.clear()
            await self.answered.wait()

    async def visit(self, number: int) -> None:
        left, session = list(enumerate(LINES)), ""
        while left:
            try:
                async with line_open(self.address, session) as line:
                    began = await line.hear()
                    session = urlencode({name: began[name] for name in ("session_id", "token")})
                    while left:
                        place, text = left[0]
                        await self._say(line, text, f"{number}-{place}")
                        left.pop(0)
            except ConnectionError:
                self.cut_off += bool(session)
                await asyncio.sleep(0.2)

    async def _say(self, line: Line, text: str, client_id: str) -> None:
        await line.say({"type": "message", "text": text, "client_id": client_id})
        missing = {"ack", "message"}
        while missing:
            frame = await line.hear()
            if frame["type"] == "ack" or frame.get("id") not in self.shown:
                missing.discard(frame["type"])
            if frame["type"] == "message":
                self.shown.add(frame["id"])
        self.answers += 1
        self.answered.set()


def test_a_restart_in_mid_talk_loses_and_doubles_nothing(machine: Machine) -> None:
    crowd = Crowd(f"http://127.0.0.1:{machine.live_port}")

    async def talk_through_kills() -> None:
        talks = [asyncio.create_task(crowd.visit(number)) for number in range(VISITORS)]
        for part in (1, 2):
            await crowd.answers_reach(VISITORS * len(LINES) * part // 3)
            machine.kill("live")
            machine.start("live")
        await asyncio.gather(*talks)

    asyncio.run(asyncio.wait_for(talk_through_kills(), SECONDS))
    assert crowd.cut_off >= 2  # they were in the middle
    with machine.database as database:
        counted = database.execute(
            "SELECT count(*) FILTER (WHERE role = 'visitor'), count(DISTINCT client_id) - 1,"
            " count(*) FILTER (WHERE role = 'assistant')"
            " FROM conversations_message GROUP BY conversation_id"
        ).fetchall()
    assert counted == [(len(LINES),) * 3] * VISITORS
