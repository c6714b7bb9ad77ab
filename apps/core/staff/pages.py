"""Kinds of pages: lists that stay quick, pages that are only read, and buttons that do one thing.

Entrances only: whatever a button does is one call of an action.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.contrib import messages
from django.contrib.admin import display
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseRedirectBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from unfold.admin import ModelAdmin, checkbox

from apps.core.api.pagination import BoundedCountPaginator
from apps.core.errors import AppError
from apps.core.staff.panels import panels_of

_KEY = "the-key-of-the-row"


@contextmanager
def refusals_shown(request: HttpRequest) -> Iterator[None]:
    """An action that refuses says so on the next page instead of failing."""
    try:
        yield
    except AppError as refusal:
        messages.error(request, refusal.message)


class StaffAdmin(ModelAdmin):
    """A list that never counts past ten thousand, and pages that carry panels of other rooms."""

    paginator = BoundedCountPaginator
    show_full_result_count = False
    list_filter_submit = True
    list_per_page = 50
    list_max_show_all = 200
    when_empty = "There is nothing here yet."  # what an empty list says: what would fill it
    change_form_outer_after_template: str | None = "admin/panels.html"

    @display(description=ModelAdmin.action_checkbox.short_description)
    def action_checkbox(self, row: Any) -> SafeString:
        """The same box for each row but for its key: the theme renders a template for each."""
        return mark_safe(_box().replace(_KEY, escape(row.pk)))  # noqa: S308 (escaped)

    def _get_obj_does_not_exist_redirect(
        self, request: HttpRequest, opts: Any, object_id: str
    ) -> HttpResponseRedirectBase:
        """An old link: the row is gone, or whoever follows it may not see it any more."""
        words = f"This {opts.verbose_name} is gone, or it is not yours to see any more."
        messages.warning(request, words)
        if not self.has_view_or_change_permission(request):
            return redirect("admin:index")
        return redirect(f"admin:{opts.app_label}_{opts.model_name}_changelist")

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        row = kwargs.get("obj")
        context["panels"] = panels_of(request, row) if row is not None else []
        response: HttpResponse = super().render_change_form(request, context, *args, **kwargs)
        return response


@cache
def _box() -> str:
    return str(checkbox.render(ACTION_CHECKBOX_NAME, _KEY))


class ReadOnlyAdmin(StaffAdmin):
    """Rows that people look at and that only the product writes."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class FiguresAdmin(ReadOnlyAdmin):
    """Not a list of rows but what they add up to, for whoever has a permission.

    A page names `seen_with`, `page_title` and `page_template`, and gives `figures`.
    """

    seen_with: str
    page_title: str
    page_template: str

    @abstractmethod
    def figures(self) -> dict[str, Any]:
        """What the template shows."""

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.has_perm(self.seen_with))

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        context = {
            **self.admin_site.each_context(request),
            "opts": self.model._meta,
            "title": self.page_title,
            **self.figures(),
        }
        return TemplateResponse(request, self.page_template, context)


@dataclass(frozen=True)
class Button:
    """Something to do with the object on the page: `press_<name>` of the page does it.

    `permission` as `has_perm` takes it; `shown` tells for which objects it makes sense.
    """

    name: str
    label: str
    icon: str
    permission: str
    shown: Callable[[Any], bool] = lambda row: True
    tone: str = "plain"
    sure: str = ""  # asked first, for what cannot be taken back


class ButtonsMixin:
    """Buttons of an object's page. Each posts to its own address, so no link changes anything.

    `press_<name>(request, row)` calls an action and returns what to tell the person.
    """

    buttons: Sequence[Button] = ()
    change_form_outer_before_template: str | None = "admin/buttons.html"

    def get_urls(self) -> list[URLPattern]:
        name = f"{self.model._meta.app_label}_{self.model._meta.model_name}_do"  # type: ignore[attr-defined]
        view = self.admin_site.admin_view(self.press)  # type: ignore[attr-defined]
        return [path("<int:key>/do/<slug:name>/", view, name=name), *super().get_urls()]  # type: ignore[misc]

    def press(self, request: HttpRequest, key: int, name: str) -> HttpResponse:
        """Do what a button says, once, for the object of its page."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        button = next((known for known in self.buttons if known.name == name), None)
        row = self.get_queryset(request).filter(pk=key).first()  # type: ignore[attr-defined]
        if button is None or row is None:
            raise Http404
        if not request.user.has_perm(button.permission):
            raise PermissionDenied
        with refusals_shown(request):
            told = getattr(self, f"press_{name}")(request, row)
            if isinstance(told, HttpResponseRedirectBase):
                return told
            if told:
                messages.success(request, told)
        return redirect(_page(row))

    def buttons_for(self, request: HttpRequest, row: Any) -> list[Button]:
        """The buttons this person may press on this object now."""
        return [
            button
            for button in self.buttons
            if request.user.has_perm(button.permission) and button.shown(row)
        ]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        row = kwargs.get("obj")
        context["buttons"] = self.buttons_for(request, row) if row is not None else []
        response: HttpResponse = super().render_change_form(request, context, *args, **kwargs)  # type: ignore[misc]
        return response


def _page(row: Any) -> str:
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])
