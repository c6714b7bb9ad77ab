"""Buyers: set up step by step, watched, paused, copied."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin import display
from django.contrib.admin.utils import flatten_fieldsets
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseRedirectBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from unfold.admin import TabularInline
from unfold.contrib.filters.admin import ChoicesDropdownFilter

from apps.b2b.accounts import Standing, with_held
from apps.b2b.actions.feedback import feedback_key_issue
from apps.b2b.actions.money import last_month, platform_invoice
from apps.b2b.actions.platforms import (
    CAP_FIELDS,
    platform_book_payment,
    platform_caps_changed,
    platform_check,
    platform_clone,
    platform_end,
    platform_go_live,
    platform_open,
    platform_pause,
    platform_test,
    platform_write,
)
from apps.b2b.admin.fields import filters_said, hours_shown
from apps.b2b.admin.forms import NewPlatformForm, PlatformForm
from apps.b2b.admin.rows import NEW_ROWS, form_rows, look_rows
from apps.b2b.choices import PlatformStatus
from apps.b2b.models import Platform, PlatformCap
from apps.core.errors import InvalidInput
from apps.core.staff.marks import mark, page_of
from apps.core.staff.pages import Button, ButtonsMixin, StaffAdmin

_CHANGE = "b2b.change_platform"
STATUS_TONES = {"onboarding": "info", "active": "good", "paused": "warn", "ended": "plain"}


class CapInline(TabularInline):
    model = PlatformCap
    extra = 0
    verbose_name = "cap"
    verbose_name_plural = "Caps"
    fields = ("period", "limit", "territory")
    autocomplete_fields = ("territory",)


@admin.register(Platform)
class PlatformAdmin(ButtonsMixin, StaffAdmin):
    """Buyers. What one does to a buyer is a button; what one knows of it is the form."""

    list_display = ("name", "status_mark", "market", "tier", "method", "accepts", "account_words")
    list_filter = (
        ("status", ChoicesDropdownFilter),
        ("market", admin.RelatedFieldListFilter),
        ("tier", ChoicesDropdownFilter),
        ("method", ChoicesDropdownFilter),
    )
    list_select_related = ("market", "account")
    search_fields = ("name", "slug", "contact_email")
    inlines = (CapInline,)
    change_form_outer_before_template = "admin/b2b/platform_top.html"
    change_form_outer_after_template = None
    buttons = (
        Button("test", "Send a test lead", "science", _CHANGE,
               shown=lambda one: one.status != PlatformStatus.ENDED, tone="gold"),
        Button("live", "Go live", "rocket_launch", _CHANGE,
               shown=lambda one: one.status == PlatformStatus.ONBOARDING),
        Button("resume", "Resume", "play_arrow", _CHANGE,
               shown=lambda one: one.status == PlatformStatus.PAUSED, tone="gold"),
        Button("pause", "Pause", "pause", _CHANGE,
               shown=lambda one: one.status == PlatformStatus.ACTIVE,
               sure="What is on its way and surely not there goes to other buyers."),
        Button("check", "Check health", "monitor_heart", _CHANGE),
        Button("clone", "Copy", "content_copy", "b2b.add_platform"),
        Button("feedback_key", "Issue a feedback key", "key", _CHANGE,
               sure="A key that was issued before ends at once."),
        Button("end", "End", "cancel", _CHANGE,
               shown=lambda one: one.status in {PlatformStatus.PAUSED, PlatformStatus.ONBOARDING},
               sure="It buys no more. What it bought, owes and said stays."),
        Button("invoice", "Make an invoice", "receipt_long", "ledger.add_invoice",
               shown=lambda one: False),
        Button("payment", "Book a payment", "payments", _CHANGE, shown=lambda one: False),
    )  # fmt: skip

    def get_form(
        self, request: HttpRequest, obj: Platform | None = None, change: bool = False, **kwargs: Any
    ) -> Any:
        if obj is None:
            kwargs["form"] = NewPlatformForm
        else:
            # Only the columns: the form adds filters and settings by itself.
            columns = {field.name for field in Platform._meta.concrete_fields}
            named = flatten_fieldsets(self.get_fieldsets(request, obj))
            kwargs |= {"form": PlatformForm, "fields": [one for one in named if one in columns]}
        return super().get_form(request, obj, change, **kwargs)

    def get_fieldsets(self, request: HttpRequest, obj: Platform | None = None) -> Any:
        if obj is None:
            return NEW_ROWS
        return form_rows(obj) if self.has_change_permission(request, obj) else look_rows(obj)

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> dict[str, Any]:
        return {} if obj else {"slug": ("name",)}

    def get_inlines(self, request: HttpRequest, obj: Any) -> Any:
        return self.inlines if obj else ()

    def save_model(self, request: HttpRequest, obj: Platform, form: Any, change: bool) -> None:
        if change:
            columns = [one for one in Platform._meta.concrete_fields if one.editable]
            platform_write(obj, [one.name for one in columns if not one.primary_key])
        else:
            platform_open(obj)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        stated = {*form.changed_data} & CAP_FIELDS or any(one.has_changed() for one in formsets)
        if change and stated:
            platform_caps_changed(form.instance.pk, now=timezone.now())

    def response_add(
        self, request: HttpRequest, obj: Platform, post_url_continue: str | None = None
    ) -> HttpResponse:
        messages.success(request, f"{obj} is begun. The steps below say what is still missing.")
        return redirect(page_of("b2b.platform", obj.pk))

    def response_change(self, request: HttpRequest, obj: Platform) -> HttpResponse:
        messages.success(request, "Saved.")
        return redirect(page_of("b2b.platform", obj.pk))

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        platform = kwargs.get("obj")
        context["title"] = platform.name if platform else "A new buyer"
        context |= {"show_save_and_add_another": False, "show_save_and_continue": False}
        return super().render_change_form(request, context, *args, **kwargs)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Platform]:
        platforms: QuerySet[Platform] = super().get_queryset(request)
        return with_held(platforms.select_related("market", "account"))

    def press_test(self, request: HttpRequest, platform: Platform) -> str | None:
        tested = platform_test(platform, now=timezone.now())
        if tested.passed:
            return tested.words
        messages.error(request, tested.words)
        return None

    def press_live(self, request: HttpRequest, platform: Platform) -> str:
        platform_go_live(platform.pk)
        return f"{platform} is live and gets leads from now on."

    press_resume = press_live

    def press_pause(self, request: HttpRequest, platform: Platform) -> str:
        platform_pause(platform.pk, because=f"Paused by {request.user}", now=timezone.now())
        return f"{platform} gets nothing more."

    def press_check(self, request: HttpRequest, platform: Platform) -> str | None:
        if platform_check(platform, now=timezone.now()):
            return "It is there."
        platform.refresh_from_db()
        messages.error(request, platform.health_words)
        return None

    def press_clone(self, request: HttpRequest, platform: Platform) -> HttpResponseRedirectBase:
        clone = platform_clone(platform)
        messages.success(request, f"{clone}: give it its name, its secrets and a test.")
        return redirect(page_of("b2b.platform", clone.pk))

    def press_feedback_key(self, request: HttpRequest, platform: Platform) -> None:
        key = feedback_key_issue(platform.pk)
        messages.warning(
            request,
            format_html(
                "The feedback key of {}. Copy it now, it is not shown again:"
                ' <code class="sc-key" id="sc-new-key">{}</code>',
                platform.name,
                key,
            ),
        )

    def press_end(self, request: HttpRequest, platform: Platform) -> str:
        platform_end(platform.pk, now=timezone.now())
        return f"{platform} buys no more."

    def press_invoice(self, request: HttpRequest, platform: Platform) -> HttpResponseRedirectBase:
        first, last = last_month(platform, timezone.now())
        first = parse_date(request.POST.get("first", "")) or first
        last = parse_date(request.POST.get("last", "")) or last
        invoice = platform_invoice(platform.pk, first=first, last=last, now=timezone.now())
        return redirect(page_of("ledger.invoice", invoice.pk))

    def press_payment(self, request: HttpRequest, platform: Platform) -> str | None:
        try:
            paid = Decimal(request.POST.get("amount", ""))
        except InvalidOperation:
            paid = Decimal(0)
        reference = request.POST.get("reference", "").strip()[:80]
        if not reference:
            raise InvalidInput("A payment has a reference: so nobody books it twice.")
        return platform_book_payment(
            platform.pk,
            amount=paid if paid.is_finite() else Decimal(0),
            key=f"payment:{platform.public_id}:{reference}",
            words=reference,
            now=timezone.now(),
        )

    @display(description="State", ordering="status")
    def status_mark(self, platform: Platform) -> SafeString:
        return mark(platform.get_status_display(), STATUS_TONES[platform.status])

    @display(description="Accepts", ordering="acceptance_rate")
    def accepts(self, platform: Platform) -> str:
        rate = f"{platform.acceptance_rate:.0%}"
        return rate if platform.acceptance_samples else f"{rate} (assumed)"

    @display(description="Account")
    def account_words(self, platform: Platform) -> SafeString | str:
        held: Decimal = platform.held  # type: ignore[attr-defined]  # annotated
        found = Standing(platform.account.balance - held, held, platform.market.currency)
        if not found.settled:
            return mark(found.held_words, "info") if held else "—"
        return mark(found.words, "good" if found.is_ahead else "gold")

    @display(description="Filters")
    def wants(self, platform: Platform) -> SafeString | str:
        said = filters_said(platform.filters)
        return format_html_join("", "<p>{}: <strong>{}</strong></p>", said) or "Takes every lead"

    @display(description="Delivery hours")
    def hours(self, platform: Platform) -> str:
        return hours_shown(platform.windows) or "At any hour"

    @display(description="Where to")
    def reached_at(self, platform: Platform) -> str:
        """Without its secrets."""
        return ", ".join(str(one) for one in platform.endpoint.values()) or "Nobody said yet"
