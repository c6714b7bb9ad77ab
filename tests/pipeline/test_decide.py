"""Work it, or leave the person alone: the whole table."""

from __future__ import annotations

import pytest

from apps.pipeline.decide import DecisionFacts, decide


@pytest.mark.parametrize(
    ("has_email", "has_phone", "suppressed", "way"),
    [
        (True, True, set(), "work"),
        (True, False, set(), "work"),
        (False, True, set(), "work"),
        (True, True, {"email"}, "work"),
        (True, True, {"phone"}, "work"),
        (True, True, {"email", "phone"}, "hold"),
        (True, False, {"email"}, "hold"),
        (False, True, {"phone"}, "hold"),
        (True, False, {"phone"}, "work"),
        (False, False, set(), "hold"),  # nothing to reach anybody by
    ],
)
def test_decide(has_email: bool, has_phone: bool, suppressed: set[str], way: str) -> None:
    decision = decide(DecisionFacts(has_email, has_phone, frozenset(suppressed)))
    assert decision.way == way
    assert decision.reason
