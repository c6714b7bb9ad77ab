"""Words of our subject with two letters swapped: "onw", "hosue", "brwonstone". Pure."""

from __future__ import annotations

import re

_MEANT = (
    "apartment", "asphalt", "attached", "bill", "board", "brownstone", "building", "condo",
    "decide", "detached", "electric", "family", "flat", "home", "homeowner", "house", "husband",
    "landlord", "metal", "month", "mother", "neighbor", "own", "owned", "owner", "parents",
    "pitched", "rent", "renter", "renting", "roof", "shade", "shingle", "shingles", "single",
    "slate", "solar", "summer", "tenant", "together", "townhouse", "trees", "wife", "winter",
    "years",
)  # fmt: skip
_WORDS_THEMSELVES = {"won"}


def _swapped(word: str) -> set[str]:
    pairs = range(len(word) - 1)
    return {word[:at] + word[at + 1] + word[at] + word[at + 2 :] for at in pairs} - {word}


_SLIPS = {slip: word for word in _MEANT for slip in _swapped(word) - _WORDS_THEMSELVES}
_WORD = re.compile(r"[a-z]{3,}")


def without_slips(plain: str) -> str:
    """A text in lower case as it was meant. Every word keeps its place and its length."""
    return _WORD.sub(lambda word: _SLIPS.get(word[0], word[0]), plain)
