"""The name of who is speaking, in however few words it is told. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from apps.leads.understanding.hearing import (
    ANSWERED,
    GUESSED,
    IMPLIED,
    STATED,
    Heard,
    Hearing,
    Words,
    heard,
)
from apps.leads.understanding.sayings import SAYINGS
from apps.leads.understanding.spelling import as_name

_NAME_WORDS = SAYINGS.words("names")
_NAME_WORD = r"(?:(?:[DdMmSs][rs]|[Mm]rs|[^\W\d_])\.|[^\W\d_]+(?:[-'’][^\W\d_]+)*)"
_NAMES = rf"{_NAME_WORD}(?:\s+{_NAME_WORD}){{0,3}}"
_EXPLICIT = re.compile(
    rf"(?:\bmy (?:full )?name(?:['’]?s| is)|"
    rf"(?<!['’]s )(?<!father )(?<!husband )(?<!company )\bname(?:\s*(?:is|:|-)|['’]s)|"
    rf"\bdetails:|\bi go by|"
    rf"\bmi nombre es|\bme llamo|\bmera (?:poora |pura )?na+m(?: hai| h)?|"
    rf"\bmy names|(?:^|[.,!]\s*|\b(?:hi|hello|sir|namaste)\s+)myself(?= (?!(?:will|would|can|"
    rf"decide|do|pay)\b))|(?:^|[.,;!]\s*)name(?= (?!is\b|of\b|on\b|in\b|for\b))|"
    rf"(?<!\bke )(?<!\bka )(?<!apka )(?<!umhara )\bna+m(?: hai| h|\s*[:-])?|"
    rf"\bcontact(?: person)?\s*[:-]|\bmujhe(?= \w+(?: \w+)? (?:bol|bula|keh)))"
    rf"\s+(?P<name>{_NAMES})",
    re.IGNORECASE,
)
_CAPITAL = r"[A-Z][^\W\d_]*(?:[-'’][^\W\d_]+)*"
_IS = re.compile(
    r"\b(?:[Ii](?:'m|’m| am|m)|[Tt]his is|[Ii]t(?:'s|’s) me,?|"
    r"(?:[Hh]ey|[Hh]i|[Hh]ello)[,!]? (?:it(?:'s|’s|s)|from)|[Ss]oy|[Hh]ere is|[Mm]ain|[Cc]all me)"
    rf"\s+(?P<name>{_CAPITAL}(?:\s+{_CAPITAL}){{0,3}})\b(?P<of>(?:\s+[A-Z]\w*)*\s+(?:mein|me|mai|se)\b)?"
    r"|\b(?:[Mm]ain|[Mm]ai|[Mm]ein)\s+(?P<small>[a-z]+(?: (?!bol)[a-z]+)?) (?=bol rah[ai])"
)
_SIGNED = re.compile(
    rf"(?:(?:^|[.!,]\s+)(?P<name>{_CAPITAL}(?:\s+{_CAPITAL}){{0,2}}) (?:here|speaking|"
    r"this side|bol rah[ai])\b|"
    r"(?:[Tt]hanks|[Tt]hank you|[Rr]egards|[Cc]heers|[Ss]incerely|"
    r"[Gg]racias)[,!.]?\s*[-—–]?\s*(?P<signed>[A-Z][^\W\d_]+(?:\s+[A-Z][^\W\d_'’-]+){0,2})\s*\.?$|"
    r"(?:^|\s)[-—–]\s?(?P<dash>[A-Z][a-z]+(?:\s+[A-Z][^\W\d_'’-]+)?)\s*$)"
)
_BESIDE_AN_ADDRESS = re.compile(
    rf"(?:^\W*|[,.;:–—-]\s+|\b(?:yes|ok|me|hai)[ ,]+|\b[Cc]ontact )"
    rf"(?P<name>{_CAPITAL}(?:\s+{_CAPITAL}){{1,2}})"
    r"\s*(?:[,;:/–—-]\s*|\.?\s)(?:(?:mobile|mob|phone|ph|number|no|cell|whatsapp)\b[.:]?\s*)?"
    r"(?=\S+@|\(?\+?\d[\d\s().-]{8,}|[a-z][\w.]*(?: dot \w+)? ?(?: at |[\[(]at[\])]))"
)
_BEHIND_A_NUMBER = re.compile(  # "call 9909912345 Mehul"
    rf"\d{{5}}[\s-]?\d{{5}}\s*[,(–—-]?\s*(?P<name>{_CAPITAL}(?:\s+{_CAPITAL})?)\W*$"
)
_BEFORE_THE_WORD = re.compile(  # "Naresh naam h", "Tapan Mondal, naam"
    rf"(?:^\W*|[,.;]\s+)(?P<name>{_CAPITAL}(?:\s+{_CAPITAL})?),? na+m(?: hai| h)?\W*$"
)
_BESIDE_IN_SMALL = re.compile(
    r"\W*(?P<name>[a-z]{3,} [a-z]{3,})\s*[,;:/-]?\s*(?=\(?\+?\d[\d\s().-]{8,})"
)
_PARTS_OF_A_NAME = {
    key: re.compile(
        rf"\b(?:{which}) ?name(?:['’]?s| is|:| -)?\s+(?P<name>{_NAME_WORD})", re.IGNORECASE
    )
    for key, which in (("first_name", "first|given"), ("last_name", "last|family|sur"))
}
# Names that many have: only they are heard as such in small letters, "this is mike from queens".
_KNOWN_NAMES = _NAME_WORDS["known"]
_ANY_KNOWN = "|".join(sorted(_KNOWN_NAMES, key=len, reverse=True))
_IS_SMALL = re.compile(
    r"(?:\b(?:i'?m|i am|this is|it'?s(?: me,?)?|names|(?:my )?name|here is|"
    rf"(?:hey|hi|hello),?(?: it'?s)?)\s+|^\W*)(?P<name>{_ANY_KNOWN})"
    r"(?=\s*(?:[,!;]|\.(?!\w)|$|from\b|here\b|in\b|and i\b|speaking\b|w/|"
    r"(?:[a-z]\.? )?\(?\+?\d[\d\s().-]{8}))"
)
_KNOWN_ALONE = re.compile(rf"\W*({_ANY_KNOWN}) (?P<last>[a-z]{{4,}})\W*")
_HEADS_A_LIST = re.compile(
    r"(?:(?:[Gg]ood (?:morning|afternoon|evening|day)|[Hh]i|[Hh]ello|[Hh]ey)\b)?"
    rf"\W*(?P<name>{_CAPITAL}(?:\s+{_CAPITAL}){{0,2}})\s*(?:$|[,;/|\n]\s*)"
    r"(?=$|\d{5}\b|\$|(?i:own|rent|zip|home\s?owner)|[^,;/|\n]{3,30}[,;/|\n])"
)
# "Sign me up, Monique Davis"
_ENDS = re.compile(
    rf"(?:^|[,.!])\s*(?:[Ii]t['’]?s\s+)?(?P<name>{_CAPITAL}(?:\s+{_CAPITAL}){{1,2}})\s*[.!]?$"
)
_TITLED = re.compile(
    r"\b(?:[Mm]r|[Mm]rs|[Mm]s|[Mm]iss|[Dd]r|[Ss]hri|[Ss]mt|[Ss]ra?)\.?\s+"
    rf"(?:(?P<first>{_CAPITAL})\s+)?(?P<last>{_CAPITAL})\b(?! (?:said|told|from))"
)
_SPOKEN_OF = re.compile(
    r"\b(?:(?:talk|speak|spoke|ask) (?:to|with|for)|"
    r"(?:owner|landlord|boss|manager|neighbou?r)(?:'s| is|,)?(?: named)?)\s+$"
)
_NOT_NAMES = _NAME_WORDS["never_a_name"]
_STOP = _NAME_WORDS["ends_a_name"]
# Who is named beside a number without a capital is named in no word of every day.
_EVERYDAY = frozenset().union(*SAYINGS.words("languages").values(), _NOT_NAMES, _STOP)
_TITLES = frozenset({"mr", "mrs", "ms", "dr", "miss", "shri", "smt"})


def hear_names(words: Words, hearing: Hearing) -> Iterator[Heard]:
    """First and last name, stated or as the bare answer to the question for it."""
    names = list(_stated_names(words)) or list(_in_devanagari(words))
    yield from names
    if not names and hearing.asked in {"first_name", "last_name", "name"}:
        yield from _bare_name(words)


def _stated_names(words: Words) -> Iterator[Heard]:
    """The name as the surest way of telling it, of those that were used, tells it."""
    for way in (
        _by_part,
        _explicit,
        _introduced,
        _alone,
        _in_small_letters,
        _signed,
        _beside,
        _titled,
    ):
        if found := list(way(words)):
            yield from found
            return


def _explicit(words: Words) -> Iterator[Heard]:
    if match := _BEFORE_THE_WORD.search(words.said) or _EXPLICIT.search(words.said):
        yield from _split(match["name"], match.start("name"), STATED, any_case=True)


def _introduced(words: Words) -> Iterator[Heard]:
    for match in _IS.finditer(words.said):
        group = "name" if match["name"] else "small"
        name = match[group]
        if match["of"]:  # "main Ramesh Chauhan Meerut se": the last word is where he is
            name = name.rpartition(" ")[0]
        is_small = group == "small"
        found = list(_split(name, match.start(group), IMPLIED + 0.1, any_case=is_small))
        if found:
            yield from found
            return


def _alone(words: Words) -> Iterator[Heard]:
    """ "Vikas meena" and no more: a known name, and behind it no word of every day."""
    alone = _KNOWN_ALONE.fullmatch(words.plain)
    if alone and words.said[alone.start(1)].isupper() and alone["last"] not in _EVERYDAY:
        for key, group in (("first_name", 1), ("last_name", 2)):
            yield heard(key, as_name(words.said[slice(*alone.span(group))]), IMPLIED, alone, group)


def _in_small_letters(words: Words) -> Iterator[Heard]:
    if match := _IS_SMALL.search(words.plain):
        yield heard("first_name", as_name(words.said[slice(*match.span(1))]), IMPLIED, match, 1)


def _signed(words: Words) -> Iterator[Heard]:
    titled = _TITLED.search(words.said)
    for match in _SIGNED.finditer(words.said):
        if titled and match["name"] and titled.start("last") == match.start("name"):
            return  # "Mr. Goldstein here" tells a last name
        group = next(name for name in ("name", "signed", "dash") if match[name])
        yield from _split(match[group], match.start(group), IMPLIED, any_case=False)
        return


def _beside(words: Words) -> Iterator[Heard]:
    beside = _BESIDE_AN_ADDRESS.search(words.said) or _BEHIND_A_NUMBER.search(words.said)
    if beside is None:
        beside = _HEADS_A_LIST.match(words.said)
        if beside and beside["name"].split()[0].lower() not in _KNOWN_NAMES:
            return
    if beside is None:
        beside = _ENDS.search(words.said)
        if beside and beside["name"].split()[0].lower() not in _KNOWN_NAMES:
            return
    if beside:
        yield from _split(beside["name"], beside.start("name"), IMPLIED, any_case=False)
        return
    small = _BESIDE_IN_SMALL.match(words.said)
    if small and not _EVERYDAY & set(small["name"].split()):
        yield from _split(small["name"], small.start("name"), GUESSED, any_case=True)


def _titled(words: Words) -> Iterator[Heard]:
    titled = _TITLED.search(words.said)
    if titled and not _SPOKEN_OF.search(words.said[: titled.start()]):
        for key in ("first", "last"):
            if titled[key]:
                start, end = titled.span(key)
                yield Heard(f"{key}_name", titled[key], GUESSED + 0.1, start, end)


def _by_part(words: Words) -> Iterator[Heard]:
    """ "First name Omar, last name Haddad"."""
    for key, pattern in _PARTS_OF_A_NAME.items():
        for match in pattern.finditer(words.said):
            if match["name"].lower() not in _NOT_NAMES:
                yield heard(key, as_name(match["name"]), STATED, match, 1)


_IN_DEVANAGARI = re.compile(
    r"(?:(?<!आपका )(?<!के )नाम\s?[:-]?|मैं) (?P<first>(?!क्या|है|से|पर|के)[\u0900-\u0963]+)"
    r"(?: (?P<last>(?!ही |है)[\u0900-\u0963]+(?: (?!है|बोल|हूँ)[\u0900-\u0963]+)?))?"
    r"(?= (?:है|बोल|हूँ|हूं)(?:\s|[,।.]|$| रह)|[,।]|$)"
)


_DEVANAGARI_BESIDE = re.compile(  # "मनोज अग्रवाल, 98370 11223"
    r"\W*(?P<first>[\u0900-\u0963]{2,})(?: (?P<last>[\u0900-\u0963]{2,}))?\s*[,:-]\s*(?=\+?\d{5})"
)


def _in_devanagari(words: Words) -> Iterator[Heard]:
    """ "मेरा नाम सुनीता शर्मा है", "मैं रमेश बोल रहा हूँ"."""
    beside = _DEVANAGARI_BESIDE.match(words.plain)
    if beside and not _NOT_NAMES & {beside["first"], beside["last"]}:
        for key in ("first", "last"):
            if beside[key]:
                yield heard(f"{key}_name", beside[key], GUESSED, beside, beside.re.groupindex[key])
        return
    match = _IN_DEVANAGARI.search(words.plain)
    if match is None or (match[0].startswith("मैं") and "बोल" not in words.plain[match.end() :]):
        return
    for key in ("first", "last"):
        if match[key]:
            yield heard(f"{key}_name", match[key], STATED, match, match.re.groupindex[key])


_OPENING = re.compile(
    r"\s*(?:(?:it['’]?s|it is|just|i['’]?m|i am|myself|ji|main|sure|ok(?:ay)?|yes|hi|hey|hello|"
    r"well|of course|"
    r"this is)[,!. ]+)*",
    re.IGNORECASE,
)


def _bare_name(words: Words) -> Iterator[Heard]:
    """The whole answer is a name: one to four words, none of them a word of another kind."""
    opening = _OPENING.match(words.said)
    start = opening.end() if opening else 0
    text = re.split(
        r"[,;!?]|\sbut\s|(?<!\b[Dd]r)(?<!\b[Mm]r)(?<!\b[Mm]rs)\.|\s(?:and|my|y)\s|\s[-—–]\s",
        words.said[start:],
    )[0].rstrip()
    if text.split() and all(_WORD_IN_DEVANAGARI.fullmatch(part) for part in text.split()[:4]):
        yield from _bare_in_devanagari(text, start)
        return
    parts = text.split()
    if 1 <= len(parts) <= 4 and all(re.fullmatch(rf"{_NAME_WORD}\.?", part) for part in parts):
        yield from _split(text, start, ANSWERED, any_case=True)


_WORD_IN_DEVANAGARI = re.compile(r"[\u0900-\u0963]{2,}")


def _bare_in_devanagari(text: str, start: int) -> Iterator[Heard]:
    """ "राजेश कुमार": one or two words, none of them a word of another kind."""
    parts = list(_WORD_IN_DEVANAGARI.finditer(text))
    if len(parts) > 2 or any(part[0] in _NOT_NAMES for part in parts):
        return
    for key, part in zip(("first_name", "last_name"), parts, strict=False):
        yield Heard(key, part[0], ANSWERED, start + part.start(), start + part.end())


def _split(name: str, start: int, confidence: float, *, any_case: bool) -> Iterator[Heard]:
    """First and last name of what was said, up to the first word that is none."""
    parts: list[re.Match[str]] = []
    for part in re.finditer(_NAME_WORD, name):
        plain = part[0].lower().strip(".")
        if plain in _TITLES:
            continue
        if plain in _STOP or plain in _NOT_NAMES:
            break
        if parts and not any_case and not part[0][0].isupper():
            break
        if (
            any_case
            and parts
            and name[0].isupper()
            and not part[0][0].isupper()
            and plain not in {"de", "la", "van", "von", "bin", "al", "da"}
        ):
            break
        parts.append(part)
    if not parts or len(parts[0][0]) < 2:
        return
    first, rest = parts[0], parts[1:]
    yield Heard(
        "first_name", as_name(first[0]), confidence, start + first.start(), start + first.end()
    )
    if rest:
        last = " ".join(as_name(part[0]) for part in rest)
        yield Heard("last_name", last, confidence, start + rest[0].start(), start + rest[-1].end())
