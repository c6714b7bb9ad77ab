"""The same request again: by its key, or by its words within five minutes."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from apps.core.models import OutboxMessage
from apps.intake.models import InboundEvent
from tests.integrations.doors.knocking import GRACE, event_of, post

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("where", ["header", "body", "number"])
def test_the_same_key_and_body_get_the_same_answer(client: Client, where: str) -> None:
    body = dict(GRACE, timestamp="1")
    headers = {"Idempotency-Key": "k-1"} if where == "header" else {}
    if where != "header":
        body["idempotency_key"] = "k-1" if where == "body" else 17
    first = event_of(post(client, body, headers=headers))
    again = event_of(post(client, body | {"timestamp": "2"}, headers=headers))
    assert again == first
    assert InboundEvent.objects.count() == OutboxMessage.objects.count() == 1


def test_a_known_key_with_another_body_conflicts(client: Client) -> None:
    headers = {"Idempotency-Key": "k-1"}
    post(client, GRACE, headers=headers)
    response = post(client, GRACE | {"message": "other"}, headers=headers)
    assert (response.status_code, response.json()["error"]["code"]) == (409, "CONFLICT")
    assert InboundEvent.objects.count() == OutboxMessage.objects.count() == 1


def test_the_same_key_at_another_door_is_another_request(client: Client) -> None:
    headers = {"Idempotency-Key": "k-1"}
    one = event_of(post(client, GRACE, headers=headers))
    assert event_of(post(client, {"x": 1}, door="chatbot", headers=headers)) != one


def test_a_key_keeps_its_answer_for_good(client: Client) -> None:
    headers = {"Idempotency-Key": "k-1"}
    with time_machine.travel("2026-11-21T12:00:00Z", tick=False) as clock:
        first = event_of(post(client, GRACE, headers=headers))
        clock.shift(timedelta(days=30))
        assert event_of(post(client, GRACE, headers=headers)) == first


@pytest.mark.parametrize("second", [0, 1, 150, 298, 299])  # of a window of 300
@pytest.mark.parametrize("later", [0, 1, 149, 299])
def test_only_another_timestamp_within_300_seconds_is_the_same_event(
    client: Client, second: int, later: int
) -> None:
    with time_machine.travel("2026-11-21T12:00:00Z", tick=False) as clock:
        clock.shift(second)
        first = event_of(post(client, GRACE | {"timestamp": "a"}))
        clock.shift(later)
        assert event_of(post(client, GRACE | {"timestamp": "b"})) == first
    assert InboundEvent.objects.count() == OutboxMessage.objects.count() == 1


@pytest.mark.parametrize("second", [0, 1, 150, 299])
@pytest.mark.parametrize("later", [300, 301, 599, 900])
def test_after_300_seconds_the_same_words_are_a_new_event(
    client: Client, second: int, later: int
) -> None:
    with time_machine.travel("2026-11-21T12:00:00Z", tick=False) as clock:
        clock.shift(second)
        first = event_of(post(client, GRACE))
        clock.shift(later)
        assert event_of(post(client, GRACE)) != first


def test_another_word_is_another_event(client: Client) -> None:
    assert event_of(post(client, GRACE)) != event_of(post(client, GRACE | {"x": 1}))


def test_the_order_of_names_is_not_content(client: Client) -> None:
    first = event_of(post(client, b'{"a": 1, "b": 2}'))
    assert event_of(post(client, b'{ "b":2,"a":1 }')) == first
