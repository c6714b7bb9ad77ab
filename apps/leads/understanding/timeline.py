"""When somebody wants it done. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from apps.leads.understanding.hearing import (
    ANSWERED,
    IMPLIED,
    STATED,
    Heard,
    Hearing,
    Words,
    heard,
    is_denied,
)
from apps.leads.understanding.numbers import numbers_in
from apps.leads.understanding.sayings import SAYINGS
from apps.leads.understanding.seasons import (
    FIRST_MONTH,
    MONTHS,
    TIMES,
    months_left_of,
    months_to_middle_of,
)

_TIMELINES = SAYINGS.patterns("timelines")
_ANSWERS = SAYINGS.patterns("timeline_answers")
_LIMITS = (
    (0.5, "immediate"),
    (3, "within_3_months"),
    (6, "within_6_months"),
    (12.5, "within_year"),
)
_LEADS_IN = re.compile(
    r"\b(?:in|within|inside|next|over the next|after|under|less than|by|en|dentro de|para|agle)\s+"
    r"(?:the\s+|next\s+|about\s+|around\s+|like\s+|maybe\s+|a\s+|los\s+pr[oó]ximos\s+|un\s+)*"
    r"(?:(?:\d+|one|two|three|four|five|six|couple|dos|tres|cuatro)\s*(?:-|to|or|a|o|se)\s*)?$"
)
_SPAN = re.compile(
    r"\s*-?\s*(?:of\s+)?(?P<unit>days?|weeks?|wks?|months?|mos?|mths?|years?|yrs?|hafte|"
    r"mahin[ae]|maheene|saal|din|"
    r"d[ií]as?|semanas?|mes(?:es)?|años?|महीन[ेाो]ं?|माह|साल|हफ\u093c?्ते|दिनों|"
    r"दिन)(?![\w\u0900-\u0963])"
    r"(?P<inside>\s*(?:from (?:now|today)|mein|me|ke andar|(?:ke )?baad|में|के अंदर|(?:के )?बाद))?"
)
# What somebody wants done in a span, and no age of a roof: "install in next 2 months".
_PLANS = re.compile(
    r"\b(?:want|need|looking|install\w*|plan\w*|start|think\w*|do(?:ing)? it|get(?:ting)? it|"
    r"go ahead|karwa\w*|karna|lag(?:wa|va|an)\w*)\b|"
    r"लगव|करव|करना"
)
_THINKS = re.compile(r"(?:abhi |bas |sirf )?soch|(?:अभी |बस )?सोच")
_ALL_IT_SAYS = re.compile(
    r"^\W*(?:(?:time ?(?:line|frame)|when)\W+)?"
    r"(?:(?:maybe|about|around|approx|may ?be|in|within)\s+)*"
    r"(?:\d+\s*(?:-|to|se)\s*)?$"
)
# "Own, 11215, $300, 3 months", "2 family, $270, spring"
_ENDS_A_LIST = re.compile(r"[,;][^,;]+[,;]\s*[.!]?$")
# A list without commas: "own 11215 bill 300 flat roof 3 months".
_WISHED = re.compile(r"\b(?:want|would|like|hop(?:e|ing)|plan\w*|thinking)\b|'d\b")
_SPAN_FROM_NOW = re.compile(r"(?:mein|me|ke andar|baad|में|के अंदर|बाद|now)$")
_LONGEST_PLAN = 60  # months: "12 or 13 years" is an age
_RUN_ON = re.compile(
    r"(?=.*\b\d{5}\b)[^,;.?!]*(?<!for )(?<!every )(?<!last )(?<!past )(?<!previous )(?<!takes )"
)
_LISTED_LAST = re.compile(
    r"[,;][^,;]+[,;]\s*(?:next |this )?(?P<what>spring|summer|fall|autumn|winter)\s*[.!]?$"
)
_ONE_SPAN = re.compile(
    r"\b(?:in|within|over|the|months to) (?:a|the next|next|the coming|about a) "
    r"(?P<unit>week|month|year|quarter)\b(?P<or_two> or two)?"
)
_NEXT = re.compile(
    r"\b(?:next|el pr[oó]ximo|la pr[oó]xima|agle|agli|coming|अगल[ेी]|आने वाले)\s+"
    r"(?P<what>month|(?:financial )?year|quarter|spring|summer|fall|autumn|winter|"
    r"mahin[ae]|saal|año|mes|"
    r"primavera|verano|महीने|साल)(?![\w\u0900-\u0963])"
)
_THIS = re.compile(
    r"\b(?:this|before the end of the|by the end of the|by end of|end of|by year|este|"
    r"is(?= saal)|इस(?= साल))\s*"
    r"(?:the\s+)?(?P<what>(?:financial |fiscal )?year|quarter|spring|summer|fall|winter|año|"
    r"saal|साल)(?![\w\u0900-\u0963])"
)
_BY = re.compile(
    r"\b(?:by|in|before|after|for|around|until|come|(?:end|start|beginning|middle) of|en|para)\s+"
    r"(?:(?:the|early|late|mid|la|el)\s+)*"
    rf"(?P<what>{TIMES})(?:'?s)?\b(?:\s+(?P<year>20[2-9]\d))?"
)
# As Hindi says it, the word behind: "march tak", "garmi se pehle".
_UNTIL = re.compile(
    rf"\b(?P<what>garmi(?:yon?)?|{TIMES})\s+(?:tak|se pehle|ke (?:pehle|baad)|के बाद|तक|"
    rf"से पहले)(?![\w\u0900-\u0963])"
)
_YEAR = re.compile(
    r"\b(?:in|by|early|late|mid|until|"
    r"(?:thinking|aiming|planning|shooting|hoping)(?: about| for)?)\s+(?P<what>20\d\d)\b"
)
# The answers to "when?" that name a time and nothing else: "spring", "a year", "around March".
_ROUNDLY = (
    r"^\W*(?:(?:i|we|it|would|be|say|maybe|probably|hopefully|ideally|around|about|like|sometime|"
    r"thinking|hoping|looking at|aiming for|for|in|early|late|mid|this|the|coming|en|la|el|a)\W+)*"
)
_WHEN = re.compile(rf"{_ROUNDLY}(?P<what>{TIMES})\b(?:\s+(?P<year>20[2-9]\d))?")
_YEAR_ALONE = re.compile(rf"{_ROUNDLY}(?:possibly )?(?P<what>20\d\d)\b")
_ONE_ALONE = re.compile(
    rf"{_ROUNDLY}(?<!this )(?P<unit>week|month|year)\b(?! and)(?P<or_two> or two)?"
)
# What stands before a time that is no plan: how long something took, or another plan.
_NO_PLAN = re.compile(
    r"\b(?:last|past|previous|ago|lived|living|been|since|takes?|how long|old|every|"
    r"roof (?:is|was)|bill (?:is|was|for)|warranty|contract|payback|finance|loan|lease|"
    r"sell(?:ing)?|mov(?:e|ing)|shift(?:ing)?|transfer(?:red)?|"
    r"pay(?:ing)?|paid|he|she|neighbou?rs?|friends?|brother|sister|cousin|"
    r"retir(?:e|ing)|muda\w*|happens?|votes?|meets?|gives?|lasts?|expires?|ends?(?! of)|had|"
    r"credits?|incentives?|"
    r"if (?:i|we|you) (?:sign|buy|pay|order|install|go|do|get|wait|file)|"
    r"(?:went|jumped|rose|climbed|shot) (?:up|from|to))\b[^,.;]*$|"
    r"\d,?\d+(?:/-| rs\.?| rupees| dollars)?\s+in\s+$"  # "I pay 4,500 in 2 months"
)
_OF_NO_PLAN = re.compile(
    r"\s*(?:ago\b|ek baar\b|old\b|(?:k[aei] |का )?(?:bill|बिल)|(?:\w+ ){0,4}[₹\d]|rs\b)"
)
_IS_DONE_THEN = re.compile(r"[^,.;]*(?:\b(?:lag(?:wa|va|an)|karwa|install)|लगव)")
_AMOUNT_BEHIND = re.compile(
    r"\s+(?:it'?s |about |like |around |sube |llega |me |pago |hasta |a |como |it |"
    r"hits |goes |up |to )*"
    r"(?:rs\.?\s?|₹\s?)?\d(?:\d|,\d\d)\d{0,4}k?\b"
    r"(?!\s?(?:st|nd|rd|th)\b)"
)
_OF_MONEY = re.compile(
    r"[$₹]|\b(?:bills?|pay|paid|dollars|rupees|degrees|replaced|redone|"
    r"(?<!\bit )(?<!\bthis )(?<!\bthat )(?<!\bbe )(?<!\ball )(?:done|finished|installed))\b"
)


def hear_timeline(words: Words, hearing: Hearing) -> Iterator[Heard]:
    """Immediately, within months, or just researching."""
    told = [
        heard("timeline", name, STATED, match)
        for name, pattern in _TIMELINES.items()
        for match in pattern.finditer(words.plain)
        if name == "researching" or not _is_doubted(words, match)
    ]
    told += [
        one
        for one in _spans(words, asked=hearing.asked == "timeline")
        if hearing.asked != "roof_age" or _tells_a_plan(words, one)
    ]
    told += [
        heard("timeline", within_months(months), STATED, match)
        for match, months in _named(words, hearing)
    ]
    has_a_time = any(one.value != "researching" for one in told)
    yield from (
        one  # "agle saal tak soch rahe hain": who thinks of a time has told it
        for one in told
        if not (has_a_time and _THINKS.match(words.plain[one.start : one.end]))
    )
    if hearing.asked == "timeline":
        for name, pattern in _ANSWERS.items():
            if answer := pattern.search(words.plain):
                yield heard("timeline", name, IMPLIED, answer)


def _tells_a_plan(words: Words, span: Heard) -> bool:
    """To the question for the roof's age: "15 din mein" is a plan, "under 5 years" an age."""
    said = words.plain[span.start : span.end]
    is_far = re.search(r"years?|yrs?|saal|साल|años?", said) and not _SPAN_FROM_NOW.search(said)
    is_led = _SPAN_FROM_NOW.search(said) or _LEADS_IN.search(words.before(span.start))
    return bool(_PLANS.search(words.plain) or (is_led and not is_far))


def within_months(months: float) -> str:
    """The answer of our list for a number of months from now."""
    return next((name for limit, name in _LIMITS if months <= limit), "researching")


def _is_doubted(words: Words, match: re.Match[str]) -> bool:
    return is_denied(words, match.start()) or _is_asked(words, match)


def _is_asked(words: Words, match: re.Match[str]) -> bool:
    """ "Is it still there in 2026?" plans nothing."""
    return "?" in words.plain[match.end() : match.end() + 3]


def _spans(words: Words, *, asked: bool) -> Iterator[Heard]:
    """ "In 2 months", "3 mahine mein"; as an answer also the bare "2-3 months"."""
    for number in numbers_in(words.plain):
        span, before = _SPAN.match(words.plain, number.end), words.before(number.start)
        if span is None:
            continue
        is_last = span["unit"].startswith("mo") and not words.plain[span.end() :].strip(" .!")
        runs_on = is_last and _RUN_ON.fullmatch(words.plain[: number.start])
        if _NO_PLAN.search(before) and not runs_on:
            continue
        if re.match(
            r"\s*(?:ago\b|old\b|shift\b|transfer|retire|(?:k[aei] |का )?(?:bill|बिल)|[₹\d]|rs\b)",
            words.plain[span.end() :],
        ):
            continue
        listed = _ENDS_A_LIST.search(words.plain[: number.start] + words.plain[span.end() :])
        rest = _ALL_IT_SAYS.sub("", words.plain[: number.start]) + words.plain[span.end() :]
        is_plain = not rest.strip(" .,!") and span["unit"].startswith(("m", "w", "hafte"))
        if asked or listed or runs_on or is_plain or span["inside"] or _LEADS_IN.search(before):
            months = number.value * _months_in(span["unit"])
            if months > _LONGEST_PLAN:
                continue
            sure = ANSWERED if asked else STATED
            yield Heard("timeline", within_months(months), sure, number.start, span.end())
    alone = _ONE_ALONE.search(words.plain) if asked else None
    if alone and "this" not in alone[0]:  # "this month" is now
        months = _months_in(alone["unit"]) * (2 if alone["or_two"] else 1)
        yield heard("timeline", within_months(months), ANSWERED, alone)
    for match in _ONE_SPAN.finditer(words.plain):
        if not _NO_PLAN.search(words.before(match.start())):
            months = _months_in(match["unit"]) * (2 if match["or_two"] else 1)
            yield heard("timeline", within_months(months), STATED, match)


def _months_in(unit: str) -> float:
    if unit.startswith(("day", "día", "dia", "din", "दिन")):
        return 1 / 30
    if unit.startswith(("week", "wk", "haft", "semana", "हफ")):
        return 0.25
    if unit.endswith("year") or unit.startswith(("y", "saal", "año", "साल")):
        return 12
    return 3 if unit == "quarter" else 1


def _named(words: Words, hearing: Hearing) -> Iterator[tuple[re.Match[str], float]]:
    """Times with a name, and how many months away they begin."""
    today = hearing.today
    yield from _by_itself(words, today, asked=hearing.asked == "timeline")
    for pattern in (_NEXT, _THIS, _BY, _UNTIL, _YEAR):
        for match in pattern.finditer(words.plain):
            what = match["what"]
            if _NO_PLAN.search(words.before(match.start())) or _is_doubted(words, match):
                continue
            if pattern is _NEXT and what not in FIRST_MONTH:
                yield match, _months_in(what)
            elif pattern is _THIS and _AMOUNT_BEHIND.match(words.plain, match.end()):
                continue  # "este año 340": of a bill
            elif pattern is _THIS and what not in FIRST_MONTH:
                yield match, months_left_of(what, today)
            elif pattern is _YEAR:
                if int(what) >= today.year:
                    yield match, months_to_middle_of(int(what), today)
            elif not _tells_of_money(words, match, hearing) and not (
                # "This summer" is over, unless it is wished for.
                pattern is _THIS
                and FIRST_MONTH[what] < today.month
                and not _WISHED.search(words.before(match.start()))
            ):
                yield match, _months_until(match, today)


def _by_itself(words: Words, today: date, *, asked: bool) -> Iterator[tuple[re.Match[str], float]]:
    """A time and nothing else: the end of a list, or the answer to the question for it."""
    if listed := _LISTED_LAST.search(words.plain):
        yield listed, _months_until(listed, today)
    if asked and (answer := _WHEN.search(words.plain)):
        yield answer, _months_until(answer, today)
    elif asked and (answer := _YEAR_ALONE.search(words.plain)):
        yield answer, months_to_middle_of(int(answer["what"]), today)


def _tells_of_money(words: Words, match: re.Match[str], hearing: Hearing) -> bool:
    """A season of bills, or of what was done, and not of a plan: "320 in summer"."""
    after = words.after(match.end())
    if _IS_DONE_THEN.match(after):
        return False
    sentence = words.before(match.start(), reach=80) + after
    is_of_an_amount = re.search(
        r"(?:\d|hundred|(?:twen|thir|for|fif|six|seven|eigh|nine)ty|bucks|dollars)\s*"
        r"(?:a month|/mo|monthly)?\s*$",
        words.before(match.start()),
    ) or _AMOUNT_BEHIND.match(after)
    if match[0].startswith("by "):  # "bill's 310, want panels by June"
        sentence = sentence.split(",")[-1]
    of_money = _OF_MONEY.search(sentence) or is_of_an_amount
    is_shade = hearing.asked == "shading" and not _PLANS.search(words.plain)
    return is_shade or hearing.asked == "monthly_bill" or bool(of_money)


def _months_until(match: re.Match[str], today: date) -> float:
    what = match["what"]
    month = FIRST_MONTH.get(what) or MONTHS.index(what[:3]) + 1
    year = match.groupdict().get("year")
    if year:
        return (int(year) - today.year) * 12 + month - today.month
    return (month - today.month) % 12 or 1
