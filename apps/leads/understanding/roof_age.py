"""How old a roof is, in years. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import pairwise

from apps.leads.understanding.hearing import ANSWERED, STATED, Heard, Hearing, Words, heard
from apps.leads.understanding.numbers import Number, digit_words, numbers_in

_OLDEST = 150
_ROOF = re.compile(
    r"\broo?f|\bchh?at\b|\bterrace|\btecho\b|\btejado\b|छत|shingles|asphalt|\bslate\b|"
    r"\bmembrane\b|\brcc\b"
)
_REPLACED = re.compile(
    r"\b(?:replaced|redone|re-?did|redid|installed|put (?:on|in)|new roof|done|changed|re-?roofed|"
    r"got a new|put a new|renovated|resurfaced|did (?:it|the roof)|from|since|"
    r"arregl\w+|cambi\w+|repar\w+|built|laid|ban(?:[iy]|w|v)\w*)\b"
)
_BRAND_NEW = re.compile(
    r"(?:^|[,;.]\s*|\b(?:have|has|with|got|put|and|shade|trees?) (?:on )?(?:a )?)"
    r"(?:brand )?new roof\b"
    r"(?!\s*(?:next|soon|first|in|this|before|needed))|"
    r"\b(?:roof\w*|it)(?:'s| is| was)? (?:\w+ )?brand[- ]new\b|\bbrand[- ]new roof\b|"
    r"\broof(?:'s| is) new\b(?!er|ish)|"
    r"\btecho (?:es |est[aá] )?nuevo\b(?!,? (?:\w+ )?del? )|"
    r"\bnew roof (?:this year|just|last month)|^\W*brand new\b|"
    r"\bjust (?:replaced|redid|redone|got|put on) (?:the|our|my|a new) roof\b"
)
_A_YEAR_OR_TWO_AGO = re.compile(
    r"\b(?:replaced|redone|redid|new|roof|done|it)\b[^.;,?]{0,40}\b"
    r"(?P<when>last (?:year|summer|spring|fall)|the year before last)\b|\bpichh?le saal (?:hi )?ban"
)
_ABOUT_A_YEAR = re.compile(  # the answers without a number
    r"^\W*(?:it'?s |it was |like |about |maybe |only )*"
    r"(?:(?P<new>this (?:year|spring|summer|fall|winter)|last month|new\b|just (?:done|replaced))|"
    r"(?P<less>(?:less than|under|not even) )?(?:a|one) year\b|last year|"
    r"el año pasado|(?P<decade>(?:over |almost |more than )?a decade)\b)"
)
_SHORT_YEAR = re.compile(r"(?<=')\d\d\b(?!'|\s*(?:years?|yrs?))")  # "in '18"
_ROOF_IS = re.compile(
    r"\b(?:(?:roo?f(?: age)?|techo)(?:'?s| is| was| itself is|:| tiene)?|"
    r"(?:ours|mine) is|(?<![\w-])age:?)\s+"
    r"(?:(?:about|around|like|maybe|only|roughly|just|"
    r"probably|almost)\s+)*$"
)
_OTHERS_ROOF = re.compile(
    r"\b(?:neighbou?r|friend|brother|sister|cousin|parent|mom|dad|uncle|aunt)(?:'s|s'|s)? "
    r"(?:new )?roof[^,;.]*$"
)
_OF_ROOF = re.compile(r"(?:\broo?f|\brcc\b|\bchh?at\b|\bterrace|छत)[^,;.]*$")
_BUILT = re.compile(
    r"(?:^|[,;.])(?:(?!\broof)[^,;.])*\b(?:built|renovated)\b(?:(?!\broof)[^,;.])*$"
)
_ORIGINAL = re.compile(r"\boriginal\b[^.;!?]{0,50}$")
_SOMETHING_ELSE = re.compile(
    r"\b(?:house|building|home|property|i'?m|waterproof\w*|paint\w*|kids?|panels?|lived|living|"
    r"bought|purchased|moved|owned|"
    r"years? in|wife|husband)\b"
    r"[^,;.]*$"
)
_OF_A_BILL = re.compile(r"(?:\bbills?|\bpay(?:ing)?|बिल)[^,;.]*$")
_BUILT_THEN = re.compile(r"\s*(?:mein|me|ki|में|की)\s+(?:\S+\s+){0,2}(?:chh?at|ban[aei]|छत|बन)")
_JUST_BEFORE = re.compile(
    r"\b(?:asphalt|slate|rcc|membrane|flat|pitched|metal|tile)\b|\broo?f|\bit'?s?\b|\bterrace|\bchh?at\b|\btecho\b|\bshingles|छत"
)
_YEARS = re.compile(
    r"\s*[-+]?\s*(?:ish)?\s*(?:or so )?(?:years?|yrs?|yr|y/?o|saal|varsh|años?|साल|"
    r"(?:summer|winter|spring|fall)s?(?= ago| back))\b"
    r"(?! (?:warranty|loan|lease|lived|left|of life|to go))"
)
_IT_HAS = re.compile(r"\btiene\s+(?:como |unos |casi |m[aá]s de )?$")  # "tiene 5 años el techo"
_FROM_NOW = re.compile(
    r"\s*(?:me|mein|ke (?:andar|baad)|में|के (?:अंदर|बाद)|baad)(?!\w)(?! (?:ban|bana|bani))"
)
_AGO = re.compile(r"\s*(?:ago|back|pehle)\b")
_DONE_THEN = re.compile(
    r"\s*,?\s*(?:when|since|(?:\w+ ){0,4})?\s*"
    r"(?:redid|replaced|redone|changed) (?:it|the roof)\b"
)
_OLD_ROOF = re.compile(
    r"[\s-]*(?:(?:too )?old|purani|पुरानी)\s+(?:and\s+|for (?:a|an|my|the|our) )?"
    r"(?:\w+ ){0,2}(?:roof|shingles?|terrace|chh?at|छत)"
)
_SUPPOSED = re.compile(r"\b(?:what if|suppose|imagine|pretend|let'?s say)\b[^.;]*$")
_RATINGS = {20, 25, 30, 40, 50}
_RATED = re.compile(r"[\s-]*(?:years?|yrs?)[\s-]+(?!old)(?:\w+ )?(?:shingles?|roof|warranty)\b")
_DECADES = re.compile(r"\broo?f\b[^.;,?]{0,25}\b(?P<how_many>a|one|two|2|three|3) decades?\b")
_IN_WORDS = {"a": 1, "one": 1, "two": 2, "2": 2, "three": 3, "3": 3}
_CORRECTED = re.compile(
    r"\s*(?:(?:years?|yrs?)(?: old)?)?\W*(?:(?:no|nah|nope|wait|actually|sorry|i mean|make that|"
    r"rather)\W+)+(?:(?:like|maybe|more like|it'?s|about)\W+)*"
)
_SINCE_WE_CAME = re.compile(  # "roof idk, we moved here 3 years ago"
    r"\b(?:i|we) (?:moved|came|bought (?:it|here|the))\b[^,;.]*$"
)
_BARE = re.compile(
    r"\s*(?:,? ?not \d|i\b|and\b|i'd\b|ish|something|\+|or so|old|$|[-.,!?]|to\b|or\b)"
)
_RANGE = re.compile(r"\s*(?:-|to|or|a|se|से)\s*")
# Where the roof is spoken of: "redid it in 2016", "it's a hundred years old", "maybe 12 years".
_OF_THE_ROOF = frozenset({"roof_type", "roof_age", "shading"})
_TELLS_WHEN = re.compile(
    r"\b(?:replaced|redone|re-?did|redid|re-?roofed|done|original)\b|"
    r"\b(?:years?|yrs?|summers?) (?:old|ago|back)\b|\baños\b"
)
_ROOF_AND_AGE = re.compile(  # "flat, about 12"
    r"\W*(?:flat|pitched|shingles?|asphalt|slate|tile|metal),? "
    r"(?:about|around|maybe|like) \d{1,2}\W*"
)
_ONLY_YEARS = re.compile(
    r"\W*(?:(?:it'?s|maybe|about|around|like|probably|roughly|como|unos|i think)\W+)*"
    r"[\w-]+(?: (?:or|to|o) [\w-]+)? (?:years?|yrs?|años)(?: old)?"
    r"(?: i think| maybe| or so|(?: ya)? tiene(?: ya)?)?\W*"
)
_NOT_AN_AGE = re.compile(r"\b(?:call|after|before|until|till|at|apt\.?|unit|floor)\s*$")
_ONLY_A_YEAR = re.compile(r"\s*(?:in|around|about|since)?\s*")


def hear_roof_age(words: Words, hearing: Hearing) -> Iterator[Heard]:
    """ "15 years old", "replaced in 2019", "10-15 years" (its middle), "brand new" (0)."""
    is_meant = bool({hearing.asked, *hearing.spoken_of} & _OF_THE_ROOF)
    asked = hearing.asked == "roof_age" or (
        is_meant and any(one.fullmatch(words.plain) for one in (_ONLY_YEARS, _ROOF_AND_AGE))
    )
    if not (asked or _ROOF.search(words.plain) or (is_meant and _TELLS_WHEN.search(words.plain))):
        return
    spelled = [range(start, end) for _, start, end in digit_words(words.plain)]  # a telephone
    numbers = [
        one for one in numbers_in(words.plain) if not any(one.start in run for run in spelled)
    ]
    if any(_OF_ROOF.search(words.before(one.start, reach=60)) for one in numbers):
        # "Built in 1920, roof replaced in 2018": what is said of the house is not asked for.
        numbers = [one for one in numbers if not _BUILT.search(words.before(one.start, reach=60))]
    for first, last in pairwise([*_put_right(words, numbers), None]):
        if first is None:
            break
        is_range = last and _RANGE.fullmatch(words.plain[first.end : last.start])
        end = last if is_range and last else first
        age = _age(words, first, end, hearing.today, asked=asked)
        if age is not None and 0 <= age <= _OLDEST:
            if end is not first:
                age = int((first.value + end.value) / 2)
            yield Heard("roof_age", age, ANSWERED if asked else STATED, first.start, end.end)
            return
    yield from _without_a_number(words, asked=asked)


def _without_a_number(words: Words, *, asked: bool) -> Iterator[Heard]:
    if match := _A_YEAR_OR_TWO_AGO.search(words.plain):
        yield heard("roof_age", 2 if match["when"] == "the year before last" else 1, STATED, match)
    elif match := _DECADES.search(words.plain):
        yield heard("roof_age", 10 * _IN_WORDS[match["how_many"]], STATED, match)
    elif match := _BRAND_NEW.search(words.plain):
        yield heard("roof_age", 0, STATED, match)
    elif asked and (match := _ABOUT_A_YEAR.search(words.plain)):
        age = 0 if match["new"] or match["less"] else 10 if match["decade"] else 1
        yield heard("roof_age", age, ANSWERED, match)


def _put_right(words: Words, numbers: list[Number]) -> list[Number]:
    """ "20 yrs... nah 18": the number that was meant, where the first one stood."""
    right: list[Number] = []
    ended = 0
    for number in numbers:
        if right and _CORRECTED.fullmatch(words.plain[ended : number.start]):
            right[-1] = replace(right[-1], value=number.value)
        else:
            right.append(number)
        ended = number.end
    return right


def _is_rating(words: Words, first: Number, last: Number) -> bool:
    """ "30 year shingles, put on 8 years ago": for how long they are made, and no age."""
    rated = first is last and first.value in _RATINGS and _RATED.match(words.plain, last.end)
    return bool(rated and re.search(r"\d", words.plain[last.end :]))


def _age(words: Words, first: Number, last: Number, today: date, *, asked: bool) -> int | None:
    """The years a number tells of the roof; None when it tells of something else."""
    before, after = words.before(first.start, reach=60), words.plain[last.end :]
    if _SHORT_YEAR.match(words.plain, first.start):
        year = int(first.value) + (2000 if first.value <= today.year % 100 else 1900)
        is_when = asked or _REPLACED.search(before)
        return today.year - year if is_when and not re.search(r"\bown", before) else None
    if _OTHERS_ROOF.search(before) or _SUPPOSED.search(before) or _is_rating(words, first, last):
        return None
    of_roof = bool(_OF_ROOF.search(before))
    is_original = bool(_ORIGINAL.search(before))
    of_another = _SOMETHING_ELSE.search(before) or _OF_A_BILL.search(before)
    if _SINCE_WE_CAME.search(before) or (of_another and not (of_roof or is_original)):
        return None
    if last.value in range(1900, today.year + 1) and last.scale == 1:
        is_year = (
            of_roof
            or _REPLACED.search(before)
            or is_original
            or _BUILT_THEN.match(after)
            or (asked and _ONLY_A_YEAR.fullmatch(before))
        )
        return today.year - int(last.value) if is_year else None
    years = _YEARS.match(after)
    if years is None:
        is_bare = _BARE.match(after) and not _NOT_AN_AGE.search(before)
        is_answer = last.scale == 1 and last.value <= 100 and is_bare
        return int(last.value) if is_answer and (asked or _ROOF_IS.search(before)) else None
    rest = after[years.end() :]
    if _FROM_NOW.match(rest):
        return None  # "ek saal mein", when they want it
    if _DONE_THEN.match(rest):
        tells = True
    elif _AGO.match(rest):
        tells = of_roof or bool(_REPLACED.search(before) or _REPLACED.search(rest))
    else:
        tells = bool(_JUST_BEFORE.search(before) or _OLD_ROOF.match(rest) or _IT_HAS.search(before))
    return int(last.value) if asked or tells else None
