"""The home: owned or not, what kind, its roof and its shade. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from apps.leads.understanding.flats import ROOF_ASKED, is_a_home, is_of_the_roof, is_roof_alone
from apps.leads.understanding.hearing import (
    ANSWERED,
    GUESSED,
    STATED,
    Heard,
    Hearing,
    Words,
    heard,
    is_denied,
    is_of_another,
    is_taken_back,
)
from apps.leads.understanding.sayings import SAYINGS

_OWNERSHIP = SAYINGS.patterns("ownership")
_TYPES = SAYINGS.patterns("property_types", whole_words=True)
_TYPE_ANSWERS = SAYINGS.patterns("property_answers", whole_words=True)
_ROOF_ANSWERS = SAYINGS.patterns("roof_answers", whole_words=True)
_SHADE_ANSWERS = SAYINGS.patterns("shade_answers")
_ROOFS = SAYINGS.patterns("roofs", whole_words=True)
_SHADES = SAYINGS.patterns("shades", whole_words=True)
_NO_TO_SOMETHING_ELSE = SAYINGS.patterns("no_to_something_else")["no"]

_YES = re.compile(
    r"^\W*(?:yes|yep|yeah|yea|yup|ya|yah|sure|correct|right(?! now)|absolutely|i do|we do|"
    r"own|owner|owned|self|"
    r"haan(?: ?ji)?|hanji|han|ji|ha|apn[ai]|khud k[ai]|bilkul|of course|my own|(?:mer|hamar|"
    r"humar)[ai] (?:hi|apna|khud|hai|h)|s[ií]|claro)\b(?! nahin?)|^\W*(?:हाँ|हां|जी|"
    r"अपन[ाी]|बिल्कुल)(?![\u0900-\u0963])"
)
_NO = re.compile(
    r"^\W*(?:no(?! idea| clue| actually| wait| sorry|\.? ?[+\d])|nope(?! wait| sorry| \d)|"
    r"nah|not really|not yet|rent|rented|"
    r"renter|renting|tenants?|kiray[ae]|lease|leased|leasing|i don'?t|we don'?t|"
    r"nahin?(?! (?:bata|pata|malum|maloom|samajh|chahiye|de)))\b|^\W*नहीं(?![\u0900-\u0963])"
)
_STRONGER = {
    "commercial",
    "co_op",
    "condo",
    "brownstone",
    "multi_family",
    "townhouse",
    "single_family",
}
_OWNED_TOGETHER = {"co_op", "condo"}
_WHOLE_BUILDINGS = {"multi_family", "brownstone", "townhouse", "apartment"}
_IMPLIED_BY_HAVING = GUESSED + 0.05  # gives way to whoever says that they rent
_MATERIALS = {"asphalt_shingle", "slate", "tile", "metal", "rcc", "membrane"}


def hear_home(words: Words, hearing: Hearing) -> Iterator[Heard]:
    """Ownership, kind of home, roof and shade."""
    yield from _ownership(words, hearing)
    yield from _kinds(words, hearing)
    yield from _roof(words, hearing)
    yield from _shade(words, hearing)


def _ownership(words: Words, hearing: Hearing) -> Iterator[Heard]:
    found = [
        heard(
            "homeowner",
            (meaning != "rents") is not bool(_DENIED_BEHIND.match(words.plain, match.end())),
            _IMPLIED_BY_HAVING if meaning == "has" else STATED,
            match,
        )
        for meaning, pattern in _OWNERSHIP.items()
        for match in pattern.finditer(words.plain)
        if not _unreal(words, match)
    ]
    yield from found
    if found or hearing.asked != "homeowner" or _NO_TO_SOMETHING_ELSE.search(words.plain):
        return
    if match := _YES.search(words.plain):
        yield heard("homeowner", True, ANSWERED, match)
    elif match := _NO.search(words.plain):
        yield heard("homeowner", False, ANSWERED, match)


# As Hindi denies: "मकान अपना नहीं है", "kiraye ka ghar nahi hai".
_DENIED_BEHIND = re.compile(
    r"\s*(?:(?:k[aei]|hi|to|का|की|ही|तो|ghar|makaan|makan|flat|घर|मकान)\s+)*(?:nahin?|nhi|नहीं)(?=\s*(?:hai|h\b|है|ह|$))"
)
_UNREAL = re.compile(
    r"\b(?:if|wish|do you|does|whether|thinking (?:of|about)|looking to|want to|hope to|"
    r"plan(?:ning)? to|when|until|(?<!and )(?<!with )my (?:friends?|"
    r"neighbou?rs?|brother|sister|cousin|boss|parents|folks|in-?laws|kids|son|daughter|mom|"
    r"mother|dad|father|uncle|aunt)|"
    r"for a|as a|"
    r"can a|what about|happens)\s+(?:\w+\s+){0,2}$|^\W*(?:can|are|do|does|is|for)\s+(?:\w+\s+)?$"
)


def _unreal(words: Words, match: re.Match[str]) -> bool:
    """A question, a wish or somebody else: "if we bought a house", "can renters get solar"."""
    before = words.before(match.start())
    is_no = is_denied(words, match.start())
    if is_no and not match[0].startswith(("don", "do not", "not ", "i ", "we ")):  # "no i rent"
        return True
    return bool(_UNREAL.search(before))


def _kinds(words: Words, hearing: Hearing) -> Iterator[Heard]:
    found = [
        heard("property_type", _kind_of(kind, match, hearing), _sureness(kind), match)
        for kind, pattern in _TYPES.items()
        for match in pattern.finditer(words.plain)
        if not is_denied(words, match.start())
        and not is_taken_back(words, match)
        and not _elsewhere(words, match)
        and not _is_asked_after(words, match)
        and not is_of_another(words, match.start())
        and not (match[0] == "flat" and is_of_the_roof(words, match, hearing))
    ]
    if hearing.asked == "property_type" and not found:
        found = [
            heard("property_type", kind, ANSWERED, match)
            for kind, pattern in _TYPE_ANSWERS.items()
            if (match := pattern.search(words.plain))
        ][:1]
    if any(one.value in _STRONGER and one.confidence >= STATED for one in found):
        found = [one for one in found if one.confidence >= STATED]
    if any(one.value in _OWNED_TOGETHER for one in found):  # "a co-op of 72 units" is a co-op
        found = [one for one in found if one.value not in _WHOLE_BUILDINGS]
    yield from found


def _kind_of(kind: str, match: re.Match[str], hearing: Hearing) -> str:
    """In India a duplex is one home on two floors."""
    if match[0] == "duplex" and hearing.region == "IN":
        return "single_family"
    return kind.removesuffix("_guessed")


def _sureness(kind: str) -> float:
    """An apartment may still turn out to be a condo; "my house" may be a house of any kind."""
    return GUESSED + 0.05 if kind == "apartment" or kind.endswith("_guessed") else STATED


def _elsewhere(words: Words, match: re.Match[str]) -> bool:
    """Somebody else's, or where they were before: "my neighbor's condo", "moved out of a condo"."""
    return bool(
        re.search(
            r"\b(?:neighbou?r(?:'s|s'|ing)?|next door|nearby|adjacent|friend(?:'s)?|"
            r"brother(?:'s)?|sister(?:'s)?|moved out of|"
            r"my (?:friend|brother|sister|cousin|neighbou?r|uncle|aunt|boss|son|daughter) "
            r"(?:owns?|has|rents?|lives? in|bought)|"
            r"(?:if|wish) (?:i|we) (?:owned|had|bought)|(?:might|may|could|want to|hope to|"
            r"looking to|going to|planning to) buy|"
            r"used to (?:own|have|live in)|sold|work (?:at|in)|co-?workers?|there(?:'s| is| are))"
            r"\s+(?:an?|my|our|the|his|her|some)?\s*(?:\w+\s+)?$",
            words.before(match.start()),
        )
        or _LEFT.match(words.after(match.end()))
    )


# "And for a condo?", "do you do co-ops?": kinds of homes in general, and none of theirs.
_ASKED_AFTER = re.compile(
    r"(?:^|[,.]\s*)\W*(?:(?:ok|okay|so|and|but|y|pero)\W+)*(?:(?:and|but|what|how|y|or) "
    r"(?:about|if (?:it'?s|it is|it was|i (?:had|have|own(?:ed)?))|for|in|with|on|para|en|si fuera)"
    r"|do you(?: guys)? (?:also )?(?:do|install on|work (?:on|with)))\s+"
    r"(?:an?|the|un|una)?\s*(?:\w+\s+)?$"
)


def _is_asked_after(words: Words, match: re.Match[str]) -> bool:
    asked = "?" in words.plain[match.end() : match.end() + 12]
    return asked and bool(_ASKED_AFTER.search(words.before(match.start(), reach=60)))


_LEFT = re.compile(
    r"(?:\s+in \w+(?: \w+)?)?\s+(?:before|previously|years ago|back then)\b(?! (?:i|we)\b)|"
    r"[^.;!?]{0,25}\bbut (?:the|my|our) (?:house|home) is\b"
)


_ROOF_LISTED = re.compile(r",\s*(?:it'?s )?(?:flat|pitched|sloped)(?=\s*(?:[,.;]|$))")


def _roof(words: Words, hearing: Hearing) -> Iterator[Heard]:
    is_listed = hearing.region == "US" and _ROOF_LISTED.search(words.plain)
    is_answer = hearing.asked in ROOF_ASKED or is_roof_alone(words, hearing) or bool(is_listed)
    is_of_roof = is_answer or re.search(
        r"\broo?f|\brcc\b|\bgi sheets?\b|\btin (?:shed|shade|sheets?)\b|\blen?t[ea]r\b|"
        r"\bchhat\b|\bchat (?:p|k|hai|rcc|len|lin|tin)|\bte(?:ch|jad)o\b|shingle|slab|terrace|छत",
        words.plain,
    )
    if not is_of_roof:
        return
    found = [
        heard("roof_type", kind, STATED, match)
        for kind, pattern in _ROOFS.items()
        for match in pattern.finditer(words.plain)
        if not is_denied(words, match.start())
        and not is_taken_back(words, match)
        and not (match[0] == "terrace" and hearing.region == "US")  # "Bay Terrace", "Hill Terrace"
        and not is_of_another(words, match.end())
        and not is_a_home(words, match, hearing)
        and not (match[0].startswith("silver") and "flat" in words.plain)  # a coat on a flat roof
    ]
    if is_answer and not found:
        found = [
            heard("roof_type", kind, ANSWERED, match)
            for kind, pattern in _ROOF_ANSWERS.items()
            if (match := pattern.search(words.plain)) and not is_a_home(words, match, hearing)
        ][:1]
    materials = [
        one
        for one in found
        if one.value in _MATERIALS  # of "slate tiles" the slate
        and not any(two.start < one.start and one.end <= two.end for two in found)
    ]
    yield from materials or found


_YES_TO_SOMETHING_ELSE = re.compile(  # "yes it's mine", "yes 11234"
    r"^\W*(?:yes|yeah|yep|yup|s[ií])\W+(?:it'?s (?:mine|ours|my)|i'?m|we'?re|my|our|es m[ií]|soy|"
    r"\d{5}\b|\$)(?!.*(?:shad|tree|building))"
)
_SHADE = re.compile(r"shad|sun|sombra|chh?a|धूप|छा|dh[ou]o?p")


def _shade(words: Words, hearing: Hearing) -> Iterator[Heard]:
    found: list[Heard] = []
    for kind, pattern in _SHADES.items():
        for match in pattern.finditer(words.plain):
            overlaps = any(one.start < match.end() and match.start() < one.end for one in found)
            is_question = re.search(
                r"\b(?:what if|does|will|do|if there(?:'s| is)?|how (?:much|"
                r"does))\s+(?:\w+\s+){0,3}$",
                words.before(match.start()),
            )
            if not overlaps and not is_question:
                found.append(heard("shading", kind, STATED, match))
    # "Heavy shade from two big oaks": how much shade there is counts, and not how many trees.
    named = [one for one in found if _SHADE.search(words.plain[one.start : one.end])]
    yield from named or found
    is_other = _NO_TO_SOMETHING_ELSE.search(words.plain) or _YES_TO_SOMETHING_ELSE.match(
        words.plain
    )
    if hearing.asked == "shading" and not (found or is_other):
        yield from _shade_answered(words)


def _shade_answered(words: Words) -> Iterator[Heard]:
    for kind, pattern in _SHADE_ANSWERS.items():
        if match := pattern.search(words.plain):
            yield heard("shading", kind.removesuffix("_first"), ANSWERED, match)
            return
