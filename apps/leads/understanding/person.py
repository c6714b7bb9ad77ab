"""Who is speaking, and how to reach them: names, e-mail, telephone. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from apps.contacts.identity import find_phones, read_email, read_phone
from apps.leads.understanding.hearing import (
    IMPLIED,
    STATED,
    Heard,
    Hearing,
    Words,
    is_denied,
)
from apps.leads.understanding.names import hear_names
from apps.leads.understanding.numbers import digit_words, spoken_code

_HOSTS = frozenset({"gmail", "yahoo", "hotmail", "outlook", "icloud", "aol", "rediffmail", "live"})
_DOT = r"\s*(?:\.(?!\s)|\s+dot\s+|\s+punto\s+|\(dot\)|\[dot\]|\s+d0t\s+)\s*"
# Of an address that is spoken: "a quote at rohit dot mehra at gmail dot com" holds one.
_ENDINGS = "com|net|org|edu|gov|info|biz|io|me|us|in|co|mx|es|nyc|dev|app|uk|ca"
_SPELLED_AT = re.compile(
    r"(?P<local>(?:(?<!\w)[a-z0-9] ){2,20}[a-z0-9]|[a-z0-9](?:[a-z0-9._+-]|"
    r"\s+(?:dot|punto|underscore|gui[oó]n bajo|dash|hyphen|gui[oó]n)\s+|\s*\[dot\]\s*|"
    r"\s*\(dot\)\s*){0,60}?[a-z0-9]?)\s*"
    r"(?:\s+at\s+|\s*\(at\)\s*|\s*\[at\]\s*|\s+arroba\s+|\s+at the rate(?: of)?\s+|\s*@\s*)"
    rf"(?P<domain>[a-z0-9-]+(?:{_DOT}[a-z0-9-]+){{0,2}}?{_DOT}(?:{_ENDINGS})(?:{_DOT}in)?|"
    rf"{'|'.join(sorted(_HOSTS))})(?![\w@])"
)
# What is said between "my e-mail is" and "at" is the address, in however many pieces.
_SPOKEN_LOCAL = re.compile(
    r"\b(?:e-?mail|correo|mail)(?: address| electr[oó]nico| id)?(?:'s| is| es|:)\s+"
    r"(?P<local>[a-z0-9._+-]+(?:\s+[a-z0-9._+-]+){0,9})$"
)
_LOCAL_ALONE = re.compile(  # the answer: "lara 99 at gmail"
    r"\W*(?P<local>(?!(?:it'?s?|mine|my|sure|yes|yeah|ok|okay|send|use)\b)"
    r"[a-z0-9._+-]+(?:\s+[a-z0-9._+-]+){1,5})"
)
_UNDERSCORES = frozenset({"underscore", "guion bajo", "guión bajo"})
_US_PHONE = re.compile(
    r"(?<![\w$])(?:\+?1[\s.-]?)?\(?([2-9]\d{2})\)?[\s.-]?(\d{3})[\s.-]?(\d{4})(?!\w)"
)
_IN_PHONE = re.compile(r"(?<![\w₹])(?:\+?91[\s-]?|0)?([6-9]\d{4})[\s-]?(\d{5})(?!\w)")

_FEWEST_GROUPED = 10  # digits of a number without its country
_SHORTEST_IN_INDIA = len("+911234567890")


def hear_person(words: Words, hearing: Hearing) -> Iterator[Heard]:
    """Names, e-mail addresses and telephone numbers."""
    yield from _emails(words, asked=hearing.asked == "email")
    yield from _phones(words, hearing)
    yield from hear_names(words, hearing)


def _emails(words: Words, *, asked: bool) -> Iterator[Heard]:
    found = False
    for match in re.finditer(r"[^\s<>()\[\],;:\"]+@[^\s<>()\[\],;:\"]+", words.plain):
        if address := read_email(match[0].strip(".!?")):
            found = True
            yield Heard("email", address, STATED, match.start(), match.end())
    if found:
        return
    for match in _SPELLED_AT.finditer(words.plain):
        spoken = _SPOKEN_LOCAL.search(words.plain, 0, match.end("local"))
        if asked and not spoken:
            spoken = _LOCAL_ALONE.fullmatch(words.plain, 0, match.end("local"))
        domain = re.sub(
            r"\s*(?:\bdot\b|\bpunto\b|\(dot\)|\[dot\]|\bd0t\b|,)\s*|\s*\.\s*", ".", match["domain"]
        )
        domain = re.sub(r"\s+", "", domain)
        if "." not in domain and domain in _HOSTS:
            domain += ".com"
        local = re.sub(
            r"\s*[\[(]?\b(?:dot|punto)\b[\])]?\s*",
            ".",
            spoken["local"] if spoken else match["local"],
        )
        local = re.sub(
            r"\s+(underscore|gui[oó]n bajo|dash|hyphen|gui[oó]n)\s+",
            lambda m: "_" if m[1] in _UNDERSCORES else "-",
            local,
        )
        if address := read_email(re.sub(r"\s+", "", local) + "@" + domain):
            start = spoken.start("local") if spoken else match.start()
            yield Heard("email", address, IMPLIED + 0.1, start, match.end())


def _phones(words: Words, hearing: Hearing) -> Iterator[Heard]:
    pattern = _IN_PHONE if hearing.region == "IN" else _US_PHONE
    seen: set[str] = set()
    for match in re.finditer(r"\+\d[\d\s().-]{7,18}\d", words.plain):
        if number := read_phone(match[0], region=hearing.region):
            seen.add(number.e164)
            yield Heard("phone", number.e164, STATED, match.start(), match.end())
    for match in pattern.finditer(words.plain):
        if is_denied(words, match.start()):
            continue  # "555-0199, not 555-0198"
        number = read_phone("".join(match.groups()), region=hearing.region)
        if number and number.e164 not in seen:
            seen.add(number.e164)
            yield Heard("phone", number.e164, STATED, match.start(), match.end())
    if not seen:
        for found in find_phones(words.plain, region=hearing.region):
            if hearing.region == "IN" and len(found.e164) < _SHORTEST_IN_INDIA:
                continue  # "bill 1800/2000" rings nowhere
            yield Heard("phone", found.e164, STATED, *_span(words, found.e164))
        yield from _spoken_phone(words, hearing)


def _span(words: Words, e164: str) -> tuple[int, int]:
    """Where the digits of a number stand, however they are grouped."""
    grouped = re.search("0?" + r"[\s().-]*".join(e164[-_FEWEST_GROUPED:]), words.plain)
    return grouped.span() if grouped else (0, 0)


def _spoken_phone(words: Words, hearing: Hearing) -> Iterator[Heard]:
    """Digits said one by one; as an answer also in groups, "nine one seven 555 0130"."""
    said = [one for one in digit_words(words.plain) if len(one[0]) in {10, 11, 12}]
    if hearing.asked == "phone" and not said:
        said = [(spoken_code(words.plain), 0, len(words.plain))]
    for digits, start, end in said:
        if number := read_phone(digits, region=hearing.region):
            yield Heard("phone", number.e164, IMPLIED + 0.1, start, end)
