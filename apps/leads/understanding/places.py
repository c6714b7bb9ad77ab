"""Where somebody's home is: postal code, borough, neighbourhood, utility. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rapidfuzz.distance import DamerauLevenshtein

from apps.leads.understanding.hearing import (
    ANSWERED,
    GUESSED,
    IMPLIED,
    STATED,
    Heard,
    Hearing,
    Words,
    heard,
    is_denied,
)
from apps.leads.understanding.numbers import digit_words, spoken_code
from apps.leads.understanding.sayings import SAYINGS

_UTILITIES = SAYINGS.patterns("utilities")
_UTILITY_ANSWERS = SAYINGS.patterns("utility_answers")

_STREETS = (
    r"(?:st|street|ave|avenue|av|blvd|boulevard|rd|road|dr|drive|ln|lane|pl|place|ct|court|pkwy|"
    r"parkway|"
    r"terrace|ter|way|hwy|highway|bridge|tpke|turnpike|expressway|expy)"
)
_ORDINAL = r"(?:\d{1,3}(?:st|nd|rd|th)?\s+)"
_HOUSE_NUMBER = re.compile(
    rf"\s+(?:(?:n|s|e|w|north|south|east|west)\.?\s+)?(?:(?:{_ORDINAL}(?:[a-z'.]+\s+){{0,3}}|"
    rf"(?:[a-z'.]+\s+){{1,3}}){_STREETS}\b|(?:avenue|ave) [a-z]\b)"
)
_US_ZIP = re.compile(r"(?<![\w$₹.,#-])(\d{5})(?:-\d{4})?(?![\w%]|[.,]\d)")
_IN_PIN = re.compile(
    r"(?:(?<![\w$₹.,+-])|(?<=[a-z]-))([1-9]\d{2}\s?\d{3})(?![\w%]|[.,]\d|[\s-]?\d)"
)
_SAID = re.compile(  # "11 215", "eleven two fifteen": the whole answer, or behind the word "zip"
    r"(?:\b(?:my |the )?zip(?:\s?code)?(?:'?s| is| of)?:?|^\W*(?:it'?s|it is|that'?s|i'?m in)?)"
    r"\s*(?P<code>(?:\d{1,3}|[a-z]+)(?:[\s,-]+(?:\d{1,3}|[a-z]+)){1,6})\W*$"
)
_NAMED_IN_TWO = re.compile(r"\bzip(?:\s?code)?(?:\s+(?:is|of))?:?\s+(\d{2})[\s,](\d{3})\b")
_PIN_IN_TWO = re.compile(r"\W*([1-9]\d{2})\s?[-.,]\s?(\d{3})\W*")  # "201-301", the whole answer
_ZIP_WORDS = re.compile(
    r"\b(?:zip(?:\s?code)?|postal(?:\s?code)?|post\s?code|pin(?:\s?code)?|pincode|"
    r"c[oó]digo postal|area code)\b|पिन"
)
_NOT_A_CODE = re.compile(
    r"\s?(?:kwh?\b|units?\b|sq\b|square|dollars?|bucks|rupees?|rs\b|miles?|people|panels?|watts?|"
    r"a (?:month|year)|"
    r"per (?:month|year)|/-|hazaar|k\b)"
)
_MONEY_BEFORE = re.compile(
    r"(?:\$|₹|rs\.?|inr|bill(?: is| of)?|pay(?:ing)?|cost(?:s)?|"
    r"quoted?)\s*(?:about |around )?$"
)
_NOT_HOME = re.compile(
    r"\b(?:(?:(?<!do you )(?<!you guys )(?<!you all )work|works|working) (?:in|at|near|from)|"
    r"office (?:is )?in|job in|grew up in|born in|"
    r"moved (?:here )?from|"
    r"moving (?:from|to)|used to live in|used to be in|from (?=\w+ to )|(?<!with my )(?<!for my )"
    r"(?:(?:mom|mother|dad|father|parents)"
    r"(?!'?s?'? (?:house|home|place|building))|brother|sister|"
    r"friend|cousin|uncle|aunt|neighbou?r|boss)(?:'s)?(?: \w+){0,2} (?:in|is in|lives? in)|"
    r"near|close to|next to|like in|unlike|commute to)\s+(?:the\s+)?$|"
    # Where we are is not where they live: "are you in Brooklyn?"
    r"(?:^|[,;])\W*(?:(?:so|and|but|hi|hey|hello|ok)\W+)*"
    r"(?:(?:are|r|is|where) (?:you|u|your|yall)\b|"
    r"you(?:'re| are| guys)\b|do you (?:guys )?have (?:an?|your) )[^.;!?]*$"
)
_A_PLACE_BEFORE = re.compile(
    r"\b(?:(?:in|at|near|live)(?:\s+[a-z]+){0,2}|ny|nyc|new york|nj|delhi|mumbai)[\s,]*$"
)
_SOMEBODY_OF = re.compile(
    r"\bwork(?:s|ed|ing)? (?:with|for|at)\s+$|\b(?:are|r) (?:you|u) (?:with )?$"
)
# A code of New York, New Jersey or Connecticut outside of our tables, where it stands in a list.
_NEARBY = re.compile(r"(?:0[678]|1[0-4])\d(?!00)\d\d")
_IN_A_LIST = re.compile(r"(?:^|[,;.]\s+|\bown(?:er)? |\brent )$")
_LIST_GOES_ON = re.compile(r"\s*(?:$|[,;.]|[a-z])")
_CORRECTED = re.compile(  # "11251, no 11215"
    r"\d{5,6}[\s.,!-]*(?:\w+[\s.,!-]+){0,2}?(?:no|nahin?|sorry|oops|wait)[\s.,!-]*$"
)
# One, two and three words from here on, each as a group of that number.
_END = r"(?![a-z'])"
_ONE_TO_THREE = re.compile(
    rf"(?<![a-z'-])(?=([a-z]+){_END})(?=(?:([a-z]+ [a-z]+){_END})?)"
    rf"(?=(?:([a-z]+ [a-z]+ [a-z]+){_END})?)[a-z]"
)
_IN_CAPITALS = re.compile(r"(?<![\w.])S\.?I\b(?=\.?(?:,?\s*(?:NY\W*)?\d{5}|\W*$))|(?<=\bin )SI\b")


def hear_places(words: Words, hearing: Hearing) -> Iterator[Heard]:
    """Every place that is said to be where the home is."""
    yield from _postal_codes(words, hearing)
    taken: list[tuple[int, int]] = []
    for key, names in (
        ("neighborhood", hearing.places.neighborhoods),
        ("borough", hearing.places.boroughs),
    ):
        for found in _names(words, key, dict(names), taken):
            taken.append((found.start, found.end))
            yield found
    for name, pattern in _UTILITIES.items():
        for match in pattern.finditer(words.plain):
            is_theirs = not _SOMEBODY_OF.search(words.before(match.start()))
            if is_theirs and not is_denied(words, match.start()):
                yield Heard("utility", name, STATED, match.start(), match.end())
    if hearing.asked == "utility":
        for name, pattern in _UTILITY_ANSWERS.items():
            if answer := pattern.search(words.plain):
                yield Heard("utility", name, ANSWERED, answer.start(), answer.end())


def _postal_codes(words: Words, hearing: Hearing) -> Iterator[Heard]:
    pattern = _IN_PIN if hearing.region == "IN" else _US_ZIP
    for match in pattern.finditer(words.plain):
        code = re.sub(r"\s", "", match[1])
        if confidence := _is_code(words, match, code, hearing):
            yield Heard("zip_code", code, confidence, match.start(1), match.end(1))
    apart = _NAMED_IN_TWO.search(words.plain)
    if hearing.region == "IN":
        apart = _PIN_IN_TWO.fullmatch(words.plain) if hearing.asked == "zip_code" else None
    if apart:
        yield Heard("zip_code", apart[1] + apart[2], ANSWERED, apart.start(1), apart.end(2))
    elif hearing.region == "US" and (said := _SAID.search(words.plain)):
        code = spoken_code(said["code"])
        if len(code) == 5 and (hearing.asked == "zip_code" or "zip" in said[0]):
            yield Heard("zip_code", code, ANSWERED, said.start("code"), said.end("code"))
    length = 6 if hearing.region == "IN" else 5
    for digits, start, end in digit_words(words.plain):
        if len(digits) == length:
            yield Heard("zip_code", digits, IMPLIED, start, end)


def _is_code(words: Words, match: re.Match[str], code: str, hearing: Hearing) -> float:
    """How sure we are that these digits are the postal code of the home; 0 for something else."""
    before = words.before(match.start())
    is_no = is_denied(words, match.start()) and not _CORRECTED.search(words.plain[: match.start()])
    if is_no or _NOT_HOME.search(before):
        return 0
    named = _ZIP_WORDS.search(before[-25:]) or _ZIP_WORDS.match(
        words.after(match.end()).lstrip(" ,")
    )
    if named:
        return STATED
    if _NOT_A_CODE.match(words.plain, match.end()) or _MONEY_BEFORE.search(before):
        return 0
    if _HOUSE_NUMBER.match(words.plain, match.end()):
        return 0
    if code in hearing.places.postal_codes or code[:3] in hearing.places.postal_codes:
        return STATED
    if hearing.asked == "zip_code":
        return ANSWERED
    is_listed = (
        hearing.region == "US"
        and _NEARBY.fullmatch(code)
        and _IN_A_LIST.search(words.plain[: match.start()])
        and _LIST_GOES_ON.match(words.plain, match.end())
    )
    is_a_place = is_listed or _A_PLACE_BEFORE.search(before)
    return IMPLIED if is_a_place and hearing.asked != "monthly_bill" else 0


def _names(
    words: Words, key: str, names: dict[str, str], taken: list[tuple[int, int]]
) -> Iterator[Heard]:
    for match in _pattern(names).finditer(words.plain) if names else ():
        inside = any(start <= match.start() and match.end() <= end for start, end in taken)
        if not inside and _is_home(words, match):
            yield Heard(key, names[match[0]], STATED, match.start(), match.end())
            taken.append((match.start(), match.end()))
    yield from _misspelled(words, key, names, taken)
    if key == "borough" and "staten island" in names and (si := _IN_CAPITALS.search(words.said)):
        yield heard(key, names["staten island"], IMPLIED, si)


_patterns: dict[tuple[str, ...], re.Pattern[str]] = {}


def _pattern(names: dict[str, str]) -> re.Pattern[str]:
    """One pattern for all names, longest first, made once for each set of names."""
    key = tuple(names)
    if key not in _patterns:
        longest_first = sorted(map(re.escape, names), key=len, reverse=True)
        _patterns[key] = re.compile(rf"(?<![\w-])(?:{'|'.join(longest_first)})(?!\w)")
    return _patterns[key]


def _is_home(words: Words, match: re.Match[str]) -> bool:
    before = words.before(match.start())
    if is_denied(words, match.start()) or _NOT_HOME.search(before):
        return False
    return not re.match(rf"\s+{_STREETS}\b", words.plain[match.end() :])


def _misspelled(
    words: Words, key: str, names: dict[str, str], taken: list[tuple[int, int]]
) -> Iterator[Heard]:
    """ "brookyln", "manhatten", "jackson hieghts": a long name with one or two letters wrong."""
    least, generous = (6, 8) if key == "borough" else (7, 12)
    by_size: dict[tuple[int, str], list[str]] = {}
    for name in names:
        if len(name.removeprefix("the ")) >= least:
            by_size.setdefault((name.count(" ") + 1, name[0]), []).append(name)
    for match in _ONE_TO_THREE.finditer(words.plain):
        for size in (3, 2, 1):
            word = match[size]
            if not word or len(word) < least or any(s <= match.start() < e for s, e in taken):
                continue
            for name in by_size.get((size, word[0]), ()):
                allowed = 2 if len(name) >= generous else 1
                off = DamerauLevenshtein.distance(word, name, score_cutoff=allowed)
                is_derived = word.startswith(name)  # "jamaican" is no place
                is_near = 0 < off <= allowed and not is_derived and _is_spelled_so(word, name)
                if is_near and _is_home(words, match):
                    yield Heard(key, names[name], GUESSED + 0.1, match.start(), match.end(size))
                    taken.append((match.start(), match.end(size)))
                    break


def _is_spelled_so(said: str, name: str) -> bool:
    """Word by word: "jackson hieghts" is the place, "Lakshmi Nair" is not Lakshmi Nagar."""
    return all(
        DamerauLevenshtein.distance(one, other) <= max(1, len(other) // 4)
        for one, other in zip(said.split(), name.split(), strict=True)
    )
