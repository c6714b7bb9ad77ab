"""What the lists in the admin can be narrowed by."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.contrib.filters.admin import DropdownFilter

from apps.notifications.kinds import kinds_known
from apps.notifications.models import Alert, Notification
from apps.notifications.selectors import alerts_by_state


class KindFilter(DropdownFilter):
    """By kind, said as people read it."""

    title = "about"
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(kind.code, kind.label) for kind in kinds_known()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(kind=self.value()) if self.value() else queryset


class UnreadFilter(DropdownFilter):
    title = "read"
    parameter_name = "unread"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("1", "Unread"), ("0", "Read")]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[Notification]
    ) -> QuerySet[Notification]:
        if self.value() not in {"0", "1"}:
            return queryset
        return queryset.filter(read_at__isnull=self.value() == "1")


class StateFilter(DropdownFilter):
    """Open ones, unless somebody asks for others."""

    title = "state"
    parameter_name = "state"
    all_option = ("", "Open")

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [
            ("waiting", "Nobody has it yet"),
            ("taken", "Somebody takes care"),
            ("resolved", "Resolved"),
            ("all", "All"),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Alert]) -> QuerySet[Alert]:
        return alerts_by_state(queryset, self.value() or "open")
