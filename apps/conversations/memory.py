"""What a conversation remembers between two turns, and how a turn changes it. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from apps.conversations.asking import MOST_TIMES_ASKED, TELLS_NO_FACT
from apps.conversations.contracts import Act, Gathered, Plan, Signals, Standing
from apps.leads.understand import (
    Fact,
    asks_for_a_language,
    is_plain_english,
    merge_facts,
)

_NOTHING_GATHERED = Gathered()
_DEVANAGARI = re.compile(r"[\u0900-\u097f]")
_TOLD_ONCE = frozenset(
    {
        "estimate",
        "community_solar",
        "shared_roof",
        "service",
        "survey",
        "survey_first",
        "transcript",
        "objection",
    }
)


@dataclass(frozen=True)
class Memory:
    """Everything that is kept, as plain JSON: see `from_json` and `to_json`."""

    asked: Mapping[str, int]
    last_asked: str = ""
    asked_before: str = ""  # the question before that one: it may still be answered
    told: frozenset[str] = frozenset()
    consent: str = ""
    turns: int = 0
    failures: int = 0
    language: str = ""
    technical_questions: int = 0
    estimate_told: str = ""  # its words: figures that stay as they are, are not told again
    last_entry: str = ""  # the code of the knowledge told last
    no_calls: bool = False  # asked not to be called
    spoken_of: frozenset[str] = frozenset()  # the keys of what the last message told

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Memory:
        names = {field.name for field in fields(cls)}  # what an earlier version kept is left
        known = {"asked": {}, **{key: value for key, value in stored.items() if key in names}}
        sets = {key: frozenset(known.get(key, ())) for key in ("told", "spoken_of")}
        return cls(**{**known, **sets})

    def with_consent(self, *, given: bool) -> Memory:
        """The same with a plain word on consent: it is not asked for any more."""
        return replace(self, consent="given" if given else "refused")

    def to_json(self) -> dict[str, Any]:
        sets = {"told": sorted(self.told), "spoken_of": sorted(self.spoken_of)}
        return {**self.__dict__, "asked": dict(self.asked), **sets}


def facts_from_json(stored: Mapping[str, Any]) -> dict[str, Fact]:
    """Facts as they are kept: {key: {value, confidence, quote}}."""
    return {
        key: Fact(
            tuple(fact["value"]) if isinstance(fact["value"], list) else fact["value"],
            fact["confidence"],
            fact["quote"],
        )
        for key, fact in stored.items()
    }


def facts_to_json(facts: Mapping[str, Fact]) -> dict[str, Any]:
    return {
        key: {
            "value": list(fact.value) if isinstance(fact.value, tuple) else fact.value,
            "confidence": fact.confidence,
            "quote": fact.quote,
        }
        for key, fact in facts.items()
    }


def language_to_speak(
    facts: Mapping[str, Fact], heard: Mapping[str, Fact], memory: Memory, said: str
) -> str:
    """The language of the visitor's last clear message; a number or a name changes nothing.

    Who asked for a language gets it, also when they write English. Hindi typed in Latin letters is
    answered in them (`hi-Latn`): not everybody who speaks it reads Devanagari with ease, and nobody
    who types it so expects it.
    """
    fact = heard.get("language")
    if fact is None:
        known = facts.get("language")
        is_wished = known is not None and asks_for_a_language(known.quote)
        return "en" if is_plain_english(said) and not is_wished else memory.language
    language = str(fact.value)
    return "hi-Latn" if language == "hi" and not _DEVANAGARI.search(fact.quote) else language


def learn(
    known: Mapping[str, Fact], heard: Mapping[str, Fact]
) -> tuple[dict[str, Fact], frozenset[str]]:
    """The facts after a message, and the keys it brought or changed. An intent is always news."""
    merged = merge_facts(known, heard)
    new = {
        key
        for key in heard
        if key == "intent" or key not in known or merged[key].value != known[key].value
    }
    return merged, frozenset(new)


def standing_of(
    market: str,
    facts: Mapping[str, Fact],
    new: frozenset[str],
    memory: Memory,
    *,
    may_be_answered: bool,
) -> Standing:
    """What the policy looks at."""
    return Standing(
        market=market,
        facts={key: fact.value for key, fact in facts.items()},
        new=new,
        asked=memory.asked,
        last_asked=memory.last_asked,
        asked_before=memory.asked_before,
        told=memory.told,
        consent=memory.consent,
        turns=memory.turns,
        failures=memory.failures,
        has_estimate="estimate" in memory.told,
        last_entry=memory.last_entry,
        no_calls=memory.no_calls,
        may_be_answered=may_be_answered,
    )


def answer_heard(memory: Memory, signals: Signals, heard: Mapping[str, Fact]) -> Memory:
    """What a yes or a no means to the question that was open.

    Consent is a plain yes to the question for it, or the word that we may call, and nothing less:
    "ok bye" is none. What somebody declines to answer is not asked for again; "no shade" declines
    nothing.
    """
    if signals.permits and memory.consent != "refused":
        memory = replace(memory, consent="given")
    memory = replace(memory, spoken_of=_spoken_of(heard))
    withheld = dict.fromkeys(signals.withholds - heard.keys(), MOST_TIMES_ASKED)
    if withheld:
        memory = replace(memory, asked={**memory.asked, **withheld})
    if signals.no_calls:  # neither a yes nor a no to what was asked
        return replace(memory, no_calls=True)
    declines = signals.declines and not heard.keys() - TELLS_NO_FACT
    if declines and memory.last_asked:
        memory = replace(memory, asked={**memory.asked, memory.last_asked: MOST_TIMES_ASKED})
    if memory.last_asked != "consent":
        return memory
    if declines:
        return replace(memory, consent="refused")
    is_plain = not (signals.leaves or signals.trouble or signals.is_angry)
    return replace(memory, consent="given") if signals.agrees and is_plain else memory


def _spoken_of(heard: Mapping[str, Fact]) -> frozenset[str]:
    """The keys of what was told; who worries about a roof has spoken of its age."""
    raised = heard["objections"].value if "objections" in heard else ()
    return frozenset({*heard, *(["roof_age"] if "roof" in raised else [])})


def after_reply(
    memory: Memory,
    plan: Plan,
    signals: Signals,
    gathered: Gathered = _NOTHING_GATHERED,
) -> Memory:
    """The memory once a plan has been said. An opt-out takes back a consent given before.

    What `gathered` answers was understood after all: it counts as no failure.
    """
    asked = dict(memory.asked)
    if plan.asks:
        asked[plan.asks] = asked.get(plan.asks, 0) + 1
    told = {
        f"{act.kind}:{act.about}" if act.kind == "objection" else act.kind
        for act in plan.acts
        if act.kind in _TOLD_ONCE
    }
    if Act("refuse", "minor") in plan.acts:
        told.add("minor")  # and for good: a child is answered, and asked for nothing
    if plan.hands_over in {"legal", "request"}:
        told.add(f"handover:{plan.hands_over}")
    is_other = plan.asks != memory.last_asked
    return replace(
        memory,
        asked=asked,
        last_asked=plan.asks,
        asked_before=memory.last_asked if is_other else memory.asked_before,
        told=memory.told | told,
        consent="refused" if plan.opts_out else memory.consent,
        turns=memory.turns + 1,
        failures=0 if gathered.answers else plan.failures,
        technical_questions=memory.technical_questions + int(signals.asks),
        estimate_told=gathered.estimate_told or memory.estimate_told,
        last_entry=gathered.entry or memory.last_entry,
    )
