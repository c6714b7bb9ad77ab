"""Five hundred posts at once for a hundred people, each written five ways: a hundred leads."""

from __future__ import annotations

import random
from typing import Any

import psycopg
import pytest

from tests.system.knocking import Post, post_all
from tests.system.processes import Running, poll

pytestmark = pytest.mark.system

PEOPLE, WAYS = 100, 5
MARK = "a busy evening"


def ways_to_write(number: int) -> list[Post]:
    """Half are known by their e-mail, half by their phone; nobody spells it twice alike."""
    if number % 2:
        email = f"busy.{number}@example.com"
        spellings = [email, email.upper(), f" {email}\t", f"<{email}>", f"mailto:{email}"]
        contacts = [{"email": spelling} for spelling in spellings]
        contacts[1]["phone"] = f"(332) 555-01{number:02}"
    else:
        spellings = [
            f"(646) 555-01{number:02}", f"646.555.01{number:02}", f"+1 646 555 01{number:02}",
            f"1-646-555-01{number:02} ext. 7", f"tel:+1646555 01{number:02}",
        ]  # fmt: skip
        contacts = [{"phone": spelling} for spelling in spellings]
    bodies: list[tuple[str, dict[str, Any]]] = [
        ("emailjs", {"contact_info": contacts[0] | {"name": f"Person {number}"}}),
        ("emailjs", {"form_data": contacts[1], "contact_info": {}}),
        ("chatbot", {"session_id": f"busy-{number}", "user_info": contacts[2]}),
        ("calculator", {"user_info": contacts[3] | {"last_name": f"Busy {number}"}}),
        ("emailjs", {"contact_info": contacts[4], "market": "nyc"}),
    ]
    return [
        (door, body | {"note": f"{MARK} {number}.{way}"}, {"Idempotency-Key": f"{number}.{way}"})
        for way, (door, body) in enumerate(bodies)
    ]


def test_a_hundred_people_are_a_hundred_leads(
    running_system: Running, database: psycopg.Connection
) -> None:
    # Whoever is full gets nobody: what other tests sent must not fill the two sellers.
    database.execute("UPDATE leads_availability SET max_open = 1000")
    posts = [post for number in range(PEOPLE) for post in ways_to_write(number)]
    assert len(posts) == PEOPLE * WAYS
    again = random.Random(7).sample(posts, 100)  # sent a second time, under the same key
    both = posts + again
    order = list(range(len(both)))
    random.Random(11).shuffle(order)

    answers = post_all(running_system.url, [both[n] for n in order])
    assert {answer.status_code for answer in answers} == {202}
    event_of = dict.fromkeys(range(len(both)), "")
    for n, answer in zip(order, answers, strict=True):
        event_of[n] = answer.json()["data"]["event_id"]
    for n, post in enumerate(again):
        assert event_of[len(posts) + n] == event_of[posts.index(post)]
    assert len(set(event_of.values())) == 500

    ids = list(set(event_of.values()))
    poll(
        lambda: _count(database, "state = 'done'", ids) == 500,
        seconds=240,
        what="the end of 500 journeys",
    )
    kept = database.execute(
        "SELECT count(*), count(DISTINCT body), bool_and(state = 'processed'),"
        " bool_and(convert_from(body, 'UTF8') LIKE %s)"
        " FROM intake_inboundevent WHERE public_id = ANY(%s::uuid[])",
        [f"%{MARK}%", ids],
    ).fetchone()
    assert kept == (500, 500, True, True)
    leads = database.execute(
        "SELECT journey.lead_id, count(*) FROM pipeline_journey journey"
        " JOIN intake_inboundevent event ON event.id = journey.event_id"
        " WHERE event.public_id = ANY(%s::uuid[]) GROUP BY 1",
        [ids],
    ).fetchall()
    assert len(leads) == PEOPLE
    assert {number for _, number in leads} == {WAYS}
    lines = dict(
        database.execute(
            "SELECT kind, count(*) FROM leads_leadactivity WHERE lead_id = ANY(%s) GROUP BY 1",
            [[lead for lead, _ in leads]],
        ).fetchall()
    )
    assert (lines["created"], lines["inbound"], lines["assigned"]) == (100, 400, 100)
    assert "possible_duplicate" not in lines


def _count(database: psycopg.Connection, condition: str, event_ids: list[str]) -> int:
    [(number,)] = database.execute(
        "SELECT count(*) FROM pipeline_journey journey"  # type: ignore[arg-type]
        " JOIN intake_inboundevent event ON event.id = journey.event_id"
        f" WHERE event.public_id = ANY(%s::uuid[]) AND journey.{condition}",
        [event_ids],
    ).fetchall()
    return int(number)
