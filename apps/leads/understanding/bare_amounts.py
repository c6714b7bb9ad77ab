"""An amount that is all a message says: nearly always the electric bill. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from apps.leads.understanding.hearing import (
    ANSWERED,
    GUESSED,
    IMPLIED,
    Heard,
    Hearing,
    Words,
    heard,
)

# What a month may cost a home, in the market's currency: a smaller number may be an age, a larger
# one a house number.
_OF_A_HOME = {"US": range(40, 2_001), "IN": range(300, 20_001)}
_YEARS = {"US": range(1_900, 2_101)}  # in rupees 2000 is a bill
_MAY_BE_THE_BILL = frozenset(  # asked for, and no number answers it
    {"", "homeowner", "zip_code", "property_type", "shading", "timeline", "decision_maker"}
    | {"first_name", "consent"}
)
_ALONE = re.compile(
    r"\W*(?:(?:so|it'?s|its|(?:i'?m|we'?re) (?:at|around|about)|"
    r"about|around|like|roughly|maybe|say|usually|"
    r"(?P<puts_right>sorry|srry|oops|nope?|wait|actually|nahin?|arre))\W+)*"
    r"(?:\$|₹|rs\.?)?\s?(?P<amount>\d{2,5}|\d{1,2},\d{3})\s?(?:ish|\+|/-)?"
    r"(?:\W+(?:or so|and (?:climbing|rising|counting|going up)|"
    r"to be exact|exactly|give or take|i think|maybe|total|in total|usually))?\W*"
)
_RISEN = re.compile(  # "from 200 to 280", after "my bill went up 40%"
    r"\W*(?:it )?(?:(?:went|jumped|rose|has gone|gone|up) )*from \$?(\d{2,4}) to \$?(\d{2,4})\W*"
)
_PUT_RIGHT = re.compile(  # "oh and it's 350 not 300"
    r"\W*(?:(?:oh|and|ok|sorry|no|wait|actually|my bad|it'?s|its|it is)\W+)*"
    r"\$?(\d{2,4}),? not \$?(\d{2,4})\W*"
)

_IN_TWO_PIECES = re.compile(  # "1 80", "2 50", to the question for the bill
    r"\W*(?:(?:about|around|like|maybe|it'?s)\W+)*(?P<hundreds>[1-9]|one|two|three|four|five)"
    r"[ -](?P<rest>[1-9]\d)\W*"
)
_HUNDREDS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5}


def in_two_pieces(words: Words, hearing: Hearing) -> Heard | None:
    """ "1 80" is 180 dollars; in rupees it is a slip of the hand."""
    match = _IN_TWO_PIECES.fullmatch(words.plain) if hearing.region == "US" else None
    if match is None or (match["hundreds"].isdigit() and "-" in match[0]):
        return None
    hundreds = _HUNDREDS.get(match["hundreds"]) or int(match["hundreds"])
    amount = float(hundreds * 100 + int(match["rest"]))
    return Heard("monthly_bill", amount, ANSWERED, match.start("hundreds"), match.end("rest"))


def hear_bare_amount(words: Words, hearing: Hearing) -> Iterator[Heard]:
    """ "320", before anything was asked, or to the question for the ZIP code; "350, not 300";
    "from 200 to 280"."""
    amounts = _OF_A_HOME.get(hearing.region, range(0))
    if match := _PUT_RIGHT.fullmatch(words.plain):
        if int(match[1]) in amounts and int(match[2]) in amounts:
            yield heard("monthly_bill", float(match[1]), IMPLIED, match, 1)
        return
    if match := _RISEN.fullmatch(words.plain):
        if int(match[1]) in amounts and int(match[2]) in amounts:
            yield heard("monthly_bill", float(match[2]), IMPLIED, match, 2)
        return
    match = _ALONE.fullmatch(words.plain)
    if match is None or hearing.asked not in _MAY_BE_THE_BILL:
        return
    amount = int(match["amount"].replace(",", ""))
    if amount in amounts and amount not in _YEARS.get(hearing.region, range(0)):
        sure = IMPLIED if match["puts_right"] else GUESSED
        yield Heard("monthly_bill", float(amount), sure, *match.span("amount"))
