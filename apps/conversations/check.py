"""Whether a reply may be said: every figure in it must be in the turn's evidence. Pure.

A reply is checked sentence by sentence, so that what streams has passed before it leaves.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from apps.conversations.contracts import Evidence
from apps.core.phrase_book import PhraseBook
from apps.leads.understanding.hearing import Words
from apps.leads.understanding.numbers import numbers_in

_CLAIMS = PhraseBook(Path(__file__).with_name("claims.toml")).patterns("forbidden")
_ENDED = PhraseBook(Path(__file__).with_name("claims.toml")).patterns("ended")
_SAYS_IT_ENDED = re.compile(
    r"\b(?:ended|expired|no longer|gone|over|not available|isn't available|stopped|has passed|"
    r"did end|not (?:a |any )?(?:thing|valid)|was (?:available )?(?:until|for)|only (?:for|until)|"
    r"termin[óo]|ya no|venci[óo]|khatam|band ho)\b|समाप्त|खत्म"
)
_SENTENCE = re.compile(r".+?(?:[.!?…।](?=\s|$)|\n|$)", re.DOTALL)
_MONEY_OR_SHARE = re.compile(
    r"[$₹€£%]|\b(?:dollars?|rupees?|percent|per ?cent|por ciento|lakh|crore)\b"
)
_SMALL = 12  # "2 minutes", "one question": numbers that claim nothing when no money stands by them
_LIST_NUMBER = re.compile(r"^\s*\d{1,2}[.)]\s")
_URL = re.compile(r"https?://\S+|www\.\S+|\b[\w-]+\.(?:com|net|org|io|ru|xyz)\b")
_TELEPHONE = re.compile(r"\+?\d[\d\s().-]{8,}\d")


@dataclass(frozen=True)
class Objection:
    """Why a sentence may not be said."""

    reason: str  # figure, claim, ended, link, telephone
    words: str


def sentences(text: str) -> list[str]:
    """The sentences of a text, with their ends. Joined again they are the text."""
    return [match[0] for match in _SENTENCE.finditer(text) if match[0]]


def check(text: str, evidence: Iterable[Evidence], *, said: Iterable[str] = ()) -> list[Objection]:
    """Everything in a reply that may not be said; empty when it may.

    `said` are the visitor's own words: what they stated may be repeated to them.
    """
    allowed_texts = [*(one.text for one in evidence), *said]
    allowed = {_rounded(value) for known in allowed_texts for value in _figures(known)}
    known_text = "\n".join(allowed_texts).lower()
    return [
        objection
        for sentence in sentences(text)
        for objection in _objections(sentence, allowed, known_text)
    ]


def _objections(sentence: str, allowed: set[float], known_text: str) -> Iterable[Objection]:
    plain = Words.of(sentence).plain
    yield from _claims(plain)
    for match in _URL.finditer(plain):
        if match[0] not in known_text:
            yield Objection("link", match[0])
    for match in _TELEPHONE.finditer(plain):
        if re.sub(r"\D", "", match[0]) not in re.sub(r"\D", "", known_text):
            yield Objection("telephone", match[0])
    for value in _figures(sentence):
        if _rounded(value) not in allowed and not _claims_nothing(value, plain):
            yield Objection("figure", f"{value:g}")


def _claims(plain: str) -> Iterable[Objection]:
    """What nobody may say, and incentives that have ended."""
    for reason, pattern in _CLAIMS.items():
        if (match := pattern.search(plain)) and not _is_denied(plain, match.start()):
            yield Objection("claim", f"{reason}: {match[0]}")
    for name, pattern in _ENDED.items():
        if (match := pattern.search(plain)) and not _SAYS_IT_ENDED.search(plain):
            yield Objection("ended", f"{name}: {match[0]}")


def _is_denied(plain: str, start: int) -> bool:
    """ "We never guarantee savings" claims nothing."""
    before = plain[max(0, start - 45) : start]
    return bool(
        re.search(
            r"\b(?:not|no|never|isn't|aren't|won't|can't|cannot|don't|nobody)\b[^.]*$", before
        )
    )


def _figures(text: str) -> list[float]:
    plain = _TELEPHONE.sub(" ", _LIST_NUMBER.sub("", Words.of(text).plain))
    # "One" and "एक" are articles as often as numbers: in a word, one claims nothing.
    return [one.value for one in numbers_in(plain) if not (one.is_word and one.value == 1)]


def _claims_nothing(value: float, plain: str) -> bool:
    return value <= _SMALL and value == int(value) and not _MONEY_OR_SHARE.search(plain)


def _rounded(value: float) -> float:
    return round(value, 2)
