"""Tabs above the list of leads: quick ones for everybody, and the views people saved."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, QueryDict
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from unfold.views import ChangeList

from apps.core.staff.pages import refusals_shown
from apps.leads.actions.views import LEAD_COLUMNS, view_change, view_delete, view_save
from apps.leads.choices import OPEN_STATUSES, LeadStatus, Tier
from apps.leads.models import Lead, SavedView
from apps.leads.saved_views import view_opening, views_of
from apps.leads.view_parameters import Parameters, address, parameters_read, uuid_read
from apps.users.models import Role
from apps.users.selectors import signed_in

VIEW = "view"
_ALL = "all"
_COUNT_AT_MOST = 1000
_OPEN = ",".join(OPEN_STATUSES)
_QUICK: tuple[tuple[str, Parameters], ...] = (
    ("Mine", {"assigned": ["me"], "status__in": [_OPEN]}),
    ("Nobody's", {"assigned": ["nobody"], "status__in": [_OPEN]}),
    ("New", {"status__in": [LeadStatus.NEW.value]}),
    ("Premium", {"status__in": [_OPEN], "tier__in": [Tier.PREMIUM.value]}),
)


@dataclass(frozen=True)
class Tab:
    """One tab: where it leads, and how many leads wait there ("" when nobody can say)."""

    name: str
    link: str
    count: str = ""
    is_active: bool = False
    is_shared: bool = False


class LeadChangeList(ChangeList):
    """The list of leads: `view` in its address names a view and narrows nothing."""

    def get_filters_params(self, params: Any = None) -> Any:
        found = super().get_filters_params(params)
        found.pop(VIEW, None)
        return found


class _Narrowed(LeadChangeList):
    """The same list as far as it is a query: nothing is fetched or counted."""

    def get_results(self, request: HttpRequest) -> None:
        pass


class LeadViewsMixin:
    """Views of the changelist of `LeadAdmin`."""

    list_before_template = "admin/leads/lead/views.html"

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view  # type: ignore[attr-defined]
        return [
            path("views/save/", wrap(self.save_view), name="leads_lead_view_save"),
            path("views/edit/", wrap(self.change_view_of_list), name="leads_lead_view_edit"),
            *super().get_urls(),  # type: ignore[misc]
        ]

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[LeadChangeList]:
        return LeadChangeList

    def get_list_display(self, request: HttpRequest) -> Any:
        """The columns of the view that is open; who it is, always."""
        view = self._open_view(request)
        if view is None or not view.columns:
            return self.list_display  # type: ignore[attr-defined]
        return ("person", *(name for name in LEAD_COLUMNS if name in view.columns))

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        if request.method == "GET" and not request.GET:
            opening = view_opening(signed_in(request))
            if opening is not None:
                return redirect(_list(opening))
        view = self._open_view(request)
        context = {
            "tabs": self._tabs(request, view),
            "open_view": view,
            "own_view": view if view and view.owner_id == request.user.pk else None,
            "kept": request.GET.urlencode(),
            "columns": [
                (name, label, view is None or not view.columns or name in view.columns)
                for name, label in LEAD_COLUMNS.items()
            ],
            "may_share": request.user.has_perm("users.manage_leads"),
            "roles": [(value, label) for value, label in Role.choices if value != Role.BUYER],
        }
        response: HttpResponse = super().changelist_view(  # type: ignore[misc]
            request, context | (extra_context or {})
        )
        return response

    def narrowed(self, request: HttpRequest, parameters: Mapping[str, Any]) -> QuerySet[Lead]:
        """The leads of the list with these parameters, as far as this person may see them.

        Raises IncorrectLookupParameters and SuspiciousOperation for what the list cannot mean.
        """
        asked = copy.copy(request)
        asked.GET = QueryDict(address(parameters)[1:])
        asked_for = [
            spec
            for spec in self.get_list_filter(request)  # type: ignore[attr-defined]
            if any(name.startswith(_parameter(spec)) for name in parameters)
        ]
        narrowed = _Narrowed(
            asked, Lead, ("pk",), None, asked_for, None, self.search_fields,  # type: ignore[attr-defined]
            self.list_select_related, 1, 1, (), self, None, "",  # type: ignore[attr-defined]
        )  # fmt: skip
        found: QuerySet[Lead] = narrowed.queryset
        return found

    def save_view(self, request: HttpRequest) -> HttpResponse:
        """Keep the list as it is now under a name."""
        if (refused := self._refused(request)) is not None:
            return refused
        kept = QueryDict(request.POST.get("kept", "")[:5000])
        with refusals_shown(request):
            view = view_save(
                owner=signed_in(request),
                name=request.POST.get("name", ""),
                parameters=parameters_read(dict(kept.lists())),
                now=timezone.now(),
                columns=request.POST.getlist("columns"),
                is_default=bool(request.POST.get("is_default")),
                is_shared=bool(request.POST.get("is_shared")),
                default_for=request.POST.get("default_for", ""),
            )
            messages.success(request, f"“{view}” is a tab of the list now.")
            return redirect(_list(view))
        return redirect(f"{reverse('admin:leads_lead_changelist')}?{kept.urlencode()}")

    def change_view_of_list(self, request: HttpRequest) -> HttpResponse:
        """Rename a view of one's own, or delete it."""
        if (refused := self._refused(request)) is not None:
            return refused
        owner, view_id = signed_in(request), uuid_read(request.POST.get("view", ""))
        with refusals_shown(request):
            if "delete" in request.POST:
                view_delete(view_id, owner=owner)
                messages.success(request, "The view is gone; the leads are all there.")
                return redirect(f"{reverse('admin:leads_lead_changelist')}?{VIEW}={_ALL}")
            view = view_change(view_id, owner=owner, name=request.POST.get("name", ""))
            return redirect(_list(view))
        return redirect("admin:leads_lead_changelist")

    def _refused(self, request: HttpRequest) -> HttpResponse | None:
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not request.user.has_perm("leads.view_lead"):
            raise PermissionDenied
        return None

    def _views(self, request: HttpRequest) -> list[SavedView]:
        """Read once a request."""
        if not hasattr(request, "lead_views"):
            request.lead_views = views_of(signed_in(request))  # type: ignore[attr-defined]
        views: list[SavedView] = request.lead_views  # type: ignore[attr-defined]
        return views

    def _open_view(self, request: HttpRequest) -> SavedView | None:
        """The view the address names."""
        named = request.GET.get(VIEW, "")
        return next((one for one in self._views(request) if str(one.public_id) == named), None)

    def _tabs(self, request: HttpRequest, view: SavedView | None) -> list[Tab]:
        """Counts are bounded, and only of what the list itself would show."""
        now = {name: values for name, values in _shown(request).items() if name != "o"}
        quick = [("All", {}), *_QUICK]
        tabs = [
            Tab(
                name,
                address(parameters) if parameters else f"?{VIEW}={_ALL}",
                self._count(request, parameters) if parameters else "",
                view is None and parameters == now,
            )
            for name, parameters in quick
        ]
        return tabs + [
            Tab(
                str(one),
                address(one.parameters, view=str(one.public_id)),
                self._count(request, one.parameters),
                one == view,
                one.is_shared,
            )
            for one in self._views(request)
        ]

    def _count(self, request: HttpRequest, parameters: Parameters) -> str:
        try:
            rows = self.narrowed(request, parameters).order_by().select_related(None)
        except (IncorrectLookupParameters, SuspiciousOperation):
            return ""
        count = rows[:_COUNT_AT_MOST].count()
        return f"{_COUNT_AT_MOST - 1}+" if count >= _COUNT_AT_MOST else str(count)


def _shown(request: HttpRequest) -> Parameters:
    """What narrows the list now; nothing when the address says more than a view can hold."""
    with refusals_shown(request):
        return parameters_read(dict(request.GET.lists()))
    return {}


def _parameter(spec: Any) -> str:
    """How the parameters of a filter begin."""
    if isinstance(spec, tuple | list):
        return str(spec[0])
    return str(getattr(spec, "parameter_name", spec))


def _list(view: SavedView) -> str:
    changelist = reverse("admin:leads_lead_changelist")
    return f"{changelist}{address(view.parameters, view=str(view.public_id))}"
