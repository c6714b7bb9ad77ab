"""Whole dialogues as real people talk: what is understood, said, asked, refused and handed over.

The parts of a turn are driven directly, without a database between them; one figure stands in for
the calculator's. What people say is in `dialogues/`, with the facts a careful reader would note.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from apps.conversations.asking import MOST_TIMES_ASKED
from apps.conversations.builtin import figures_saying, speak
from apps.conversations.check import check
from apps.conversations.contracts import Evidence, Gathered, Plan
from apps.conversations.decide import REFUSALS, decide
from apps.conversations.evidence import gather
from apps.conversations.listening import listen
from apps.conversations.memory import (
    Memory,
    after_reply,
    answer_heard,
    language_to_speak,
    learn,
    standing_of,
)
from apps.leads.gazetteer import gazetteer_of
from apps.leads.understand import Fact, Hearing

TODAY = date(2026, 11, 27)
REGIONS = {"nyc": "US", "india": "IN"}
WANTED_F1 = 0.97
_PASSING = {"intent"}  # what somebody wants just now is no fact about them
_ESTIMATE = {"kw": "6", "kwh": "7,200", "savings": "$1,900", "gross": "$21,000", "net": "$16,000"}


@dataclass
class Dialogue:
    """One of the file, and what came of it."""

    market: str
    says: list[str]
    facts: dict[str, Any]
    does: list[str] = field(default_factory=list)
    never: list[str] = field(default_factory=list)  # what it must not be mistaken for
    hears: list[str] = field(default_factory=list)  # words of the replies, in their order
    unheard: list[str] = field(default_factory=list)  # words that no reply may have
    replies: list[str] = field(default_factory=list)
    plans: list[Plan] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    known: dict[str, Any] = field(default_factory=dict)

    @property
    def acts(self) -> set[str]:
        return {
            name
            for plan in self.plans
            for act in plan.acts
            for name in (act.kind, f"{act.kind}:{act.about}")
        }

    def hold(self) -> None:
        """Hold the dialogue, noting every breach of what holds for all of them."""
        memory, facts = Memory(asked={}), {}
        for line in self.says:
            memory, facts = self._turn(line, memory, facts)
        self.known = {
            key: list(fact.value) if key == "objections" else fact.value
            for key, fact in facts.items()
            if key not in _PASSING
        }

    def mishears(self) -> Iterator[str]:
        """Words a reply should have had, after those before them; or should not have had."""
        said = "\n".join(self.replies)
        rest = said
        for words in self.hears:
            if words not in rest:
                yield f"did not hear {words!r}"
            rest = rest.partition(words)[2] if words in rest else rest
        yield from (f"heard {words!r}" for words in self.unheard if words in said)

    def _turn(
        self, line: str, memory: Memory, facts: dict[str, Fact]
    ) -> tuple[Memory, dict[str, Fact]]:
        places = gazetteer_of(self.market)
        hearing = Hearing(REGIONS[self.market], TODAY, memory.last_asked, places, memory.spoken_of)
        heard, signals = listen(line, hearing, asked_before=memory.asked_before)
        if signals.trouble in REFUSALS:
            heard = {key: fact for key, fact in heard.items() if key == "language"}
        facts, new = learn(facts, heard)
        memory = answer_heard(memory, signals, heard)
        language = language_to_speak(facts, heard, memory, line) or "en"
        memory = replace(memory, language=language)
        standing = standing_of(self.market, facts, new, memory, may_be_answered=True)
        plan = decide(standing, signals)
        gathered = self._gathered(plan, standing, line, language)
        evidence = gathered.evidence
        names = {"brand": "Aurum Solar", "place": str(standing.facts.get("zip_code") or "")}
        reply = speak(plan, standing, evidence, language=language, names=names)
        self.plans.append(plan)
        question = reply.text.rpartition("\n\n")[2]
        if plan.asks and any(one.endswith(question) for one in self.replies):
            self.faults.append(f"asked {question!r} twice")
        self.replies.append(reply.text)
        if objections := check(reply.text, evidence, said=[line, names["place"]]):
            self.faults.append(f"said {reply.text!r}: {objections}")
        if not reply.text.strip():
            self.faults.append(f"was silent to {line!r}")
        if plan.asks in facts:
            self.faults.append(f"asked for {plan.asks}, which is known")
        if plan.asks in {"phone", "email"} and memory.consent != "given":
            self.faults.append(f"asked for {plan.asks} without consent")
        memory = after_reply(memory, plan, signals, gathered)
        if memory.asked.get(plan.asks, 0) > MOST_TIMES_ASKED:
            self.faults.append(f"asked for {plan.asks} more than twice")
        return memory, facts

    def _gathered(self, plan: Plan, standing: Any, line: str, language: str) -> Gathered:
        rest = replace(plan, acts=tuple(act for act in plan.acts if act.kind != "estimate"))
        gathered = gather(rest, standing, line, language=language, today=TODAY, now=timezone.now())
        if len(rest.acts) == len(plan.acts):
            return gathered
        text = figures_saying(language, "estimate", payback="", **_ESTIMATE)
        estimate = Evidence("estimate", text, "The calculator", TODAY)
        return replace(gathered, evidence=(*gathered.evidence, estimate))


def dialogues() -> Iterator[Dialogue]:
    for file in sorted(Path(__file__).with_name("dialogues").glob("*.json")):
        told = json.loads(file.read_text(encoding="utf-8"))
        for one in told["dialogues"]:
            yield Dialogue(told["market"], **one)


@pytest.fixture
def held(db) -> list[Dialogue]:
    found = list(dialogues())
    for one in found:
        one.hold()
    return found


def test_what_people_say_in_a_dialogue_is_understood_answered_and_never_overstepped(held) -> None:
    assert len(held) >= 150
    faults = [f"{one.says}: {fault}" for one in held for fault in one.faults]
    faults += [
        f"{one.says}: does {sorted(one.acts)}, not {act}"
        for one in held
        for act in one.does
        if act not in one.acts
    ]
    faults += [f"{one.says}: does {act}" for one in held for act in one.never if act in one.acts]
    faults += [f"{one.says}: {words}" for one in held for words in one.mishears()]
    wanted = {_item(i, fact) for i, one in enumerate(held) for fact in one.facts.items()}
    found = {_item(i, fact) for i, one in enumerate(held) for fact in one.known.items()}
    right = len(wanted & found)
    f1 = 2 * right / (len(wanted) + len(found))
    wrong = [
        f"{one.says}\n   missed or wrong: {_less(one.facts, one.known)}, not said: "
        f"{_less(one.known, one.facts)}"
        for one in held
        if one.facts != one.known
    ]
    assert f1 >= WANTED_F1, f"F1 is {f1:.4f}\n" + "\n".join(wrong)
    assert not faults, "\n".join(faults)


def _item(dialogue: int, fact: tuple[str, Any]) -> tuple[int, str, str]:
    return dialogue, fact[0], json.dumps(fact[1] if fact[1] != int_of(fact[1]) else int_of(fact[1]))


def int_of(value: Any) -> Any:
    """A whole number as one: 250.0 and 250 are the same sum."""
    return int(value) if isinstance(value, float) and value == int(value) else value


def _less(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in one.items() if other.get(key) != value}
