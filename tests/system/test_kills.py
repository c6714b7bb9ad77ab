"""SIGKILL of worker and Redis in the middle of many journeys: nothing lost, nothing twice."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.system.knocking import Post
from tests.system.machine import Machine, a_machine
from tests.system.processes import poll

pytestmark = pytest.mark.system


@pytest.fixture
def machine(prepared_dir: Path) -> Iterator[Machine]:
    with a_machine(prepared_dir) as machine:
        with machine.database as database:
            _a_team_of_two(database)
        yield machine


def requests(number: int) -> list[Post]:
    consent = {"given": True, "text": "I agree.", "version": "1", "channels": ["call", "email"]}
    return [
        (
            "emailjs",
            {
                "contact_info": {"name": f"Person {n}", "email": f"person{n}@example.com"},
                "form_data": {"zip": "10021", "bill": 100 + n, "homeowner": "yes"},
                "consent": consent,
            },
            {},
        )
        for n in range(number)
    ]


def done(machine: Machine) -> int:
    with machine.database as database:
        [(number,)] = database.execute(
            "SELECT count(*) FROM pipeline_journey WHERE state = 'done'"
        ).fetchall()
    return int(number)


def await_done(machine: Machine, number: int, *, seconds: float = 120) -> int:
    """Wait, looking closely, until at least `number` journeys are done. Returns how many are."""
    deadline = time.monotonic() + seconds
    while (count := done(machine)) < number:
        assert time.monotonic() < deadline, f"{count} of {number} done.\n{_why(machine)}"
        machine.tend()
        time.sleep(0.01)
    return count


def _why(machine: Machine) -> str:
    with machine.database as database:
        journeys = database.execute(
            "SELECT step, state, attempts, last_error FROM pipeline_journey"
            " WHERE state <> 'done' LIMIT 5"
        ).fetchall()
        messages = database.execute(
            "SELECT state, count(*), max(last_error) FROM core_outboxmessage GROUP BY 1"
        ).fetchall()
    log = machine.parts["worker"].tail() if "worker" in machine.parts else ""
    return f"journeys: {journeys}\nmessages: {messages}\n{log}"


def everything_exactly_once(machine: Machine, number: int) -> None:
    with machine.database as database:
        ask = partial(_ask, database)
        assert ask("SELECT state, outcome, count(*) FROM pipeline_journey GROUP BY 1, 2") == [
            ("done", "worked", number)
        ]
        assert ask("SELECT count(*), count(DISTINCT email) FROM leads_lead") == [(number, number)]
        lines = ask(
            "SELECT lead_id, array_agg(kind::text ORDER BY kind) FROM leads_leadactivity GROUP BY 1"
        )
        assert len(lines) == number
        kinds = Counter(tuple(kinds) for _, kinds in lines)
        assert kinds == {("assigned", "consent", "created", "decided", "scored"): number}
        assert ask("SELECT count(*), count(DISTINCT lead_id) FROM leads_leadscore") == [
            (number, number)
        ]
        assert ask("SELECT channel, count(*) FROM contacts_consent GROUP BY 1 ORDER BY 1") == [
            ("call", number),
            ("email", number),
        ]
        shares = ask("SELECT count(*) FROM leads_lead GROUP BY assigned_to_id")
        assert len(shares) == 2
        assert abs(shares[0][0] - shares[1][0]) <= 1
        assert ask("SELECT DISTINCT state FROM intake_inboundevent") == [("processed",)]
        # The outbox notes "done" after the handler: a kill in between is made up by the sweeper.
        poll(
            lambda: ask("SELECT DISTINCT state FROM core_outboxmessage") == [("done",)],
            seconds=30,
            what="an outbox without undone or dead rows",
        )


def _ask(database: psycopg.Connection, query: str) -> list[Any]:
    return database.execute(query.encode()).fetchall()


def walk_through_kills(machine: Machine, *, number: int, worker_kills: int) -> list[int]:
    """How many journeys were done each time when something was killed."""
    machine.start("beat")
    machine.start("worker")
    poll(machine.worker_is_waiting, seconds=30, what="a worker that waits for work")
    assert len(set(machine.post(requests(number)))) == number
    killed_at = []
    for kill in range(worker_kills):
        killed_at.append(await_done(machine, max(3, number * kill // (worker_kills + 1))))
        machine.kill("worker")
        machine.start("worker")
    killed_at.append(await_done(machine, number * worker_kills // (worker_kills + 1)))
    machine.kill_redis()
    time.sleep(0.5)
    machine.revive_redis()
    await_done(machine, number)
    return killed_at


def test_one_kill_of_each_loses_and_doubles_nothing(machine: Machine) -> None:
    killed_at = walk_through_kills(machine, number=60, worker_kills=1)
    assert max(killed_at) < 60  # they were in the middle
    everything_exactly_once(machine, 60)


@pytest.mark.soak
def test_three_kills_in_three_hundred_journeys_lose_and_double_nothing(machine: Machine) -> None:
    killed_at = walk_through_kills(machine, number=300, worker_kills=3)
    assert max(killed_at) < 300  # they were in the middle
    everything_exactly_once(machine, 300)


def test_control_without_the_sweeper_an_emptied_broker_loses_them_and_with_it_none(
    machine: Machine,
) -> None:
    """What the tests above prove can fail: the rows wait, and only the sweeper looks for them."""
    machine.post(requests(30))
    machine.kill_redis()
    machine.revive_redis(empty=True)
    machine.start("worker")
    poll(machine.worker_is_waiting, seconds=30, what="a worker that waits for work")
    time.sleep(3)  # long enough for all thirty, had anybody told it
    assert done(machine) == 0
    machine.start("beat")
    await_done(machine, 30)
    everything_exactly_once(machine, 30)


def _a_team_of_two(database: psycopg.Connection) -> None:
    """Two sellers for New York, by SQL: the test stands outside."""
    people = [
        database.execute(
            "INSERT INTO users_user (public_id, password, is_superuser, username, first_name,"
            " last_name, email, is_staff, is_active, date_joined, role, phone, department,"
            " time_zone, is_sample) VALUES (gen_random_uuid(), '', false, %s, '', '', '', true,"
            " true, now(), 'sales', '', '', '', false) RETURNING id",
            [name],
        ).fetchone()
        for name in ("sam", "sue")
    ]
    [(team,)] = database.execute(
        "INSERT INTO leads_assignmentpool (name, turns) VALUES ('Desk', '{}') RETURNING id"
    ).fetchall()
    for person in people:
        assert person is not None
        database.execute(
            "INSERT INTO leads_poolmember (is_active, weight, pool_id, user_id)"
            " VALUES (true, 1, %s, %s)",
            [team, person[0]],
        )
    [(rules,)] = database.execute(
        "INSERT INTO leads_ruleset (version, state, back_to_owner, note, is_sample, created_at)"
        " VALUES (1, 'live', true, '', false, now()) RETURNING id"
    ).fetchall()
    database.execute(
        "INSERT INTO leads_assignmentrule (rule_set_id, position, name, conditions, strategy,"
        " pool_id, at_any_hour, otherwise)"
        " VALUES (%s, 1, 'New York', '{\"market\": [\"nyc\"]}', 'round_robin', %s, false, 'next')",
        [rules, team],
    )
