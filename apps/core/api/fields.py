"""Fields of requests that the framework's own leave half done."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from rest_framework import serializers

# A day before the end of the calendar, and after its beginning, it is some day everywhere.
_FIRST = datetime.min.replace(tzinfo=UTC) + timedelta(days=1)
_LAST = datetime.max.replace(tzinfo=UTC) - timedelta(days=1)


class MomentField(serializers.DateTimeField):
    """A moment in a request. One at the end of the calendar, which has no time in some other zone,
    is refused like any other that is none."""

    def enforce_timezone(self, value: datetime) -> datetime:
        try:
            moment: datetime = super().enforce_timezone(value)
        except OverflowError:
            self.fail("overflow")
        if not _FIRST <= moment <= _LAST:
            self.fail("overflow")
        return moment
