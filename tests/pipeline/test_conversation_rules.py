"""What the figures of the chat say should be changed, and when they say nothing."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from apps.pipeline.conversation_rules import LEAST, Counted, advice

DOLLARS = Counted(currency="USD", conversations=200, answered=100, potential=Decimal(5_000))


def codes(**counted) -> list[str]:
    return [one.code for one in advice(Counted(**{**DOLLARS.__dict__, **counted}))]


def test_a_question_at_which_people_leave_is_named_with_its_evidence_and_its_money() -> None:
    counted = Counted(**{**DOLLARS.__dict__, "asked": {"phone": 69}, "left_at": {"phone": 42}})
    [one] = advice(counted)
    assert one.words.startswith("61% leave when asked for the phone number. Ask later")
    assert one.evidence == "42 of 69 said nothing more"
    assert str(one.at_stake) == "$2,100"  # 42 times the $50 that a conversation is worth


def test_few_people_prove_nothing() -> None:
    assert codes(asked={"phone": LEAST - 1}, left_at={"phone": LEAST - 1}) == []
    assert codes(asked={"phone": 20}, left_at={"phone": 7}) == []


def test_what_nobody_pays_for_has_no_money_at_stake() -> None:
    counted = Counted(currency="USD", answered=60, asked={"phone": 60}, left_at={"phone": 50})
    assert advice(counted)[0].at_stake is None


def test_every_rule_speaks() -> None:
    found = codes(
        conversations=1_000,
        asked={"monthly_bill": 80},
        left_at={"monthly_bill": 60},
        hand_overs={"not_understood": 30, "request": 40},
        replies=500,
        reply_ms=7_000,
        held_back=100,
    )
    assert found == [
        "silent",
        "leaves:monthly_bill",
        "not_understood",
        "held_back",
        "slow",
        "wants_a_person",
    ]


def test_nothing_counted_says_nothing() -> None:
    assert advice(Counted(currency="INR")) == []


counts = st.integers(0, 500)


@given(counts, counts, counts, counts, counts, counts)
def test_advice_is_sorted_by_money_and_never_breaks(opened, answered, asked, left, lost, held):
    counted = Counted(
        currency="INR",
        conversations=opened,
        answered=min(answered, opened),
        replies=answered,
        asked={"phone": asked, "unheard_of": asked},
        left_at={"phone": left},
        hand_overs={"not_understood": min(lost, answered, opened)},
        held_back=held,
        potential=Decimal(answered * 10),
    )
    found = advice(counted)
    amounts = [one.at_stake.amount if one.at_stake else Decimal(0) for one in found]
    assert amounts == sorted(amounts, reverse=True)
    assert len({one.code for one in found}) == len(found)
