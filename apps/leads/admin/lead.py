"""The page of one lead: read first, changed by buttons, its details corrected below."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseRedirectBase
from django.shortcuts import redirect
from django.utils import timezone

from apps.core.client_address import client_address
from apps.core.errors import Conflict
from apps.core.staff.marks import page_of
from apps.core.staff.pages import Button, ButtonsMixin, StaffAdmin
from apps.leads.actions.assigning import lead_take, leads_assign
from apps.leads.actions.changing import lead_details_save, lead_note, leads_set_status
from apps.leads.actions.editing import is_deletable, lead_delete
from apps.leads.actions.entering import Entered, lead_enter
from apps.leads.admin.exporting import ExportMixin
from apps.leads.admin.forms import STATUS_CHOICES, DetailsForm, NewLeadForm
from apps.leads.admin.lists import LeadListMixin
from apps.leads.admin.mail import MailingMixin
from apps.leads.admin.merging import MergePagesMixin
from apps.leads.admin.my_day import MyDayMixin, day_of
from apps.leads.admin.sequences import SequenceButtons
from apps.leads.admin.surveys import book_from_lead_page
from apps.leads.admin.working import WORK_BUTTONS, WorkMixin
from apps.leads.choices import TaskKind
from apps.leads.models import Lead
from apps.leads.page import lead_page
from apps.leads.selectors import lead_visible_to, leads_visible_to, people_who_work_leads
from apps.users.selectors import signed_in

_CHANGE = "leads.change_lead"
_MANAGE = "users.manage_leads"
_DETAILS = (
    ("Person", {"fields": (("first_name", "last_name"), "company")}),
    ("Place", {"fields": ("address", ("city", "state"), ("postal_code",))}),
    (
        "Home",
        {
            "fields": (
                ("property_type", "ownership"),
                ("roof_type", "roof_age"),
                ("roof_area_m2", "shading"),
            )
        },
    ),
    ("Energy", {"fields": (("monthly_bill", "utility"), ("estimated_capacity", "service_type"))}),
    ("Decision", {"fields": (("timeline", "decision_maker"), ("credit_range", "budget_range"))}),
    ("How it goes", {"fields": (("interest_level", "priority_level"),)}),
)
_NEW = (
    ("Who", {"fields": (("first_name", "last_name"), ("email", "phone"))}),
    ("Home", {"fields": (("market", "postal_code"), ("property_type", "ownership"))}),
    ("Wish", {"fields": (("monthly_bill", "timeline"), "message")}),
)


@admin.register(Lead)
class LeadAdmin(
    MyDayMixin,
    WorkMixin,
    MailingMixin,
    SequenceButtons,
    LeadListMixin,
    ExportMixin,
    MergePagesMixin,
    ButtonsMixin,
    StaffAdmin,
):
    """Leads as those see them who work them: their own and nobody's, or all of them."""

    change_form_template = "admin/leads/lead/page.html"
    add_form_template = "admin/change_form.html"
    change_form_outer_before_template = None  # the page places buttons and panels itself
    change_form_outer_after_template = None
    fieldsets = _DETAILS
    # Drawn by the page itself, so none is `shown` as a button of its own.
    buttons = tuple(
        Button(name, label, icon, permission, shown=lambda lead: False)
        for name, label, icon, permission in (
            ("take", "Assign to me", "back_hand", _CHANGE),
            ("assign", "Give", "person_add", _MANAGE),
            ("status", "Set status", "flag", _CHANGE),
            ("note", "Add the note", "sticky_note_2", _CHANGE),
            ("survey", "Book a survey", "event", "leads.change_appointment"),
            ("unmerge", "Undo the merge", "call_split", _CHANGE),
            *SequenceButtons.sequence_buttons,
        )
    )
    buttons += WORK_BUTTONS

    def get_queryset(self, request: HttpRequest) -> QuerySet[Lead]:
        return leads_visible_to(signed_in(request)).defer("original_data", "behaviour")

    def get_fieldsets(self, request: HttpRequest, obj: Lead | None = None) -> Any:
        if obj is None:
            return _NEW
        # What a person is known by can be learned here, never overwritten.
        gaps = tuple(name for name in ("email", "phone") if not getattr(obj, name))
        return (("Also reached by", {"fields": (gaps,)}), *_DETAILS) if gaps else _DETAILS

    def get_form(
        self, request: HttpRequest, obj: Lead | None = None, change: bool = False, **kwargs: Any
    ) -> Any:
        kwargs["form"] = DetailsForm if obj else NewLeadForm
        return super().get_form(request, obj, change, **kwargs)

    def save_model(self, request: HttpRequest, obj: Lead, form: Any, change: bool) -> None:
        if change:
            before = {name: form.initial.get(name) for name in form.changed_data}
            lead_details_save(obj, before=before, actor=signed_in(request), now=timezone.now())

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """The form of a new lead; what it states goes down the road, outside any form's saving."""
        if request.method == "POST" and self.has_add_permission(request):
            form = self.get_form(request)(request.POST)
            if form.is_valid():
                return self._enter(request, form.stated)
        response: HttpResponse = super().add_view(
            request,
            form_url,
            {
                "title": "Enter a lead",
                "show_save_and_add_another": False,
                "show_save_and_continue": False,
            },
        )
        return response

    def _enter(self, request: HttpRequest, stated: dict[str, Any]) -> HttpResponse:
        try:
            entered = lead_enter(
                stated,
                ip_address=client_address(request),
                user_agent=request.headers.get("User-Agent", ""),
                now=timezone.now(),
            )
        except Conflict as refusal:
            return self._known(request, refusal)
        return self._entered(request, entered)

    def _known(self, request: HttpRequest, refusal: Conflict) -> HttpResponse:
        known = self.get_queryset(request).filter(public_id=refusal.details["lead_id"]).first()
        if known is None:
            messages.error(request, f"{refusal.message} A colleague has it: ask your manager.")
            return redirect("admin:leads_lead_changelist")
        messages.warning(request, f"{refusal.message} Here it is.")
        return redirect(page_of("leads.lead", known.pk))

    def _entered(self, request: HttpRequest, entered: Entered) -> HttpResponse:
        if entered.lead is None:
            messages.warning(request, "Taken in; it will be worked on in a moment.")
            return redirect("admin:leads_lead_changelist")
        self.log_addition(request, entered.lead, "Entered by hand")
        messages.success(request, "Taken in, scored and given to whose turn it is.")
        if not self.get_queryset(request).filter(pk=entered.lead.pk).exists():
            return redirect("admin:leads_lead_changelist")
        return redirect(page_of("leads.lead", entered.lead.pk))

    def response_change(self, request: HttpRequest, obj: Lead) -> HttpResponse:
        messages.success(request, "Saved. The score follows what is known now.")
        return redirect(page_of("leads.lead", obj.pk))

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        lead = kwargs.get("obj")
        if lead is not None:
            shown = lead_visible_to(signed_in(request), lead.public_id)
            may_manage = request.user.has_perm(_MANAGE)
            context |= {
                "title": shown.name,
                "subtitle": None,
                "lead": shown,
                "page": lead_page(shown, now=timezone.now()),
                "task_kinds": TaskKind.choices,
                "day": day_of(request),
                "statuses": STATUS_CHOICES,
                "people": people_who_work_leads() if may_manage else (),
                "may_change": self.has_change_permission(request, lead),
                "may_mail": self.has_mail_permission(request, lead),
                "may_manage": may_manage,
                "is_mine": shown.assigned_to_id == request.user.pk,
                "may_see_requests": request.user.has_perm("intake.view_inboundevent"),
                "show_save_and_add_another": False,
                "show_save_and_continue": False,
            }
        return super().render_change_form(request, context, *args, **kwargs)

    def has_delete_permission(self, request: HttpRequest, obj: Lead | None = None) -> bool:
        may_go = obj is None or is_deletable(obj)
        return may_go and bool(super().has_delete_permission(request, obj))

    def delete_model(self, request: HttpRequest, obj: Lead) -> None:
        lead_delete(obj.pk)

    def press_take(self, request: HttpRequest, lead: Lead) -> str:
        me, now = signed_in(request), timezone.now()
        if me.has_perm(_MANAGE):
            leads_assign([lead.public_id], user_id=me.public_id, actor=me, now=now)
        else:
            lead_take(lead.pk, actor=me, now=now)
        return "It is yours."

    def press_assign(self, request: HttpRequest, lead: Lead) -> str | HttpResponseRedirectBase:
        person = people_who_work_leads().filter(pk=_number(request.POST.get("user"))).first()
        if person is None:
            messages.error(request, "Choose a person.")
            return redirect(page_of("leads.lead", lead.pk))
        leads_assign(
            [lead.public_id], user_id=person.public_id, actor=signed_in(request), now=timezone.now()
        )
        return f"Given to {person}."

    def press_status(self, request: HttpRequest, lead: Lead) -> str:
        changed = leads_set_status(
            [lead.public_id],
            status=request.POST.get("status", ""),
            lost_reason=request.POST.get("lost_reason", ""),
            actor=signed_in(request),
            now=timezone.now(),
        )
        return "Status set." if changed else "It had that status already."

    def press_survey(self, request: HttpRequest, lead: Lead) -> str | HttpResponseRedirectBase:
        return book_from_lead_page(request, lead)

    def press_note(self, request: HttpRequest, lead: Lead) -> str:
        lead_note(
            lead.public_id,
            text=request.POST.get("text", ""),
            actor=signed_in(request),
            now=timezone.now(),
        )
        return "Noted."


def _number(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 18 else 0
