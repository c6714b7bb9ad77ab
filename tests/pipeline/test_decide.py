"""Work it, or leave the person alone: the whole table."""

from __future__ import annotations

import pytest

from apps.pipeline.decide import DecisionFacts, Rule, decide


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


def facts(*rules: Rule, **changed) -> DecisionFacts:
    stated = {"has_email": True, "has_phone": True, "suppressed": frozenset(),
              "source": "acme", "market": "nyc", "has_consent": True}  # fmt: skip
    return DecisionFacts(**stated | changed, rules=rules)


@pytest.mark.parametrize(
    ("rules", "way"),
    [
        ([Rule("sell")], "sell"),
        ([Rule("sell"), Rule("work", market="nyc")], "work"),
        ([Rule("work", market="nyc"), Rule("sell", source="acme")], "sell"),
        ([Rule("work", source="acme"), Rule("sell", source="acme", market="nyc")], "sell"),
        ([Rule("sell", source="other"), Rule("sell", market="india")], "work"),
        ([Rule("sell_untaken", source="acme")], "sell_untaken"),
    ],
)
def test_the_narrower_rule_goes_first(rules: list[Rule], way: str) -> None:
    assert decide(facts(*rules)).way == way
    assert decide(facts(*reversed(rules))).way == way


def test_nothing_is_sold_without_consent_or_when_one_address_must_not_be_used() -> None:
    assert decide(facts(Rule("sell"), has_consent=False)).way == "work"
    decision = decide(facts(Rule("sell"), suppressed=frozenset({"phone"})))
    assert decision.way == "work"
    assert "telephone" in decision.reason


def test_the_decision_says_what_the_sale_needs() -> None:
    decision = decide(facts(Rule("sell_untaken", untaken_minutes=45, share_up_to=3)))
    assert (decision.untaken_minutes, decision.share_up_to) == (45, 3)
    assert "45 minutes" in decision.reason
