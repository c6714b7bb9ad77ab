"""Twenty thousand bodies, well-meant, odd, hostile and random: no door ever fails, none is lost."""

from __future__ import annotations

import copy
import json
import random
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from apps.core.models import OutboxMessage
from apps.intake.models import InboundEvent
from apps.intake.selectors import forget_sources
from apps.leads.models import Lead
from apps.pipeline.journey import journey_advance, journey_start
from apps.pipeline.models import Journey
from tests.factories.sources import make_vendor
from tests.integrations.reading import payload, payload_names

pytestmark = [pytest.mark.soak, pytest.mark.django_db]

BODIES, WALKED, SEED = 20_000, 2_000, 20261121
DOORS = {"emailjs": "emailjs", "chatbot": "chatbot", "calculator": "calculator", "vendor": "leads"}
# Refusals a generated body may earn, and no others.
REFUSALS = {400, 409, 413}
# What may park a journey: nothing of this can be mended by trying again.
KNOWN_REASONS = ("Permanent: Cannot be read",)

TEXTS = [
    "", " ", "\x00", "\ud800", "\udfff\ud800", "😀" * 50, "प्रिया शर्मा", "王小明", "محمد علي",
    "\u202eabc", "x" * 300, "y" * 70_000, "a@b.co", "A@B.CO", "a@@b", "@", "+12125550142",
    "(212) 555-0142", "98100 12345", "10021", "110016", "00000", "$1,250.50/month", "200-300",
    "1.5k", "2 lakh", "-5", "1e309", "NaN", "true", "yes", "no", "owner", "co-op", "' OR 1=1 --",
    "<script>", "${7*7}", "../../etc/passwd", "null", "{}", "\r\nBcc: x", "2026-11-21T12:00:00Z",
    "0" * 400, "١٢٣", "½",
]  # fmt: skip
VALUES: list[Any] = [
    None, True, False, 0, 1, -1, 400, 1.5, -0.0, 1e308, 5e-324, 10**18, 10**299, [], {}, [[]],
    [None], {"": ""}, {"a": {"b": {"c": []}}}, ["a", 1, None], *TEXTS,
]  # fmt: skip
KEYS = [
    "", "name", "first_name", "last_name", "email", "phone", "zip", "bill", "homeowner", "consent",
    "given", "channels", "attribution", "market", "partial", "website", "idempotency_key", "lead",
    "session_id", "user_messages", "bot_responses", "user_info", "conversation_context", "text",
    "contact_info", "form_data", "form_type", "user_inputs", "calculation_results", "external_id",
    "timestamp", "roof_age", "estimated_capacity", "language", "\x00", "\ud83d", "__proto__",
    "k" * 999,
]  # fmt: skip


class Bodies:
    """A seeded source of bodies: the same 20,000 every time."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.examples = {
            door: [payload(kind, name) for name in sorted(payload_names(kind))]
            for kind, door in DOORS.items()
        }

    def one(self, door: str) -> bytes:
        make: Callable[[str], bytes] = self.dice.choices(
            [self.mutated, self.random_object, self.broken, self.noise], [70, 20, 7, 3]
        )[0]
        return make(door)

    def mutated(self, door: str) -> bytes:
        body = copy.deepcopy(self.dice.choice(self.examples[door]))
        for _ in range(self.dice.randint(1, 6)):
            self._mutate(body)
        body["n"] = self.dice.random()  # a body of its own, and so an event of its own
        text = json.dumps(body, ensure_ascii=self.dice.random() < 0.5)
        return text.encode("utf-8", "surrogatepass")

    def random_object(self, door: str) -> bytes:
        body = {self.dice.choice(KEYS): self._value(4) for _ in range(self.dice.randint(0, 12))}
        return json.dumps(body).encode()

    def broken(self, door: str) -> bytes:
        body = bytearray(self.mutated(door))
        for _ in range(self.dice.randint(1, 4)):
            where = self.dice.randrange(len(body))
            body[where : where + self.dice.randint(0, 3)] = self.dice.randbytes(
                self.dice.randint(0, 3)
            )
        return bytes(body)

    def noise(self, door: str) -> bytes:
        return self.dice.choice(
            [
                self.dice.randbytes(self.dice.randint(0, 400)),
                b"[" * self.dice.randint(1, 5000),
                b'{"a":' * self.dice.randint(1, 90) + b"1" + b"}" * self.dice.randint(1, 90),
                b"\xef\xbb\xbf{}",
                json.dumps({"a": 1}).encode("utf-16"),
            ]
        )

    def _mutate(self, body: Any) -> None:
        where = body
        while isinstance(where, dict) and where and self.dice.random() < 0.7:
            deeper = [v for v in where.values() if isinstance(v, dict) and v]
            if not deeper:
                break
            where = self.dice.choice(deeper)
        if not isinstance(where, dict):
            return
        key = self.dice.choice([*where, self.dice.choice(KEYS)])
        match self.dice.randint(0, 3):
            case 0:
                where.pop(key, None)
            case 1:
                where[self.dice.choice(KEYS)] = where.pop(key, None)
            case _:
                where[key] = self._value(3)

    def _value(self, depth: int) -> Any:
        chance = self.dice.random()
        if depth and chance < 0.1:
            return [self._value(depth - 1) for _ in range(self.dice.randint(0, 4))]
        if depth and chance < 0.2:
            return {self.dice.choice(KEYS): self._value(depth - 1) for _ in range(3)}
        return copy.deepcopy(self.dice.choice(VALUES))


def test_no_body_breaks_a_door_and_none_that_was_taken_is_lost(client: Client) -> None:
    forget_sources()
    bodies, key = Bodies(SEED), make_vendor()[1]
    doors = list(DOORS.values())
    statuses: Counter[int] = Counter()
    event_ids: set[str] = set()
    for number in range(BODIES):
        door = doors[number % len(doors)]
        body = bodies.one(door)
        response = client.post(
            f"/api/integrations/webhooks/{door}/",
            body,
            content_type=("application/json", "text/plain")[number % 2],
            headers={"X-API-Key": key} if door == "leads" else {},
        )
        statuses[response.status_code] += 1
        answer = response.json()
        if response.status_code == 202:
            event_ids.add(answer["data"]["event_id"])
        else:
            assert response.status_code in REFUSALS, (number, door, body[:300])
            assert answer["status"] == "error"
    assert statuses[202] > BODIES * 0.7, statuses
    assert statuses[400] > BODIES * 0.02, statuses
    kept = {str(event_id) for event_id in InboundEvent.objects.values_list("public_id", flat=True)}
    assert kept == event_ids
    published = OutboxMessage.objects.values_list("key", flat=True)
    spam = InboundEvent.objects.filter(state="spam").count()
    assert len(set(published)) == len(kept) - spam

    waiting = InboundEvent.objects.filter(state="received").order_by("id")
    sample = bodies.dice.sample(list(waiting.values_list("public_id", flat=True)), WALKED)
    for event_id in sample:
        journey = journey_start(event_id)
        assert journey is not None
        journey_advance(journey.pk)
    troubled = Journey.objects.exclude(state="done").exclude(
        state="parked", last_error__startswith=KNOWN_REASONS[0]
    )
    assert list(troubled.values_list("step", "last_error")[:5]) == []
    assert Journey.objects.count() == WALKED
    # Few people, for the examples are few, but much of what was taken in reached one of them.
    with_a_lead = Journey.objects.exclude(lead=None).count()
    assert with_a_lead > WALKED / 10, with_a_lead
    assert Lead.objects.count() >= 10
