"""Numbers as people say them: digits, words, "2.5k", "a couple hundred", lakhs, ranges. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

_ONES = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
    "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14,
    "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19,
    # Hindi, as typed in Latin letters and in its own
    "ek": 1, "teen": 3, "char": 4, "chaar": 4, "paanch": 5, "panch": 5, "chhe": 6, "chhah": 6,
    "saat": 7, "aath": 8, "nau": 9, "das": 10,
    "gyarah": 11, "barah": 12, "terah": 13, "chaudah": 14, "pandrah": 15, "solah": 16, "satrah": 17,
    "atharah": 18, "unnis": 19, "pachees": 25, "pachis": 25, "pacchis": 25,
    "paintees": 35, "paintis": 35,
    "paintalis": 45, "pachpan": 55, "pachhattar": 75,
    "एक": 1, "दो": 2, "तीन": 3, "चार": 4, "पांच": 5, "पाँच": 5, "छह": 6, "छः": 6, "सात": 7, "आठ": 8,
    "नौ": 9, "दस": 10, "ग्यारह": 11, "बारह": 12, "तेरह": 13, "चौदह": 14, "पंद्रह": 15, "पन्द्रह": 15,
    "सोलह": 16, "सत्रह": 17, "अठारह": 18, "पच्चीस": 25, "पैंतीस": 35, "पैंतालीस": 45, "पचपन": 55,
    # Spanish
    "uno": 1, "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5, "seis": 6, "siete": 7, "ocho": 8,
    "nueve": 9, "diez": 10, "once": 11, "doce": 12, "quince": 15,
    "cien": 100, "ciento": 100, "doscientos": 200, "doscientas": 200, "trescientos": 300,
    "trescientas": 300, "cuatrocientos": 400, "quinientos": 500, "seiscientos": 600,
    "setecientos": 700, "ochocientos": 800, "novecientos": 900,
}  # fmt: skip
_TENS = {
    "twenty": 20, "thirty": 30, "forty": 40, "fourty": 40, "fifty": 50, "sixty": 60,
    "seventy": 70, "eighty": 80, "ninety": 90,
    "bees": 20, "tees": 30, "chalis": 40, "chalees": 40, "pachas": 50, "pachaas": 50, "sattar": 70,
    "assi": 80, "nabbe": 90, "चालीस": 40, "साठ": 60, "सत्तर": 70, "अस्सी": 80, "नब्बे": 90,
    "बीस": 20, "तीस": 30, "पचास": 50,
    "veinte": 20, "treinta": 30, "cuarenta": 40, "cincuenta": 50, "sesenta": 60, "setenta": 70,
    "ochenta": 80, "noventa": 90,
}  # fmt: skip
_SCALES = {
    "hundred": 100, "hundreds": 100, "hundo": 100, "hunnid": 100, "sau": 100, "सौ": 100,
    "thousand": 1000, "grand": 1000, "k": 1000, "mil": 1000,
    "hazaar": 1000, "hazar": 1000, "hajar": 1000, "hajaar": 1000, "हज़ार": 1000, "हजार": 1000,
    "hjar": 1000, "hjr": 1000, "hzar": 1000,
    "lakh": 100_000, "lakhs": 100_000, "lac": 100_000, "lacs": 100_000, "लाख": 100_000,
    "crore": 10_000_000, "crores": 10_000_000, "cr": 10_000_000,
}  # fmt: skip
_VAGUE = {"couple": 2, "few": 3, "several": 4}
_PARTS = {  # beside the number that follows: "saadhe teen" is 3.5, "sawa lakh" 125,000
    "saadhe": 0.5, "sadhe": 0.5, "saade": 0.5, "sade": 0.5, "saadey": 0.5, "साढे": 0.5,
    "sawa": 0.25, "sava": 0.25, "सवा": 0.25,
    "paune": -0.25, "पौने": -0.25,
}  # fmt: skip
_HALVES = {"dedh": 1.5, "dhai": 2.5, "डेढ": 1.5, "ढाई": 2.5}
_DIGITS = r"\d{1,3}(?:,\d{2,3})+(?:\.\d+)?|\d+(?:\.\d+)?"
# Vowel signs of Devanagari are no letters to Python: its words are runs of the block.
_TOKEN = re.compile(rf"(?P<digits>{_DIGITS})|(?P<word>[\u0900-\u0963]+|[^\W\d_]+)")
_GLUE = re.compile(r"\s+(?P<word>and|y|of)\s+|[\s-]*")


@dataclass(frozen=True)
class Number:
    """A number at its place. `scale` is 1000 in "2.5k", 100 in "three hundred"."""

    value: float
    start: int
    end: int
    is_word: bool = False
    scale: int = 1


def numbers_in(plain: str) -> Iterator[Number]:
    """Every number of a text in lower case, in order."""
    position = 0
    while found := _TOKEN.search(plain, position):
        number = _in_digits(plain, found) if found["digits"] else _in_words(plain, found)
        if number is not None:
            yield number
        position = number.end if number else found.end()


def _in_digits(plain: str, digits: re.Match[str]) -> Number:
    value = float(digits["digits"].replace(",", ""))
    following = _UNIT.match(plain, digits.end())
    if value < 10 and (tens := _TENS_BEHIND.match(plain, digits.end())):
        behind = _TENS[tens[1]] + (_ONES[tens[2]] if tens[2] else 0)
        return Number(value * 100 + behind, digits.start(), tens.end())
    if lakhs := _LAKHS.match(plain, digits.end()):
        return Number(value * 100_000, digits.start(), lakhs.end(), scale=100_000)
    if following is None:
        return Number(value, digits.start(), digits.end())
    scale = _SCALES[following[1]]
    if scale == 100 and (bit := _AND_A_BIT.match(plain, following.end())):  # "3 hundred 50"
        return Number(value * scale + int(bit[1]), digits.start(), bit.end())
    more = _MORE.match(plain, following.end())
    if more and _SCALES[more["scale"]] < scale:  # "1 lakh 20 thousand"
        value = value * scale + int(more["digits"]) * _SCALES[more["scale"]]
        return Number(value, digits.start(), more.end(), scale=scale)
    return Number(value * scale, digits.start(), following.end(), scale=scale)


def _in_words(plain: str, first: re.Match[str]) -> Number | None:
    """The run of number words from here on. "two fifty" is 250, "three hundred ten" 310; "teen
    chaar hazaar", three or four thousand, their middle."""
    if spoken := _WITH_OH.match(plain, first.start()):  # "two oh five"
        value = 100 * _ONES[spoken["hundreds"]] + _ONES[spoken["ones"]]
        return Number(value, spoken.start(), spoken.end(), True)
    if half := _AND_A_HALF.match(plain, first.start()):  # "two and a half thousand"
        scale = _SCALES[half["scale"]]
        return Number((_ONES[half["ones"]] + 0.5) * scale, half.start(), half.end(), True, scale)
    run = _run_of_words(plain, first)
    if not run or (len(run) == 1 and not _speaks_alone(plain, run[0])):
        return None
    total, scale, beside = 0.0, 1, 0.0
    current: float | None = None
    words = [_key(match) for match in run]
    for word, following in zip(words, [*words[1:], ""], strict=True):
        if word in _PARTS:
            beside = _PARTS[word]
            continue
        if (factor := _SCALES.get(word)) is None:
            part, scale = _VALUES[word] + beside, 1
            is_range = current is not None and part == current + 1 < 10 and following in _SCALES
            current = part - 0.5 if is_range else _joined(current, part)
            beside = 0.0
            continue
        current, scale, beside = (current or 1 + beside) * factor, factor, 0.0
        if factor >= 1000:
            total, current = total + current, None
    return Number(total + (current or 0), run[0].start(), run[-1].end(), True, scale)


def _run_of_words(plain: str, first: re.Match[str]) -> list[re.Match[str]]:
    """Number words that stand together, "and" and hyphens between them left out."""
    run: list[re.Match[str]] = []
    match: re.Match[str] | None = first
    while match and match["word"] and _key(match) in _COUNTING:
        run.append(match)
        glue = _GLUE.match(plain, match.end())
        match = _TOKEN.match(plain, glue.end()) if glue else None
        if glue and match and glue["word"] and not _goes_on(plain, run[-1], glue["word"], match):
            break
    if run and run[0]["word"] in _SCALES and run[0]["word"] not in _SCALES_ALONE:
        return run if run[0]["word"] == "mil" and len(run) > 1 else []  # "mil ochocientos"
    if (
        run
        and run[0]["word"] == "do"
        and not (len(run) > 1 and (run[1]["word"] in _SCALES or run[1]["word"] == "teen"))
        and not _MEASURE.match(plain, run[0].end())
        and not _UP_TO_MORE.match(plain, run[0].end())
    ):
        return []  # the English verb
    return run


def _goes_on(plain: str, before: re.Match[str], glue: str, after: re.Match[str]) -> bool:
    """ "Two hundred and forty", "treinta y cinco", "a couple of hundred" are one number; "two
    hundred and three hundred" are two."""
    first, part = _key(before), _VALUES.get(_key(after) if after["word"] else "", 100)
    if glue == "of":
        return first in _VAGUE
    if glue == "y":
        return _TENS.get(first, 0) >= 20 and part < 10
    following = _NEXT_WORD.match(plain, after.end())
    return first in _SCALES and part < 100 and not (following and following[1] in _SCALES)


def _key(match: re.Match[str]) -> str:
    """A word as the tables spell it: the dot under Devanagari letters is often left out."""
    return unicodedata.normalize("NFD", match["word"]).replace("\u093c", "")


def _speaks_alone(plain: str, match: re.Match[str]) -> bool:
    """ "Fifty" is a number; "few" and "one" are when a measure follows, "a few weeks", or the
    end of a range: "teen se chaar hazaar"."""
    return (
        match["word"] in _SPEAKING_ALONE
        or bool(_MEASURE.match(plain, match.end()))
        or bool(_UP_TO_MORE.match(plain, match.end()))
    )


def _joined(current: float | None, part: float) -> float:
    """Puts a part behind what was said: "two fifty" 250, "twenty five" 25, "one eighty" 180."""
    if current is None:
        return part
    if current >= 100 or (current >= 20 and current % 10 == 0 and part < 10):
        return current + part
    return current * 100 + part if part >= 10 else part


_VALUES: dict[str, float] = {
    **_ONES,
    **_TENS,
    **_VAGUE,
    **_HALVES,
    "do": 2,
    "buck": 1,
}  # "a buck fifty" is 150
_DIGIT = "one|two|three|four|five|six|seven|eight|nine"
_WITH_OH = re.compile(
    rf"(?P<hundreds>{_DIGIT})[\s-]+oh?[\s-]+(?P<ones>{_DIGIT})\b(?![\s-]+(?:oh?|zero|{_DIGIT})\b)"
)
_AND_A_HALF = re.compile(
    rf"(?P<ones>{_DIGIT})\s+and\s+(?:a\s+)?half\s+(?P<scale>hundred|thousand|grand|lakhs?|lacs?)\b"
)
_COUNTING = _VALUES.keys() | _SCALES.keys() | _PARTS.keys()
_SCALES_ALONE = {"hundred", "thousand", "grand"}
_NEXT_WORD = re.compile(r"[\s-]+([^\W\d_]+)")
_UNIT = re.compile(rf"\s?({'|'.join(sorted(_SCALES, key=len, reverse=True))})(?![^\W_]|')")
_TENS_BEHIND = re.compile(  # "2 forty", "3-fifty"
    r"[\s-](twenty|thirty|fou?rty|fifty|sixty|seventy|eighty|ninety)(?:[\s-](one|two|three|four|"
    r"five|six|"
    r"seven|eight|nine))?\b(?![\s-](?:years?|percent|hundred|thousand|amp|watt|minutes?|days?|"
    r"family|unit))"
)
_MORE = re.compile(rf"\s+(?P<digits>\d+)\s*(?P<scale>{'|'.join(_SCALES)})(?![^\W_])")
_AND_A_BIT = re.compile(r"\s+(?:and\s+)?(\d\d)(?![\w%]|\s*(?:to|-|years?|months?))")
_LAKHS = re.compile(r"l(?![^\W_])")  # "1.5L"
_MEASURE = re.compile(
    r"\s+(?:of\s+)?(?:weeks?|months?|years?|yrs?|mahin[ae]|saal|haft[ae]|din|mes(?:es)?|"
    r"años?|kids|trees?)\b"
)
_UP_TO_MORE = re.compile(
    rf"\s*(?:se|to|-|से)\s*(?:{'|'.join(_VALUES)}|\d+)\s+(?:{'|'.join(_SCALES)})(?![^\W_])"
)
# Words that mean a number also when they stand alone. Not "one" (somebody) or "once" (when).
_SPEAKING_ALONE = (
    (set(_ONES) | set(_TENS)) - {"one", "uno", "once", "ek", "das", "saat", "teen", "char", "nau"}
) | {"hundred", "grand"}


_DIGIT_WORDS = {word: value for word, value in _ONES.items() if value < 10} | {
    "oh": 0, "o": 0, "do": 2, "shunya": 0, "chah": 6, "che": 6, "cheh": 6, "शून्य": 0,
}  # fmt: skip
_FEWEST_DIGITS = 4


def digit_words(plain: str) -> Iterator[tuple[str, int, int]]:
    """Digits said one by one ("one one two one five"; "double five" is two), with their place."""
    run, start, end, repeat = "", 0, 0, 1
    for token in [*re.finditer(r"[^\W_]+|[.?!;,]", plain), None]:
        word = token[0] if token else "."
        if word in {"double", "triple"} and token:
            repeat = 2 if word == "double" else 3
            start = start if run else token.start()
            continue
        digit = _DIGIT_WORDS.get(word)
        if word.isascii() and word.isdecimal() and len(word) == 1:
            digit = int(word)
        if digit is not None and token:
            start = start if run or repeat > 1 else token.start()
            run, end = run + str(digit) * repeat, token.end()
        elif run and word != ",":
            if len(run) >= _FEWEST_DIGITS:
                yield run, start, end
            run = ""
        repeat = 1


_TWO_DIGITS = {word: value for word, value in (_ONES | _TENS).items() if 10 <= value < 100}
_HUNDREDS = re.compile(r"\b([a-z]+) hundred(?: and)?\b")


def spoken_code(plain: str) -> str:
    """The digits of a code said in groups: "eleven two fifteen" is 11215. Empty when another word
    stands among them."""
    digits, tens = "", ""
    for word in re.findall(r"[^\W_]+", _HUNDREDS.sub(r"\1 zero zero", plain)):
        one = f"{_DIGIT_WORDS[word]:.0f}" if word in _DIGIT_WORDS else ""
        if tens and one not in {"", "0"}:
            digits, tens = digits[:-1] + one, ""
            continue
        tens = ""
        if one or word.isdecimal():
            digits += one or word
        elif word in _TWO_DIGITS:
            digits += f"{_TWO_DIGITS[word]:.0f}"
            tens = word if word in _TENS else ""
        else:
            return ""
    return digits
