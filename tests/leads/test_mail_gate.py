"""May this mail go? Every case by hand, and two promises for all of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.leads.mail.gate import MailFacts, mail_gate


def facts(**changed) -> MailFacts:
    return MailFacts(
        **{
            "address": "pat@example.com",
            "is_suppressed": False,
            "is_reachable": True,
            "consent": "unknown",
            "is_marketing": False,
            "came_to_us": True,
        }
        | changed
    )


@pytest.mark.parametrize(
    ("changed", "may_send", "reason"),
    [
        ({}, True, "answers what they asked"),
        ({"consent": "given"}, True, "agreed to e-mail"),
        ({"consent": "given", "is_marketing": True}, True, "agreed to e-mail"),
        ({"is_marketing": True}, False, "needs their consent"),
        ({"consent": "revoked"}, False, "took back"),
        ({"consent": "revoked", "is_marketing": True}, False, "took back"),
        ({"address": ""}, False, "no e-mail address"),
        ({"is_suppressed": True}, False, "do-not-contact"),
        ({"is_suppressed": True, "consent": "given"}, False, "do-not-contact"),
        ({"is_reachable": False, "consent": "given"}, False, "came back"),
        ({"came_to_us": False}, False, "did not ask us"),
        ({"came_to_us": False, "wrote_to_us": True}, True, "answers what they asked"),
        ({"came_to_us": False, "consent": "given"}, True, "agreed"),
        ({"came_to_us": False, "is_marketing": True, "wrote_to_us": True}, False, "consent"),
    ],
)
def test_case(changed: dict, may_send: bool, reason: str) -> None:
    verdict = mail_gate(facts(**changed))
    assert verdict.may_send is may_send
    assert reason in verdict.reason


ANY = st.builds(
    MailFacts,
    address=st.sampled_from(["", "a@b.co"]),
    is_suppressed=st.booleans(),
    is_reachable=st.booleans(),
    consent=st.sampled_from(["given", "revoked", "unknown"]),
    is_marketing=st.booleans(),
    came_to_us=st.booleans(),
    wrote_to_us=st.booleans(),
)


@given(ANY)
def test_nobody_who_said_stop_is_written_to(any_facts: MailFacts) -> None:
    if any_facts.is_suppressed or any_facts.consent == "revoked" or not any_facts.address:
        assert not mail_gate(any_facts).may_send


@given(ANY)
def test_an_offer_goes_only_where_it_was_agreed_to(any_facts: MailFacts) -> None:
    if any_facts.is_marketing and mail_gate(any_facts).may_send:
        assert any_facts.consent == "given"
