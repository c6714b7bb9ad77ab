"""Versions of the score."""

from __future__ import annotations

from django.contrib import admin
from django.contrib.admin import display
from django.http import HttpRequest
from django.utils.safestring import SafeString

from apps.core.staff.marks import age, mark
from apps.core.staff.pages import ReadOnlyAdmin
from apps.core.staff.panels import Panel, page_panel
from apps.leads.models import ScoringModel
from apps.leads.score_words import parameter_tables


@admin.register(ScoringModel)
class ScoringModelAdmin(ReadOnlyAdmin):
    """Versions of the score. A version is never changed: a score must stay what it was."""

    list_display = ("version", "in_use", "note", "since")
    ordering = ("-is_active", "-created_at")
    fields = (("version", "in_use"), "note", "since")
    readonly_fields = ("in_use", "since")

    @display(description="In use")
    def in_use(self, model: ScoringModel) -> SafeString:
        return mark("In use", "good") if model.is_active else mark("Not in use")

    @display(description="Since", ordering="created_at")
    def since(self, model: ScoringModel) -> SafeString | str:
        return age(model.created_at)


@page_panel("leads.scoringmodel")
def _tables(request: HttpRequest, model: ScoringModel) -> Panel:
    return Panel(
        "Weights and tables",
        "admin/leads/parameters.html",
        {"tables": parameter_tables(model.parameters)},
    )
