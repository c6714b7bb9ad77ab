"""What the assistant may say, what people of the team say often, and what speech costs."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.contrib.admin import display
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.safestring import SafeString
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextareaWidget

from apps.conversations.models import CannedReply, KnowledgeEntry, SpeechPrice
from apps.conversations.prices import prices_forget, prices_shipped
from apps.conversations.speaking import speaker_name
from apps.core.staff.marks import mark, shorten
from apps.core.staff.pages import StaffAdmin


class KnowledgeForm(forms.ModelForm):  # type: ignore[type-arg]  # generic only in the stubs
    """An entry; the ways people ask for it are lines of text."""

    asked = forms.CharField(
        label="Ways people ask for it",
        help_text="One a line. The more ways, the surer it is found.",
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 6}),
    )

    class Meta:
        model = KnowledgeEntry
        fields = (
            "code",
            "market",
            "topic",
            "title",
            "answer",
            "answers",
            "source",
            "checked_on",
            "valid_from",
            "valid_to",
            "is_active",
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["asked"].initial = "\n".join(self.instance.questions or ())

    def clean_asked(self) -> str:
        lines = [line.strip() for line in self.cleaned_data["asked"].splitlines() if line.strip()]
        if not lines:
            raise ValidationError("Write at least one way to ask for it.")
        self.instance.questions = lines
        return str(self.cleaned_data["asked"])


@admin.register(KnowledgeEntry)
class KnowledgeEntryAdmin(StaffAdmin):
    """What the assistant may say, with its source and the days it is true."""

    form = KnowledgeForm
    list_display = ("title", "market", "topic", "answer_words", "checked", "state")
    list_filter = ("market", "is_active")
    list_select_related = ("market",)
    search_fields = ("title", "answer", "code")
    fields = (
        ("code", "market"),
        ("title", "topic"),
        "asked",
        "answer",
        "answers",
        ("source", "checked_on"),
        ("valid_from", "valid_to", "is_active"),
    )

    def save_model(
        self, request: HttpRequest, obj: KnowledgeEntry, form: Any, change: bool
    ) -> None:
        obj.updated_at = timezone.now()
        super().save_model(request, obj, form, change)

    @display(description="Answer")
    def answer_words(self, entry: KnowledgeEntry) -> str:
        return shorten(entry.answer, 90)

    @display(description="Checked on", ordering="checked_on")
    def checked(self, entry: KnowledgeEntry) -> str:
        return entry.checked_on.isoformat()

    @display(description="May be said")
    def state(self, entry: KnowledgeEntry) -> SafeString:
        today = timezone.localdate()
        if not entry.is_active:
            return mark("Switched off")
        if entry.valid_to and entry.valid_to < today:
            return mark("Expired", "bad")
        if entry.valid_from and entry.valid_from > today:
            return mark("Not yet", "warn")
        return mark("Yes", "good")


@admin.register(CannedReply)
class CannedReplyAdmin(StaffAdmin):
    """Words people of the team say often."""

    list_display = ("title", "language", "words", "is_active")
    fields = (("title", "language"), "text", "is_active")

    @display(description="Text")
    def words(self, reply: CannedReply) -> str:
        return shorten(reply.text, 90)


class SpeechPriceForm(forms.ModelForm):  # type: ignore[type-arg]  # generic only in the stubs
    """A price, for one of the vendors there are."""

    vendor = forms.ChoiceField(
        choices=[(name, speaker_name(name)) for name in settings.CHAT_ACCOUNTS],
        widget=UnfoldAdminSelectWidget,
    )


@admin.register(SpeechPrice)
class SpeechPriceAdmin(StaffAdmin):
    """What vendors ask, where it differs from the lists that ship."""

    form = SpeechPriceForm
    list_display = ("model", "vendor", "input_usd", "output_usd", "valid_from", "source")
    list_before_template = "admin/conversations/prices.html"
    fields = (("vendor", "model"), ("input_usd", "output_usd"), ("source", "valid_from"))

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        shipped = [
            (speaker_name(vendor), model, price)
            for vendor in settings.CHAT_ACCOUNTS
            for model, price in prices_shipped(vendor)
        ]
        page: HttpResponse = super().changelist_view(
            request, {**(extra_context or {}), "shipped": shipped}
        )
        return page

    def save_model(self, request: HttpRequest, obj: SpeechPrice, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        prices_forget()
