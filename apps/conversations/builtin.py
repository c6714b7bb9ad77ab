"""The built-in speaker: a good conversation without any provider. Pure.

Composes a reply from the plan, the evidence and the sayings of `speech.toml`. Each saying has
variants; which one is taken depends on the turn, so the same words do not come twice in a row.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from apps.conversations.contracts import Act, Evidence, Plan, Reply, Standing

SPEECH: dict[str, dict[str, Any]] = tomllib.loads(
    Path(__file__).with_name("speech.toml").read_text(encoding="utf-8")
)


def _over(under: dict[str, Any], own: dict[str, Any]) -> dict[str, Any]:
    """A language's own sayings, and below them those of another for what it leaves unsaid."""
    return {
        name: {**said, **own.get(name, {})} if isinstance(said, dict) else own.get(name, said)
        for name, said in under.items()
    }


# Forms and letters are read more than heard: they stay in Devanagari.
SPEECH["hi-Latn"] = _over(SPEECH["hi"], SPEECH["hi-Latn"])
LANGUAGES = tuple(SPEECH)
CONSENT_TO_WRITE = "consent_to_write"  # the question of who asked not to be called
_FROM_EVIDENCE = frozenset({"answer", "objection", "estimate", "community_solar", "shared_roof"})


def speak(
    plan: Plan,
    standing: Standing,
    evidence: Sequence[Evidence],
    *,
    language: str = "en",
    names: Mapping[str, str],
) -> Reply:
    """The reply to a plan. `names` fills brand, agent, first_name and place into the sayings."""
    voice = _Voice(language if language in SPEECH else "en", standing, names)
    parts = [(act.kind, voice.part(act, evidence)) for act in plan.acts]
    told = {kind for kind, part in parts if part}
    if Act("answer") in plan.acts and not told & _FROM_EVIDENCE:
        parts.insert(-1, ("answer", voice.say("no_answer")))
    if "answer" in told:  # what has its answer was understood
        parts = [(kind, part) for kind, part in parts if kind not in {"not_understood", "heard"}]
    told_text = " ".join(part for kind, part in parts if part and kind != "ask")
    asked = next((part for kind, part in parts if kind == "ask"), "")
    text = "\n\n".join(part for part in (told_text, asked) if part)
    used = [one for one in evidence if one.text in text and one.source]
    return Reply(
        text=text or voice.say("offer_help"),
        suggestions=voice.suggestions(plan.asks),
        sources=tuple(
            {"source": one.source, "checked_on": str(one.checked_on or "")}
            for one in {one.source: one for one in used}.values()
        ),
    )


def figures_saying(language: str, name: str, **figures: str) -> str:
    """A sentence with figures in it, in a language (English where it has none)."""
    table = SPEECH.get(language) or SPEECH["en"]
    return str(table["figures"][name]).format_map(figures)


def phrase(name: str, language: str) -> str:
    """A fixed phrase by its place in the table (`visitor.human`), in a language or in English."""
    section, _, key = name.partition(".")
    return str((SPEECH.get(language) or SPEECH["en"])[section][key])


def question_for(
    key: str, language: str, asked_before: int, market: str = "", property_type: str = ""
) -> str:
    """The words a fact is asked for with, the first or a later time."""
    table = (SPEECH.get(language) or SPEECH["en"])["ask"]
    variants = table.get(f"{key}_{property_type}") or table.get(f"{key}_{market}") or table[key]
    return str(variants[min(asked_before, len(variants) - 1)])


def _of_the_board(evidence: Sequence[Evidence]) -> set[str]:
    names = {"objection:co_op_board", "objection-co_op_board"}
    topics = names | {"shared_roof"}
    return {one.text for one in evidence if topics & {one.about, one.topic}}


class _Voice:
    """The sayings of one language at one turn."""

    def __init__(self, language: str, standing: Standing, names: Mapping[str, str]) -> None:
        self._language, self._table, self._standing = language, SPEECH[language], standing
        self._said: set[str] = set()  # in this reply: nothing is said twice
        self._names = dict.fromkeys(("brand", "agent", "first_name", "place"), "") | dict(names)

    def part(self, act: Act, evidence: Sequence[Evidence]) -> str:
        """What is said for one act; "" when there is nothing to say."""
        if act.kind in _FROM_EVIDENCE:
            return self._known(act, evidence)
        if act.kind == "ask":
            return self._question(act.about)
        return self.say(f"{act.kind}.{act.about}" if act.about else act.kind)

    def say(self, name: str) -> str:
        """A saying by its name in the table (`noted.zip_code`), filled in; "" for none."""
        found: Any = self._table
        for step in name.split("."):
            found = found.get(step, {}) if isinstance(found, dict) else {}
        variants = [found] if isinstance(found, str) else list(found or ())
        if not variants:
            return ""
        return str(variants[self._standing.turns % len(variants)]).format_map(self._names).strip()

    def suggestions(self, asks: str) -> tuple[str, ...]:
        """The answers offered as buttons."""
        return tuple(self._table["buttons"].get(asks, ()))

    def _known(self, act: Act, evidence: Sequence[Evidence]) -> str:
        about = act.kind if act.kind == "answer" or not act.about else f"{act.kind}:{act.about}"
        texts = [one.text for one in evidence if one.about == about]
        said = texts[0] if texts else self.say(about.replace(":", "."))
        of_the_roof = _of_the_board(evidence)
        if about in {"objection:co_op_board", "shared_roof"} and self._said & of_the_roof:
            return ""  # who decides about the roof has just been said
        if not said or said in self._said:
            return ""
        self._said.add(said)
        is_again = act.kind == "estimate" and self._standing.has_estimate
        lead_in = self.say(f"lead_in.{act.kind}_again" if is_again else f"lead_in.{act.kind}")
        return f"{lead_in} {said}".strip()

    def _question(self, key: str) -> str:
        asked = self._standing.asked.get(key, 0)
        kind = str(self._standing.facts.get("property_type") or "")
        if key == "consent" and self._standing.no_calls:
            key = CONSENT_TO_WRITE
        words = question_for(key, self._language, asked, self._standing.market, kind)
        return words.format_map(self._names)
