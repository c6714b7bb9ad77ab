"""What somebody pays for electricity a month, in the market's currency. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from apps.leads.understanding.amounts import (
    CORRECTING,
    CORRECTS,
    HOPED_FOR,
    LAST_TIME,
    MONTHLY,
    NOT_PAID,
    SEASON,
    in_band,
    is_by_season,
    is_near_bill,
    is_no_sum,
    is_not_ours,
    is_of_the_past,
    months_of,
    ranges,
    with_shared_scale,
    without_gas,
)
from apps.leads.understanding.bare_amounts import in_two_pieces
from apps.leads.understanding.hearing import (
    ANSWERED,
    GUESSED,
    IMPLIED,
    STATED,
    Heard,
    Hearing,
    Words,
    is_denied,
)
from apps.leads.understanding.numbers import Number, digit_words, numbers_in
from apps.leads.understanding.other_figures import (
    MEASURE,
    is_another_figure,
    without_peaks,
    without_the_past,
    without_the_speakers,
)

_LEAST, _MOST = 5, 2_000_000  # of a month; a house in dollars, a factory in rupees
_SIGN_BEFORE = re.compile(r"(?:\$|₹|rs\.?|inr|usd|us\$)\s?$")
_SIGN_AFTER = re.compile(
    r"\s?(?:/-|\$|₹|bucks|dollars?|dlls|d[oó]lares|usd|inr|rs\b\.?|rupees?|rupiya|rupaye|rupay|"
    r"रुपये|रुपए|रूपये|रुपया|₹|quid)"
)
_SUBJECT = re.compile(
    r"\b(?:bills?|bil|elec|electric(?:ity|al)?|con\s?ed(?:ison)?|utility|utilities|power|energy|"
    r"light bill|hydro|bijli|meter|factura|recibo|cuenta (?:es|de|me|viene|llega)|luz|electricidad|"
    r"consumption|units (?:consumed|used))\b|"
    r"(?<![\u0900-\u0963])बिल|बिजली|\bbses\b|"
    r"\bbescom\b|"
    r"\bmseb\b|\bmsedcl\b|\btata power\b|\bpseg?\b"
)
_PAYING = re.compile(
    r"\b(?:pay(?:ing|s)?|paid|spend(?:ing|s)?|cost(?:s|ing)? (?:me|us)|charg(?:e|es|ed|"
    r"ing) (?:me|us)|"
    r"(?:went|gone|jumped|rose|climbed|shot) (?:up )?(?:from|to)|"
    r"(?:hits?|gets?|takes?) (?:me|us) for|runs?(?: me| us)?|averages?|"
    r"comes? (?:to|out to)|comes? in at|goes? (?:to|up to)|pago|"
    r"pagamos|viene|me llega|(?:me )?sale|"
    r"cuesta|gasto|aa jat[aei]|bhar(?:na|rahe)|aata|aati|aa raha|aa rahi|ata|bharta|bharte|deta|"
    r"dete)\b|आता|भरते|देते"
)
_OTHER_THINGS = re.compile(
    r"\b(?:gas|water|phone|internet|cable|heating oil|oil|rent|mortgage|hoa|maintenance|tax(?:es)?|"
    r"insurance|car|cell|wifi|netflix) (?:bill|bills|fees?|charges?|payment)\b|\bmy (?:rent|"
    r"mortgage) is\b"
)
_ABOUT_ANOTHER = re.compile(
    r"\b(?:quoted?|quotes|system|install(?:ation)?|roof (?:cost|will)|new roof|"
    r"budget(?! billing)|loan|income|earn|salary|emi|"
    r"make(?! (?:that|it))|sav(?:es?|ings?)|credit|rebate|subsidy|deposit|bought|"
    r"down payment|worth|price|(?:neighbou?r|friend|brother|sister|cousin)(?:'s)?|"
    r"address|street|zip|pin ?code|score|cibil|fico)\b[^,;.]*$"
)
_AND_OURS = re.compile(r"\b(?:but|and|while) (?:i|we|mine|ours)\b")  # "a friend pays 2000 but we"
_NOT_THE_OTHER = re.compile(r"^,?\s*(?:and )?not [$₹]?[\d,.]*\d")  # "180, not 280"
_CLAUSE_ENDS = re.compile(r",\s|\b(?:and|but|plus)\b")
_A_BILL = re.compile(r"(?:/|\s)?(?:\s?\w+){0,2}\s(?:electric )?bills?\b")
_RATHER = re.compile(
    r"\bnot\s+[$₹]?[\d,]+,?\s+(?:(?:more like|but|it'?s|rather|closer to)\s*){1,2}[$₹]?$"
)
_PAYS_THIS = re.compile(
    r"\b(?:pay(?:ing|s)?|spend(?:ing|s)?|monthly|pago|pagamos|"
    r"(?<!loan )(?<!subsidy )(?<!total )amount(?: is| comes to|:)?|"
    r"(?:pay(?:ing)?|pago|pagamos) (?:a lot|(?:way )?too much|mucho|bastante|demasiado),?|"
    r"my (?:part|share|half|portion)(?: of (?:it|the bill))?(?: is|'s| runs| comes to))\s+"
    r"(?:(?:about|around|like|roughly|maybe|almost|nearly|unos|casi|como|cerca de|"
    r"alrededor de|something like|(?:anywhere )?between|approx\w*)\s+)?(?:rs\.?\s?)?[$₹]?\s?$"
)
_IS_PAID = re.compile(
    r"\s*(?:rs\.?|rupa?[iy]e|rupees|/-)?\s*(?:tak\s+)?"
    r"(?:aata|aati|ata|ati|aa rah[ai]|(?:aa|lag|chala|ho) jat[aei]|bhart[ae]|det[ae])\b"
)
_PAID_THEN = re.compile(
    r"\bpaid\s+(?:about |around |like |almost |[$₹] ?)*\|\s+(?:bucks |dollars )?(?:last month|"
    r"this month|in (?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\w*)\b"
)
_FOR_OTHER_THINGS = re.compile(
    r"[^,.;]{0,25}\b(?:rent|mortgage|taxes|insurance|hoa|emi|towards|"
    r"for(?! (?:mine|my part|ours|my own|electric\w*|power|con ?ed|it)\b))\b"
)
_PAYS = re.compile(r"\b(?:pay(?:ing)?|pago|pagamos)\b")
# Around an amount that stands alone in a list.
_HARDLY_ANYTHING = re.compile(
    r"\s*(?:(?:and|i|we|own|owner|house|home|brownstone|condo|co-?op|townhouse|row\s?house|"
    r"detached|semi|(?:\w+[\s-])?fam(?:ily)?|\d-?fam(?:ily)?|yes|in|im|i'm|ny|ours|mine|it'?s|is|"
    r"was|usually|normally|under|over|less than|more than|almost|nearly|only|just|"
    r"pay(?:ing)?|pago|pagamos|about|bout|around|roughly|like|maybe|unos|como|"
    r"approx\w*|avg|average|between|somewhere|nearly|close to|lagbhag|har|ka|mera|hamara|kareeb|"
    r"karib|krib|krb|takriban|(?:har )?(?:do|2|दो) (?:mahin\w*|months?|महीने|महीनों|माह)(?: (?:me|"
    r"mein|ka|में|का))?|"
    r"monthly|per month|mahin[ae]|rs\.?)\s+)*[$₹~]?\s?"
)
_ROOF = re.compile(r"\b(?:roof|techo|chh?at)\b")
_OWN_OR_RENT = re.compile(
    r"(?:(?:^|[,.;]\s*)(?:i |we )?|\b(?:i|we) )(?:own(?:er)?|rent(?:er|ing)?)\s*[,.;]\s*$"
)
_PART_ENDS = re.compile(r"[,.!?](?:\s+|$)|;\s*")
_MOST_ALONE = 20_000  # of an amount without a word of what it is for
_OF_A_MONTH = re.compile(
    r"\s?(?:ish|bucks|dollars?|d[oó]lares|rupees|/-)?\s*(?:(?:a|per|each|every|/|al|cada)?\s*"
    r"(?:mo|month|mes|mahin[ae])|monthly|in (?:the )?(?:summer|winter))?\s*"
)
_LEAST_BARE = 40  # a smaller number may be an age or a size
_LEAST_SPOKEN = 100
_EACH_MONTH = re.compile(
    r"\s?(?:bucks|dollars)?\s*(?:(?:a|per|each|every|/)\s*(?:mo\b|month)|monthly)"
)
_A_POSTAL_CODE = re.compile(r"(?<![\d$₹])(?:\d{5}|\d{6}|\d{3} \d{3})(?!\d)")
_CODE_IN_A_LIST = re.compile(r"(?<![\d$₹-])\d{5,6}(?![\d-])")
_MINE_IS = re.compile(
    r"\b(?:i'?m|we'?re|mine|ours)(?:'s| is| comes(?: to)?| was)?\s+(?:\w+\s+){0,2}[$₹]?\s?$|"
    r"\b(?:mine|ours) (?:has |just )?(?:went|gone|jumped|rose|climbed)(?: up)?"
    r"(?: from \$?\d+)? to \$?$"
)
# "Usually 360, in August it was 510": the usual one is the bill.
_USUALLY = re.compile(
    r"\b(?:usual(?:ly)?|normal(?:ly)?|typical(?:ly)?|on average|averag\w+|avg|most months|"
    r"generally)\b(?:(?!\bbut\b)[^,.;])*$"
)
_LAST_MONTH = re.compile(r"\b(?:last|this) month\b")
_NOW = re.compile(
    r"\b(?:now|currently|these days|this year|este año|ahora)"
    r"(?: (?:it'?s|about|like|around|to|at))*\s*[$₹]?$"
)
_OF_A_YEAR = re.compile(
    r"\b(?:in|since|from|of|by|year|until|till|before|after|built|early|late|mid|circa|desde|en|"
    r"replaced|installed|done|redone|bought|sal|saal)\s*$"
)
_IN_THAT_YEAR = re.compile(r"\s*(?:mein|me|se|ka bana|में|से)(?!\w)(?! \d)")


def hear_bill(words: Words, hearing: Hearing) -> Iterator[Heard]:
    """The bill of a month: "$250", "two fifty a month", "between 2 and 3 lakh a year"."""
    asked = hearing.asked == "monthly_bill"
    if asked and (pieces := in_two_pieces(words, hearing)):
        yield pieces
        return
    if band := in_band(words):
        if asked or _SUBJECT.search(words.plain) or _PAYING.search(words.plain):
            yield Heard("monthly_bill", band.value, IMPLIED, band.start, band.end)
        return
    spelled = [range(start, end) for _, start, end in digit_words(words.plain)]  # a code, a number
    found = [
        number
        for number in numbers_in(words.plain)
        if not any(number.start in one for one in spelled)
        and _may_be_a_bill(words, number, hearing)
    ]
    kept = [n for n in found if not is_of_the_past(words, n, found)]
    kept = without_peaks(words, without_the_past(words, kept))
    kept = [n for n in kept if _USUALLY.search(words.before(n.start))] or kept
    was_more = len(kept) < len(found)
    kept = without_gas(words, with_shared_scale(words, without_the_speakers(words, kept)))
    for first, last, value in ranges(words, kept):
        monthly = value / months_of(words, first.start, last.end)
        confidence = _confidence(words, first, last, asked)
        if not confidence and _USUALLY.search(words.before(first.start)):
            of_a_bill = any(one.search(words.plain) for one in (_SUBJECT, SEASON, _LAST_MONTH))
            confidence = IMPLIED if of_a_bill else 0
        if was_more and _NOW.search(words.before(first.start)) and first.value >= _LEAST_BARE:
            confidence = max(confidence, IMPLIED)
        if confidence and _LEAST <= monthly <= _MOST:
            yield Heard("monthly_bill", round(monthly, 2), confidence, first.start, last.end)


def _may_be_a_bill(words: Words, number: Number, hearing: Hearing) -> bool:
    """Whether a number can be an amount of money somebody pays for power."""
    asked = hearing.asked == "monthly_bill"
    plain = words.plain
    is_other_measure = MEASURE.match(plain, number.end) and not _has_sign(plain, number)
    before = words.before(number.start, reach=60)
    corrects = CORRECTS.search(before) or CORRECTING.fullmatch(plain[: number.start])
    is_no = is_denied(words, number.start) and not corrects
    if is_other_measure or is_no:
        return False
    is_hoped_for = any(said.search(before) for said in (NOT_PAID, HOPED_FOR))
    if is_hoped_for or is_not_ours(words, number, hearing.region):
        return False
    if is_no_sum(words, number) or is_another_figure(words, number):
        return False
    if re.search(r"[\w.@#-]$", plain[: number.start]) and not _SIGN_BEFORE.search(
        plain[: number.start]
    ):
        return bool(re.search(r"[-]$", plain[: number.start]))
    is_named = _SUBJECT.search(before.split(",")[-1]) or _A_BILL.match(plain, number.end)
    theirs = _ABOUT_ANOTHER.search(before)
    if theirs and not (is_named or _AND_OURS.search(theirs[0])):
        return False
    is_plain = number.scale == 1 and "," not in plain[number.start : number.end]
    is_plain = is_plain and not _has_sign(plain, number)
    is_year = is_plain and number.value in range(1900, 2100)
    is_year = is_year and _is_a_year(words, number, hearing, is_named=bool(is_named))
    length = 6 if hearing.region == "IN" else 5
    is_postal = is_plain and not number.is_word
    if is_postal and 10 ** (length - 1) <= number.value < 10**length:
        is_known = f"{number.value:.0f}" in hearing.places.postal_codes
        return asked and not is_known and not re.search(r"\bzip|\bpin", before)
    return not (is_year and (not asked or _ROOF.search(plain)))


def _is_a_year(words: Words, number: Number, hearing: Hearing, *, is_named: bool) -> bool:
    """Of a number that may be one: rupees come in thousands more often than years are told."""
    if _OF_A_YEAR.search(words.before(number.start)):
        return True
    if hearing.region == "IN":
        return bool(_IN_THAT_YEAR.match(words.plain, number.end))
    return not is_named


def _has_sign(plain: str, number: Number) -> bool:
    return bool(_SIGN_BEFORE.search(plain[: number.start]) or _SIGN_AFTER.match(plain, number.end))


def _confidence(words: Words, first: Number, last: Number, asked: bool) -> float:
    """How sure we are that an amount is the bill; 0 when nothing says so."""
    plain = words.plain
    before = words.before(first.start, reach=70).replace("approx.", "approx")
    after = _NOT_THE_OTHER.sub("", words.after(last.end, reach=50))
    around = f"{before} | {after}"
    clause = f"{_CLAUSE_ENDS.split(before)[-1]} | {_CLAUSE_ENDS.split(after)[0]}"
    if _OTHER_THINGS.search(clause) and not re.search(r"electric", clause):
        return 0
    has_sign = _has_sign(plain, first) or _has_sign(plain, last)
    says_so = has_sign or _PAYING.search(around) or MONTHLY.search(after)
    if _SUBJECT.search(around) and (says_so or is_near_bill(before, after)):
        return STATED
    is_of_the_roof = first.value < _LEAST_BARE and _ROOF.search(plain)
    if asked and (has_sign or first.value >= 10) and not is_of_the_roof:
        return ANSWERED
    is_monthly = MONTHLY.search(after) or (has_sign and MONTHLY.search(before))
    if is_monthly and (has_sign or _PAYING.search(before) or _SUBJECT.search(plain)):
        return IMPLIED
    if _RATHER.search(before) or (has_sign and LAST_TIME.match(after)):
        return IMPLIED
    is_paid = _PAYS_THIS.search(before) or _IS_PAID.match(after) or _PAID_THEN.search(around)
    if is_paid and first.value >= _LEAST_BARE and not _FOR_OTHER_THINGS.match(after):
        return IMPLIED
    if _MINE_IS.search(before) and (_SUBJECT.search(plain) or _PAYING.search(plain)):
        return IMPLIED
    if first.value >= _LEAST_BARE and (
        is_by_season(words, first, last) or CORRECTING.fullmatch(words.plain[: first.start])
    ):
        return IMPLIED
    return _alone(words, first, last, has_sign=has_sign)


def _alone(words: Words, first: Number, last: Number, *, has_sign: bool) -> float:
    """How sure we are of an amount that is all its part of a list says: "Own, 11223, $275"."""
    part = _PART_ENDS.split(words.plain[: first.start])[-1]
    rest = _PART_ENDS.split(words.plain[last.end :])[0]
    monthly = MONTHLY.search(rest) or MONTHLY.search(part)
    if CORRECTS.search(words.plain[: first.start]) and not rest.strip():
        return IMPLIED if first.value >= _LEAST_BARE else 0
    codes = [match.start() for match in _A_POSTAL_CODE.finditer(words.plain)]
    if codes and first.value >= _LEAST_BARE and _EACH_MONTH.match(rest):
        return IMPLIED  # "own 11357 whitestone 330 a month"
    part = _CODE_IN_A_LIST.sub("", part)  # "own 11004 $260"
    if not (_HARDLY_ANYTHING.fullmatch(part) and _OF_A_MONTH.fullmatch(rest)):
        return 0
    if first.value > _MOST_ALONE and not monthly:
        return 0
    if has_sign or monthly or _PAYS.search(part):
        return IMPLIED
    is_amount = first.value >= (_LEAST_SPOKEN if first.is_word else _LEAST_BARE)
    is_of_a_home = codes or _OWN_OR_RENT.search(words.plain[: first.start])
    return GUESSED if is_amount and is_of_a_home and first.start not in codes else 0
