"""What steers leads: the pools that share them out, and the versions of the score."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin import display
from django.db.models import Count, Q, QuerySet
from django.forms.models import ModelChoiceField
from django.http import HttpRequest
from django.utils.safestring import SafeString
from unfold.admin import StackedInline

from apps.core.staff.marks import age, mark
from apps.core.staff.pages import ReadOnlyAdmin, StaffAdmin
from apps.core.staff.panels import Panel, page_panel
from apps.leads.models import AssignmentPool, PoolMember, ScoringModel
from apps.leads.score_words import parameter_tables
from apps.leads.selectors import people_who_work_leads


class MemberInline(StackedInline):
    model = PoolMember
    extra = 0
    verbose_name = "person"
    verbose_name_plural = "People who take leads"
    fields = (("user", "is_active"), "territories")
    autocomplete_fields = ("territories",)

    def formfield_for_foreignkey(
        self, db_field: Any, request: HttpRequest, **kwargs: Any
    ) -> ModelChoiceField[Any] | None:
        if db_field.name == "user":
            kwargs["queryset"] = people_who_work_leads()
        field: ModelChoiceField[Any] | None = super().formfield_for_foreignkey(
            db_field, request, **kwargs
        )
        return field


@admin.register(AssignmentPool)
class AssignmentPoolAdmin(StaffAdmin):
    """Who shares the leads of a market, and how."""

    list_display = ("name", "market", "strategy", "people", "last_assigned")
    list_select_related = ("market", "last_assigned")
    fields = ("name", ("market", "strategy"), "last_assigned")
    readonly_fields = ("last_assigned",)
    inlines = (MemberInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[AssignmentPool]:
        pools: QuerySet[AssignmentPool] = super().get_queryset(request)
        working = Q(members__is_active=True, members__user__is_active=True)
        return pools.annotate(working=Count("members", filter=working))

    @display(description="People")
    def people(self, pool: Any) -> SafeString:
        return mark(pool.working, "good") if pool.working else mark("Nobody takes leads", "bad")


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
