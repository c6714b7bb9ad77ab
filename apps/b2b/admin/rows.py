"""What stands beside what in the form of a buyer."""

from __future__ import annotations

from typing import Any

from apps.b2b.admin.fields import FILTER_ROWS
from apps.b2b.models import Platform
from apps.b2b.transports.registry import transport_of

NEW_ROWS = (
    (
        None,
        {
            "fields": (
                ("name", "slug"),
                "contact_email",
                ("market", "time_zone"),
                ("tier", "method"),
                ("price_floor", "price_ceiling"),
            )
        },
    ),
)
_TABS = (
    (
        "Who they are",
        {
            "classes": ["tab"],
            "fields": (
                ("name", "contact_email"),
                ("tier", "time_zone"),
                ("share_limit", "duplicate_days"),
                ("pause_after_rejections", "is_test"),
                "notes",
            ),
        },
    ),
    (
        "What they want",
        {"classes": ["tab"], "fields": FILTER_ROWS},
    ),
    (
        "When",
        {
            "classes": ["tab"],
            "fields": (
                "windows",
                "waits_for_window",
                ("pacing_day_percent", "pacing_week_percent"),
            ),
        },
    ),
    (
        "What they pay",
        {
            "classes": ["tab"],
            "fields": (
                ("price_floor", "price_ceiling"),
                "bid",
                ("payment", "credit_limit"),
                "days_to_pay",
                ("commission_kind", "commission"),
                ("return_window_hours", "return_percent_max"),
            ),
        },
    ),
)


def form_rows(platform: Platform) -> tuple[Any, ...]:
    """The tabs of a buyer's form; what the last one asks for depends on the way leads take."""
    settings = transport_of(platform.method).settings
    way = (
        "method",
        *(f"{platform.method}_{setting.name}" for setting in settings),
        "mapping",
        "answers",
    )
    return (*_TABS, ("How they get it", {"classes": ["tab"], "fields": way}))


def look_rows(platform: Platform) -> tuple[Any, ...]:
    """The same for those who may only look: in words: form fields would be empty."""
    who, _, _, money = _TABS
    when = ("hours", "waits_for_window", ("pacing_day_percent", "pacing_week_percent"))
    return (
        who,
        ("What they want", {"classes": ["tab"], "fields": ("wants",)}),
        ("When", {"classes": ["tab"], "fields": when}),
        money,
        ("How they get it", {"classes": ["tab"], "fields": ("method", "reached_at")}),
    )
