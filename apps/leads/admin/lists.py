"""The list of leads: its columns, its search, and what is done to many at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.admin import action, display
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import QuerySet
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from unfold.contrib.filters.admin import MultipleChoicesDropdownFilter, RelatedDropdownFilter

from apps.contacts.identity import show_phone
from apps.core.money import Money
from apps.core.staff.filters import DaysFilter
from apps.core.staff.marks import age, mark, shorten
from apps.core.staff.pages import refusals_shown
from apps.leads.actions.assigning import leads_assign
from apps.leads.actions.changing import leads_set_status
from apps.leads.actions.following import leads_enrol
from apps.leads.admin.answers import answer_mark
from apps.leads.admin.board import LeadBoardMixin
from apps.leads.admin.filters import AnswerFilter, AssignedFilter, TerritoryFilter
from apps.leads.admin.forms import PeopleForm, SequenceForm, StatusForm
from apps.leads.admin.views import LeadViewsMixin
from apps.leads.models import Lead
from apps.leads.search import search_leads
from apps.users.selectors import signed_in

STATUS_TONES = {
    "new": "gold",
    "contacted": "info",
    "qualified": "info",
    "proposal": "info",
    "negotiation": "info",
    "won": "good",
    "sold": "good",
    "lost": "bad",
}
_MOST_AT_ONCE = 1000


class LeadListMixin(LeadViewsMixin, LeadBoardMixin):
    """The changelist half of `LeadAdmin`."""

    list_display = (
        "person",
        "score_mark",
        "status_mark",
        "answer",
        "source",
        "place",
        "bill",
        "owner",
        "came",
    )
    list_display_links = None
    sortable_by = ("person", "score_mark", "status_mark", "bill", "came")  # what an index sorts
    list_select_related = ("source", "territory", "market", "assigned_to")
    list_filter = (
        ("status", MultipleChoicesDropdownFilter),
        ("tier", MultipleChoicesDropdownFilter),
        AssignedFilter,
        AnswerFilter,
        ("source", RelatedDropdownFilter),
        ("market", RelatedDropdownFilter),
        TerritoryFilter,
        ("created_at", DaysFilter),
    )
    search_fields = ("first_name",)  # opens the search box; `search_leads` does the finding
    search_help_text = "A name, company, city or postal code; an e-mail address; a phone number"
    ordering = ("-created_at", "-id")
    list_fullwidth = True
    actions = ("assign_many", "set_status_many", "enrol_many")
    list_per_page = 30

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Lead], search_term: str
    ) -> tuple[QuerySet[Lead], bool]:
        return search_leads(queryset, search_term), False

    def has_manage_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("users.manage_leads"))

    @action(description="Give to a person…", permissions=["manage"])
    def assign_many(self, request: HttpRequest, queryset: QuerySet[Lead]) -> HttpResponse | None:
        def give(form: Form, ids: list[Any]) -> str:
            person = form.cleaned_data["user"]
            count = leads_assign(
                ids, user_id=person.public_id, actor=signed_in(request), now=timezone.now()
            )
            return f"{count} of {len(ids)} given to {person}."

        return self._ask(request, queryset, "assign_many", "Give to a person", PeopleForm, give)

    @action(description="Set the status…", permissions=["change"])
    def set_status_many(
        self, request: HttpRequest, queryset: QuerySet[Lead]
    ) -> HttpResponse | None:
        def move(form: Form, ids: list[Any]) -> str:
            status = form.cleaned_data
            count = leads_set_status(ids, actor=signed_in(request), now=timezone.now(), **status)
            return f"{count} of {len(ids)} changed."

        return self._ask(request, queryset, "set_status_many", "Set the status", StatusForm, move)

    def has_follow_up_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perms(("leads.change_enrolment", "leads.change_lead")))

    @action(description="Begin a follow-up sequence…", permissions=["follow_up"])
    def enrol_many(self, request: HttpRequest, queryset: QuerySet[Lead]) -> HttpResponse | None:
        def begin(form: Form, ids: list[Any]) -> str:
            sequence = form.cleaned_data["sequence"]
            actor = signed_in(request)
            began, refused = leads_enrol(ids, sequence, actor=actor, now=timezone.now())
            left = f" {refused} are closed or in a sequence already." if refused else ""
            return f"{began} begin {sequence.name}.{left}"

        return self._ask(request, queryset, "enrol_many", "Begin a sequence", SequenceForm, begin)

    def _ask(
        self,
        request: HttpRequest,
        leads: QuerySet[Lead],
        name: str,
        title: str,
        form_class: type[Form],
        act: Callable[[Form, list[Any]], str],
    ) -> HttpResponse | None:
        """Ask for what the action needs, then do it; None goes back to the list."""
        chosen = list(leads.order_by()[: _MOST_AT_ONCE + 1])
        if len(chosen) > _MOST_AT_ONCE:
            messages.error(request, f"At most {_MOST_AT_ONCE} at once: narrow the list first.")
            return None
        form = form_class(request.POST if "_confirmed" in request.POST else None)
        if form.is_valid():
            with refusals_shown(request):
                messages.success(request, act(form, [lead.public_id for lead in chosen]))
            return None
        context = {
            **self.admin_site.each_context(request),  # type: ignore[attr-defined]
            "opts": self.model._meta,  # type: ignore[attr-defined]
            "title": title,
            "form": form,
            "leads": chosen,
            "action": name,
            "checkbox": ACTION_CHECKBOX_NAME,
        }
        return TemplateResponse(request, "admin/leads/lead/ask.html", context)

    @display(description="Lead", ordering="last_name")
    def person(self, lead: Lead) -> SafeString:
        return format_html(
            '<a class="sc-person" href="{}/change/"><strong>{}</strong>{}</a>',
            lead.pk,
            shorten(lead.name, 60),
            format_html(
                '<span class="sc-line">{}</span><span class="sc-line">{}</span>',
                shorten(lead.email, 40) if lead.name != lead.email else "",
                show_phone(lead.phone) if lead.phone else "",
            ),
        )

    @display(description="Score", ordering="score")
    def score_mark(self, lead: Lead) -> SafeString:
        return format_html(
            '<span class="sc-score sc-tier--{}" title="{}"><b>{}</b> {}</span>',
            lead.tier,
            f"{lead.score} of 100",
            lead.score,
            lead.get_tier_display(),
        )

    @display(description="Status", ordering="status")
    def status_mark(self, lead: Lead) -> SafeString:
        return mark(lead.get_status_display(), STATUS_TONES.get(lead.status, "plain"))

    @display(description="First answer", ordering="first_response_due_at")
    def answer(self, lead: Lead) -> SafeString | str:
        return answer_mark(lead, timezone.now())

    @display(description="Territory")
    def place(self, lead: Lead) -> str:
        return str(lead.territory or lead.market)

    @display(description="Monthly bill", ordering="monthly_bill")
    def bill(self, lead: Lead) -> str:
        if lead.monthly_bill is None:
            return "—"
        return str(Money(lead.monthly_bill, lead.market.currency))

    @display(description="Assigned to")
    def owner(self, lead: Lead) -> SafeString | str:
        return str(lead.assigned_to) if lead.assigned_to else mark("Nobody", "warn")

    @display(description="Came in", ordering="created_at")
    def came(self, lead: Lead) -> SafeString | str:
        return age(lead.created_at)
