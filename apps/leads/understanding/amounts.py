"""Amounts of money that belong together, and how many months they are for. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from apps.leads.understanding.hearing import Words, is_of_another
from apps.leads.understanding.numbers import Number, numbers_in

# What nobody can or wants to spend is no bill.
NOT_PAID = re.compile(
    r"\b(?:can'?t|cannot|couldn'?t|won'?t|wouldn'?t|not (?:going|about|willing) to|"
    r"don'?t (?:want|plan) to|i'?m not) (?:really |even |just )?"
    r"(?:spend(?:ing)?|pay(?:ing)?|afford|drop(?:ping)?|have|put (?:up|down)|come up with)\s+"
    r"(?:\w+\s+){0,2}[$₹]?$|\bdon'?t have\s+(?:\w+\s+){0,2}[$₹]?$"
)
# A sum that is hoped for: "get my bill down to $50".
HOPED_FOR = re.compile(
    r"\b(?:get|getting|bring|bringing|cut|cutting|lower|lowering|reduce|reducing|drop|knock|keep)\s+"
    r"(?:my|our|the|it|that|this)\b[^,.;]{0,30}\b(?:to|under|below|by)\s+"
    r"(?:like |about |around )?[$₹]?$|"
    r"\b(?:want|like|love|hope|need|wish|prefer)(?:ed|ing)?(?: to pay| (?:my|our|the|a) bill)"
    r"(?: (?:to be|to go|at|no more than|less than|at most|only|just|under|below|down|to|around|"
    r"about))*"
    r" [$₹]?$"
)
# "My neighbor got panels and his bill is 20": somebody else's.
_OTHERS = re.compile(
    r"\b(?:neighbou?rs?|friends?|brother|sister|cousin|uncle|aunt|co-?workers?|guy|lady|people)\b"
)
_SUPPOSED = re.compile(
    r"\b(?:suppose|imagine|pretend|what if)\b[^.;]*$|"
    r"\bif (?:my|the|our) bill (?:was|were)\b[^,.;]*$"
)
_FOR_GAS = re.compile(
    r"\s?(?:dollars |bucks )?\s*(?:for |on |in )?"
    r"(?:gas|water|rent|cable|internet|oil|maintenance|mortgage|hoa)\b"
    r"(?! (?:and|&) (?:electric|power|light))"
)
_COMMON_BILL = re.compile(  # of the building, not of the flat
    r"\b(?:common|building'?s?|co-?op'?s?|association'?s?)(?: area)?(?: electric(?:ity)?)?"
    r"(?: bill|'s)? (?:is|runs|pays|comes to)\b[^,.;]*$"
)
_OWN_BILL = re.compile(r"\b(?:my|mine|mera|meri|apna|own)\b|मेरा|अपना")
_THEIR_BILL = re.compile(r"\b(?:his|hers?|their|theirs)\s+(?:\w+\s+){0,3}(?:bills?\b)?[^,.;]*$")
# "No, actually 450": the bill told before, which is no age and no code.
CORRECTING = re.compile(
    r"\W*(?:(?:no|wait|sorry|oh|and|ah)\W+)*"
    r"(?:actually|sorry|oops|my bad|i meant?|make (?:that|it)|correction|perd[oó]n|digo|"
    r"mejor dicho|(?:(?:nahin?|arre|नहीं)\W+)*(?:galat|ग़?लत|typo|mistake|wrong)"
    r"(?: (?:bola|likh\w*|bata\w*|typed?|keh|kaha|bol|बोला|लिखा|बताया|"
    r"(?:kar )?diya|(?:ho )?gaya|tha|h|hai))*)"
    r"\W+"
    r"(?:(?:it'?s|it is|like|about|more like|son|es|como)\s+)*[$₹]?"
)
CORRECTS = re.compile(
    r"\b(?:i meant?|meant to say|make (?:that|it)|correction:?|no,? no|perd[oó]n|digo|"
    r"nahin? nahin?|arre nahin?|galti se|"
    r"(?<=[\dk])[^.;?!\d]{0,12}\b(?:wait|sorry|oops|actually|rather|i mean|balki|matlab)|"
    r"(?<=\d)[^.;?!\d]{0,20},\s*(?:nahin?|no|sorry)|(?<=\d)[^.;?!\d]{0,12}\s(?:nahin?|"
    r"नहीं))[,.\s]*[$₹]?$"
)
MONTHLY = re.compile(
    r"(?:\ba|\bper|\beach|\bevery|/|\bal|\bpor|\bcada)\s*(?:mo\b|mth|month|mes\b)|\bmonthly\b|"
    r"(?:\d|^|approx|/-)\s?p\.?m\b|\bhar mahin[ae]\b|\bmensual|"
    r"\bmahin[ae]\b|\bmaheen[ae]\b|\bevery month\b|महीन[ेा]|मासिक"
)
_YEARLY = re.compile(
    r"(?:\ba|\bper|\beach|\bevery|/|\bal)\s*(?:yr\b|year\b|annum|año)|\bannual|\byearly\b|"
    r"(?<!\d )(?<!\d)\bsaal (?:ka|k[ei]|bhar|mein|me)\b|\b(?:har|ek|poore|pure) saal\b|"
    r"सालाना|साल (?:का|भर|में)|"
    r"\b(?:spent|paid|total\w*)\b[^.;]*\|[^.;]*\b(?:last|past|this|whole|the) year\b"
)
_RISEN_IN = re.compile(  # "from 190 to 255 in a year": a bill of a month
    r"\b(?:went|gone|jumped|rose|risen|climbed|up|from)\b[^,.;|]*\|\s*(?:in|within|over) "
    r"(?:a|one|the (?:last|past)|less than a) year\b"
)
_TWO_MONTHLY = re.compile(
    r"\b(?:every (?:two|2|other) months?|bi[- ]?monthly|60 days|alternate months?|(?:two|"
    r"2|do)[- ]monthly|"
    r"(?<!within )(?<!next )(?<!after )(?<!agle )(?:two|2|do) (?:months?|mahin[aeo]\w*)|"
    r"har do mahin[ae]|cada dos meses)\b|(?:2|दो) (?:महीन|माह)"
)
_QUARTERLY = re.compile(r"\b(?:per|a|every) quarter\b|\bquarterly\b|\bevery (?:three|3) months\b")
_WEEKLY = re.compile(r"(?:\ba|\bper|/)\s*week\b|\bweekly\b")
_BETWEEN = re.compile(
    r"\s*(?:-|/|&|to|or|and|till|until|up to|a|se|y|o|thru|through|aur|से|और|या)\s*(?:\$|₹|"
    r"rs\.?|like|about)?\s*$"
)
_UNIT_BEHIND = re.compile(
    r"^\s?(?:\$|₹|/-|bucks|dollars|rupees|rupa[iy]e|rupay|rs\.?|k|रुप[यए]े?)(?![^\W_])"
)
_OF_IT_GAS = re.compile(
    r"\s*(?:bucks |dollars )?of (?:that|it|which)(?: is| was|'s) (?:for |the )?"
    r"(?:gas|heat\w*|oil|water)\b"
)
_NEXT_IN_A_ROW = re.compile(r"\s*(?:,|and|,\s*and)\s*\$?")
SEASON = re.compile(
    r"\b(?:summers?|winters?|spring|fall|verano|invierno|garmi(?:yon?)?|"
    r"january|february|march|april|june|july|august|september|october|november|december|"
    r"sardi(?:yon?)?|thandi?|otherwise|the rest|rest of the (?:year|time)|other months)\b|"
    r"गर्मी|गर्मियों|सर्दी|सर्दियों|जाड़"
)
_NO_LONGER = re.compile(
    r"\b(?:used to (?:be|pay)|was|were|previously|last year(?: it was)?|pehle|antes|"
    r"pagaba|pag[aá]bamos|from)\s+(?:\w+\s+){0,2}\$?₹?$"
)
_BUT_NOW = re.compile(r"\b(?:now|but|to|these days|currently|this year|este año|ab|abhi|ahora)\b")

_RANGING = re.compile(r"\b(?:rang\w+|var(?:y|ies)|anywhere|somewhere|goes|fluctuates) from\s*$")
_OF_AN_ADDRESS = re.compile(
    r"\b(?:ph(?:one)?|mob(?:ile)?|landline|contact|tel)\.?(?: (?:no|number))?\.?[\s:-]*"
    r"(?:\(?\d+\)?[\s-]+)*$|"
    r"\b(?:h\.? ?no|house no|flat no|flat|plot(?: no)?|door no|shop no|sector|sec|phase|block|ward|"
    r"gali(?: no)?|lane)\.?[\s:#-]*$"
)
_NOT_THIS = re.compile(r"\s*(?:rs\.?|rupa?ye|/-)?,?\s*(?:nahin?|नहीं)(?: nahin?)?,?\s+(?=[\d₹]|rs)")
_CLOCK = re.compile(r"\s?[ap]m\b")
_MIDDLES = {"low": 0.2, "mid": 0.5, "middle": 0.5, "in the": 0.5, "high": 0.8, "upper": 0.8}
_BAND = re.compile(
    r"\b(low|mid|middle|high|upper|in the)(?:\s+to\s+(?:mid|high|upper))?[\s-]+(?:\$|₹)?"
    r"(\d+|one|two|three|four|five|six|"
    r"seven|eight|nine)[\s-]?(hundreds?|00s|00'?s)\b"
)

_AND_THEN = re.compile(r"[\s,]*(?:aur |to |toh )?kabhi\s+(?:rs\.?\s?|₹\s?)?")
# "Con Ed comes every two months and it's about 520", "coned is killing us, 385 last month"
_IT_IS = re.compile(
    r"\b(?:it'?s|it is|it was|it comes to|that'?s|es|son)\s+(?:\w+\s+){0,2}[$~]?\s?$|"
    r"\b(?:i'?m|we'?re) (?:at|around|about)\s*[$]?$"
)
_LAST_TIME_BEFORE = re.compile(
    r"\b(?:last|this|past) month(?: (?:con\s?ed(?:ison)?|was|it|it's|is|came|to|like|about|took))*"
    r"\s*\$?$"
)
LAST_TIME = re.compile(r"\s*(?:bucks |dollars )?(?:last|this|the past) month\b")


def is_not_ours(words: Words, number: Number, region: str) -> bool:
    """Whether an amount is what a neighbor or a friend pays, is for gas, or is only supposed."""
    before = words.before(number.start, reach=60)
    if _SUPPOSED.search(before) or _FOR_GAS.match(words.plain, number.end):
        return True
    asks_for_a_society = region == "IN" and not _OWN_BILL.search(words.plain)
    if _COMMON_BILL.search(before) and not asks_for_a_society:
        return True
    theirs = _THEIR_BILL.search(before)
    others = theirs and _OTHERS.search(words.plain[: number.start - len(theirs[0])])
    return bool(others) or is_of_another(words, number.start)


def with_shared_scale(words: Words, numbers: list[Number]) -> list[Number]:
    """ "3 to 4 hundred", "2-3k": the scale of the second is the first one's too."""
    shared = list(numbers)
    for index, (low, high) in enumerate(zip(numbers, numbers[1:], strict=False)):
        joined = _BETWEEN.fullmatch(words.plain[low.end : high.start])
        scale = high.scale
        if scale == 1 and low.value < 10 and high.value in range(200, 1000, 100):  # "3-400"
            scale = 100
        if joined and low.scale == 1 and scale > 1 and low.value < high.value / scale:
            shared[index] = Number(low.value * scale, low.start, low.end, low.is_word, scale)
    return shared


def without_gas(words: Words, numbers: list[Number]) -> list[Number]:
    """ "300, but 100 of that is gas" is 200."""
    left: list[Number] = []
    for number in numbers:
        if left and _OF_IT_GAS.match(words.plain, number.end):
            whole = left.pop()
            left.append(replace(whole, value=whole.value - number.value))
        else:
            left.append(number)
    return left


def ranges(words: Words, numbers: list[Number]) -> Iterator[tuple[Number, Number, float]]:
    """Single amounts, and those that belong together as their middle: a range, two seasons, or
    the last three bills."""
    index = 0
    while index < len(numbers):
        if len(several := _in_a_row(words, numbers[index:])) > 2:
            mean = sum(number.value for number in several) / len(several)
            yield several[0], several[-1], round(mean, 2)
            index += len(several)
            continue
        low = numbers[index]
        high = numbers[index + 1] if index + 1 < len(numbers) else None
        if high and _belong_together(words, low, high):
            yield low, high, (low.value + high.value) / 2
            index += 2
        else:
            yield low, low, low.value
            index += 1


def _in_a_row(words: Words, numbers: list[Number]) -> list[Number]:
    """The numbers at the head of a list: "210, 245 and 230"."""
    row = numbers[:1]
    for number in numbers[1:]:
        if not _NEXT_IN_A_ROW.fullmatch(words.plain[row[-1].end : number.start]):
            break
        row.append(number)
    return row


def _belong_together(words: Words, low: Number, high: Number) -> bool:
    between = words.plain[low.end : high.start]
    if _BETWEEN.fullmatch(_UNIT_BEHIND.sub("", between)):
        return low.value != high.value
    return is_by_season(words, low, high)


def is_by_season(words: Words, low: Number, high: Number) -> bool:
    """ "180 in winter, 320 in the summer"; "kabhi 2000 kabhi 6000"."""
    if words.before(low.start).rstrip().endswith("kabhi") and _AND_THEN.fullmatch(
        words.plain[low.end : high.start]
    ):
        return low is not high
    around = words.plain[max(0, low.start - 50) : high.end + 25]
    is_near = low is not high and high.start - low.end < 50
    return is_near and len(set(SEASON.findall(around))) >= 2


def months_of(words: Words, start: int, end: int) -> float:
    """How many months an amount is for, by what stands around it."""
    before, after = words.before(start), words.after(end)
    around = f"{before} | {after}"
    if _TWO_MONTHLY.search(around):
        return 2
    if _QUARTERLY.search(around):
        return 3
    if MONTHLY.search(around):
        return 1
    if not _RISEN_IN.search(around) and _YEARLY.search(
        f"{before.split(',')[-1]} | {after}"
    ):  # "taxes are 9k a year, electric 280"
        return 12
    return 12 / 52 if _WEEKLY.search(around) else 1


def is_of_the_past(words: Words, number: Number, found: list[Number]) -> bool:
    """ "Used to be 200, now it is 320": the first one counts no more."""
    later = [other for other in found if other.start > number.end]
    return bool(
        later
        and not _RANGING.search(words.before(number.start).rstrip("$₹ "))
        and _NO_LONGER.search(words.before(number.start))
        and _BUT_NOW.search(words.plain[number.end : later[0].start])
    )


def is_near_bill(before: str, after: str) -> bool:
    """Whether what stands around an amount names the bill it is of."""
    return bool(
        re.search(
            r"(?:\b(?:bills?|bil)\b|(?<![\u0900-\u0963])बिल|\b(?:factura|recibo|cuenta)\b)[^.;?]*$",
            before,
        )
        or re.match(r"\s*(?:\w+\s+){0,4}(?:\b(?:bills?|bil)\b|बिल)", after)
        or re.search(
            r"electric(?:ity)?\s*(?:is|'s|:|=|-|runs|about|around)?\s*(?:\w+\s+){0,2}$", before
        )
        or re.match(r"\s*(?:\w+\s+){0,4}(?:electric|power|utilit|con\s?ed|luz|bijli)", after)
        or re.search(
            r"\b(?:pse?g|con\s?ed(?:ison)?)\s*(?:(?:is|:|=|about|around|like)\s*){0,3}$", before
        )
        or _IT_IS.search(before)
        or LAST_TIME.match(after)
        or _LAST_TIME_BEFORE.search(before)
    )


def is_no_sum(words: Words, number: Number) -> bool:
    """A house number, a time of day, or a sum put right at once: "5000 nahi 6000"."""
    return bool(
        _NOT_THIS.match(words.plain, number.end)
        or _OF_AN_ADDRESS.search(words.before(number.start))
        or (number.value <= 12 and _CLOCK.match(words.plain, number.end))
    )


def in_band(words: Words) -> Number | None:
    """ "In the low 300s" is 320, "mid two hundreds" 250."""
    band = _BAND.search(words.plain)
    if band is None:
        return None
    [hundreds] = [number.value for number in numbers_in(band[2])] or [0.0]
    base = hundreds * (1 if hundreds >= 100 else 100)
    return Number(base + 100 * _MIDDLES[band[1]], band.start(), band.end())
