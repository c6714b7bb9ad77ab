"""What is heard, where it was heard, and the words it came from. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from apps.leads.understanding.slips import without_slips

STATED = 0.95  # said in so many words
ANSWERED = 0.9  # a bare answer to the question just asked
IMPLIED = 0.75  # follows from what was said
GUESSED = 0.6  # a misspelling, or words that could mean something else

_PLAIN = str.maketrans(
    {
        "\u2018": "'",
        "\u2019": "'",
        "\u201c": '"',
        "\u201d": '"',
        "\u2013": "-",
        "\u2014": "-",
        "\u2212": "-",
        "\u00a0": " ",
        "\u202f": " ",
        "\t": " ",
    }
    | {chr(0x0966 + digit): str(digit) for digit in range(10)}  # Devanagari digits
)


@dataclass(frozen=True)
class Gazetteer:
    """The places of a market, as people name them. Names in lower case.

    `neighborhoods` and `boroughs` give the code that is stored; `postal_codes` holds those we know.
    """

    postal_codes: frozenset[str] = frozenset()
    boroughs: Mapping[str, str] = field(default_factory=dict)
    neighborhoods: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Hearing:
    """Where words are heard: the market's country, the day, and the fact that was asked for last.

    `region` is ISO 3166 ("US", "IN"); `asked` a key of a fact, or "" when nothing was asked;
    `spoken_of` the keys of what the same person said just before: "it was redone in 2016".
    """

    region: str
    today: date
    asked: str = ""
    places: Gazetteer = field(default_factory=Gazetteer)
    spoken_of: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Fact:
    """One thing somebody said: its value, how sure we are (0 to 1), and the words it came from."""

    value: Any
    confidence: float
    quote: str


@dataclass(frozen=True)
class Heard:
    """A fact at its place in a text. Of one key, the later one counts."""

    key: str
    value: Any
    confidence: float
    start: int
    end: int


@dataclass(frozen=True)
class Words:
    """A text as it came, and in lower case with plain quotes and dashes; both of one length."""

    said: str
    plain: str

    @classmethod
    def of(cls, text: str) -> Words:
        lowered = "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
        return cls(text, _as_list(without_slips(lowered.translate(_PLAIN))))

    def before(self, start: int, *, reach: int = 40) -> str:
        """What stands before a place, back to the beginning of its sentence."""
        return _SENTENCE_END.split(self.plain[max(0, start - reach) : start])[-1]

    def after(self, end: int, *, reach: int = 40) -> str:
        """What stands after a place, up to the end of its sentence."""
        return _SENTENCE_END.split(self.plain[end : end + reach])[0]


# What parts the entries of a list: "own/11229/$310", "owner - 2 family - 300/mo", or a line each.
_PARTED = (
    re.compile(r"(?<=[^\s/])/(?!-|(?:mo|mth|month|m|yr|year|week|wk|kwh)\b)(?=[^\s/])"),
    re.compile(r"(?<=\s)/(?=\s)"),
    re.compile(r"(?<=\s)-(?=\s)(?<!\d\s-)|(?<=\d{5}\s)-(?=\s)|(?<=\d\s)-(?=\s[^\W\d])"),
    re.compile(r"\|"),
)
_NO_LIST = re.compile(r"\d\s?/\s?\d+\s?/\s?\d|https?:|www\.")  # a date, a number, an address
_LINE = re.compile(r"(?<=\w)\n(?=\s*\S)")
_LONGEST_ENTRY = 40
# "Roof? slate. Age? 50.": our questions taken up as labels.
_LABEL = re.compile(
    r"(?:(?<=\bown)|(?<=\bage)|(?<=\broof)|(?<=\bshade)|(?<=\bzip)|(?<=\bbill))\?"
    r"(?= (?!no\b,? (?:it|i|the)|what|how|why|when)[^.?!]+(?:[.!]|$))"
)


def _as_list(plain: str) -> str:
    """The text with a semicolon between the entries of a list; of the same length."""
    lines = [line for line in plain.split("\n") if line.strip()]
    if len(lines) > 1 and max(map(len, lines)) <= _LONGEST_ENTRY:
        plain = _LINE.sub(";", plain)
    if not _NO_LIST.search(plain):
        for parted in _PARTED:
            if len(parted.findall(plain)) > 1:
                plain = parted.sub(";", plain)
    return _LABEL.sub(":", plain).replace("\n", " ")


_SENTENCE_END = re.compile(
    r"(?<!\brs)(?<!\bmr)(?<!\bmrs)(?<!\bdr)(?<!\bst)(?<!\bno)(?<!\bapprox)(?<!\bavg)"
    r"[.!?](?:\s|$)|;"
)
_DENIAL = re.compile(
    r"(?:\bnot?\b|\bnever\b|n't|\bisnt\b|\bdont\b|\baint\b|\bwithout\b|\brather than\b|"
    r"\binstead of\b)(?:\s+(?:an?|the|in|on|my|our|really|actually|at|from|"
    r"have|own|live|living|it|any|even|yet|es|una?|much|currently|is|that|of|planning|looking|"
    r"wanting))*\s*$"
)


def is_denied(words: Words, start: int) -> bool:
    """Whether what begins here is said not to be so: "not a condo", "we don't have slate"."""
    return bool(_DENIAL.search(words.before(start)))


_ASKED_AND_DENIED = re.compile(r"(?:\s+\w+){0,2}\s*\?+\s*(?:no(?! idea| clue)|nope|nah|not)\b")
_SHORT_QUESTION = re.compile(r"^\W*(?:\w+\W+){0,2}$")


def is_taken_back(words: Words, match: re.Match[str]) -> bool:
    """ "Metal roof? No, it's tar": whether a thing is named only to say that it is not so."""
    begins = _SHORT_QUESTION.match(words.before(match.start()))
    return bool(begins and _ASKED_AND_DENIED.match(words.plain, match.end()))


_SOMEBODY = (
    r"(?:neighbou?rs?|friends?|brothers?|sisters?|cousins?|uncle|aunt(?:y|ie)?|colleagues?|"
    r"co-?workers?|boss|(?:brother|sister)[- ]in[- ]law|padosi\w*|dost|chacha|mama|tau|jija|saala|"
    r"behen|bahen|didi|rishtedar\w*|bhaiya|bhai)"
)
_OF_SOMEBODY = re.compile(
    rf"(?<!with )(?<!and )(?<!& )(?:\b|^){_SOMEBODY}(?:'?s?'?)(?: \w+)? bills?\b|"
    r"\b(?:next door|other (?:flat|house|floor)s?)(?:'?s?'?) (?:bills?|pays?)\b|"
    rf"(?<!with )(?<!and )(?<!& )(?:\b|^){_SOMEBODY} (?:got|pays?|paid|has|have|had|is|are)\b|"
    rf"(?<!with )(?<!and )(?<!& )\b(?:my|our|his|her|the)(?: \w+)? {_SOMEBODY}\b(?! and (?:i|"
    rf"me)\b| (?:says?|said|thinks?|told))|"
    rf"(?<!aur )\b(?:mer[aei]|hamar[aei]|humar[aei]|"
    rf"apn[aei])(?: \w+)? {_SOMEBODY}(?: \w+)? k[aei]\b|"
    rf"\b(?!bhai\b){_SOMEBODY} k[aei]\b|\bbhai k[ai] (?:bill )?(?:rs\.? ?|₹)?$|"
    r"(?:पड\u093c?ोसी|पड़ोसी|पडोसी|दोस्त|भाई|चाचा|मामा|रिश्तेदार)(?:यों)?(?: जी)? (?:का|के|की|ने)"
)
_MINE = re.compile(
    r"\b(?:i|i'm|we|we're|my|mine|our|ours|me|us|mera|meri|mere|hamar[aei]|humar[aei]|main|hum|"
    r"apn[aei])\b|"
    r"(?:मेर|हमार|मैं|हम|अपन)"
)


def is_of_another(words: Words, start: int) -> bool:
    """Whether what begins here is told of somebody else: "my neighbour pays 3000". As soon as the
    speaker comes in ("..., mine is 5500", "and we"), it is their own."""
    before = words.before(start, reach=60)
    *_, last = [None, *_OF_SOMEBODY.finditer(before)]
    return bool(last and not _MINE.search(before, last.end()))


def heard(key: str, value: Any, confidence: float, match: re.Match[str], group: int = 0) -> Heard:
    """What a match means, at the place of the match."""
    return Heard(key, value, confidence, match.start(group), match.end(group))
