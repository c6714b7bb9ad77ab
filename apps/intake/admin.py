"""Sources with their keys, and the inbox of the doors."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin import action, display
from django.db.models import CharField, QuerySet
from django.db.models.functions import Cast
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from unfold.contrib.filters.admin import (
    ChoicesDropdownFilter,
    MultipleChoicesDropdownFilter,
    RelatedDropdownFilter,
)

from apps.core.staff.filters import DaysFilter
from apps.core.staff.marks import age, mark, page_link, shorten
from apps.core.staff.pages import Button, ButtonsMixin, ReadOnlyAdmin, StaffAdmin
from apps.core.staff.panels import Panel, page_panel
from apps.intake.actions import (
    events_mark_spam,
    events_replay,
    source_issue_key,
    source_key_revoke,
)
from apps.intake.choices import EventState
from apps.intake.forms import SourceForm
from apps.intake.models import InboundEvent, LeadSource
from apps.intake.reading import body_shown
from apps.intake.selectors import forget_sources

STATE_TONES = {"received": "info", "processed": "good", "parked": "bad", "spam": "warn"}
_REPLAY = "users.replay_events"
_CHANGE_SOURCE = "intake.change_leadsource"


@admin.register(LeadSource)
class LeadSourceAdmin(ButtonsMixin, StaffAdmin):
    """Where leads come from, and the keys of vendors."""

    form = SourceForm
    list_display = ("name", "kind", "provenance", "market", "active", "signed", "assign_to")
    list_filter = (("kind", ChoicesDropdownFilter), "is_active")
    list_select_related = ("assign_to",)
    search_fields = ("name", "slug")
    buttons = (
        Button("issue_key", "Issue a new key", "key", _CHANGE_SOURCE, tone="gold"),
        Button("revoke_key", "Revoke", "block", _CHANGE_SOURCE, shown=lambda source: False),
    )
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("name", "slug"),
                    ("kind", "is_active"),
                    "description",
                    ("provenance", "market"),
                    ("assign_to", "requires_certificate"),
                )
            },
        ),
        ("Signature", {"fields": ("signed", ("new_secret", "no_secret"))}),
    )
    readonly_fields = ("signed",)

    def get_readonly_fields(self, request: HttpRequest, obj: LeadSource | None = None) -> Any:
        return (*self.readonly_fields, "slug", "kind") if obj else self.readonly_fields

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> dict[str, Any]:
        return {} if obj else {"slug": ("name",)}

    def save_model(self, request: HttpRequest, obj: LeadSource, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        forget_sources()

    def press_issue_key(self, request: HttpRequest, source: LeadSource) -> None:
        key = source_issue_key(source)
        messages.warning(
            request,
            format_html(
                "The new key of {}. Copy it now, it is not shown again:"
                ' <code class="sc-key" id="sc-new-key">{}</code>',
                source.name,
                key,
            ),
        )

    def press_revoke_key(self, request: HttpRequest, source: LeadSource) -> str:
        named = request.POST.get("key", "")
        is_number = named.isdecimal() and len(named) < 18
        key = source.keys.filter(pk=int(named)).first() if is_number else None
        if key is None or not source_key_revoke(key.pk, now=timezone.now()):
            return "That key was revoked already."
        return f"The key {key.prefix}… opens nothing any more."

    @display(description="Active", boolean=True, ordering="is_active")
    def active(self, source: LeadSource) -> bool:
        return source.is_active

    @display(description="Signature")
    def signed(self, source: LeadSource) -> SafeString:
        return mark("Must be signed", "good") if source.signing_secret else mark("Key only")


@page_panel("intake.leadsource")
def _keys(request: HttpRequest, source: LeadSource) -> Panel:
    keys = list(source.keys.order_by("-created_at"))
    may_change = request.user.has_perm(_CHANGE_SOURCE)
    return Panel(
        "Keys",
        "admin/intake/keys.html",
        {"keys": keys, "may_change": may_change},
        count=sum(1 for key in keys if key.revoked_at is None),
    )


@admin.register(InboundEvent)
class InboundEventAdmin(ButtonsMixin, ReadOnlyAdmin):
    """Everything that came to a door, and what became of it."""

    list_display = ("state_mark", "source", "received", "became", "why")
    list_display_links = ("state_mark",)
    list_filter = (
        ("state", MultipleChoicesDropdownFilter),
        ("source", RelatedDropdownFilter),
        ("received_at", DaysFilter),
    )
    list_select_related = ("source", "journey__lead")
    search_fields = ("public_id",)
    search_help_text = "The event id the sender was given, or the reference the visitor was shown"
    ordering = ("-received_at", "-id")
    actions = ("replay", "mark_spam")
    fields = (
        ("state_mark", "source"),
        ("received", "became"),
        "why",
        ("public_id", "replays"),
        ("ip_address", "page_url"),
        ("user_agent", "delete_after"),
    )
    readonly_fields = ("state_mark", "received", "became", "why", "public_id")
    buttons = (
        Button(
            "replay",
            "Replay",
            "replay",
            _REPLAY,
            shown=lambda event: event.state != EventState.SPAM,
            tone="gold",
        ),
        Button(
            "release",
            "Not spam: take it in",
            "verified",
            _REPLAY,
            shown=lambda event: event.state == EventState.SPAM,
            tone="gold",
        ),
        Button(
            "spam",
            "Mark as spam",
            "report",
            _REPLAY,
            shown=lambda event: event.state in {EventState.RECEIVED, EventState.PARKED},
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[InboundEvent]:
        events: QuerySet[InboundEvent] = super().get_queryset(request)
        return events.defer("body", "journey__lead__original_data", "journey__lead__score_detail")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[InboundEvent], search_term: str
    ) -> tuple[QuerySet[InboundEvent], bool]:
        digits = search_term.strip().lower().replace("-", "")
        if len(digits) == 32 and set(digits) <= set("0123456789abcdef"):
            return queryset.filter(public_id=digits), False
        if len(digits) == 8:  # the reference a visitor reads out on the telephone
            told = queryset.annotate(told=Cast("public_id", CharField()))
            return told.filter(told__endswith=digits), False
        return (queryset.none() if digits else queryset), False

    def has_replay_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm(_REPLAY))

    @action(description="Replay (takes spam in)", permissions=["replay"])
    def replay(self, request: HttpRequest, queryset: QuerySet[InboundEvent]) -> None:
        count = events_replay(list(queryset.values_list("public_id", flat=True)))
        messages.success(request, f"{count} on the road again.")

    @action(description="Mark as spam", permissions=["replay"])
    def mark_spam(self, request: HttpRequest, queryset: QuerySet[InboundEvent]) -> None:
        count = events_mark_spam(list(queryset.values_list("public_id", flat=True)))
        messages.success(request, f"{count} marked. What became a lead already stays.")

    def press_replay(self, request: HttpRequest, event: InboundEvent) -> str:
        events_replay([event.public_id])
        return "On the road again. If its lead is still open, that one is brought up to date."

    press_release = press_replay

    def press_spam(self, request: HttpRequest, event: InboundEvent) -> str:
        events_mark_spam([event.public_id])
        return "Marked as spam."

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        context["title"] = "What came in"
        return super().render_change_form(request, context, *args, **kwargs)

    @display(description="State", ordering="state")
    def state_mark(self, event: InboundEvent) -> SafeString:
        return mark(event.get_state_display(), STATE_TONES[event.state])

    @display(description="Came in", ordering="received_at")
    def received(self, event: InboundEvent) -> SafeString | str:
        return age(event.received_at)

    @display(description="Became")
    def became(self, event: InboundEvent) -> SafeString | str:
        journey = getattr(event, "journey", None)  # of a higher room, so by name
        lead = journey.lead if journey else None
        return page_link("leads.lead", lead.pk, lead) if lead else "—"

    @display(description="What became of it, or why not")
    def why(self, event: InboundEvent) -> str:
        return shorten(event.note, 200) or "—"


@page_panel("intake.inboundevent")
def _content(request: HttpRequest, event: InboundEvent) -> Panel:
    return Panel(
        "What it says", "admin/intake/content.html", {"shown": body_shown(bytes(event.body))}
    )
