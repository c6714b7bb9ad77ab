"""When the office is open and how soon it answers: pages of managers."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin import display
from django.utils.safestring import SafeString
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RelatedDropdownFilter

from apps.core.staff.marks import mark
from apps.core.staff.pages import StaffAdmin
from apps.leads.first_response import duration_words
from apps.leads.models import Holiday, OfficeSpan, ResponsePolicy


@admin.register(ResponsePolicy)
class ResponsePolicyAdmin(StaffAdmin):
    """How soon each kind of lead is answered. The most exact one counts."""

    list_display = ("kind", "market", "target", "warn", "escalation")
    list_display_links = ("kind",)
    list_filter = (("market", RelatedDropdownFilter),)
    list_select_related = ("market",)
    ordering = ("market", "target_minutes")
    fields = (
        "market",
        ("priority_level", "tier"),
        ("target_minutes", "warn_percent"),
        "escalation",
    )

    @display(description="Leads")
    def kind(self, policy: ResponsePolicy) -> str:
        return str(policy)

    @display(description="Answer within", ordering="target_minutes")
    def target(self, policy: ResponsePolicy) -> str:
        return f"{duration_words(policy.target)} of office time"

    @display(description="Warn after", ordering="warn_percent")
    def warn(self, policy: ResponsePolicy) -> str:
        return f"{policy.warn_percent} %"


@admin.register(OfficeSpan)
class OfficeSpanAdmin(StaffAdmin):
    """The hours of each weekday, in the market's own time."""

    list_display = ("day", "market", "opens", "closes")
    list_display_links = ("day",)
    list_filter = (("market", RelatedDropdownFilter),)
    list_select_related = ("market",)
    ordering = ("market", "weekday", "opens_at")
    fields = (("market", "weekday"), ("opens_at", "closes_at"))

    @display(description="Day", ordering="weekday")
    def day(self, span: OfficeSpan) -> str:
        return span.get_weekday_display()

    @display(description="Opens", ordering="opens_at")
    def opens(self, span: OfficeSpan) -> str:
        return f"{span.opens_at:%H:%M}"

    @display(description="Closes", ordering="closes_at")
    def closes(self, span: OfficeSpan) -> str:
        return (
            f"{span.closes_at:%H:%M}" if span.closes_at.hour or span.closes_at.minute else "24:00"
        )


@admin.register(Holiday)
class HolidayAdmin(StaffAdmin):
    """Public holidays come by themselves each year; days of our own are added here."""

    list_display = ("day", "name", "market", "kind", "closed", "note")
    list_filter = (
        ("market", RelatedDropdownFilter),
        ("kind", ChoicesDropdownFilter),
    )
    list_select_related = ("market",)
    ordering = ("-day", "market")
    fields = ("market", ("day", "name"), "is_closed", "note")

    def has_delete_permission(self, request: Any, obj: Holiday | None = None) -> bool:
        """A public holiday would come back: it is switched off instead."""
        if obj is not None and obj.kind == Holiday.Kind.PUBLIC:
            return False
        return bool(super().has_delete_permission(request, obj))

    @display(description="Office", ordering="is_closed")
    def closed(self, holiday: Holiday) -> SafeString:
        return mark("Closed", "warn") if holiday.is_closed else mark("Open", "good")
