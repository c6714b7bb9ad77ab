"""Words and colours that both lists share."""

from __future__ import annotations

from django.utils.safestring import SafeString

from apps.core.staff.marks import mark
from apps.notifications.choices import Level

_TONES = {Level.INFO: "info", Level.WARNING: "warn", Level.CRITICAL: "bad"}


def level_mark(level: str) -> SafeString:
    return mark(Level(level).label, _TONES[Level(level)])
