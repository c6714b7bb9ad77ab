"""Everything a reply may say on its day: knowledge for what was asked, figures of an estimate."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from typing import Any

from apps.conversations.asking import SHARED_ROOF, needs_no_roof
from apps.conversations.builtin import figures_saying
from apps.conversations.contracts import Act, Evidence, Gathered, Plan, Standing
from apps.conversations.decide import IF_KNOWN
from apps.conversations.knowledge import knowledge_again, knowledge_find, knowledge_on
from apps.conversations.notice import questions_in
from apps.core.errors import AppError
from apps.core.money import Money
from apps.solar.actions import estimate_make

_MOST_QUESTIONS = 4  # of a message, looked up one by one
_OF_THEIR_HOME = frozenset({"cost", "savings"})  # topics
# What is meant by a question of this topic where community solar is talked about.
_WITHOUT_A_ROOF = {
    "process": "community_solar_how",
    "contract": "community_solar_how",
    "cost": "community_solar_how",
    "savings": "community_solar_savings",
}
# "And for 5 kW?" goes on with what was answered last, where that tells it.
_LEANS = re.compile(
    r"\W*(?:and|or|aur|phir|what about|how about|y|और|फिर)(?![\w\u0900-\u0963])", re.I
)
_SIZE = re.compile(r"(\d{1,3}(?:\.\d)?)\s?(?:kw|kilo ?watts?|किलोवाट)(?![a-z])", re.I)
_ASKS_ABOUT_IT = re.compile(  # what is told beside it
    r"^\W*(?:(?:so|and|but|ok)\W+)*(?:is|does|would|will|can) (?:that|it|this)\b.{0,25}$"
    r"|^\W*¿?(?:es|eso es|importa)\b.{0,20}$",
    re.IGNORECASE,
)
_WANTS_AN_ESTIMATE = re.compile(  # "for a brownstone" or of whatever else
    r"\b(?:get|have|give|send|want|need|like)\b[^.?!]{0,12} (?:free )?(?:quote|estimate|proposal)\b"
    r"(?! (?:again|by|from|you|that))",
    re.IGNORECASE,
)
_PERMISSION = re.compile(r"\b(?:permission|permi[st]o|approv\w*|aprob\w+|allow\w*)\b")
_LITTLE = "low_savings"
_SIZED_BY_HAND = frozenset({"commercial", "apartment"})  # a factory, a society's common load
_LEAST_SHARE = 0.3  # of a year's bill: a system that saves less of it is cut off by what we size
_HOME = "single_family"  # what is assumed of a home of which nobody said what it is


def gather(
    plan: Plan,
    standing: Standing,
    question: str,
    *,
    language: str,
    today: date,
    now: datetime,
    told: str = "",
) -> Gathered:
    """The evidence for every act of a plan. May ask PVWatts: never inside a transaction.

    An estimate that comes out as the one `told` before is not told again.
    """
    found: list[Evidence] = []
    words = ""
    for act in plan.acts:
        if act.kind == "answer":
            found += _answers(act, plan, standing, question, language, today, now)
        elif act.kind == "estimate":
            estimate = _estimate(standing, language, now)
            words = estimate[0].text if estimate else ""
            found += estimate if words != told else []
        elif act.kind in {"objection", "community_solar", "shared_roof"}:
            found += _of_topic(act.kind, act.about, standing, language, today)
    return Gathered(tuple(found), words)


def _answers(
    act: Act,
    plan: Plan,
    standing: Standing,
    question: str,
    language: str,
    today: date,
    now: datetime,
) -> list[Evidence]:
    """What answers a question. What it costs and saves is told in the figures of their own home
    once these are known, not in a request for what they have told us."""
    question = _without_names_of_places(question, standing)
    found = _found(act, standing, question, language, today)
    if topic := _topic_meant(found[0].topic if found else "", question, standing):
        found = knowledge_on(topic, market=standing.market, day=today, language=language) or found
    asks_for_figures = bool(found) and found[0].topic in _OF_THEIR_HOME
    if not (asks_for_figures and standing.has_estimate) or Act("estimate") in plan.acts:
        return found
    size = _SIZE.search(question)
    again = _estimate(standing, language, now, kw=size[1] if size else None)
    told = [replace(one, about="answer", text=one.text[:1].upper() + one.text[1:]) for one in again]
    return [*told, *found]


def _found(
    act: Act, standing: Standing, question: str, language: str, today: date
) -> list[Evidence]:
    """What answers a question by its words, or was told last where the question leans on it."""
    again = partial(
        knowledge_again,
        standing.last_entry,
        question,
        market=standing.market,
        day=today,
        language=language,
    )
    found = again() if _LEANS.match(question) and _SIZE.search(question) else []
    asking = questions_in(question)[:_MOST_QUESTIONS]
    tries = [*asking, question]  # what is told beside a question hides it
    if any(_ASKS_ABOUT_IT.search(one) for one in asking):
        tries.insert(0, question)  # "my roof is slate. Is that a problem?"
    for asked in tries:
        found = found or knowledge_find(
            asked,
            market=standing.market,
            day=today,
            language=language,
            postal_code=str(standing.facts.get("zip_code") or ""),
            may_be_none=act.about == IF_KNOWN or (bool(asking) and asked not in asking),
        )
    if act.about != IF_KNOWN:
        return found or again()
    if standing.facts.get("homeowner") and not needs_no_roof(standing):
        found = [one for one in found if not one.topic.startswith("community_solar")]
    return found


def _topic_meant(topic: str, question: str, standing: Standing) -> str:
    """The topic that a question found by its words is about for this visitor; "" for the same."""
    kind = standing.facts.get("property_type")
    if needs_no_roof(standing):
        return _WITHOUT_A_ROOF.get(topic, "")
    if _WANTS_AN_ESTIMATE.search(question):
        return "cost"
    if topic and kind in SHARED_ROOF and _PERMISSION.search(question.lower()):
        return "objection-co_op_board"
    return "commercial" if kind == "commercial" and topic == "incentives" else ""


def _without_names_of_places(question: str, standing: Standing) -> str:
    """ "Can you put panels on a house in East New York" asks about an area, not about the east."""
    for key in ("neighborhood", "borough"):
        if name := str(standing.facts.get(key) or "").replace("_", " "):
            question = re.sub(rf"\b{re.escape(name)}\b", "my area", question, flags=re.IGNORECASE)
    return question


def _of_topic(
    kind: str, about: str, standing: Standing, language: str, today: date
) -> list[Evidence]:
    """What a market's entry says to an objection, where it has one of that topic."""
    topic = f"objection-{about}" if kind == "objection" else kind
    if about == "moving" and needs_no_roof(standing):
        topic = "community_solar_how"  # there are no panels to leave behind
    name = f"{kind}:{about}" if about else kind
    entries = knowledge_on(topic, market=standing.market, day=today, language=language)
    return [replace(one, about=name) for one in entries[:1]]


def _estimate(
    standing: Standing, language: str, now: datetime, *, kw: str | None = None
) -> list[Evidence]:
    """The calculator's figures for what is known; nothing where it cannot tell. For a system of
    `kw` kilowatts where that was asked, else for the one that fits the bill."""
    facts = standing.facts
    stated = {
        "market": standing.market,
        "postal_code": facts["zip_code"],
        "monthly_bill": Decimal(str(facts["monthly_bill"])),
        "property_type": facts.get("property_type") or _HOME,
        "shading": facts.get("shading") or "none",
        "homeowner": facts.get("homeowner"),
        "system_capacity_kw": Decimal(kw) if kw else None,
    }
    try:
        made = estimate_make(stated, now=now)
    except AppError:
        return []  # a place or a bill we have no figures for: nothing is said, nothing guessed
    saved, year = made.result["annual_savings"], 12 * float(facts["monthly_bill"])
    if facts.get("property_type") in _SIZED_BY_HAND and 0 < saved < _LEAST_SHARE * year:
        text = figures_saying(language, "beyond")
    else:
        text = _in_words(made.result, language)
    source = f"Our calculator, model {made.result['model_version']}"
    day = now.date()
    return [Evidence("estimate", text, source, day)]


def _in_words(result: Mapping[str, Any], language: str) -> str:
    """An estimate as a sentence, its figures rounded to what an estimate can know."""
    currency = result["currency"]
    if result["annual_savings"] <= 0:
        return figures_saying(language, "nothing")
    savings = _about(result["annual_savings"], currency)
    if any(one["code"] == _LITTLE for one in result["advice"]):
        return figures_saying(language, "little", savings=savings)
    years = result["financing"]["cash"]["payback_years"]
    payback = figures_saying(language, "payback", years=f"{years:.0f}") if years else ""
    return figures_saying(
        language,
        "estimate",
        kw=f"{result['system_capacity_kw']:g}",
        kwh=f"{round(result['annual_production_kwh'], -2):,.0f}",
        savings=savings,
        gross=_about(result["gross_cost"], currency),
        net=_about(result["net_cost"], currency),
        payback=payback,
    )


def _about(amount: float, currency: str) -> str:
    """A sum of money to two figures or to tens: more would claim to know too much."""
    step = Decimal(10) if abs(amount) < 10_000 else Decimal(100)
    rounded = (Decimal(str(amount)) / step).to_integral_value() * step
    return str(Money(rounded, currency))
