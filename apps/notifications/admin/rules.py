"""How long alerts of each kind wait, as managers set it."""

from __future__ import annotations

from django.contrib import admin
from django.contrib.admin import display
from django.http import HttpRequest

from apps.core.staff.pages import StaffAdmin
from apps.notifications.kinds import kind_by, label_of
from apps.notifications.models import EscalationRule


@admin.register(EscalationRule)
class EscalationRuleAdmin(StaffAdmin):
    """One row for each kind; `manage.py prepare` adds those of new kinds."""

    list_display = ("about", "to_managers", "to_admins")
    fields = ("about", "meaning", ("managers_after", "admins_after"))
    readonly_fields = ("about", "meaning")
    ordering = ("kind",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(
        self, request: HttpRequest, obj: EscalationRule | None = None
    ) -> bool:
        return False

    @display(description="Alerts about", ordering="kind")
    def about(self, rule: EscalationRule) -> str:
        return label_of(rule.kind)

    @display(description="Meaning")
    def meaning(self, rule: EscalationRule) -> str:
        known = kind_by(rule.kind)
        return known.description if known and known.description else "—"

    @display(description="To the managers", ordering="managers_after")
    def to_managers(self, rule: EscalationRule) -> str:
        return _minutes(rule.managers_after)

    @display(description="To the admins", ordering="admins_after")
    def to_admins(self, rule: EscalationRule) -> str:
        return _minutes(rule.admins_after)


def _minutes(number: int | None) -> str:
    return "never" if number is None else f"after {number} min"
