"""Figures that are no bill, though somebody was asked for one: ages, addresses, offers. Pure."""

from __future__ import annotations

import re

from apps.leads.understanding.amounts import SEASON
from apps.leads.understanding.hearing import Words
from apps.leads.understanding.numbers import Number

MEASURE = re.compile(
    r"\s?(?:%|percent|por ciento|kwh?\b|kilowatt|units?\b|sq|square|feet|ft\b|panels?\b|"
    r"months?\b|years?\b|yrs?\b|"
    r"yr\b|miles?\b|bhk\b|bed|bath|floors?\b|stor(?:y|ies)\b|famil|people\b|am\b|watts?\b|"
    r"(?:st|nd|rd|th)\b|mahine\b|saal\b|ghant[ae]\b|din\b|baje\b|log\b|घंटे|दिन|लोग|साल|"
    r"minutes?\b|hours?\b|days?\b|weeks?\b|meses\b|años?\b|trees?\b)"
)
# "He's 68 and doesn't care", "my mom is 76", "I turn 65 in March"
_AGE_BEFORE = re.compile(
    r"\b(?:(?:he|she)(?:'?s| is| was)|(?:who|that)(?:'s| is)|"
    r"my (?:\w+[ -]){0,2}(?:mom|mother|dad|father|wife|husband|son|daughter|uncle|aunt|"
    r"grand\w+|brother|sister|in-?law|parents?)(?:'s| is| are)|"
    r"(?:i|he|she)(?:'m|'ll be| am| will be)? (?:turn(?:s|ed|ing)?|almost|nearly|over)|"
    r"age|aged)\s+(?:only |about |almost |now |like )*$"
)
_I_AM = re.compile(r"\b(?:i'?m|i am|we'?re|we are)\s+(?:only |about |almost |now |both )*$")
_AGE_BEHIND = re.compile(
    r"(?:\s*(?:and|,|so|on)\s+(?:\w+ )?(?:retire\w*|disabled|a fixed income|on a fixed|old)|"
    r"\s*y/?o\b)"
)
_OLDEST_SPEAKER = 110
# "240 Ocean Pkwy", "house number is 145"
_STREET_BEHIND = re.compile(
    r"(?:-\d+)?\s+(?:(?:east|west|north|south|e|w)\.? )?(?:[a-z]+\s+|\d+(?:st|nd|rd|th)\s+){0,2}"
    r"(?:street|st|avenue|ave?|road|rd|boulevard|blvd|pkwy|parkway|place|pl|lane|ln|drive|dr|"
    r"court|ct|terrace|broadway)\b"
)
_NUMBER_OF_A_HOUSE = re.compile(
    r"\b(?:house|building|apt|apartment|unit|account|meter|suite)\.? (?:number|no\.?|num|#)"
    r"(?: is|:)?\s*#?$"
)
_CENTS = re.compile(r"\s?(?:cents?|centavos|c|¢)(?: (?:a|per|each|por|el)\b|\s?/|\W*$)")
_PER_UNIT = re.compile(
    r"\s?(?:bucks |dollars )?(?:/|a |per |el |por )\s?(?:kwh?|kilowatt|watt|w)\b"
)
# "If it's over 300 I'd switch", "I would pay 100 max", "$99 a month lease"
_ONLY_SUPPOSED = re.compile(
    r"\bif (?:it'?s|it is|it was|it were|it goes|it gets|that'?s|i (?:paid|pay))\b[^,.;]*$|"
    r"\b(?:i|we)(?:'d| would)(?: only| not| be willing to| be happy to| like to)? pay\b[^,.;]*$"
)
_OFFERED = re.compile(
    r"\b(?:lease|ppa|offer(?:ed|s|ing)?|loan|financ\w+|payments?|instal?lments?|plan|gift card)\b"
    r"[^,.;]*$"
)
# "Gas 90, electric 185", "the mortgage is 3100"
_FOR_ANOTHER_THING = re.compile(
    r"(?<!electric and )(?<!electric & )(?<!electricity and )(?<!power and )(?<!ed and )"
    r"\b(?:gas|mortgage|rent|internet|cable|water|phone|wi-?fi|car|maintenance|hoa|tax(?:es)?|"
    r"insurance|oil|"
    r"agua|renta|alquiler|hipoteca)(?:'s)?"
    r"(?: (?:es|aparte|son|de|bill|payments?|fees?|is|was|are|about|around|like|runs|alone|"
    r"separate(?:ly)?|another|extra)|:|,)*\s*\$?$"
)
_DE_GAS = re.compile(r"\s?(?:d[oó]lares )?de (?:gas|agua|renta|alquiler|hipoteca)\b")
# By how much it rose, or what came off: "up 40 bucks to 230", "a $50 credit".
_BY_HOW_MUCH = re.compile(
    r"\b(?:up|raised|increased|added|jumped|rose|by|another|extra|an? additional)"
    r"(?: (?:me|us|it|my bill|by|about|like|another))*\s*\$?$|"
    r"\b(?:give or take|plus or minus)(?: about| like)?\s*\$?$"
)
_A_DIFFERENCE = re.compile(
    r"\s*(?:bucks |dollars )?(?:more(?! or less)|extra|higher|cheaper|credit|rebate|discount|"
    r"deposit|late fee|off)\b"
)
_TENANT_PAYS = re.compile(  # "my tenant pays 110", "upstairs is 140"
    r"\b(?:tenants?|renters?|lodgers?|upstairs|downstairs|(?:first|second|third|top) floor|"
    r"basement)(?:'s|s')?(?: (?:her|his|their|own|electric|meter|apartment|unit|people|guy))*"
    r" (?:pays?|paid|bill|is|are|uses?)\b(?!.*\b(?:i|we|mine|my|ours)\b)[^,.;]*$"
)
# "240, up from 180", "260, was 310 last year", "240. We used to pay 150": behind today's.
_BACK_THEN = re.compile(
    r"\b(?:(?:up|down) from|used to (?:be|pay)|use to be|previously|pagaba|antes|one time|once|"
    r"(?:before|b4|until) (?:the|that|we|my|i)\b(?: \w+){0,4}|last (?:year|yr|summer|winter)|"
    r"el año pasado)\b[^.;\d]*$"
)
_AT_THAT_TIME = re.compile(
    r"\s*(?:bucks |dollars )?(?:(?:in |back )?(?:last|the past) (?:year|yr|summer|winter|fall|"
    r"spring|jan|feb|mar|apr|may|june|july|aug|sep|oct|nov|dec)|(?:\w+ )?(?:years?|yrs?) ago|"
    r"before (?:the|that|we|i)\b|b4\b|back in\b|when we moved)"
)
_IS_THE_BILL = re.compile(r"\b(?:bills?|electric\w*|con\s?ed\w*|light|pay)\b")
# "180 a month, in summer it goes up to 260": the first one is the bill.
_PEAK = re.compile(
    r"\b(?:(?<!since )(?<!last )(?:summers?|winters?|july|august|january|february|verano|invierno|"
    r"julio|agosto|enero|garmi\w*|may|june)|a/?c|air con\w*)\b|गर्मी|गर्मियों"
)
_CLAUSE_ENDS = re.compile(r"[,;.]\s|[()]|\b(?:but|and|pero|lekin|par|aur)\b")
_MOST_TIMES_THE_USUAL = 4
# "Her bill is 2800, mine is 900", of the house that was spoken of: hers.
_OF_WHOM_WE_SPEAK = re.compile(
    r"(?:^|[,;.])\W*(?:(?:and|so|but|to|toh|aur) )?"
    r"(?:his|her|their|un ?k[ai]|in ?k[ai]|us ?k[ai])\b"
    r"[^,;.]{0,20}$|(?:^|[,;.।])\s*(?:उनका|उसका|इनका)\s[^,;.।]{0,20}$"
)
_OURS = re.compile(
    r"\b(?:mine|ours|(?:mera|hamara|humara|hmara|my|our)(?: own| apna)?(?: bill)?)"
    r"(?: is| to| toh| only| sirf|'s)*\s*(?:rs\.?\s?|₹\s?)?$|(?:मेरा|हमारा)(?: बिल)?\s*₹?$"
)
_COMPARED = re.compile(r"\b(?:neighbou?r|friend|colleague|padosi|dost|co-?worker)|पड़ोसी|दोस्त")
_TELEPHONE = re.compile(r"(?:\+?1[\s.-]?)?\(?\d{3}\)?[\s.-]?\d{3}[\s.-]?\d{4}(?!\d)")


def is_another_figure(words: Words, number: Number) -> bool:
    """Whether a number is an age, an address, a rate, a telephone number, or only supposed."""
    plain, start, end = words.plain, number.start, number.end
    before = words.before(start, reach=60)
    offered = _OFFERED.search(before)
    return bool(
        _is_an_age(words, number)
        or _STREET_BEHIND.match(plain, end)
        or _NUMBER_OF_A_HOUSE.search(before)
        or _CENTS.match(plain, end)
        or _PER_UNIT.match(plain, end)
        or _ONLY_SUPPOSED.search(before)
        or _FOR_ANOTHER_THING.search(before)
        or _DE_GAS.match(plain, end)
        or _BY_HOW_MUCH.search(before)
        or _A_DIFFERENCE.match(plain, end)
        or _TENANT_PAYS.search(before)
        or (offered and not _IS_THE_BILL.search(offered[0]))
        or any(found.start() <= start < found.end() for found in _TELEPHONE.finditer(plain))
    )


def _is_an_age(words: Words, number: Number) -> bool:
    if number.value > _OLDEST_SPEAKER or words.before(number.start).endswith("$"):
        return False
    before = words.before(number.start, reach=60)
    told = _AGE_BEFORE.search(before)
    return bool(told or (_I_AM.search(before) and _AGE_BEHIND.match(words.plain, number.end)))


def without_peaks(words: Words, numbers: list[Number]) -> list[Number]:
    """Of a usual amount and one of the hottest months the usual; of two seasons both."""
    usual = [one for one in numbers if not SEASON.search(_clause_of(words, one))]
    return [
        one
        for one in numbers
        if not _PEAK.search(_clause_of(words, one))
        or not any(
            other.value < one.value <= other.value * _MOST_TIMES_THE_USUAL for other in usual
        )
    ]


def without_the_past(words: Words, numbers: list[Number]) -> list[Number]:
    """Without what was paid before, where today's amount is told first."""
    kept: list[Number] = []
    for number in numbers:
        since = words.plain[kept[-1].end : number.start] if kept else ""
        is_past = _BACK_THEN.search(since) or _AT_THAT_TIME.match(words.plain, number.end)
        if not (kept and is_past and not SEASON.search(_clause_of(words, kept[-1]))):
            kept.append(number)
    return kept


def _clause_of(words: Words, number: Number) -> str:
    before, after = words.before(number.start, reach=60), words.after(number.end)
    return f"{_CLAUSE_ENDS.split(before)[-1]} | {_CLAUSE_ENDS.split(after)[0]}"


def without_the_speakers(words: Words, numbers: list[Number]) -> list[Number]:
    """Of the house we speak of they pay the larger bill; what the speaker pays is an aside."""
    theirs = [one for one in numbers if _OF_WHOM_WE_SPEAK.search(words.before(one.start))]
    if _COMPARED.search(words.plain):
        return numbers
    return [
        one
        for one in numbers
        if not _OURS.search(words.before(one.start))
        or not any(it.value > one.value and it.start < one.start for it in theirs)
    ]
