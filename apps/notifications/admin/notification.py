"""The list of what I was told, and the addresses of the bell."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin import action, display
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from unfold.contrib.filters.admin import ChoicesDropdownFilter

from apps.core.staff.filters import DaysFilter
from apps.core.staff.marks import age
from apps.core.staff.pages import ReadOnlyAdmin
from apps.notifications.actions.reading import notifications_mark_read
from apps.notifications.admin.filters import KindFilter, UnreadFilter
from apps.notifications.admin.marks import level_mark
from apps.notifications.admin.preferences import preferences_page
from apps.notifications.bell import bell, mark_read
from apps.notifications.kinds import label_of
from apps.notifications.models import Notification
from apps.notifications.selectors import notifications_of, unread_count
from apps.users.selectors import signed_in


@admin.register(Notification)
class NotificationAdmin(ReadOnlyAdmin):
    """One's own, whoever one is: nobody reads what others were told."""

    when_empty = "You were told of nothing yet: leads you get, and what needs you, will be here."
    list_display = ("words", "about", "level_words", "when")
    list_filter = (
        UnreadFilter,
        KindFilter,
        ("level", ChoicesDropdownFilter),
        ("created_at", DaysFilter),
    )
    list_before_template = "admin/notifications/list_head.html"
    fields = ("told", ("about", "level_words"), "when")
    readonly_fields = ("told", "about", "level_words", "when")
    ordering = ("-created_at", "-id")
    actions = ("mark_read",)
    show_facets = admin.ShowFacets.NEVER

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return notifications_of(signed_in(request))

    def get_urls(self) -> list[URLPattern]:
        def guarded(view: Any) -> Any:
            return self.admin_site.admin_view(view)

        return [
            path("bell/", guarded(bell), name="notifications_bell"),
            path("read/", guarded(mark_read), name="notifications_read"),
            path("preferences/", guarded(preferences_page), name="notifications_preferences"),
            *super().get_urls(),
        ]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        context = (extra_context or {}) | {"unread": unread_count(signed_in(request))}
        response: HttpResponse = super().changelist_view(request, context)
        return response

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Who opens it has read it."""
        mine = self.get_object(request, object_id)
        if mine is not None:
            notifications_mark_read(signed_in(request), ids=[mine.public_id], now=timezone.now())
        response: HttpResponse = super().change_view(request, object_id, form_url, extra_context)
        return response

    @action(description="Mark as read", permissions=["view"])
    def mark_read(self, request: HttpRequest, queryset: QuerySet[Notification]) -> None:
        ids = list(queryset.values_list("public_id", flat=True))
        count = notifications_mark_read(signed_in(request), ids=ids, now=timezone.now())
        messages.success(request, f"{count} marked as read.")

    @display(description="What")
    def words(self, row: Notification) -> SafeString:
        if row.read_at is not None:
            return format_html('<span class="sc-told">{}</span>', row.title)
        return format_html(
            '<span class="sc-told sc-told--unread">{}</span>'
            '<span class="sc-visually-hidden"> (unread)</span>',
            row.title,
        )

    @display(description="What")
    def told(self, row: Notification) -> SafeString:
        body = format_html('<p class="sc-told__body">{}</p>', row.body) if row.body else ""
        link = (
            format_html('<p><a class="sc-link" href="{}">Open what it is about</a></p>', row.link)
            if row.link
            else ""
        )
        return format_html("<strong>{}</strong>{}{}", row.title, body, link)

    @display(description="About", ordering="kind")
    def about(self, row: Notification) -> str:
        return label_of(row.kind)

    @display(description="Level", ordering="level")
    def level_words(self, row: Notification) -> SafeString:
        return level_mark(row.level)

    @display(description="When", ordering="created_at")
    def when(self, row: Notification) -> SafeString | str:
        return age(row.created_at)
