"""The list of leads as a file, from the list itself; and who exported what."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin import display
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.safestring import SafeString

from apps.core.staff.filters import DaysFilter
from apps.core.staff.marks import age, mark, shorten
from apps.core.staff.pages import ReadOnlyAdmin
from apps.leads.actions.exporting import leads_export
from apps.leads.export import FORMATS
from apps.leads.models import LeadExport
from apps.users.selectors import signed_in

_LIST = "admin:leads_lead_changelist"


class ExportMixin:
    """The exporting half of `LeadAdmin`: whatever the list shows, all of it."""

    list_after_template = "admin/leads/list_after.html"

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.export_view)  # type: ignore[attr-defined]
        urls: list[URLPattern] = super().get_urls()  # type: ignore[misc]
        return [
            *(
                path(f"export/{name}/", view, {"file_format": name}, f"leads_lead_export_{name}")
                for name in FORMATS
            ),
            *urls,
        ]

    def export_view(self, request: HttpRequest, file_format: str) -> HttpResponseBase:
        if not request.user.has_perm("users.export_data"):
            raise PermissionDenied
        try:
            shown = self.get_changelist_instance(request).get_queryset(request)  # type: ignore[attr-defined]
        except IncorrectLookupParameters:
            messages.error(request, "The list cannot be narrowed like this.")
            return redirect(_LIST)
        return leads_export(
            shown,
            file_format=file_format,
            filters=dict(request.GET.lists()),
            actor=signed_in(request),
            now=timezone.now(),
        )


@admin.register(LeadExport)
class LeadExportAdmin(ReadOnlyAdmin):
    """Who took leads out of the house. Written by the product, changed by nobody."""

    list_display = ("when", "user", "file_format", "rows", "state", "narrowed")
    list_display_links = ("when",)
    list_select_related = ("user",)
    list_filter = (("created_at", DaysFilter),)
    ordering = ("-created_at", "-id")
    fields = (("when", "user"), ("file_format", "rows"), ("state", "narrowed"))
    readonly_fields = ("when", "state", "narrowed")

    @display(description="When", ordering="created_at")
    def when(self, export: LeadExport) -> SafeString | str:
        return age(export.created_at)

    @display(description="State")
    def state(self, export: LeadExport) -> SafeString:
        if export.is_complete:
            return mark("Whole", "good")
        return mark("Under way", "info") if export.rows is None else mark("Broken off", "warn")

    @display(description="Narrowed by")
    def narrowed(self, export: LeadExport) -> str:
        filters: dict[str, Any] = export.filters
        words = "; ".join(f"{name}: {', '.join(map(str, said))}" for name, said in filters.items())
        return shorten(words, 200) or "All they may see"
