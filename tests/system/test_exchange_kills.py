"""SIGKILL of workers in mid-delivery, Redis emptied: no lead lost, none delivered twice."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from apps.b2b.standins.web import WebBuyers, web_buyers
from apps.core.embedded.places import PROJECT_DIR
from tests.system.knocking import Post
from tests.system.machine import Machine, a_machine
from tests.system.processes import poll

pytestmark = [pytest.mark.system, pytest.mark.soak]

LEADS = 80
_SET_UP = """
from decimal import Decimal
from apps.b2b.actions.platforms import platform_open
from apps.b2b.models import Platform
from apps.pipeline.models import WayRule
for name in ("accept-a", "picky-b", "accept-c"):
    platform_open(Platform(slug=name, name=name, market_id="nyc", time_zone="America/New_York",
                           price_floor=Decimal(10), price_ceiling=Decimal(10),
                           endpoint={"url": "%s/" + name + "/leads"}))
Platform.objects.update(status="active")
WayRule.objects.create(way="sell")
"""


@pytest.fixture
def buyers() -> Iterator[WebBuyers]:
    with web_buyers() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()  # noqa: TID251
        yield server
        server.shutdown()


@pytest.fixture
def machine(prepared_dir: Path, buyers: WebBuyers) -> Iterator[Machine]:
    with a_machine(prepared_dir) as machine:
        subprocess.run(
            [sys.executable, "manage.py", "shell", "-c", _SET_UP % buyers.url],
            cwd=PROJECT_DIR,
            env=machine.environment,
            check=True,
            capture_output=True,
        )
        yield machine


def requests() -> list[Post]:
    consent = {"given": True, "text": "I agree.", "version": "1", "channels": ["call", "email"]}
    return [
        (
            "emailjs",
            {
                "contact_info": {"name": f"Person {n}", "email": f"person{n}@example.com"},
                "form_data": {"zip": "10021", "bill": 200, "homeowner": "yes"},
                "consent": consent,
                "market": "nyc",
            },
            {},
        )
        for n in range(LEADS)
    ]


def count(machine: Machine, query: str) -> int:
    with machine.database as database:
        [(number,)] = database.execute(query).fetchall()
    return int(number or 0)


def test_workers_die_in_mid_delivery_and_redis_forgets_everything(
    machine: Machine, buyers: WebBuyers
) -> None:
    machine.start("worker")
    machine.start("beat")
    machine.post(requests())
    for round_ in range(4):
        time.sleep(2)
        machine.kill("worker")
        if round_ == 1:
            machine.kill_redis()
            machine.revive_redis(empty=True)
        machine.start("worker")

    def all_done() -> bool:
        machine.tend()
        return count(machine, "SELECT count(*) FROM pipeline_journey WHERE state = 'done'") == LEADS

    poll(all_done, seconds=240, what="every journey at its end")
    memory = json.loads(json.dumps(buyers.memory.as_json()))
    taken = [key for keys in memory["taken"].values() for key in keys]
    accepted = count(machine, "SELECT count(*) FROM b2b_sale WHERE state = 'accepted'")
    assert len(taken) == len(set(taken)) == accepted  # what a buyer took, we know of
    assert accepted == count(machine, "SELECT count(*) FROM leads_lead WHERE status = 'sold'")
    assert accepted == count(
        machine, "SELECT count(DISTINCT lead_id) FROM b2b_sale WHERE state = 'accepted'"
    )
    balances = count(machine, "SELECT sum(balance) FROM b2b_platformaccount")
    assert balances == count(machine, "SELECT sum(amount) FROM ledger_revenuetransaction")
    assert balances == 10 * accepted
    assert accepted > LEADS * 0.9
