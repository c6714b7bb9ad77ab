"""What buyers said, and what staff have to know."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin import display
from django.core.exceptions import PermissionDenied
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from unfold.contrib.filters.admin import (
    ChoicesDropdownFilter,
    DropdownFilter,
    RelatedDropdownFilter,
)
from unfold.decorators import action
from unfold.widgets import UnfoldAdminFileFieldWidget, UnfoldAdminSelectWidget

from apps.b2b.actions.feedback import feedback_import
from apps.b2b.actions.monitoring import alert_acknowledge
from apps.b2b.feedback_csv import COLUMNS, read_feedback
from apps.b2b.models import BuyerFeedback, Platform, PlatformAlert
from apps.core.staff.filters import DaysFilter
from apps.core.staff.marks import age, mark, page_link
from apps.core.staff.pages import Button, ButtonsMixin, ReadOnlyAdmin
from apps.users.selectors import signed_in

_MOST_BYTES = 2 * 1024 * 1024
_ADD_FEEDBACK = "b2b.add_buyerfeedback"

_TONES = {
    "accepted": "good",
    "rejected": "bad",
    "contacted": "info",
    "appointment": "info",
    "quoted": "info",
    "converted": "gold",
    "lost": "plain",
}


class UploadForm(forms.Form):
    """Whose feedback it is, and the file."""

    buyer = forms.ModelChoiceField(
        queryset=Platform.objects.order_by("name"), widget=UnfoldAdminSelectWidget()
    )
    file = forms.FileField(label="CSV file", widget=UnfoldAdminFileFieldWidget())

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > _MOST_BYTES:
            raise forms.ValidationError("The file is over 2 MB: split it.")
        return file


@admin.register(BuyerFeedback)
class BuyerFeedbackAdmin(ReadOnlyAdmin):
    """What buyers say became of their leads."""

    when_empty = (
        "No buyer has said anything yet. The page of a buyer issues the key for its own program; a"
        " file is taken here."
    )

    list_display = ("type_mark", "platform", "of_lead", "score", "reason", "way", "received")
    list_display_links = ("type_mark",)
    list_filter = (
        ("type", ChoicesDropdownFilter),
        ("platform", RelatedDropdownFilter),
        ("received_at", DaysFilter),
    )
    list_select_related = ("platform", "sale__lead")
    fields = (
        ("type_mark", "platform"),
        ("of_lead", "received"),
        ("score", "conversion_value"),
        "reason",
        "notes",
    )
    readonly_fields = ("type_mark", "of_lead", "received")
    actions_list = ("upload_file",)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.upload)
        return [path("upload/", view, name="b2b_feedback_upload"), *super().get_urls()]

    @action(  # type: ignore[untyped-decorator]  # the theme comes without types
        description="Upload a file", icon="upload_file", permissions=["upload"]
    )
    def upload_file(self, request: HttpRequest) -> HttpResponse:
        return redirect("admin:b2b_feedback_upload")

    def has_upload_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm(_ADD_FEEDBACK))

    def upload(self, request: HttpRequest) -> HttpResponse:
        """A buyer's feedback as a CSV file; what is wrong with a line is said, the others kept."""
        if not request.user.has_perm(_ADD_FEEDBACK):
            raise PermissionDenied
        form = UploadForm(request.POST or None, request.FILES or None)
        done = None
        if request.method == "POST" and form.is_valid():
            try:
                lines = list(read_feedback(form.cleaned_data["file"].read()))
                done = feedback_import(form.cleaned_data["buyer"], lines, now=timezone.now())
            except ValueError as error:
                form.add_error("file", str(error))
            else:
                messages.success(request, f"{done.kept} kept, {done.repeats} known before.")
        context: dict[str, Any] = self.admin_site.each_context(request) | {
            "title": "Feedback as a file",
            "opts": self.model._meta,
            "form": form,
            "done": done,
            "columns": COLUMNS,
        }
        return TemplateResponse(request, "admin/b2b/upload.html", context)

    @display(description="What", ordering="type")
    def type_mark(self, feedback: BuyerFeedback) -> SafeString:
        return mark(feedback.get_type_display(), _TONES[feedback.type])

    @display(description="Lead")
    def of_lead(self, feedback: BuyerFeedback) -> SafeString:
        return page_link("leads.lead", feedback.sale.lead_id, feedback.sale.lead)

    @display(description="Received", ordering="received_at")
    def received(self, feedback: BuyerFeedback) -> SafeString | str:
        return age(feedback.received_at)


_LEVEL_TONES = {"info": "info", "warning": "warn", "critical": "bad"}
# Where one does something about what is not one buyer's, by how the key of its alert begins.
_PLACES = {
    "manual-queue": ("Deliveries that need a person", "b2b_delivery", "?state__exact=manual"),
    "late": ("Deliveries", "b2b_delivery", ""),
    "unsold": ("How leads were routed", "b2b_routedecision", ""),
    "plan": ("Bid prices", "b2b_capacityplan", ""),
}


class StandingFilter(DropdownFilter):
    """What lasts, and what is over."""

    title = "state"
    parameter_name = "standing"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("open", "Open"), ("seen", "Taken care of"), ("over", "Over")]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[PlatformAlert]
    ) -> QuerySet[PlatformAlert]:
        match self.value():
            case "open":
                return queryset.filter(resolved_at=None, acknowledged_at=None)
            case "seen":
                return queryset.filter(resolved_at=None).exclude(acknowledged_at=None)
            case "over":
                return queryset.exclude(resolved_at=None)
        return queryset


@admin.register(PlatformAlert)
class PlatformAlertAdmin(ButtonsMixin, ReadOnlyAdmin):
    """What is wrong with buyers; it resolves itself when it is over."""

    list_display = ("level_mark", "title", "state", "opened", "seen_by")
    list_display_links = ("level_mark", "title")
    when_empty = "Nothing is wrong with any buyer. They are looked over every 15 minutes."
    list_filter = (
        StandingFilter,
        ("level", ChoicesDropdownFilter),
        ("platform", RelatedDropdownFilter),
        ("opened_at", DaysFilter),
    )
    list_select_related = ("platform", "acknowledged_by")
    ordering = (F("resolved_at").desc(nulls_first=True), "-opened_at", "-pk")
    fields = (
        ("level_mark", "state"),
        "title",
        "what_to_do",
        "where",
        ("opened", "over"),
        "seen_by",
    )
    readonly_fields = ("level_mark", "state", "what_to_do", "where", "opened", "over", "seen_by")
    buttons = (
        Button(
            "acknowledge",
            "I take care",
            "visibility",
            "b2b.change_platformalert",
            shown=lambda alert: alert.acknowledged_at is None and alert.resolved_at is None,
            tone="gold",
        ),
    )

    def press_acknowledge(self, request: HttpRequest, alert: PlatformAlert) -> str:
        alert_acknowledge(alert.public_id, actor=signed_in(request), now=timezone.now())
        return "Noted that you take care."

    @display(description="Level", ordering="level")
    def level_mark(self, alert: PlatformAlert) -> SafeString:
        return mark(alert.get_level_display(), _LEVEL_TONES[alert.level])

    @display(description="State")
    def state(self, alert: PlatformAlert) -> SafeString:
        if alert.resolved_at:
            return mark("Over", "good")
        return mark("Taken care of", "info") if alert.acknowledged_at else mark("Open", "bad")

    @display(description="What to do")
    def what_to_do(self, alert: PlatformAlert) -> str:
        return alert.words or "—"

    @display(description="Where")
    def where(self, alert: PlatformAlert) -> SafeString | str:
        if alert.platform is not None:
            return page_link("b2b.platform", alert.platform.pk, alert.platform)
        found = _PLACES.get(alert.key.partition(":")[0])
        if found is None:
            return "—"
        words, page, narrowed = found
        address = reverse(f"admin:{page}_changelist") + narrowed
        return format_html('<a class="sc-link" href="{}">{}</a>', address, words)

    @display(description="Over")
    def over(self, alert: PlatformAlert) -> SafeString | str:
        return age(alert.resolved_at) if alert.resolved_at else "It lasts"

    @display(description="Since", ordering="opened_at")
    def opened(self, alert: PlatformAlert) -> SafeString | str:
        return age(alert.opened_at)

    @display(description="Who takes care")
    def seen_by(self, alert: PlatformAlert) -> str:
        return str(alert.acknowledged_by) if alert.acknowledged_by else "nobody yet"
