"""Who decides, and with what credit. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from apps.leads.understanding.hearing import (
    ANSWERED,
    STATED,
    Heard,
    Hearing,
    Words,
    heard,
    is_denied,
)
from apps.leads.understanding.numbers import numbers_in
from apps.leads.understanding.sayings import SAYINGS

_DECISION_MAKERS = SAYINGS.patterns("decision_makers")
_ANSWERS = SAYINGS.patterns("decision_answers")
_CREDIT = re.compile(
    r"\bcredit(?! card| from| for| on|s\b)|\bcibil\b|\bfico\b|\bscore\b|\bcr[eé]dito\b|सिबिल|"
    r"क्रेडिट"
)
_END = r"(?![\w\u0900-\u0963])"  # Devanagari's vowel signs are no letters to Python
_NAMED = rf"(?:credit|cibil|fico|cr[eé]dito|सिबिल|क्रेडिट){_END}"
_IS = (
    r"(?: (?:score|rating|history|स्कोर))?(?:'s| is| was|:| =| hai| es)?"
    r"(?: (?!not)[\w\u0900-\u0963]+){0,3}? "
)
_WORDS = SAYINGS.patterns("credit")
_NEAR_CREDIT = {
    name: re.compile(
        rf"\b{words.pattern}{_END}(?: \w+){{0,2}} {_NAMED}|{_NAMED}{_IS}{words.pattern}{_END}"
    )
    for name, words in _WORDS.items()
}
_LEAST_SCORE, _MOST_SCORE = 300, 900
_NEAR = 45  # letters between the word and the score
_BAND = re.compile(r"\b(low|mid|high|upper)[\s-]+(?:the )?$")  # "high 700s"
_WITHIN = {"low": 20, "mid": 50, "high": 80, "upper": 80}
_NOW = re.compile(r"\b(?:now|currently|ab|abhi)(?: it'?s| is)?\s*$")  # "was 620, now 760"
_NOT_A_SCORE = re.compile(r"\s?(?:k\b|kwh|%|sq|dollars|a month)")
# How lenders cut FICO and CIBIL scores.
_SCORES = ((740, "excellent"), (670, "good"), (580, "fair"), (0, "poor"))


def hear_deciding(words: Words, hearing: Hearing) -> Iterator[Heard]:
    """The decision maker and the credit range."""
    yield from _decides(words, hearing)
    yield from _credit(words, hearing)


def _decides(words: Words, hearing: Hearing) -> Iterator[Heard]:
    found = [
        heard("decision_maker", who, STATED, match)
        for who, pattern in _DECISION_MAKERS.items()
        for match in pattern.finditer(words.plain)
        if who == "other" or not is_denied(words, match.start())
    ]
    together = [one for one in found if one.value == "joint"]
    yield from (
        one
        for one in found  # "me and my wife decide" is not "my wife decides"
        if one.value == "joint"
        or not any(
            one.start < two.end and (one.value == "other" or two.start <= one.start)
            for two in together
        )
    )
    if found or hearing.asked != "decision_maker":
        return
    for who, pattern in _ANSWERS.items():
        if match := pattern.search(words.plain):
            yield heard("decision_maker", who, ANSWERED, match)
            return


def _credit(words: Words, hearing: Hearing) -> Iterator[Heard]:
    asked, named = hearing.asked == "credit_range", _CREDIT.search(words.plain)
    if not (asked or named):
        return
    scores = sorted(numbers_in(words.plain), key=lambda n: not _NOW.search(words.before(n.start)))
    for number in scores:
        is_score = _LEAST_SCORE <= number.value <= _MOST_SCORE
        is_near = named is None or abs(number.start - named.end()) < _NEAR
        is_money = words.plain[: number.start].rstrip().endswith(("$", "₹"))
        if (
            is_score
            and is_near
            and not is_money
            and not _NOT_A_SCORE.match(words.plain, number.end)
        ):
            band = _BAND.search(words.plain[: number.start])
            score = number.value + (_WITHIN[band[1]] if band else 0)
            name = next(name for least, name in _SCORES if score >= least)
            yield Heard("credit_range", name, STATED, number.start, number.end)
            return
    for name, pattern in _NEAR_CREDIT.items():
        match = pattern.search(words.plain)
        if match is None and asked:
            match = re.search(rf"\b{_WORDS[name].pattern}{_END}", words.plain)
        if match:
            is_not = name in {"good", "excellent"} and is_denied(words, match.start())
            yield heard(
                "credit_range", "poor" if is_not else name, STATED if named else ANSWERED, match
            )
            return
