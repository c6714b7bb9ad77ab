"""JSON from outside: understood or refused, and what is understood can always be stored."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from apps.core.errors import InvalidInput
from apps.core.json_data import MAX_DEPTH, clean_text, parse_object, storable
from apps.core.models import OutboxMessage

anything = st.text(st.characters(exclude_categories=()))  # lone surrogates and NUL included
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | anything,
    lambda inner: st.lists(inner) | st.dictionaries(anything, inner),
    max_leaves=20,
)


def nested(levels: int) -> bytes:
    return b'{"a":' * levels + b"1" + b"}" * levels


@given(st.binary())
@example(b"\xff\xfe{\x00}\x00")
@example(b"[" * 100_000)
@example(nested(100_000))
@example(b'{"a": ' + b"9" * 5000 + b"}")
@example(b'{"a": NaN}')
def test_any_bytes_are_an_object_or_refused(body: bytes) -> None:
    try:
        found = parse_object(body)
    except InvalidInput:
        return
    assert isinstance(found, dict)


@given(st.dictionaries(anything, values))
def test_what_json_can_say_is_read_as_it_was_said(value: dict) -> None:
    try:
        text = json.dumps(value, allow_nan=False).encode()
    except ValueError:
        return  # not JSON
    assert parse_object(text) == value


@pytest.mark.parametrize("body", [b"", b"[]", b"1", b'"a"', b"null", b"{", b"{} {}", b"{'a': 1}"])
def test_what_is_no_object_is_refused(body: bytes) -> None:
    with pytest.raises(InvalidInput):
        parse_object(body)


def test_depth_has_a_limit() -> None:
    assert parse_object(nested(MAX_DEPTH))
    with pytest.raises(InvalidInput, match="64 levels"):
        parse_object(nested(MAX_DEPTH + 1))


@given(st.dictionaries(anything, values))
@example({"a": "\x00", "\ud800": "\udfff"})
@example({"a": [float("inf"), float("-inf"), float("nan"), 1e308, 10**300]})
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_storable_is_stored(db, value: dict) -> None:
    row = OutboxMessage.objects.create(
        topic="t", handler="h", key=str(OutboxMessage.objects.count()), payload=storable(value)
    )
    row.refresh_from_db()
    assert len(row.payload) <= len(value)


@given(values)
def test_storable_is_idempotent_and_leaves_sound_data_alone(value: object) -> None:
    once = storable(value)
    assert storable(once) == once
    assert json.loads(json.dumps(once, allow_nan=False)) == once


def test_what_had_to_be_replaced_is_replaced_visibly() -> None:
    body = rb'{"big": 1e999, "nul": "a\u0000b", "half": "a\ud800b", "long": ' + b"7" * 301 + b"}"
    assert storable(parse_object(body)) == {
        "big": "inf",
        "nul": "a\ufffdb",
        "half": "a?b",
        "long": "7" * 301,
    }


@given(anything)
def test_clean_text_can_be_encoded_and_keeps_what_was_sound(text: str) -> None:
    cleaned = clean_text(text)
    assert "\x00" not in cleaned
    assert len(cleaned.encode()) >= len(cleaned)
    assert len(cleaned) == len(text)
