"""What the list of leads is narrowed by, beside its columns."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from unfold.contrib.filters.admin import DropdownFilter

from apps.leads.admin.answers import narrow_to_answer
from apps.leads.models import Lead
from apps.leads.selectors import people_who_work_leads
from apps.solar.models import Territory
from apps.users.selectors import signed_in

_ME, _NOBODY = "me", "nobody"


class AssignedFilter(DropdownFilter):
    """Mine, nobody's, or one person's."""

    title = "assigned to"
    parameter_name = "assigned"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        first = [(_ME, "Me"), (_NOBODY, "Nobody")]
        if not request.user.has_perm("users.view_all_leads"):
            return first
        people = people_who_work_leads()
        return [*first, *((str(person.pk), str(person)) for person in people)]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Lead]) -> QuerySet[Lead]:
        value = self.value()
        if value == _ME:
            return queryset.filter(assigned_to=signed_in(request))
        if value == _NOBODY:
            return queryset.filter(assigned_to=None)
        if value and value.isdecimal() and len(value) < 18:
            return queryset.filter(assigned_to=int(value))
        return queryset


class AnswerFilter(DropdownFilter):
    """How the first answer stands."""

    title = "first answer"
    parameter_name = "answer"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [
            ("late", "Late, still waiting"),
            ("due_soon", "Due soon"),
            ("waiting", "Waiting, all of them"),
            ("answered", "Answered in time"),
            ("answered_late", "Answered late"),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Lead]) -> QuerySet[Lead]:
        return narrow_to_answer(queryset, self.value() or "", timezone.now())


class TerritoryFilter(DropdownFilter):
    """Territories, with their market."""

    title = "territory"
    parameter_name = "territory"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        territories = Territory.objects.select_related("market").order_by("market__name", "name")
        return [(str(one.pk), f"{one.name} ({one.market.name})") for one in territories]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Lead]) -> QuerySet[Lead]:
        value = self.value()
        if value and value.isdecimal() and len(value) < 18:
            return queryset.filter(territory=int(value))
        return queryset
