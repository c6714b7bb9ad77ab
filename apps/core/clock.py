"""The company's own clock, and moments as programs are told them."""

from __future__ import annotations

from datetime import UTC, datetime

from django.utils import timezone


def company_time(moment: datetime) -> datetime:
    """`moment` on the clock of the setting `TIME_ZONE`: where the company's days begin and end,
    whatever clock a screen or an answer shows."""
    return timezone.localtime(moment, timezone.get_default_timezone())


def utc_text(moment: datetime) -> str:
    """ISO 8601 in UTC, with a Z: how the API says every moment."""
    return moment.astimezone(UTC).isoformat().removesuffix("+00:00") + "Z"
