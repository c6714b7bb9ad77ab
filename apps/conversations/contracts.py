"""What the parts of a turn tell each other. Plain data: no Django in here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any


@dataclass(frozen=True)
class Signals:
    """What a message is, beside the facts in it."""

    greets: bool = False
    thanks: bool = False
    leaves: bool = False
    agrees: bool = False
    declines: bool = False
    asks: bool = False
    may_ask: bool = False  # asks in passing, or tells what calls for an answer
    wants_survey: bool = False
    wants_transcript: bool = False
    permits: bool = False  # says that we may call or write: consent, and no call for a person now
    waits: bool = False  # for the person who was called in
    is_ready: bool = False  # wants to go ahead: what we need to write or call comes first
    is_angry: bool = False
    wonders: bool = False  # what our own question means, or why we put it
    is_unclear: bool = False  # no fact, no question, no courtesy: nothing we can use
    chats: bool = False  # plain words that bring nothing we can use: no failure to understand
    supposes_bill: bool = False  # a number alone, which we take for the bill
    no_calls: bool = False  # may be written to, but not called
    withholds: frozenset[str] = frozenset()  # facts they have not or do not want to tell
    trouble: str = ""  # legal, minor, injection, others_data, off_topic


@dataclass(frozen=True)
class Standing:
    """Where a conversation stands when a message has been understood.

    `facts` by key, those of the message among them; `new` the keys it brought or corrected.
    `asked` counts how often each key was asked for; `told` holds what was said once and need not be
    said again. `consent` is "", "given" or "refused". `failures` counts the turns in a row that
    ended without understanding or answer, up to the one before this.
    """

    market: str
    facts: Mapping[str, Any]
    new: frozenset[str] = frozenset()
    asked: Mapping[str, int] = field(default_factory=dict)
    last_asked: str = ""
    asked_before: str = ""  # the question before that one: some are answered late
    told: frozenset[str] = frozenset()
    consent: str = ""
    turns: int = 0
    failures: int = 0
    has_estimate: bool = False
    last_entry: str = ""  # the knowledge told last: "so no?" and "is it 20%?" lean on it
    no_calls: bool = False  # asked not to be called: we ask to write
    may_be_answered: bool = True  # somebody of the staff could take over now


@dataclass(frozen=True)
class Act:
    """One thing a reply does: `answer`, `objection`, `estimate`, `refuse`, `ask` … about what."""

    kind: str
    about: str = ""


@dataclass(frozen=True)
class Plan:
    """What the next reply does, in order, what it asks for, and why."""

    stage: str
    acts: tuple[Act, ...]
    asks: str = ""
    hands_over: str = ""  # the reason, or ""
    closes: bool = False
    opts_out: bool = False
    failures: int = 0
    why: str = ""


@dataclass(frozen=True)
class Evidence:
    """A text that may be said on this day, and where its figures come from.

    `about` names the act it belongs to: a topic, an objection, `estimate`.
    """

    about: str
    text: str
    source: str = ""
    checked_on: date | None = None
    topic: str = ""  # of a knowledge entry
    entry: str = ""  # its code


@dataclass(frozen=True)
class Gathered:
    """The evidence of a turn, and the words of the estimate in it."""

    evidence: tuple[Evidence, ...] = ()
    estimate_told: str = ""

    @property
    def answers(self) -> bool:
        return any(one.about == "answer" for one in self.evidence)

    @property
    def entry(self) -> str:
        """The code of the knowledge that is told, its answer before all else; or ""."""
        answers_first = sorted(self.evidence, key=lambda one: one.about != "answer")
        return next((one.entry for one in answers_first if one.entry), "")


@dataclass(frozen=True)
class Reply:
    """What is said. `speaker` is the provider; `sources` those of the figures in the text."""

    text: str
    suggestions: tuple[str, ...] = ()
    sources: tuple[Mapping[str, str], ...] = ()
    speaker: str = "builtin"
