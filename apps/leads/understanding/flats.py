"""A "flat" is a home in India and the shape of a roof in New York. Pure."""

from __future__ import annotations

import re

from apps.leads.understanding.hearing import Hearing, Words

ROOF_ASKED = {"roof_type", "roof_age", "shading"}  # a bare "flat" is the roof, not the home


def is_of_the_roof(words: Words, match: re.Match[str], hearing: Hearing) -> bool:
    """Whether "flat" tells the shape of the roof, and no kind of home."""
    before = words.before(match.start())
    if is_a_home(words, match, hearing):
        return False
    if hearing.asked in ROOF_ASKED or is_roof_alone(words, hearing):
        return True
    is_flat_rate = before.endswith(tuple(f"{digit} " for digit in range(10)))
    if hearing.region == "US" and (is_flat_rate or _A_SUM.match(words.plain, match.end())):
        return True  # "230 flat", "a flat 230"
    is_entry = _ENTRY_BEGINS.search(before) and _ENTRY_ENDS.match(words.plain, match.end())
    is_answer = hearing.asked == "property_type" and not match.start()
    if hearing.region == "US" and is_entry and not is_answer:
        return True  # "brick, attached, flat"
    return bool(
        re.search(
            r"\broo?f\b[^.;]*(?<!\bmy )(?<!\ba )(?<!\bour )(?<!\bthe )(?<!own )(?<!apna )(?<!mera )"
            r"(?<!bhk )(?<!society )$",
            before,
        )
    )


_A_FLAT = re.compile(
    r"\b(?:own|my|our|apna|mera|hamara|nmbr|no|number|bhk)\s+$|^\W*(?:it'?s )?an? $"
)


def is_a_home(words: Words, match: re.Match[str], hearing: Hearing) -> bool:
    """In India "own flat, 3rd floor" is a home, also when the roof was asked for."""
    is_flat = hearing.region == "IN" and match[0].startswith("flat")
    behind = re.match(r"\s*(?:no|number|nmbr)\b|\s*\d", words.plain[match.end() :])
    before = _A_FLAT.search(words.before(match.start()))
    return bool(is_flat and (behind or before) and "roof" not in words.after(match.end()))


# Nobody in New York lives in a "flat"; their roofs are.
_ROOF_ALONE = re.compile(
    r"\W*(?:(?:it'?s|its|a|mostly|pretty) )*(?:flat|pitched|sloped|slanted)\W*"
)


_A_SUM = re.compile(r" \$?\d")
_ENTRY_BEGINS = re.compile(r"(?:^|,)\s*(?:it'?s )?$")
_ENTRY_ENDS = re.compile(r"\s*(?:[,.;]|$|i (?:think|believe|guess)\b)")


def is_roof_alone(words: Words, hearing: Hearing) -> bool:
    """Whether a roof's shape is all that was said, in New York."""
    is_answer = hearing.asked == "property_type"
    return hearing.region == "US" and not is_answer and bool(_ROOF_ALONE.fullmatch(words.plain))
