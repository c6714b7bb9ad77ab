"""How the chat begins: the lines that are shown, and what came of each."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin import display
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.safestring import SafeString
from unfold.widgets import UnfoldAdminTextareaWidget

from apps.conversations.check import check
from apps.conversations.comparing import openings_compared
from apps.conversations.models import Conversation, OpeningLine
from apps.conversations.variants import HORIZON
from apps.core.staff.marks import mark, shorten
from apps.core.staff.pages import StaffAdmin

_MOST_BUTTONS = 4
_LONGEST_BUTTON = 60
_REFUSED = {
    "claim": "This may not be said to a customer",
    "ended": "This incentive has ended",
    "figure": "A figure needs a source, and a line has none",
    "link": "A line bears no link",
    "telephone": "A line bears no telephone number",
}
_SEEN = ("code", "market", "language", "text", "buttons_words", "starts_on")


class OpeningForm(forms.ModelForm):  # type: ignore[type-arg]  # generic only in the stubs
    """A line; its buttons are lines of text. What the check refuses is refused here."""

    buttons = forms.CharField(
        required=False,
        help_text=f"What a visitor may answer with a click: one a line, at most {_MOST_BUTTONS}.",
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
    )

    class Meta:
        model = OpeningLine
        fields = ("code", "market", "language", "text", "weight", "starts_on", "ends_on")
        widgets = {"text": UnfoldAdminTextareaWidget(attrs={"rows": 3})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "text" not in self.fields:  # visitors have seen it: neither words nor buttons change
            del self.fields["buttons"]
            return
        self.fields["buttons"].initial = "\n".join(self.instance.suggestions or ())

    def clean_text(self) -> str:
        text = str(self.cleaned_data["text"]).strip()
        _refuse(text)
        return text

    def clean_buttons(self) -> str:
        lines = [line.strip() for line in self.cleaned_data["buttons"].splitlines()]
        lines = [line for line in lines if line]
        if len(lines) > _MOST_BUTTONS or any(len(line) > _LONGEST_BUTTON for line in lines):
            words = f"At most {_MOST_BUTTONS} buttons of at most {_LONGEST_BUTTON} letters."
            raise ValidationError(words)
        _refuse("\n".join(lines))
        self.instance.suggestions = lines
        return str(self.cleaned_data["buttons"])


def _refuse(text: str) -> None:
    """What no reply may say, no line may say either."""
    if objections := check(text, ()):
        raise ValidationError(
            [f"{_REFUSED[one.reason]}: {one.words.rpartition(': ')[2]}" for one in objections]
        )


@admin.register(OpeningLine)
class OpeningLineAdmin(StaffAdmin):
    """The lines, below what came of them."""

    form = OpeningForm
    list_display = ("code", "market", "language", "words", "weight", "state")
    list_filter = ("market", "language")
    list_select_related = ("market",)
    list_before_template = "admin/conversations/openings.html"
    fields = (
        ("code", "weight"),
        ("market", "language"),
        "text",
        "buttons",
        ("starts_on", "ends_on"),
    )

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        groups = openings_compared(now=timezone.now())
        context = {**(extra_context or {}), "groups": groups, "horizon": HORIZON}
        page: HttpResponse = super().changelist_view(request, context)
        return page

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        # Other words would be another variant: what was counted would belong to neither.
        return _SEEN if _is_seen(obj) else ()

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        if not _is_seen(obj):
            return self.fields
        return (*_SEEN[:3], *_SEEN[3:], "weight", "ends_on")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(super().has_delete_permission(request, obj)) and not _is_seen(obj)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"starts_on": timezone.localdate(), **super().get_changeform_initial_data(request)}

    @display(description="Line")
    def words(self, line: OpeningLine) -> str:
        return shorten(line.text, 90)

    @display(description="Buttons")
    def buttons_words(self, line: OpeningLine) -> str:
        return ", ".join(line.suggestions) or "—"

    @display(description="Shown")
    def state(self, line: OpeningLine) -> SafeString:
        today = timezone.localdate()
        if not line.weight:
            return mark("Weight 0")
        if line.ends_on and line.ends_on < today:
            return mark("Over")
        if line.starts_on > today:
            return mark(f"From {line.starts_on:%-d %b}", "warn")
        return mark("Yes", "good")


def _is_seen(line: OpeningLine | None) -> bool:
    return line is not None and Conversation.objects.filter(opening=line.code).exists()
