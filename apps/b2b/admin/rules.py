"""Overrides of the routing."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib import admin

from apps.b2b.admin.fields import several
from apps.b2b.models import RoutingRule
from apps.core.staff.pages import StaffAdmin
from apps.leads.choices import Tier


class RuleForm(forms.ModelForm):  # type: ignore[type-arg]  # generic only in the stubs
    tiers = several("Lead tiers", Tier.choices, "None chosen: all.")

    class Meta:
        model = RoutingRule
        fields = (
            "name", "market", "effect", "platforms", "territories", "sources", "tiers",
            "score_min", "is_active",
        )  # fmt: skip
        labels: ClassVar[dict[str, str]] = {
            "effect": "Who may have them",
            "score_min": "Score from",
            "is_active": "In use",
        }
        help_texts: ClassVar[dict[str, str]] = {
            "name": "The trace of a lead names it.",
            "territories": "None chosen: everywhere in the market.",
            "sources": "None chosen: from wherever they come.",
        }

    def clean(self) -> dict[str, Any]:
        """What is of another market would never hold, or let nobody buy."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if (market := cleaned.get("market")) is not None:
            for name in ("platforms", "territories"):
                chosen = cleaned.get(name) or ()
                if strange := [str(one) for one in chosen if one.market_id != market.pk]:
                    self.add_error(name, f"Of another market: {', '.join(strange)}.")
        return cleaned


@admin.register(RoutingRule)
class RoutingRuleAdmin(StaffAdmin):
    """Overrides: they go before every strategy."""

    when_empty = "No rules: buyers compete for every lead by the strategy alone."

    list_display = ("name", "market", "effect", "is_active")
    list_filter = ("effect", "is_active")
    form = RuleForm
    autocomplete_fields = ("platforms", "territories", "sources")
    fields = (
        ("name", "is_active"),
        ("market", "effect"),
        "platforms",
        "territories",
        "sources",
        "tiers",
        "score_min",
    )
