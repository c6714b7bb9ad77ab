"""The rules that share leads out: versions to read, a draft to edit, try and put live."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin import display
from django.core.exceptions import PermissionDenied
from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseRedirectBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.safestring import SafeString

from apps.core.staff.marks import age, mark, page_of
from apps.core.staff.pages import Button, ButtonsMixin, StaffAdmin, refusals_shown
from apps.leads.actions.rules import (
    rules_discard,
    rules_draft_begin,
    rules_problems,
    rules_put_live,
)
from apps.leads.choices import RuleSetState
from apps.leads.models import RuleSet
from apps.leads.rule_words import rules_in_words
from apps.leads.selectors import rules_draft, rules_live
from apps.leads.trials import rules_trial
from apps.users.selectors import signed_in

_CHANGE = "leads.change_ruleset"
_TRIAL_DAYS = (7, 30, 90)
_STATE_TONES = {"live": "good", "draft": "gold"}


def _is_draft(rule_set: RuleSet) -> bool:
    return rule_set.state == RuleSetState.DRAFT


def _is_kept(rule_set: RuleSet) -> bool:
    return not _is_draft(rule_set)


@admin.register(RuleSet)
class RuleSetAdmin(ButtonsMixin, StaffAdmin):
    """What is live, the draft, and every version before."""

    change_form_template = "admin/leads/rules/page.html"
    change_form_outer_before_template = None  # the page places its buttons itself
    change_form_outer_after_template = None
    list_before_template = "admin/leads/rules/live.html"
    list_display = ("name", "state_mark", "how_many", "note", "since", "created_by")
    list_select_related = ("created_by",)
    fields = ("note", "back_to_owner")
    buttons = (
        Button("put_live", "Put it live", "rocket_launch", _CHANGE, _is_draft, "gold"),
        Button(
            "discard",
            "Discard the draft",
            "delete",
            _CHANGE,
            _is_draft,
            sure="What is live stays as it is; this draft is gone for good.",
        ),
        Button("edit", "Edit as a draft", "edit", _CHANGE, _is_kept, "gold"),
    )

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("begin/", wrap(self.begin), name="leads_ruleset_begin"),
            path("<int:key>/trial/", wrap(self.trial), name="leads_ruleset_trial"),
            *super().get_urls(),
        ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[RuleSet]:
        versions: QuerySet[RuleSet] = super().get_queryset(request)
        return versions.annotate(rule_count=Count("rules"))

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # a draft is begun from what is there

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: RuleSet | None = None) -> bool:
        return bool(super().has_change_permission(request, obj)) and (obj is None or _is_draft(obj))

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        live, draft = rules_live(), rules_draft()
        context = {
            "title": "Who gets which leads",
            "live": live,
            "draft": draft,
            "rules": rules_in_words(live) if live else [],
            "may_edit": request.user.has_perm(_CHANGE),
        }
        response: HttpResponse = super().changelist_view(request, context | (extra_context or {}))
        return response

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        rule_set = kwargs.get("obj")
        if rule_set is not None:
            context |= {
                "title": str(rule_set),
                "subtitle": None,
                "rule_set": rule_set,
                "rules": rules_in_words(rule_set),
                "problems": rules_problems(rule_set) if _is_draft(rule_set) else [],
                "may_edit": self.has_change_permission(request, rule_set),
                "show_save_and_continue": False,
            }
        return super().render_change_form(request, context, *args, **kwargs)

    def response_change(self, request: HttpRequest, obj: RuleSet) -> HttpResponse:
        messages.success(request, "Saved.")
        return redirect(page_of("leads.ruleset", obj.pk))

    def begin(self, request: HttpRequest) -> HttpResponse:
        """Begin a draft from what is live, or go on with the one there is."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not request.user.has_perm(_CHANGE):
            raise PermissionDenied
        with refusals_shown(request):
            draft = rules_draft_begin(actor=signed_in(request), now=timezone.now())
            return redirect(page_of("leads.ruleset", draft.pk))
        return redirect("admin:leads_ruleset_changelist")

    def trial(self, request: HttpRequest, key: int) -> HttpResponse:
        """Who would have got the leads of the last days by this version."""
        rule_set = RuleSet.objects.filter(pk=key).first()
        if rule_set is None:
            raise Http404
        if not self.has_view_permission(request, rule_set):
            raise PermissionDenied
        asked = request.GET.get("days", "")
        days = int(asked) if asked in map(str, _TRIAL_DAYS) else _TRIAL_DAYS[1]
        context = {
            **self.admin_site.each_context(request),
            "opts": RuleSet._meta,
            "title": f"Try {str(rule_set).lower()}",
            "rule_set": rule_set,
            "choices": _TRIAL_DAYS,
            "trial": rules_trial(rule_set, days=days, now=timezone.now()),
        }
        return TemplateResponse(request, "admin/leads/rules/trial.html", context)

    def press_edit(self, request: HttpRequest, rule_set: RuleSet) -> HttpResponseRedirectBase:
        draft = rules_draft_begin(actor=signed_in(request), now=timezone.now(), origin=rule_set)
        return redirect(page_of("leads.ruleset", draft.pk))

    def press_put_live(self, request: HttpRequest, rule_set: RuleSet) -> HttpResponseRedirectBase:
        rules_put_live(rule_set.pk, actor=signed_in(request), now=timezone.now())
        messages.success(request, f"{rule_set} is live: the next lead goes by it.")
        return redirect("admin:leads_ruleset_changelist")

    def press_discard(self, request: HttpRequest, rule_set: RuleSet) -> HttpResponseRedirectBase:
        rules_discard(rule_set.pk)
        messages.success(request, "The draft is gone. What is live is as it was.")
        return redirect("admin:leads_ruleset_changelist")

    @display(description="Version", ordering="version")
    def name(self, rule_set: RuleSet) -> str:
        return f"Version {rule_set.version}"

    @display(description="State", ordering="state")
    def state_mark(self, rule_set: RuleSet) -> SafeString:
        return mark(rule_set.get_state_display(), _STATE_TONES.get(rule_set.state, "plain"))

    @display(description="Rules")
    def how_many(self, rule_set: Any) -> int:
        return int(rule_set.rule_count)

    @display(description="Live since", ordering="live_from")
    def since(self, rule_set: RuleSet) -> SafeString | str:
        return age(rule_set.live_from) if rule_set.live_from else "—"
