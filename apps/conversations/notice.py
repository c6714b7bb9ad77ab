"""What kind of message this is: courtesy, a question, anger, a trick. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from apps.conversations.contracts import Signals
from apps.core.phrase_book import PhraseBook
from apps.leads.understand import is_plain_english, prefers_writing
from apps.leads.understanding.hearing import Words

_BOOK = PhraseBook(Path(__file__).with_name("notice.toml"))
_COURTESIES = _BOOK.patterns("courtesies")
_TROUBLES = _BOOK.patterns("troubles")
_MOODS = _BOOK.patterns("moods")
_WITHHELD = _BOOK.patterns("withheld")
_ASKS_IN_WORDS = (
    r"^\W*(?:(?:so|but|and|ok|okay|lol|haha|just|please|well|then|also|hey|hi|hello|hola|buenas|namaste|y|pero|aur|toh?|acch?a)\W+){0,3}"
    r"(?:what|how|why|when|where|which|who|is|are|do|does|can|could|would|should|"
    r"will(?! (?:think|let|call|see|check|decide|contact|get back|discuss|talk|come|do|try|revert|"
    r"update|confirm|wait|ask|send|share|tell|go|take|visit|read)\b)|"
    r"(?:what|how|when|where|who|why|that)s|wh?ats|isnt|arent|doesnt|cud|wud|"
    r"tell me|explain|h[aá]blame|cu[eé]ntame|d[ií]game|expl[ií]queme|"
    r"cu[aá]nto(?! antes)|qu[eé]|cu[aá]l|puedo|"
    r"hay(?! (?:un|una|unos|unas|much[oa]s?|algo|poc[oa]s?|sombra)\b)|"
    r"c[oó]mo(?! (?:\d|un[oa]s|cien|dos|tres|cuatro|quin|\w+enta|\w+cient))|"
    r"kab|kahan|kyun)\b|\bis (?:it|that|this) (?:an? )?"
    r"(?:true|right|real|possible|good|fair|normal|ok|okay|reasonable|too much|high|rip)\b|"
    r"\b(?:kya|kaise|kitn[aei]|kyon|kaun\w*|kab|kis(?:ko|se|ka|ki)?|bata(?:o|ye|iye|yiye|yein)|"
    r"bata ?do|ke ba+re (?:mein|me)|likh ke (?:do|dijiye)|number (?:do|dijiye|de do))\b|"
    r"(?<!\bi )(?<!\bwe )\b(?:promise|guarantee|confirm|assure)\b|"
    r"\bhai na\b|[,;:] (?:and |so |but )?(?:what|how (?:much|many|long)|which|why|"
    r"who (?:is|are|will|does|do)|where (?:is|are|do)|when (?:do|does|is|will|can)|"
    r"can (?:i|you|we)|do (?:you|i|we)|is (?:it|there)|will (?:it|you|i))\b|"
    r": (?:do|does|is|are|can)\b|^\W*wt?s\b|"
    r"\bwhich is (?:better|best|good)\b|^\W*(?:r|are) u\b|^\W*(?:please |just )*give me\b|"
    r"(?<![\u0900-\u0963])(?:क्या|कैसे|कितन[ाीे]|कब|कहाँ|क्यों|कौन)(?![\u0900-\u0963])"
)
_QUESTION = re.compile(rf"[?¿]|{_ASKS_IN_WORDS}")
_WORDED_QUESTION = re.compile(_ASKS_IN_WORDS)  # "230ish?" asks nothing: it tells, and is not sure
_SHOUTING = re.compile(r"\b[A-Z]{3,}\b(?:\W+\b[A-Z]{2,}\b){3,}")
# Many who write in capitals only are old, not angry.
_REPROACH = re.compile(
    r"!!|\b(?:why|keeps?|stop|never|still|already|again|nobody|enough|answer|listen|same)\b"
)
# "The roof? 2013." takes up our question and asks nothing.
_ECHO = re.compile(
    r"^\W*(?:the |my |our |what )?(?:roof|bill|zip|shade|home|house|name|number|e-?mail|phone|age|"
    r"type|timeline|when|techo|factura)(?: code| age| number)?\s*\?+(?=\s*\S)|"
    r"(?<=\w)\?+(?=\s+(?:no|nope|yes|yeah|actually|it'?s)\b)"
)
_ANGRY_AT_OTHERS = _MOODS["at_others"]
_ELSEWHERE = "elsewhere"  # off our topic, unless ours is spoken of with it
_OURS = _MOODS["ours"]
_FIGURE = re.compile(r"\d")  # more likely an answer that we failed to read than a question
_RUN_ON = 12  # words
_EMBEDDED = re.compile(
    r"\b(?:is (?:it|there|this|solar)|do (?:i|you|we)|does (?:it|this|solar)|can (?:i|you|we)|how|"
    r"what|what's|whats|will (?:i|it|you)|would (?:i|it)|why)\b.{1,90}",
    re.IGNORECASE,
)
_SENTENCES = re.compile(r"[^.?!;\n]+[.?!;]*")


def questions_in(text: str) -> list[str]:
    """The sentences of a message that ask, each without what was told beside it; then their parts
    between commas that do. In a run of words without stops, what follows the last question word."""
    sentences = [part for part in _SENTENCES.findall(text) if _asks(part)]
    clauses = [part for one in sentences if "," in one for part in one.split(",") if _asks(part)]
    asking = [part.strip() for part in (*sentences, *clauses)]
    if not asking and len(text.split()) > _RUN_ON:
        asking = [match[0] for match in _EMBEDDED.finditer(text)][-1:]
    return asking


def _asks(text: str) -> bool:
    return bool(_QUESTION.search(Words.of(text).plain))


def notice(text: str, facts: Mapping[str, Any]) -> Signals:
    """The signals of a message in which `facts` were understood."""
    words = Words.of(text)
    courtesies = {name for name, pattern in _COURTESIES.items() if pattern.search(words.plain)}
    trouble = next((name for name, found in _TROUBLES.items() if found.search(words.plain)), "")
    if trouble == _ELSEWHERE:
        trouble = "" if _OURS.search(words.plain) else "off_topic"
    spoken = _ECHO.sub("", words.plain)
    told = facts.keys() - {"intent", "language"}
    asks = bool(_QUESTION.search(spoken))
    if told and asks:
        asks = any(_WORDED_QUESTION.search(one) for one in _SENTENCES.findall(spoken))
    may_ask = bool(questions_in(spoken)) or facts.get("intent") == "information"
    is_angry = _is_angry(words) or bool(_SHOUTING.search(text) and _REPROACH.search(words.plain))
    no_calls = prefers_writing(text)
    wishes = {
        name
        for name in ("survey", "transcript", "ready", "wonders", "permits", "waits")
        if _MOODS[name].search(words.plain)
    }
    withholds = frozenset(name for name, found in _WITHHELD.items() if found.search(words.plain))
    is_clear = told or courtesies or wishes or asks or trouble or withholds or facts.get("intent")
    brings_nothing = not (is_clear or no_calls)
    is_plain = facts.get("language") in {"es", "hi"} or is_plain_english(text)
    chats = brings_nothing and bool(is_plain or _OURS.search(words.plain))
    return Signals(
        greets="greets" in courtesies,
        thanks="thanks" in courtesies,
        leaves="leaves" in courtesies,
        agrees="agrees" in courtesies,
        declines="declines" in courtesies,
        asks=asks,
        may_ask=not asks and (may_ask or (brings_nothing and not _FIGURE.search(text))),
        wants_survey="survey" in wishes,
        wants_transcript="transcript" in wishes,
        permits="permits" in wishes and not (asks or no_calls),
        waits="waits" in wishes,
        is_ready="ready" in wishes,
        wonders="wonders" in wishes,
        is_angry=is_angry,
        is_unclear=brings_nothing and not chats,
        chats=chats,
        no_calls=no_calls,
        withholds=withholds,
        trouble=trouble,
    )


def _is_angry(words: Words) -> bool:
    """At us, that is: "Con Ed is the worst" and "this bill is ridiculous" are why people come."""
    return any(
        not _ANGRY_AT_OTHERS.search(words.before(match.start()))
        for match in _MOODS["anger"].finditer(words.plain)
    )
