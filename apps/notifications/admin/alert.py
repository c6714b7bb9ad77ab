"""The queue of what needs a person: take it, give it back, say how it was dealt with."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin import display
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from unfold.contrib.filters.admin import ChoicesDropdownFilter

from apps.core.staff.marks import age, mark
from apps.core.staff.pages import Button, ButtonsMixin, ReadOnlyAdmin
from apps.core.staff.panels import Panel, page_panel
from apps.notifications.actions.alerting import alert_acknowledge, alert_release, alert_resolve
from apps.notifications.admin.filters import KindFilter, StateFilter
from apps.notifications.admin.marks import level_mark
from apps.notifications.choices import StoryKind
from apps.notifications.kinds import label_of
from apps.notifications.models import Alert
from apps.notifications.selectors import alerts_visible_to
from apps.users.selectors import signed_in

_SEE = "notifications.view_alert"
_ICONS = {
    StoryKind.RAISED: "notification_important",
    StoryKind.ESCALATED: "trending_up",
    StoryKind.ACKNOWLEDGED: "front_hand",
    StoryKind.RELEASED: "undo",
    StoryKind.RESOLVED: "task_alt",
}


@admin.register(Alert)
class AlertAdmin(ButtonsMixin, ReadOnlyAdmin):
    """Alerts one was told of; all of them for those who oversee alerts."""

    when_empty = "Nothing needs a person now."
    list_display = ("title", "about", "level_words", "state", "goes_on", "raised")
    list_filter = (StateFilter, KindFilter, ("level", ChoicesDropdownFilter))
    fields = (("about", "level_words"), ("state", "goes_on"), "raised", "words")
    readonly_fields = ("about", "level_words", "state", "goes_on", "raised", "words")
    ordering = ("-created_at", "-id")
    show_facets = admin.ShowFacets.NEVER
    change_form_outer_before_template = "admin/notifications/alert_head.html"
    buttons = (
        Button(
            "acknowledge",
            "I take care of it",
            "front_hand",
            _SEE,
            lambda alert: alert.is_open and alert.acknowledged_at is None,
            "gold",
        ),
        Button(
            "release",
            "Give it back",
            "undo",
            _SEE,
            lambda alert: alert.is_open and alert.acknowledged_at is not None,
        ),
        Button("resolve", "It is dealt with", "task_alt", _SEE, lambda alert: alert.is_open),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return alerts_visible_to(signed_in(request))

    def press_acknowledge(self, request: HttpRequest, alert: Alert) -> str:
        alert_acknowledge(alert.public_id, actor=signed_in(request), now=timezone.now())
        return "It is yours: it goes no further."

    def press_release(self, request: HttpRequest, alert: Alert) -> str:
        alert_release(alert.public_id, actor=signed_in(request), now=timezone.now())
        return "Given back: it waits for somebody again."

    def press_resolve(self, request: HttpRequest, alert: Alert) -> str:
        alert_resolve(
            alert.public_id,
            actor=signed_in(request),
            note=request.POST.get("note", ""),
            now=timezone.now(),
        )
        return "Resolved."

    @display(description="About", ordering="kind")
    def about(self, alert: Alert) -> str:
        return label_of(alert.kind)

    @display(description="Level", ordering="level")
    def level_words(self, alert: Alert) -> SafeString:
        return level_mark(alert.level)

    @display(description="Who")
    def state(self, alert: Alert) -> SafeString:
        if not alert.is_open:
            who = alert.resolved_by or "by itself"
            return mark(f"Resolved: {who}", "good")
        if alert.acknowledged_at is not None:
            return mark(f"With {alert.acknowledged_by or 'somebody who left'}", "info")
        return mark("Nobody yet", "bad")

    @display(description="Goes on")
    def goes_on(self, alert: Alert) -> SafeString | str:
        if alert.escalate_at is None:
            return "—"
        left = (alert.escalate_at - timezone.now()).total_seconds() / 60
        return f"in {left:.0f} min" if left >= 1 else "now"

    @display(description="Raised", ordering="created_at")
    def raised(self, alert: Alert) -> SafeString | str:
        return age(alert.created_at)

    @display(description="What")
    def words(self, alert: Alert) -> SafeString:
        link = (
            format_html('<p><a class="sc-link" href="{}">Open what it is about</a></p>', alert.link)
            if alert.link
            else ""
        )
        return format_html('<p class="sc-told__body">{}</p>{}', alert.body or alert.title, link)


@page_panel("notifications.alert")
def _story(request: HttpRequest, alert: Alert) -> Panel:
    lines = [(line, _ICONS[StoryKind(line.kind)]) for line in alert.story.select_related("actor")]
    return Panel("What happened", "admin/notifications/story.html", {"lines": lines})
