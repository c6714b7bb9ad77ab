"""Small things shown on pages: a coloured word, an age, a link. All escape what they show."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString

_MINUTE, _HOUR, _DAY = 60, 60 * 60, 24 * 60 * 60
_LONGEST_LINK_TEXT = 80


def mark(text: object, tone: str = "plain") -> SafeString:
    """A word in a coloured pill. Tones: plain, good, warn, bad, info, gold."""
    return format_html('<span class="sc-mark sc-mark--{}">{}</span>', tone, text)


def age(moment: datetime | None) -> SafeString | str:
    """How long ago, with the exact time for whoever points at it."""
    if moment is None:
        return "never"
    return format_html(
        '<time class="sc-age" datetime="{}" title="{}">{}</time>',
        moment.isoformat(),
        date_format(timezone.localtime(moment), "j M Y, H:i T"),
        age_words(moment, timezone.now()),
    )


def age_words(moment: datetime, now: datetime) -> str:
    """ "just now", "5 min ago", "3 h ago", "4 days ago", or the date after two months."""
    seconds = (now - moment).total_seconds()
    if seconds < 0:
        return date_format(timezone.localtime(moment), "j M, H:i")
    if seconds < _MINUTE:
        return "just now"
    if seconds < _HOUR:
        return f"{seconds // _MINUTE:.0f} min ago"
    if seconds < _DAY:
        return f"{seconds // _HOUR:.0f} h ago"
    days = int(seconds // _DAY)
    if days > 60:
        return date_format(timezone.localtime(moment), "j M Y")
    return "1 day ago" if days == 1 else f"{days} days ago"


def page_link(model: str, key: int, text: object) -> SafeString:
    """A link to the page of an object; `model` as in "leads.lead"."""
    return format_html('<a class="sc-link" href="{}">{}</a>', page_of(model, key), shorten(text))


def page_of(model: str, key: int) -> str:
    return reverse(f"admin:{model.replace('.', '_')}_change", args=[key])


def shorten(text: object, longest: int = _LONGEST_LINK_TEXT) -> str:
    words = str(text)
    return words if len(words) <= longest else words[: longest - 1] + "…"
