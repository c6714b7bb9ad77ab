"""What somebody wants, what holds them back, and the language they speak. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from apps.leads.understanding.hearing import (
    IMPLIED,
    STATED,
    Heard,
    Hearing,
    Words,
    heard,
)
from apps.leads.understanding.sayings import SAYINGS

# The first that is found is the intent: what must be obeyed goes before what is asked.
_INTENTS = SAYINGS.patterns("intents")
_NO_CALLS = SAYINGS.patterns("channel_wishes")["no_calls"]
_OBJECTIONS = SAYINGS.patterns("objections")
_LANGUAGES = SAYINGS.words("languages")
_IN_PART = SAYINGS.words("languages_in_part")
_ANSWERS = {("timing", "timeline"), ("cost", "monthly_bill")}
_NO_OBJECTION = re.compile(
    r"\b(?:no longer|not(?! sure| certain)|"
    r"isn'?t(?! (?:it|that|this|solar))|aren'?t|wasn'?t|don'?t think|never|"
    r"without|no)\s+(?:\w+\s+){0,2}$"
)
_UNWANTED = re.compile(
    r"\b(?:(?:don'?t|do not) (?:\w+ )?(?:want|need|wish|have)|no need|not ready|"
    r"no (?:quiero|necesito|hace falta))(?: (?!know|understand)\w+){0,2}\s*$"
)
_ASKS_FOR = re.compile(
    r"\b(?P<es>no habl[ao] ingl[eé]s|"
    r"habl\w+ espa[nñ]ol|en espa[nñ]ol|(?:speak|in|talk|know) spanish|"
    r"spanish,? (?:please|pls|plz)|espa[nñ]ol por favor|^espa[nñ]ol$)|"
    r"(?P<hi>hindi (?:mein|me|bol\w*)|(?:speak|in|talk|"
    r"know) hindi|^hindi$)|(?P<en>(?:speak|in|switch to) english|en ingl[eé]s|"
    r"english (?:mein|me|please|plz)|reply in english)\b"
)

_CALLS = re.compile(r"\b(?:call|phone|fone|ring|llam)|कॉल|काल|फ\u093c?ोन")
_WAY = (
    r"(?:whats\s?app|wa|sms|text|msg|message|e-?mail|mail|calls?|phone|व्हा?ट्सएप\w*|व्हाट्सऐप|"
    r"मैसेज|ई-?मेल|कॉल|फ\u093c?ोन)"
)
_ONLY_BY = re.compile(
    rf"\b(?:only|just|sirf|bas|rather|instead|prefer|please|pls)(?: (?:on|by|via|me|pe|"
    rf"par|through))* "
    rf"{_WAY}|(?:सिर्फ\u093c?|बस|केवल) {_WAY}|{_WAY}(?: (?:me|pe|par|पर))* "
    r"(?:only|instead|please|pls|hi\b|kar(?:o|na|iye|iyega)\b|"
    r"kar (?:do|dena|lena|dijiye)|kijiye|chalega|theek|ठीक|कर(?:ना|ें|ो|िए)|ही)"
)
# Words that no other language of ours has, and names that look like words of one.
_SPANISH_ALONE = re.compile(
    r"\b(?:soy (?:el |la )?(?:dueñ[oa]|propietari[oa]|inquilin[oa])|d[oó]lares|ciento \w+|"
    r"instrucciones|muchas gracias)\b"
)
_SPANISH_LETTERS = re.compile(r"[áéíóúñ]")
_NO_WORDS = re.compile(r"\bcon ?ed(?:ison)?\b")


def hear_wishes(words: Words, hearing: Hearing) -> Iterator[Heard]:
    """Intent, objections, language."""
    for intent, pattern in _INTENTS.items():
        found = (one for one in pattern.finditer(words.plain) if not _is_unwanted(words, one))
        match = next(found, None)
        if match and not (intent == "opt_out" and _keeps_a_way(words, match)):
            confidence = STATED if intent not in {"information", "quote"} else IMPLIED + 0.1
            yield heard("intent", intent, confidence, match)
            break
    for objection, pattern in _OBJECTIONS.items():
        if (objection, hearing.asked) in _ANSWERS:
            continue  # "maybe next year" is the answer, not an excuse
        for match in pattern.finditer(words.plain):
            if not _NO_OBJECTION.search(words.before(match.start(), reach=25)):
                yield heard("objections", objection, IMPLIED + 0.1, match)
                break
    yield from _language(words, hearing)


def prefers_writing(text: str) -> bool:
    """Whether somebody wants no calls and may be written to: "don't call, WhatsApp only"."""
    words = Words.of(text)
    match = _INTENTS["opt_out"].search(words.plain)
    if match is None:
        return bool(_NO_CALLS.search(words.plain))
    return bool(_CALLS.search(match[0]) and _keeps_a_way(words, match))


def _keeps_a_way(words: Words, refusal: re.Match[str]) -> bool:
    """Whether one way to be reached is refused and another one named as the right one."""
    if _CALLS.search(refusal[0]) and _NO_CALLS.search(words.plain):
        return True
    return any(
        bool(_CALLS.search(way[0])) is not bool(_CALLS.search(refusal[0]))
        for way in _ONLY_BY.finditer(words.plain)
    )


def _is_unwanted(words: Words, match: re.Match[str]) -> bool:
    """ "I don't want to talk to a person yet" asks for none; "I don't want a bot" is no such no."""
    return bool(_UNWANTED.search(words.before(match.start())))


def asks_for_a_language(text: str) -> bool:
    """Whether somebody says which language they want: "reply in English please"."""
    return bool(_ASKS_FOR.search(Words.of(text).plain))


def is_plain_english(text: str) -> bool:
    """Whether a message is clearly in English, and not a number or a name that tells nothing."""
    tokens = set(re.findall(r"[^\W\d_]+", Words.of(text).plain))
    english = len(tokens & _LANGUAGES["en"])
    other = len(tokens & (_LANGUAGES["hi"] | _LANGUAGES["es"]) - _LANGUAGES["en"])
    if not other and english >= 2:
        return 2 * english >= len(tokens) or english >= 3
    return english >= 3 and english > 2 * other


def _language(words: Words, hearing: Hearing) -> Iterator[Heard]:
    """The language other than English somebody writes in, or the one they ask for."""
    if match := _ASKS_FOR.search(words.plain):
        yield heard("language", str(match.lastgroup), STATED, match)
        return
    if re.search(r"[\u0900-\u097f]{3}", words.plain):
        yield Heard("language", "hi", STATED, 0, len(words.plain))
        return
    if hearing.region == "IN":
        if _is_hindi(words.plain):
            yield Heard("language", "hi", IMPLIED, 0, len(words.plain))
        return
    if _SPANISH_ALONE.search(words.plain):
        yield Heard("language", "es", IMPLIED, 0, len(words.plain))
        return
    tokens = set(re.findall(r"[^\W\d_]+", _NO_WORDS.sub(" ", words.plain)))
    hits = {code: len(tokens & known) for code, known in _LANGUAGES.items()}
    hits["es"] += sum(bool(_SPANISH_LETTERS.search(one)) for one in tokens - _LANGUAGES["es"])
    english = hits.pop("en")
    code = "es" if "¿" in words.plain else max(hits, key=lambda one: hits[one])
    is_plain = hits[code] >= 2 and len(tokens) > 2 and hits[code] > 1.5 * english
    if is_plain or "¿" in words.plain:
        yield Heard("language", code, IMPLIED, 0, len(words.plain))


def _is_hindi(plain: str) -> bool:
    """Whether words in Latin letters are Hindi, however few: "bill 4000 mahina", "naam Balwinder".

    In India nobody writes Spanish, and English is full of "me", "to" and "par": these count only
    beside a word that is Hindi alone.
    """
    tokens = set(re.findall(r"[^\W\d_]+", plain))
    known = tokens & _LANGUAGES["hi"]
    sure = known - _IN_PART["hi"]
    english = len(tokens & _LANGUAGES["en"] - known)
    return bool(sure) and len(known) > 1.5 * english
