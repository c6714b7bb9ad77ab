"""May this mail go to this person? Pure. Fails closed: what is not known to be allowed is not.

A transactional mail answers what a person asked us for; a marketing mail offers something, and
needs the consent that was given for e-mail. Nobody who said stop gets either.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Consent = Literal["given", "revoked", "unknown"]


@dataclass(frozen=True)
class MailFacts:
    """What the gate looks at."""

    address: str
    is_suppressed: bool
    is_reachable: bool  # False once a mail to this address came back
    consent: Consent  # of the channel e-mail
    is_marketing: bool
    came_to_us: bool  # False for a lead that was bought or passed on: it asked somebody else
    wrote_to_us: bool = False  # by mail; whoever writes wants an answer, wherever they came from


@dataclass(frozen=True)
class Verdict:
    """Whether it may go, and why (not), for the screen and for the row."""

    may_send: bool
    reason: str


def mail_gate(facts: MailFacts) -> Verdict:
    """The verdict on one mail. The most final reason is named first."""
    if not facts.address:
        return Verdict(False, "There is no e-mail address.")
    if facts.is_suppressed:
        return Verdict(False, "This address is on the do-not-contact list.")
    if not facts.is_reachable:
        return Verdict(False, "A mail to this address came back: it does not exist.")
    if facts.consent == "revoked":
        return Verdict(False, "The person took back their consent to e-mail.")
    if facts.consent == "given":
        return Verdict(True, "They agreed to e-mail.")
    if facts.is_marketing:
        return Verdict(False, "An offer of ours needs their consent to e-mail, and there is none.")
    if not (facts.came_to_us or facts.wrote_to_us):
        return Verdict(False, "They did not ask us: a lead passed on needs consent to e-mail.")
    return Verdict(True, "It answers what they asked us.")
