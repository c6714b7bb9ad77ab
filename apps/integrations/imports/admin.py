"""The pages of an import: the upload, a look at the file, and how far it is."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin import display
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.safestring import SafeString

from apps.core.staff.marks import age, mark, page_of
from apps.core.staff.pages import Button, ButtonsMixin, StaffAdmin, refusals_shown
from apps.intake.choices import Provenance, SourceKind
from apps.intake.models import LeadSource
from apps.integrations.imports.actions import (
    MOST_BYTES,
    import_begin,
    import_cancel,
    import_configure,
    import_upload,
    mapping_of,
)
from apps.integrations.imports.columns import FIELDS
from apps.integrations.imports.failures import failed_rows_csv
from apps.integrations.imports.forms import UploadForm
from apps.integrations.imports.models import Import
from apps.integrations.imports.plans import preview_of
from apps.integrations.tasks import advance_import
from apps.users.selectors import signed_in

_IMPORT = "users.manage_leads"
_TONES = {"draft": "warn", "running": "info", "cancelled": "bad", "done": "good"}
State = Import.State


@admin.register(Import)
class ImportAdmin(ButtonsMixin, StaffAdmin):
    """Files of leads. Whoever may manage leads may take them in."""

    when_empty = "No file was taken in yet. You see what becomes of each row before."
    change_form_template = "admin/integrations/import/page.html"
    change_form_outer_before_template = None  # the page places its buttons itself
    change_form_outer_after_template = None
    list_display = ("file_name", "state_mark", "total", "created", "updated", "failed", "when")
    ordering = ("-created_at", "-id")
    fields = ()
    buttons = tuple(
        Button(name, label, icon, _IMPORT, shown=lambda found: False)
        for name, label, icon in (
            ("look", "Look again", "visibility"),
            ("begin", "Take them in", "play_arrow"),
            ("cancel", "Stop", "stop"),
        )
    )

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.has_perm(_IMPORT))

    has_add_permission = has_view_permission
    has_module_permission = has_view_permission

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_urls(self) -> list[URLPattern]:
        progress = self.admin_site.admin_view(self.progress_view)
        failures = self.admin_site.admin_view(self.failures_view)
        name = "integrations_import"
        return [
            path("<int:key>/progress/", progress, name=f"{name}_progress"),
            path("<int:key>/failures/", failures, name=f"{name}_failures"),
            *super().get_urls(),
        ]

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = UploadForm(request.POST or None, request.FILES or None)
        if form.is_valid():
            file = form.cleaned_data["file"]
            with refusals_shown(request):
                found = import_upload(
                    file.read(MOST_BYTES + 1),
                    file_name=file.name,
                    market=form.cleaned_data["market"].code,
                    actor=signed_in(request),
                    now=timezone.now(),
                )
                return redirect(page_of("integrations.import", found.pk))
        context = {**self.admin_site.each_context(request), "opts": Import._meta, "form": form}
        context["title"] = "Take in a file of leads"
        return TemplateResponse(request, "admin/integrations/import/upload.html", context)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        found: Import = kwargs["obj"]
        context |= {"title": found.file_name, "subtitle": None, "file": found}
        if found.state == State.DRAFT:
            context |= _draft(found)
        else:
            failed = found.rows.filter(state="failed").order_by("number")
            noted = found.rows.exclude(state__in=["failed", "pending"]).exclude(reason="")
            context |= {
                "failures": failed[:50],
                "noted": noted.select_related("lead").order_by("number")[:50],
            }
        return super().render_change_form(request, context, *args, **kwargs)

    def press_look(self, request: HttpRequest, found: Import) -> None:
        self._configure(request, found)

    def press_begin(self, request: HttpRequest, found: Import) -> str:
        if found.state == State.DRAFT:
            self._configure(request, found)
        import_begin(
            found.public_id,
            source=request.POST.get("source", ""),
            provenance=request.POST.get("provenance", Provenance.FIRST_PARTY),
            actor=signed_in(request),
            now=timezone.now(),
        )
        advance_import.apply_async([found.pk], retry=False)
        return "Under way. You may leave this page: it goes on without you."

    def press_cancel(self, request: HttpRequest, found: Import) -> str:
        import_cancel(found.public_id, actor=signed_in(request))
        return "Stopped. What was taken in stays; the rest waits."

    def progress_view(self, request: HttpRequest, key: int) -> JsonResponse:
        """How far it is, for the page that shows it."""
        found = self._found(request, key)
        names = ("state", "total", "created", "updated", "skipped", "failed", "settled", "percent")
        return JsonResponse({name: getattr(found, name) for name in names})

    def failures_view(self, request: HttpRequest, key: int) -> HttpResponseBase:
        found = self._found(request, key)
        response = StreamingHttpResponse(failed_rows_csv(found), content_type="text/csv")
        response["Content-Disposition"] = f'attachment; filename="not-taken-in-{found.pk}.csv"'
        return response

    def _found(self, request: HttpRequest, key: int) -> Import:
        if not self.has_view_permission(request):
            raise PermissionDenied
        found = Import.objects.filter(pk=key).first()
        if found is None:
            raise Http404
        return found

    def _configure(self, request: HttpRequest, found: Import) -> None:
        mapping = {
            place: field
            for place in range(len(found.columns))
            if (field := request.POST.get(f"column_{place}", ""))
        }
        import_configure(
            found.public_id,
            mapping=mapping,
            on_known=request.POST.get("on_known"),
            actor=signed_in(request),
        )

    @display(description="State", ordering="state")
    def state_mark(self, found: Import) -> SafeString:
        return mark(found.get_state_display(), _TONES[found.state])

    @display(description="Uploaded", ordering="created_at")
    def when(self, found: Import) -> SafeString | str:
        return age(found.created_at)


def _draft(found: Import) -> dict[str, Any]:
    """What the page of a draft shows: columns with samples, and the first rows as understood."""
    samples = list(found.rows.order_by("number").values_list("cells", flat=True)[:3])
    mapping = mapping_of(found)
    columns = [
        (place, name, [row[place] for row in samples if row[place]], mapping.get(place, ""))
        for place, name in enumerate(found.columns)
    ]
    preview = preview_of(found)
    words = {"create": "new", "update": "known", "skip": "left out", "fail": "cannot be taken in"}
    return {
        "columns": columns,
        "fields": list(FIELDS.items()),
        "preview": preview,
        "counts": [(words[outcome], count) for outcome, count in preview.counts.items()],
        "ways": Import.OnKnown.choices,
        "provenances": Provenance.choices,
        "sources": LeadSource.objects.filter(kind=SourceKind.IMPORT).order_by("name"),
    }
