"""Site surveys in the admin: the list, the day of the teams, and the calendar of each market."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin import display
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseRedirectBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.safestring import SafeString
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RelatedDropdownFilter

from apps.core.errors import Conflict
from apps.core.staff.filters import DaysFilter
from apps.core.staff.marks import mark, page_link, page_of
from apps.core.staff.pages import Button, ButtonsMixin, ReadOnlyAdmin, StaffAdmin
from apps.core.staff.panels import Panel, page_panel
from apps.leads.actions.surveying import (
    survey_book_for_lead,
    survey_cancel,
    survey_move,
    survey_settle,
)
from apps.leads.choices import AppointmentStatus
from apps.leads.models import Appointment, Lead, SurveyCalendar
from apps.leads.survey_slots import Slot
from apps.leads.survey_words import when_words
from apps.leads.surveys import (
    appointments_visible_to,
    local_start,
    slots_in,
    slots_to_move_to,
    survey_calendar,
    survey_link,
    surveys_of_day,
)
from apps.users.selectors import signed_in

_CHANGE = "leads.change_appointment"
_TONES = {"booked": "info", "done": "good", "no_show": "bad", "cancelled": "plain"}


def _is_ahead(row: Appointment) -> bool:
    return row.status == AppointmentStatus.BOOKED and row.starts_at > timezone.now()


def _has_begun(row: Appointment) -> bool:
    return row.status == AppointmentStatus.BOOKED and row.starts_at <= timezone.now()


@admin.register(Appointment)
class AppointmentAdmin(ButtonsMixin, ReadOnlyAdmin):
    """Surveys as those see them who see the lead; changed by buttons alone."""

    when_empty = "Nothing is booked. Visitors book behind the form, you on a lead’s page."
    list_display = ("starts", "who", "status_mark", "market", "team", "owner", "note")
    list_display_links = ("starts",)
    list_filter = (
        ("status", ChoicesDropdownFilter),
        ("starts_at", DaysFilter),
        ("market", RelatedDropdownFilter),
    )
    ordering = ("-starts_at",)
    list_before_template = "admin/leads/surveys/to_the_day.html"
    fields = (("starts", "status_mark"), ("who", "owner"), ("market", "team"), "note", "link")
    readonly_fields = ("starts", "status_mark", "who", "owner", "link")
    buttons = (
        Button("done", "Done", "task_alt", _CHANGE, tone="gold", shown=_has_begun),
        Button("no_show", "Nobody was there", "person_off", _CHANGE, shown=_has_begun),
        Button(
            "cancel",
            "Cancel it",
            "event_busy",
            _CHANGE,
            tone="bad",
            sure="The visitor is written that we do not come.",
            shown=_is_ahead,
        ),
        Button("move", "Move it", "event_repeat", _CHANGE, shown=lambda one: False),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Appointment]:
        return appointments_visible_to(signed_in(request))

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.day_view)
        return [path("day/", view, name="leads_appointment_day"), *super().get_urls()]

    def day_view(self, request: HttpRequest) -> HttpResponse:
        """One day of all teams, as a table a dispatcher reads."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        day = _day(request.GET.get("on"))
        context = {
            **self.admin_site.each_context(request),
            "opts": self.model._meta,
            "title": "Surveys of a day",
            "day": day,
            "before": day - timedelta(days=1),
            "after": day + timedelta(days=1),
            "markets": surveys_of_day(appointments_visible_to(signed_in(request)), day),
        }
        return TemplateResponse(request, "admin/leads/surveys/day.html", context)

    def press_done(self, request: HttpRequest, row: Appointment) -> str:
        return self._settle(request, row, AppointmentStatus.DONE)

    def press_no_show(self, request: HttpRequest, row: Appointment) -> str:
        return self._settle(request, row, AppointmentStatus.NO_SHOW)

    def press_cancel(self, request: HttpRequest, row: Appointment) -> str:
        survey_cancel(row.pk, actor=signed_in(request), now=timezone.now())
        return "Cancelled."

    def press_move(self, request: HttpRequest, row: Appointment) -> str:
        starts_at = parse_datetime(request.POST.get("starts_at", ""))
        if starts_at is None:
            raise Conflict("Choose a time.")
        survey_move(row.pk, starts_at=starts_at, actor=signed_in(request), now=timezone.now())
        return "Moved."

    def _settle(self, request: HttpRequest, row: Appointment, status: AppointmentStatus) -> str:
        survey_settle(row.pk, status=status, actor=signed_in(request), now=timezone.now())
        return "Noted."

    @display(description="Begins", ordering="starts_at")
    def starts(self, row: Appointment) -> str:
        return when_words(row.starts_at, row.market.time_zone, "en")

    @display(description="With")
    def who(self, row: Appointment) -> SafeString | str:
        if row.lead is None:
            return "Not known yet: their request is on its way"
        return page_link("leads.lead", row.lead.pk, row.lead)

    @display(description="Status", ordering="status")
    def status_mark(self, row: Appointment) -> SafeString:
        return mark(row.get_status_display(), _TONES[row.status])

    @display(description="Lead of")
    def owner(self, row: Appointment) -> str:
        return str(row.lead.assigned_to or "nobody") if row.lead else "—"

    @display(description="Their link")
    def link(self, row: Appointment) -> str:
        return survey_link(row)


@admin.register(SurveyCalendar)
class SurveyCalendarAdmin(StaffAdmin):
    """When surveys can be booked in a market."""

    list_display = ("market", "is_open", "starts", "teams", "notice_hours", "horizon_days")
    fields = (
        ("market", "is_open"),
        ("weekdays", "starts"),
        ("length_minutes", "gap_minutes"),
        "teams",
        ("notice_hours", "horizon_days"),
    )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ("market",) if obj else ()


@page_panel("leads.appointment")
def _move_panel(request: HttpRequest, row: Appointment) -> Panel | None:
    if not (_is_ahead(row) and request.user.has_perm(_CHANGE)):
        return None
    slots = slots_to_move_to(row, now=timezone.now())
    return Panel(
        "Another time",
        "admin/leads/surveys/choose.html",
        {
            "slots": _choices(slots, row.market.time_zone),
            "action": reverse("admin:leads_appointment_do", args=[row.pk, "move"]),
            "button": "Move it",
        },
    )


@page_panel("leads.lead", place=20)
def _surveys_of_lead(request: HttpRequest, lead: Lead) -> Panel | None:
    """The lead's surveys, and a way to book one while on the telephone."""
    if not request.user.has_perm("leads.view_appointment"):
        return None
    surveys = list(lead.appointments.select_related("market").order_by("-starts_at")[:10])
    is_booked = any(_is_ahead(one) for one in surveys)
    may_book = not is_booked and request.user.has_perm(_CHANGE)
    free = slots_in(survey_calendar(lead.market), now=timezone.now()) if may_book else []
    return Panel(
        "Site survey",
        "admin/leads/surveys/of_lead.html",
        {
            "surveys": [(one, local_start(one), _TONES[one.status]) for one in surveys],
            "slots": _choices(free, lead.market.time_zone),
            "action": reverse("admin:leads_lead_do", args=[lead.pk, "survey"]),
            "button": "Book it",
            "may_book": may_book,
        },
    )


def book_from_lead_page(request: HttpRequest, lead: Lead) -> str | HttpResponseRedirectBase:
    """The button of the lead's page: `LeadAdmin` presses it."""
    if not request.user.has_perm(_CHANGE):
        raise Conflict("You may not book surveys.")
    starts_at = parse_datetime(request.POST.get("starts_at", ""))
    if starts_at is None:
        messages.error(request, "Choose a time.")
        return redirect(page_of("leads.lead", lead.pk))
    survey_book_for_lead(lead, starts_at=starts_at, actor=signed_in(request), now=timezone.now())
    return "Booked. If we have an e-mail address, a confirmation is on its way."


def _choices(slots: list[Slot], time_zone: str) -> list[tuple[str, str]]:
    return [
        (slot.starts_at.isoformat(), when_words(slot.starts_at, time_zone, "en")) for slot in slots
    ]


def _day(text: str | None) -> date:
    try:
        stated = parse_date(text or "")
    except ValueError:
        stated = None
    return stated or timezone.localdate()
