"""One assignment rule: its page, and the buttons that move it on the page of its version."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from apps.core.staff.marks import page_of
from apps.core.staff.pages import Button, ButtonsMixin, StaffAdmin
from apps.leads.actions.rules import (
    rule_copy,
    rule_move,
    rule_remove,
    rule_save,
    rules_draft_begin,
)
from apps.leads.admin.rule_forms import RuleForm
from apps.leads.choices import RuleSetState
from apps.leads.models import AssignmentRule
from apps.users.selectors import signed_in

_CHANGE = "leads.change_ruleset"


@admin.register(AssignmentRule)
class AssignmentRuleAdmin(ButtonsMixin, StaffAdmin):
    """One rule. It is edited while its version is a draft."""

    form = RuleForm
    change_form_outer_before_template = None
    list_display = ("name", "rule_set", "strategy", "pool", "person")
    list_select_related = ("rule_set", "pool", "person")
    ordering = ("-rule_set__version", "position")
    fieldsets = (
        (None, {"fields": ("name",)}),
        (
            "Which leads",
            {
                "fields": (
                    "market",
                    "tier",
                    ("territory", "source"),
                    ("score_from", "score_to"),
                    ("monthly_bill_from", "monthly_bill_to"),
                    "postal_code",
                ),
                "description": "All of these must hold; what is left empty does not matter.",
            },
        ),
        (
            "More about the lead",
            {
                "classes": ("collapse",),
                "fields": (
                    "property_type",
                    ("ownership", "timeline"),
                    "language",
                    ("utm_source", "utm_medium", "utm_campaign"),
                ),
            },
        ),
        ("Who gets them", {"fields": ("strategy", ("pool", "person"), "at_any_hour")}),
        ("If nobody of them can", {"fields": (("otherwise", "other_pool"),)}),
    )
    # Drawn on the page of the version.
    buttons = tuple(
        Button(name, label, icon, _CHANGE)
        for name, label, icon in (
            ("up", "Move up", "arrow_upward"),
            ("down", "Move down", "arrow_downward"),
            ("copy", "Copy", "content_copy"),
            ("remove", "Remove", "delete"),
        )
    )

    def has_change_permission(
        self, request: HttpRequest, obj: AssignmentRule | None = None
    ) -> bool:
        return bool(super().has_change_permission(request, obj)) and (
            obj is None or obj.rule_set.state == RuleSetState.DRAFT
        )

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # the page of the version has a button

    def get_fieldsets(self, request: HttpRequest, obj: AssignmentRule | None = None) -> Any:
        if obj is not None and not self.has_change_permission(request, obj):
            return ((None, {"fields": self.form.Meta.fields}),)
        return self.fieldsets

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        context = {"title": "Write a rule", "show_save_and_continue": False}
        response: HttpResponse = super().add_view(
            request, form_url, context | (extra_context or {})
        )
        return response

    def save_model(
        self, request: HttpRequest, obj: AssignmentRule, form: Any, change: bool
    ) -> None:
        if not change:
            obj.rule_set = rules_draft_begin(actor=signed_in(request), now=timezone.now())
        rule_save(obj)

    def response_add(
        self, request: HttpRequest, obj: AssignmentRule, post_url_continue: str | None = None
    ) -> HttpResponse:
        return self._back(request, obj, f"Rule “{obj}” is in the draft, at the end.")

    def response_change(self, request: HttpRequest, obj: AssignmentRule) -> HttpResponse:
        return self._back(request, obj, f"Rule “{obj}” is saved in the draft.")

    def press(self, request: HttpRequest, key: int, name: str) -> HttpResponse:
        """Buttons lead back to the page of the version, also when they refuse."""
        rule = self.get_queryset(request).filter(pk=key).first()
        response = super().press(request, key, name)
        return redirect(page_of("leads.ruleset", rule.rule_set_id)) if rule else response

    def press_up(self, request: HttpRequest, rule: AssignmentRule) -> None:
        rule_move(rule, by=-1)

    def press_down(self, request: HttpRequest, rule: AssignmentRule) -> None:
        rule_move(rule, by=1)

    def press_copy(self, request: HttpRequest, rule: AssignmentRule) -> str:
        return f"“{rule_copy(rule)}” stands below it."

    def press_remove(self, request: HttpRequest, rule: AssignmentRule) -> str:
        rule_remove(rule)
        return f"Rule “{rule.name}” is gone from the draft."

    def _back(self, request: HttpRequest, rule: AssignmentRule, words: str) -> HttpResponse:
        messages.success(request, words)
        return redirect(page_of("leads.ruleset", rule.rule_set_id))
