"""Leads that may be one person: the list, the page of a pair, and the panel on a lead's page."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin import display
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseRedirectBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from unfold.contrib.filters.admin import ChoicesDropdownFilter

from apps.core.staff.marks import age, mark, page_link, page_of
from apps.core.staff.pages import Button, ButtonsMixin, ReadOnlyAdmin
from apps.core.staff.panels import Panel, page_panel
from apps.leads.actions.merging import may_merge
from apps.leads.actions.suggesting import suggestion_dismiss
from apps.leads.models import DuplicateSuggestion, Lead
from apps.leads.selectors import pairs_to_look_at, pairs_visible_to
from apps.users.selectors import signed_in

_LIST = "admin:leads_duplicatesuggestion_changelist"
_STATES = {"open": "warn", "dismissed": "plain", "merged": "good"}


def _compare(pair: DuplicateSuggestion) -> str:
    merge = reverse("admin:leads_lead_merge", args=[pair.first_id])
    return f"{merge}?with={pair.second_id}"


@admin.register(DuplicateSuggestion)
class DuplicateSuggestionAdmin(ButtonsMixin, ReadOnlyAdmin):
    """Pairs that look like one person. A person decides; nothing is merged by itself."""

    when_empty = "No two leads look like one person now. Each new one is compared."
    list_display = ("score_mark", "one", "other", "why", "state_mark", "look")
    list_display_links = None
    list_select_related = ("first", "second")
    list_filter = (("state", ChoicesDropdownFilter), ("kind", ChoicesDropdownFilter))
    ordering = ("-score", "-pk")
    fields = (("one", "other"), ("score_mark", "state_mark"), "why", ("look", "found"))
    readonly_fields = ("one", "other", "score_mark", "state_mark", "why", "look", "found")
    buttons = (
        Button(
            "dismiss",
            "Two people",
            "person_off",
            "leads.change_lead",
            shown=lambda pair: pair.state == DuplicateSuggestion.State.OPEN,
        ),
    )

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.has_perm("leads.change_lead"))

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def get_queryset(self, request: HttpRequest) -> QuerySet[DuplicateSuggestion]:
        return pairs_visible_to(signed_in(request)).defer(
            "first__original_data", "second__original_data"
        )

    def press_dismiss(
        self, request: HttpRequest, pair: DuplicateSuggestion
    ) -> str | HttpResponseRedirectBase:
        suggestion_dismiss(pair.pk, actor=signed_in(request), now=timezone.now())
        lead = request.POST.get("lead")
        if lead in {str(pair.first_id), str(pair.second_id)}:
            return redirect(page_of("leads.lead", int(lead)))
        return redirect(f"{reverse(_LIST)}?state__exact=open")

    @display(description="Alike", ordering="score")
    def score_mark(self, pair: DuplicateSuggestion) -> SafeString:
        is_person = pair.kind == DuplicateSuggestion.Kind.PERSON
        words = f"{pair.score} %" if is_person else "Household"
        return mark(words, "gold" if is_person else "plain")

    @display(description="Lead")
    def one(self, pair: DuplicateSuggestion) -> SafeString:
        return _named(pair.first)

    @display(description="And")
    def other(self, pair: DuplicateSuggestion) -> SafeString:
        return _named(pair.second)

    @display(description="Because of")
    def why(self, pair: DuplicateSuggestion) -> str:
        return "; ".join(map(str, pair.reasons)).capitalize()

    @display(description="State", ordering="state")
    def state_mark(self, pair: DuplicateSuggestion) -> SafeString:
        return mark(pair.get_state_display(), _STATES[pair.state])

    @display(description="Found")
    def found(self, pair: DuplicateSuggestion) -> SafeString | str:
        return age(pair.created_at)

    @display(description="")
    def look(self, pair: DuplicateSuggestion) -> SafeString | str:
        if pair.state != DuplicateSuggestion.State.OPEN:
            return "—"
        return format_html('<a class="sc-link sc-compare" href="{}">Compare</a>', _compare(pair))


def _named(lead: Lead) -> SafeString:
    link = page_link("leads.lead", lead.pk, lead)
    reached = lead.email if lead.email != lead.name else ""
    return format_html('{}<span class="sc-line">{}</span>', link, reached)


@page_panel("leads.lead", place=2)
def _doubles(request: HttpRequest, lead: Lead) -> Panel | None:
    """Who else this lead may be. Of a colleague's lead only that there is one."""
    if not request.user.has_perm("leads.change_lead"):
        return None
    user = signed_in(request)
    pairs = pairs_to_look_at().filter(Q(first=lead) | Q(second=lead)).order_by("-score")
    mine = list(pairs_visible_to(user, pairs).select_related("first", "second")[:10])
    hidden = pairs.count() - len(mine) if len(mine) < 10 else 0
    if not mine and not hidden:
        return None
    shown = [
        {
            "pair": pair,
            "other": pair.second if pair.first_id == lead.pk else pair.first,
            "compare": _compare(pair),
            "may_decide": may_merge(user, pair.first, pair.second),
        }
        for pair in mine
    ]
    return Panel(
        "May be somebody we know",
        "admin/leads/doubles.html",
        {"doubles": shown, "hidden": hidden, "lead": lead},
        count=len(mine) + hidden,
    )
