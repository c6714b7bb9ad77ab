"""Who says it: the providers in their order, each for a bounded time, and at last ourselves.

What a provider says leaves sentence by sentence, each one checked. A sentence that may not be said
ends the provider's turn: the built-in speaker says the whole reply instead, and it is counted.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils import timezone

from apps.conversations.builtin import speak
from apps.conversations.check import Objection, check
from apps.conversations.contracts import Evidence, Plan, Reply, Standing
from apps.conversations.models import SpokenReply
from apps.conversations.providers.base import Prompt, Provider, ProviderFailed, Usage
from apps.conversations.providers.breaker import is_resting, note_failure, note_success
from apps.conversations.providers.prompt import prompt_of
from apps.conversations.providers.registry import providers_in_use
from apps.conversations.spending import is_within_budget

WHOLE_CHAIN_SECONDS = 12.0
_LEAST_SECONDS = 1.0  # with less left a provider is not asked any more
Outcome = SpokenReply.Outcome
Delta = Callable[[str], None]


@dataclass
class Attempt:
    """One speaker that was asked, for the record."""

    speaker: str
    outcome: Outcome
    model: str = ""
    why: str = ""
    milliseconds: int = 0
    usage: Usage = field(default_factory=Usage)
    cost_usd: Decimal = Decimal(0)
    priced_by: str = ""


@dataclass(frozen=True)
class Spoken:
    """A reply, and everybody who was asked for it."""

    reply: Reply
    attempts: tuple[Attempt, ...]


@dataclass(frozen=True)
class Scene:
    """What a speaker is given to speak from."""

    plan: Plan
    standing: Standing
    evidence: Sequence[Evidence]
    said: Sequence[tuple[str, str]]  # (role, text) of the conversation so far, oldest first
    language: str
    names: dict[str, str]


def say(scene: Scene, *, on_sentence: Delta = lambda sentence: None) -> Spoken:
    """The reply to a scene. Never raises for a provider, never takes longer than the chain may.

    `on_sentence` is given each sentence of a provider that passed the check, as it comes.
    """
    own = speak(
        scene.plan, scene.standing, scene.evidence, language=scene.language, names=scene.names
    )
    attempts: list[Attempt] = []
    deadline = time.monotonic() + WHOLE_CHAIN_SECONDS
    providers = providers_in_use() if _is_worth_a_provider(scene.plan) else ()
    has_money = not providers or is_within_budget(timezone.now())
    for provider in providers:
        left = deadline - time.monotonic()
        if why := _why_not_asked(provider, has_money=has_money, seconds=left):
            attempts.append(Attempt(provider.name, Outcome.SKIPPED, provider.model, why))
            continue
        heard = _Heard(on_sentence)
        attempt = _try(provider, scene, own, min(left, provider.timeout), heard)
        attempts.append(attempt)
        if attempt.outcome is Outcome.SAID:
            reply = Reply(heard.text, own.suggestions, own.sources, provider.name)
            return Spoken(reply, tuple(attempts))
        if attempt.outcome is Outcome.REFUSED or heard.text:
            # Another would be tempted the same; and half of one reply before another is nonsense.
            break
    attempts.append(Attempt("builtin", Outcome.SAID))
    return Spoken(own, tuple(attempts))


def _is_worth_a_provider(plan: Plan) -> bool:
    """What must be said in fixed words is: refusals, hand-overs, opt-outs."""
    fixed = {"opt_out", "refuse", "handover", "callback"}
    return not any(act.kind in fixed for act in plan.acts)


def _why_not_asked(provider: Provider, *, has_money: bool, seconds: float) -> str:
    """Why a provider is passed over, or ""."""
    if not has_money:
        return "The budget of the day is spent"
    if is_resting(provider.name):
        return "Rests after failures"
    return "" if seconds >= _LEAST_SECONDS else "No time left"


@dataclass
class _Heard:
    """The sentences of a provider that passed the check, told on as they come."""

    on_sentence: Delta
    said: list[str] = field(default_factory=list)

    def add(self, sentence: str) -> None:
        self.said.append(sentence)
        self.on_sentence(sentence)

    @property
    def text(self) -> str:
        return "".join(self.said).strip()


def _try(provider: Provider, scene: Scene, own: Reply, seconds: float, heard: _Heard) -> Attempt:
    """Ask a provider; the record of it says whether what was heard is a reply."""
    attempt = Attempt(provider.name, Outcome.SAID, provider.model)
    prompt = prompt_of(scene, own)
    started = time.monotonic()
    try:
        with closing(_sentences(provider, prompt, seconds, attempt)) as sentences:
            for sentence in sentences:
                if objections := _refused(sentence, scene, own):
                    attempt.outcome, attempt.why = Outcome.REFUSED, _words(objections)
                    break
                heard.add(sentence)
        if attempt.outcome is Outcome.SAID and not heard.text:
            raise ProviderFailed("Said nothing")
    except ProviderFailed as failure:
        attempt.outcome, attempt.why = Outcome.FAILED, str(failure)[:300]
        note_failure(provider.name)
    else:
        note_success(provider.name)
    attempt.milliseconds = int((time.monotonic() - started) * 1000)
    attempt.cost_usd, attempt.priced_by = provider.cost(attempt.usage), provider.priced_by()
    return attempt


def _sentences(
    provider: Provider, prompt: Prompt, seconds: float, attempt: Attempt
) -> Generator[str]:
    """What streams in, cut at the ends of sentences. Closed, it ends the stream."""
    held = ""
    with closing(provider.stream(prompt, seconds=seconds, usage=attempt.usage)) as pieces:
        for piece in pieces:
            held += piece
            while (end := _end_of_sentence(held)) is not None:
                yield held[:end]
                held = held[end:]
    if held.strip():
        yield held


def _end_of_sentence(text: str) -> int | None:
    """Where the first whole sentence ends: after its mark and the space that follows it."""
    for position, character in enumerate(text[:-1]):
        if character in ".!?।\n" and text[position + 1].isspace():
            return position + 2
    return None


def _refused(sentence: str, scene: Scene, own: Reply) -> list[Objection]:
    """Why a sentence may not be said. What our own reply says is evidence, too."""
    spoken = [text for role, text in scene.said if role == "visitor"]
    return check(sentence, scene.evidence, said=[*spoken, own.text])


def _words(objections: Sequence[Objection]) -> str:
    return "; ".join(f"{one.reason}: {one.words}" for one in objections)[:300]
