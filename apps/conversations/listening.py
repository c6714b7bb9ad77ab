"""What a message says and what kind it is, heard in its conversation. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from apps.conversations.contracts import Signals
from apps.conversations.notice import notice
from apps.leads.understand import Fact, Hearing, understand
from apps.leads.understanding.hearing import GUESSED


def listen(
    text: str, hearing: Hearing, *, asked_before: str = ""
) -> tuple[dict[str, Fact], Signals]:
    """The facts in a message and its signals.

    People answer late: what says nothing to the last question may be the answer to the one
    `asked_before` it, and to that alone.
    """
    heard = understand(text, hearing)
    signals = _noticed(text, heard)
    if not ((signals.is_unclear or signals.chats or signals.supposes_bill) and asked_before):
        return heard, signals
    late = understand(text, replace(hearing, asked=asked_before))
    return (late, _noticed(text, late)) if asked_before in late else (heard, signals)


def _noticed(text: str, heard: Mapping[str, Fact]) -> Signals:
    signals = notice(text, {key: fact.value for key, fact in heard.items()})
    bill = heard.get("monthly_bill")
    is_guess = bill is not None and len(heard) == 1 and bill.confidence <= GUESSED
    return replace(signals, supposes_bill=is_guess)
