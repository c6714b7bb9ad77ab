"""The outbox, the audit trail, and the page "System", as staff see them."""

from __future__ import annotations

import json
from typing import Any

from auditlog.mixins import LogEntryAdminMixin
from auditlog.models import LogEntry
from django.contrib import admin, messages
from django.contrib.admin import action, display
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from unfold.contrib.filters.admin import ChoicesDropdownFilter, MultipleChoicesDropdownFilter

from apps.core.audit import changes_shown
from apps.core.models import FailureRecord, OutboxMessage
from apps.core.outbox.delivery import retry_dead
from apps.core.staff.filters import DaysFilter
from apps.core.staff.marks import age, mark, shorten
from apps.core.staff.pages import Button, ButtonsMixin, ReadOnlyAdmin
from apps.core.staff.panels import Panel, page_panel
from apps.core.staff.system import system_page

_TONES = {"pending": "info", "claimed": "info", "done": "good", "dead": "bad"}
_ACTION_TONES = {LogEntry.Action.CREATE: "good", LogEntry.Action.DELETE: "bad"}
_RETRY = "users.replay_events"
_SEE_SYSTEM = "users.view_system"


@admin.register(FailureRecord)
class FailureRecordAdmin(ReadOnlyAdmin):
    """What failed, one by one; and beside it the page that shows the whole system."""

    list_display = ("where", "kind", "happened", "error", "said")
    list_filter = (("kind", ChoicesDropdownFilter), ("at", DaysFilter))
    search_fields = ("reference", "where")
    search_help_text = "The id somebody was shown, or the address"
    fields = (("where", "kind"), ("happened", "reference"), ("error", "words"), "trace")
    readonly_fields = ("happened",)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.system)
        return [path("system/", view, name="core_system"), *super().get_urls()]

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.has_perm(_SEE_SYSTEM))

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def system(self, request: HttpRequest) -> HttpResponse:
        """The page "System"."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        context = {**self.admin_site.each_context(request), "title": "System"}
        return TemplateResponse(request, "admin/core/system.html", context | system_page(request))

    @display(description="When", ordering="at")
    def happened(self, record: FailureRecord) -> SafeString | str:
        return age(record.at)

    @display(description="What it said")
    def said(self, record: FailureRecord) -> str:
        return shorten(record.words)


@admin.register(OutboxMessage)
class OutboxMessageAdmin(ButtonsMixin, ReadOnlyAdmin):
    """Facts on their way to their handlers; those that were given up can be tried again."""

    list_display = ("topic", "handler", "state_mark", "attempts", "created", "error")
    list_filter = (
        ("state", MultipleChoicesDropdownFilter),
        ("created_at", DaysFilter),
    )
    search_fields = ("key",)
    search_help_text = "The key: usually the id of what happened"
    ordering = ("-id",)
    actions = ("try_again",)
    buttons = (
        Button("retry", "Try again", "replay", _RETRY, lambda row: row.state == "dead", "gold"),
    )
    fields = (
        ("topic", "handler"),
        ("state_mark", "attempts"),
        "key",
        "payload_words",
        ("created", "not_before", "done_at"),
        "last_error",
    )
    readonly_fields = ("state_mark", "created", "payload_words")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[OutboxMessage], search_term: str
    ) -> tuple[QuerySet[OutboxMessage], bool]:
        found = queryset.filter(key__startswith=search_term.strip()) if search_term else queryset
        return found, False

    def has_retry_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm(_RETRY))

    @action(description="Try again what was given up", permissions=["retry"])
    def try_again(self, request: HttpRequest, queryset: QuerySet[OutboxMessage]) -> None:
        count = retry_dead(list(queryset.values_list("pk", flat=True)))
        messages.success(request, f"{count} back in the queue.")

    def press_retry(self, request: HttpRequest, row: OutboxMessage) -> str:
        retry_dead([row.pk])
        return "Back in the queue: the next worker takes it."

    @display(description="State", ordering="state")
    def state_mark(self, row: OutboxMessage) -> SafeString:
        return mark(row.get_state_display(), _TONES[row.state])

    @display(description="Published", ordering="created_at")
    def created(self, row: OutboxMessage) -> SafeString | str:
        return age(row.created_at)

    @display(description="Last error")
    def error(self, row: OutboxMessage) -> str:
        return shorten(row.last_error) or "—"

    @display(description="Payload")
    def payload_words(self, row: OutboxMessage) -> str:
        return ", ".join(f"{name}: {json.dumps(value)}" for name, value in row.payload.items())


admin.site.unregister(LogEntry)


@admin.register(LogEntry)
class LogEntryAdmin(LogEntryAdminMixin, ReadOnlyAdmin):
    """Who changed what. Written by the product, changed by nobody."""

    list_select_related = ("content_type", "actor")
    list_display = ("when", "who", "resource_url", "kind", "changed")
    list_display_links = ("when",)
    list_filter = (
        ("action", ChoicesDropdownFilter),
        ("timestamp", DaysFilter),
    )
    search_fields = ("object_repr__istartswith", "actor__username")
    search_help_text = "The beginning of a name, or who made the change"
    fields = (("at", "who"), ("resource_url", "kind"))
    readonly_fields = ("at", "who", "resource_url", "kind")
    show_facets = admin.ShowFacets.NEVER

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        self.request = request  # the mixin's links want it
        queryset: QuerySet[Any] = super().get_queryset(request)
        return queryset

    @display(description="When", ordering="timestamp")
    def when(self, row: Any) -> SafeString | str:
        return age(row.timestamp)

    @display(description="When")
    def at(self, row: Any) -> str:
        return date_format(timezone.localtime(row.timestamp), "j M Y, H:i:s T")

    @display(description="Who")
    def who(self, row: Any) -> str:
        return str(row.actor or "The system")

    @display(description="Changed")
    def changed(self, row: Any) -> str:
        if row.action != LogEntry.Action.UPDATE:
            return "—"  # everything, which says nothing
        return shorten(", ".join(change.name for change in changes_shown(row.changes_dict)))

    @display(description="What", ordering="action")
    def kind(self, row: Any) -> SafeString:
        return mark(row.get_action_display().capitalize(), _ACTION_TONES.get(row.action, "plain"))


@page_panel("auditlog.logentry")
def _changes(request: HttpRequest, row: Any) -> Panel:
    changes = changes_shown(row.changes_dict)
    return Panel("What changed", "admin/changes.html", {"changes": changes}, count=len(changes))
