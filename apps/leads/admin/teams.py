"""Who shares leads: the teams, and when each person takes how many."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin import display
from django.db.models import Count, Q, QuerySet
from django.forms.models import ModelChoiceField
from django.http import HttpRequest
from django.utils import timezone
from django.utils.safestring import SafeString
from unfold.admin import StackedInline, TabularInline

from apps.core.staff.marks import mark
from apps.core.staff.pages import StaffAdmin
from apps.leads.admin.rule_forms import AvailabilityForm
from apps.leads.assignment.availability import Load, hours_read, hours_words, why_not
from apps.leads.choices import OPEN_STATUSES
from apps.leads.desk import person_of
from apps.leads.models import AssignmentPool, Availability, DayOff, PoolMember
from apps.leads.selectors import people_who_work_leads


class _PeopleMixin:
    """`user` offers those who work leads."""

    def formfield_for_foreignkey(
        self, db_field: Any, request: HttpRequest, **kwargs: Any
    ) -> ModelChoiceField[Any] | None:
        if db_field.name == "user":
            kwargs["queryset"] = people_who_work_leads()
        field: ModelChoiceField[Any] | None = super().formfield_for_foreignkey(  # type: ignore[misc]
            db_field, request, **kwargs
        )
        return field


class MemberInline(_PeopleMixin, StackedInline):
    model = PoolMember
    extra = 0
    verbose_name = "person"
    verbose_name_plural = "People who take leads"
    fields = (("user", "weight", "is_active"), "territories")
    autocomplete_fields = ("territories",)


@admin.register(AssignmentPool)
class AssignmentPoolAdmin(StaffAdmin):
    """Teams. Which leads one gets is said by the rules."""

    list_display = ("name", "people", "used_by")
    fields = ("name",)
    inlines = (MemberInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[AssignmentPool]:
        pools: QuerySet[AssignmentPool] = super().get_queryset(request)
        working = Q(members__is_active=True, members__user__is_active=True)
        live = Q(rules__rule_set__state="live")
        return pools.annotate(
            working=Count("members", filter=working, distinct=True),
            in_rules=Count("rules", filter=live, distinct=True),
        )

    @display(description="People")
    def people(self, pool: Any) -> SafeString:
        return mark(pool.working, "good") if pool.working else mark("Nobody takes leads", "bad")

    @display(description="Live rules")
    def used_by(self, pool: Any) -> SafeString | str:
        return str(pool.in_rules) if pool.in_rules else mark("In no live rule", "warn")


class DayOffInline(TabularInline):
    model = DayOff
    extra = 1
    verbose_name_plural = "Days off"
    fields = ("first_day", "last_day", "note")


@admin.register(Availability)
class AvailabilityAdmin(_PeopleMixin, StaffAdmin):
    """When people take leads, and how many. Who is not listed takes them always."""

    form = AvailabilityForm
    list_display = ("person", "now", "open_leads", "working_hours", "limits")
    list_select_related = ("user", "office")
    search_fields = ("user__username", "user__first_name", "user__last_name")
    ordering = ("user__first_name", "user__last_name")
    inlines = (DayOffInline,)
    fieldsets = (
        (None, {"fields": ("user", ("office", "time_zone"))}),
        (
            "How many",
            {"fields": ("max_open", ("max_per_day", "max_per_30_days"))},
        ),
        (
            "Working hours",
            {
                "fields": (("mon", "tue"), ("wed", "thu"), ("fri", "sat"), "sun"),
                "description": "On their own clock, like 09:00-17:00 or 09:00-12:00, 13:00-17:00. "
                "No hours at all: leads at any time. A day without hours: none that day.",
            },
        ),
    )

    def get_readonly_fields(self, request: HttpRequest, obj: Availability | None = None) -> Any:
        return ("user",) if obj else ()

    def get_queryset(self, request: HttpRequest) -> QuerySet[Availability]:
        rows: QuerySet[Availability] = super().get_queryset(request)
        is_open = Q(user__leads__status__in=OPEN_STATUSES)
        return rows.prefetch_related("days_off", "office__holidays").annotate(
            open_count=Count("user__leads", filter=is_open)
        )

    @display(description="Now")
    def now(self, row: Any) -> SafeString:
        refusal = why_not(person_of(row.user), Load(open=row.open_count), timezone.now())
        return mark(refusal[:1].upper() + refusal[1:], "warn") if refusal else mark("Free", "good")

    @display(description="Open leads")
    def open_leads(self, row: Any) -> str:
        return str(row.open_count) + (f" of {row.max_open}" if row.max_open is not None else "")

    @display(description="Person", ordering="user__first_name")
    def person(self, row: Availability) -> str:
        return str(row.user)

    @display(description="Working hours")
    def working_hours(self, row: Availability) -> str:
        words = hours_words(hours_read(row.hours))
        return words[:1].upper() + words[1:]

    @display(description="New leads, at most")
    def limits(self, row: Availability) -> str:
        said = [
            f"{limit} {what}"
            for limit, what in ((row.max_per_day, "a day"), (row.max_per_30_days, "in 30 days"))
            if limit is not None
        ]
        return ", ".join(said) or "No limit"
