"""Finding the knowledge entries a question means. Pure.

Okapi BM25 over the words of an entry: its title, the ways people ask for it, its answer. Words are
cut to their stems; a word nobody has written before is read as the nearest known one.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import log
from pathlib import Path

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from apps.core.phrase_book import PhraseBook

_K1, _B = 1.4, 0.6  # how fast repetition saturates, and how much length counts
_QUESTION_WEIGHT, _TITLE_WEIGHT, _ANSWER_WEIGHT = 3, 3, 1
_LONG_ENOUGH_TO_MISSPELL = 6
_WORD = re.compile(r"\d+|[^\W\d_\u0900-\u097f]+|[\u0900-\u0963]+")  # "10kW" is two words
_ALWAYS_SAID = frozenset({"solar", "panel"})  # alone these ask for nothing in particular
_COMMA = re.compile(r"(?<=\d),(?=\d)")  # "5,000" is one word
_ENDINGS = (
    "ations",
    "ation",
    "ings",
    "ing",
    "ies",
    "ied",
    "ers",
    "er",
    "edly",
    "ed",
    "es",
    "s",
    "ly",
)
_SHORTEST_STEM = 3
_BOOK = PhraseBook(Path(__file__).with_name("notice.toml"))
_STOP_WORDS = _BOOK.words("search")["stop_words"]
_SYNONYMS = {word: name for name, words in _BOOK.words("synonyms").items() for word in words}


@dataclass(frozen=True)
class Document:
    """One entry as the index reads it."""

    key: str
    title: str
    questions: Sequence[str]
    answer: str


@dataclass(frozen=True)
class Found:
    """An entry that may be meant: how well it fits (higher is better), and which share of the
    question's words, by their weight, stands in it (0 to 1), and how many words these are."""

    key: str
    score: float
    coverage: float
    words: int


@dataclass
class Index:
    """The words of all entries, counted."""

    counts: Mapping[str, Counter[str]]
    rarity: Mapping[str, float]
    mean_length: float
    lengths: Mapping[str, int]
    vocabulary: tuple[str, ...] = field(repr=False, default=())

    @classmethod
    def of(cls, documents: Iterable[Document]) -> Index:
        counts = {document.key: _counted(document) for document in documents}
        lengths = {key: sum(counted.values()) for key, counted in counts.items()}
        holders = Counter(word for counted in counts.values() for word in counted)
        total = len(counts) or 1
        rarity = {
            word: log(1 + (total - held + 0.5) / (held + 0.5)) for word, held in holders.items()
        }
        mean = sum(lengths.values()) / total or 1.0
        return cls(counts, rarity, mean, lengths, tuple(sorted(rarity)))

    def find(self, question: str, *, most: int = 3) -> list[Found]:
        """The best entries for a question, best first; those without a common word are left out."""
        stems = (self._known(word) for word in _stems(question))
        # A figure of the visitor's own, a bill or a year, is not what they ask about.
        words = Counter(word for word in stems if word in self.rarity or not word.isdecimal())
        if not words.keys() - _ALWAYS_SAID:
            return []
        asked = sum(self.rarity.get(word, self._rarest) for word in words)
        scored = (self._fit(key, words, asked) for key in self.counts)
        return sorted((one for one in scored if one.score > 0), key=_best_first)[:most]

    def adds_nothing(self, question: str, key: str) -> bool:
        """Whether an entry holds each word of a question: "so no?", "is it 20%?" beside any."""
        words = {self._known(word) for word in _stems(question) if not word.isdecimal()}
        return words <= self.counts[key].keys()

    @property
    def _rarest(self) -> float:
        """The weight of a word that stands in no entry."""
        return max(self.rarity.values(), default=1.0)

    def _fit(self, key: str, words: Counter[str], asked: float) -> Found:
        counted, score, covered, known = self.counts[key], 0.0, 0.0, 0
        fullness = 1 - _B + _B * self.lengths[key] / self.mean_length
        for word in words:
            if times := counted.get(word, 0):
                score += self.rarity[word] * times * (_K1 + 1) / (times + _K1 * fullness)
                covered += self.rarity[word]
                known += not word.isdecimal()
        return Found(key, score, covered / asked if asked else 0.0, known)

    def _known(self, word: str) -> str:
        """The word itself, or the one it is a misspelling of."""
        if word in self.rarity or len(word) < _LONG_ENOUGH_TO_MISSPELL:
            return word
        nearest = process.extractOne(
            word, self.vocabulary, scorer=DamerauLevenshtein.distance, score_cutoff=len(word) // 5
        )
        return nearest[0] if nearest else word


def _best_first(found: Found) -> tuple[float, str]:
    return (-found.score, found.key)


def _counted(document: Document) -> Counter[str]:
    counted: Counter[str] = Counter()
    for weight, text in (
        (_TITLE_WEIGHT, document.title),
        *((_QUESTION_WEIGHT, question) for question in document.questions),
        (_ANSWER_WEIGHT, document.answer),
    ):
        for word in _stems(text):
            counted[word] += weight
    return counted


def _stems(text: str) -> list[str]:
    words = (
        word for word in _WORD.findall(_COMMA.sub("", text.lower())) if word not in _STOP_WORDS
    )
    return [_stem(_SYNONYMS.get(word, word)) for word in words]


def _stem(word: str) -> str:
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM:
            return word.removesuffix(ending)
    return word.removesuffix("e") if len(word) > _SHORTEST_STEM + 1 else word
