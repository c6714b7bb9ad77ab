"""Are these two leads one person? A score with its reasons, beside the exact rule of ADR 1. Pure.

Careful in one direction: what is suggested is looked at by a person, and a list of wrong guesses
is soon looked at by nobody. Two first names at one address are a household, not a person.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from rapidfuzz.distance import DamerauLevenshtein, JaroWinkler
from rapidfuzz.fuzz import ratio

Kind = Literal["person", "household"]

LEAST = 60  # points for a suggestion
_TAIL = 7  # digits that people keep when they mistype, or leave out, what stands before
_NAMES_ALIKE = 0.92  # Jaro-Winkler
_SOUNDS = str.maketrans("bfpvcgjkqsxzdtlmnr", "111122222222334556")
_SILENT = "hw"
_STREET_WORDS = {
    "street": "st", "avenue": "ave", "road": "rd", "boulevard": "blvd", "drive": "dr",
    "lane": "ln", "place": "pl", "court": "ct", "apartment": "apt", "north": "n", "south": "s",
    "east": "e", "west": "w",
}  # fmt: skip
# Addresses behind which anybody may sit.
_OFFICES = {"info", "office", "contact", "sales", "admin", "mail", "hello", "support", "test"}


@dataclass(frozen=True)
class Person:
    """What a lead says of who it is. Empty means not said; `phone` in E.164."""

    first_name: str = ""
    last_name: str = ""
    email: str = ""
    phone: str = ""
    address: str = ""
    postal_code: str = ""


@dataclass(frozen=True)
class Likeness:
    """How much two leads look like one person (0 to 100), and why, in words."""

    kind: Kind
    score: int
    reasons: tuple[str, ...]


def block_keys(person: Person) -> set[str]:
    """The blocks a lead is compared within: two leads that share none are never one person.

    The end of the phone number, the name in the e-mail address, place with the sound or the
    beginning of the last name, and place with the house.
    """
    keys = set()
    if tail := _tail(person.phone):
        keys.add(f"phone:{tail}")
    if local := _local(person.email):
        keys.add(f"email:{local}")
    last = _plain(person.last_name)
    if person.postal_code and last:
        keys.add(f"sound:{person.postal_code}:{sound(last)}")
        keys.add(f"name:{person.postal_code}:{last[:3]}")
    if person.postal_code and (house := _house(person.address)):
        keys.add(f"house:{person.postal_code}:{house}")
    return {key[:100] for key in keys}


def likeness(one: Person, other: Person) -> Likeness | None:
    """Whether two leads look like one person or one household; None when they do not."""
    points: list[tuple[int, str]] = [
        *_phones(one.phone, other.phone),
        *_emails(one.email, other.email),
        *_places(one, other),
    ]
    same_last = _alike(one.last_name, other.last_name)
    first = _first_names(one.first_name, other.first_name)
    if first == "differ":
        return _household(points, same_last)
    points += _names(first, same_last, both_known=bool(one.last_name and other.last_name))
    score = min(sum(number for number, _ in points), 100)
    if score < LEAST:
        return None
    return Likeness("person", score, _reasons(points))


def sound(name: str) -> str:
    """Soundex of a plain Latin name, so that Meyer and Maier share a block; else its beginning."""
    if not name.isascii():
        return name[:4]
    letters = [letter for letter in name if letter.isalpha()]
    if not letters:
        return name[:4]
    code, last = letters[0], letters[0].translate(_SOUNDS)
    for letter in letters[1:]:
        digit = letter.translate(_SOUNDS)
        if digit.isdigit() and digit != last:
            code += digit
        if letter not in _SILENT:
            last = digit
    return code[:4].ljust(4, "0")


def _phones(one: str, other: str) -> list[tuple[int, str]]:
    if not one or not other:
        return []
    if one == other:
        return [(50, "the same phone number")]
    if (tail := _tail(one)) and tail == _tail(other):
        return [(40, "phone numbers with the same end")]
    return []


def _emails(one: str, other: str) -> list[tuple[int, str]]:
    if not one or not other:
        return []
    (first, at), (second, elsewhere) = _address(one), _address(other)
    if first in _OFFICES or second in _OFFICES:
        return []
    if one == other:
        return [(60, "the same e-mail address")]
    if first == second and at == elsewhere:
        return [(60, "one e-mail address, with and without dots or +tag")]
    if first == second and _is_typo(at, elsewhere):
        return [(60, f"e-mail addresses that differ by a slip: {at} and {elsewhere}")]
    if first == second and len(first) >= 6:
        return [(35, "the same name in the e-mail, at two providers")]
    if at == elsewhere and len(first) >= 6 and DamerauLevenshtein.distance(first, second) == 1:
        return [(40, "e-mail addresses that differ by one letter")]
    return []


def _places(one: Person, other: Person) -> list[tuple[int, str]]:
    if not one.postal_code or one.postal_code != other.postal_code:
        return []
    house, second = _house(one.address), _house(other.address)
    if house and house == second and ratio(_street(one.address), _street(other.address)) >= 85:
        return [(30, "the same address")]
    return [(5, "the same postal code")]


def _names(first: str, same_last: bool, *, both_known: bool) -> list[tuple[int, str]]:
    if first == "same" and same_last:
        return [(35, "the same name")]
    if first == "initial" and same_last:
        return [(25, "the same last name, and a first name that fits")]
    if first == "unknown" and same_last:
        return [(15, "the same last name")]
    if both_known and not same_last:
        return [(-15, "")]  # people marry, and people mistype; strangers do neither
    return [(15, "the same first name")] if first == "same" else []


def _household(points: list[tuple[int, str]], same_last: bool) -> Likeness | None:
    """Two people who share a house or a telephone. Neighbours by postal code alone share none."""
    shared = [(number, words) for number, words in points if number >= 30]
    if not shared or not (same_last or len(shared) > 1):
        return None
    if same_last:
        shared.append((10, "the same last name"))
    reasons = (*_reasons(shared), "two first names: a household rather than one person")
    return Likeness("household", min(sum(number for number, _ in shared), 75), reasons)


def _reasons(points: Iterable[tuple[int, str]]) -> tuple[str, ...]:
    return tuple(words for number, words in sorted(points, reverse=True) if number > 0 and words)


def _first_names(one: str, other: str) -> str:
    """same, initial, unknown or differ."""
    first, second = _plain(one), _plain(other)
    if not first or not second:
        return "unknown"
    if _alike(first, second):
        return "same"
    short, long = sorted((first.split()[0].rstrip("."), second.split()[0]), key=len)
    fits = long.startswith(short) and (len(short) == 1 or len(short) >= 3)
    return "initial" if fits else "differ"


def _alike(one: str, other: str) -> bool:
    first, second = _plain(one), _plain(other)
    if not first or not second:
        return False
    if sorted(first.split()) == sorted(second.split()):
        return True
    if min(len(first), len(second)) < 4:  # Li and Lu are two names
        return first == second
    return JaroWinkler.similarity(first, second) >= _NAMES_ALIKE


def _plain(text: str) -> str:
    """Lower case, without accents and punctuation; other scripts stay as they are."""
    bare = "".join(
        character
        for character in unicodedata.normalize("NFKD", text.lower())
        if not ("\u0300" <= character <= "\u036f")
    )
    kept = (character if unicodedata.category(character)[0] in "LMN" else " " for character in bare)
    return " ".join("".join(kept).split())


def _tail(phone: str) -> str:
    digits = re.sub(r"\D", "", phone)
    return digits[-_TAIL:] if len(digits) > _TAIL else ""


def _address(email: str) -> tuple[str, str]:
    local, _, domain = email.lower().rpartition("@")
    return local.partition("+")[0].replace(".", ""), domain


def _local(email: str) -> str:
    local = _address(email)[0] if email else ""
    # The first letters only: a slip further on must not part the two.
    return "" if local in _OFFICES else local[:6]


def _is_typo(one: str, other: str) -> bool:
    """gmial.com, gmail.co: a slip of the finger. Not another provider of a similar name."""
    return DamerauLevenshtein.distance(one, other) <= (1 if min(len(one), len(other)) < 7 else 2)


def _street(address: str) -> str:
    return " ".join(_STREET_WORDS.get(word, word) for word in _plain(address).split())


def _house(address: str) -> str:
    """The number of the house and the first word of the street; "" without a number."""
    words = _street(address).split()
    number = next((word for word in words if word[:1].isdigit()), "")
    street = next((word for word in words if word.isalpha() and len(word) > 1), "")
    return f"{number}:{street}" if number and street else ""
