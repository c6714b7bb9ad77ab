"""Templates of mails: plain words with names in braces, and nothing that could run. Pure.

    Hello {first_name|there},
    we worked out {system_kw} kW for your roof (computed on {estimate_date} from {estimate_source}).

A name stands for a value of the lead; after a bar comes the word to use where there is none. What
a template names must be known when it is saved; what has no value is shown before it is sent.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass

# What a template may say, and how the page for templates explains it. A score is never offered.
VARIABLES: dict[str, str] = {
    "first_name": "First name of the person",
    "last_name": "Last name of the person",
    "brand": "Our name",
    "brand_phone": "Our telephone number",
    "rep": "Name of whoever sends it, else of whoever has the lead",
    "rep_phone": "Their telephone number, else ours",
    "place": "Borough or state, as the postal code says",
    "postal_code": "Postal code as stated",
    "monthly_bill": "Monthly bill as stated, with its currency",
    "system_kw": "Size of the system we estimated, in kW",
    "annual_kwh": "Estimated production, in kWh a year",
    "annual_savings": "Estimated savings a year",
    "net_cost": "Estimated cost after the incentives that are in force",
    "payback_years": "Years until a cash purchase has paid for itself",
    "estimate_date": "Day the estimate was computed",
    "estimate_source": "What the estimate rests on",
    "booking_link": "Their own link to choose a time for a visit",
}
FIGURES = ("system_kw", "annual_kwh", "annual_savings", "net_cost", "payback_years")
_PROOF = ("estimate_date", "estimate_source")

_PLACEHOLDER = re.compile(r"\{([a-z_]{1,40})(?:\|([^{}|\n]{0,80}))?\}")
_LINK = re.compile(r"https?://[^\s<>\"']{1,500}[^\s<>\"'.,;:!?)\]]")


@dataclass(frozen=True)
class Filled:
    """A text with its values in it. `missing` names what had none: it still stands in braces."""

    text: str
    missing: tuple[str, ...]


def problems(*texts: str) -> list[str]:
    """What keeps these texts from being a template, in words; empty when nothing does."""
    named = {match[1] for text in texts for match in _PLACEHOLDER.finditer(text)}
    found = [f"There is no {{{name}}}." for name in sorted(named - VARIABLES.keys())]
    if any(re.search(r"[{}]", _PLACEHOLDER.sub("", text)) for text in texts):
        found.append("A brace stands alone: write {name} or {name|word where there is none}.")
    lacking = [name for name in _PROOF if name not in named]
    if named & set(FIGURES) and lacking:
        words = " and ".join(f"{{{name}}}" for name in lacking)
        found.append(f"A figure of the estimate needs {words} beside it.")
    return found


def fill(text: str, values: Mapping[str, str]) -> Filled:
    """Put the values in. What a value says is never read as a placeholder again."""
    missing: dict[str, None] = {}

    def value(match: re.Match[str]) -> str:
        said = " ".join(values.get(match[1], "").split())
        if said or match[2] is not None:
            return said or match[2]
        missing[match[1]] = None
        return match[0]

    return Filled(_PLACEHOLDER.sub(value, text), tuple(missing))


def unfilled(*texts: str) -> list[str]:
    """The placeholders still standing in what is about to be sent."""
    return sorted({match[0] for text in texts for match in _PLACEHOLDER.finditer(text)})


def as_html(text: str) -> str:
    """Paragraphs, line breaks and links; everything else is shown as it was typed."""
    paragraphs = (part.strip("\n") for part in re.split(r"\n[ \t]*\n", text.replace("\r\n", "\n")))
    return "\n".join(
        "<p>" + "<br>\n".join(_line(line) for line in paragraph.split("\n")) + "</p>"
        for paragraph in paragraphs
        if paragraph.strip()
    )


def _line(text: str) -> str:
    pieces, at = [], 0
    for match in _LINK.finditer(text):
        address = html.escape(match[0], quote=True)
        pieces += [html.escape(text[at : match.start()]), f'<a href="{address}">{address}</a>']
        at = match.end()
    return "".join([*pieces, html.escape(text[at:])])
