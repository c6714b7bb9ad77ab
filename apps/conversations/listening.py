"""What a message says and what kind it is, heard in its conversation. Pure."""

from __future__ import annotations

from dataclasses import replace

from apps.conversations.contracts import Signals
from apps.conversations.notice import notice
from apps.leads.understand import Fact, Hearing, understand


def listen(
    text: str, hearing: Hearing, *, asked_before: str = ""
) -> tuple[dict[str, Fact], Signals]:
    """The facts in a message and its signals.

    People answer late: what says nothing to the last question may be the answer to the one
    `asked_before` it, and to that alone.
    """
    heard = understand(text, hearing)
    signals = notice(text, {key: fact.value for key, fact in heard.items()})
    if not (signals.is_unclear and asked_before):
        return heard, signals
    late = understand(text, replace(hearing, asked=asked_before))
    if asked_before not in late:
        return heard, signals
    return late, notice(text, {key: fact.value for key, fact in late.items()})
