"""The page on which everybody chooses how they are told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from apps.notifications.actions.choosing import preferences_set
from apps.notifications.choices import Mail
from apps.notifications.kinds import Channels
from apps.notifications.selectors import Choice, choices_of, hours_or_default
from apps.users.models import User
from apps.users.selectors import signed_in
from apps.users.time_zones import time_zone_choices, zone_or_company

_HOURS = [(hour, f"{hour:02}:00") for hour in range(24)]


class HoursForm(forms.Form):
    """When mail comes."""

    digest_hour = forms.TypedChoiceField(
        choices=_HOURS, coerce=int, label="The digest comes at", help_text="Only when there is one."
    )
    quiet_from = forms.TimeField(
        required=False,
        label="No mail from",
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    quiet_until = forms.TimeField(
        required=False,
        label="until",
        help_text="What would come meanwhile comes then; what is critical comes at once.",
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    time_zone = forms.ChoiceField(required=False, label="Time zone of my mail")

    def __init__(self, *args: Any, screens: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = dict(time_zone_choices()) | {"": f"As on my screens ({screens.replace('_', ' ')})"}
        chosen = self.initial.get("time_zone", "")  # by an older name, maybe
        named.setdefault(chosen, chosen)
        self.fields["time_zone"].choices = list(named.items())  # type: ignore[attr-defined]  # of a ChoiceField

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if (cleaned.get("quiet_from") is None) != (cleaned.get("quiet_until") is None):
            self.add_error("quiet_until", "Quiet hours have a beginning and an end.")
        return cleaned


class KindForm(forms.Form):
    """How one kind is told."""

    in_app = forms.BooleanField(required=False)
    live = forms.BooleanField(required=False)
    mail = forms.ChoiceField(choices=Mail.choices)

    def __init__(self, choice: Choice, data: Mapping[str, Any] | None) -> None:
        channels = choice.channels
        initial = {"in_app": channels.in_app, "live": channels.live, "mail": channels.mail}
        super().__init__(data, prefix=choice.kind.code, initial=initial)
        self.kind = choice.kind
        for name, words in (("in_app", "in the list"), ("live", "live"), ("mail", "by mail")):
            self.fields[name].widget.attrs["aria-label"] = f"{self.kind.label}: {words}"

    def channels(self) -> Channels:
        cleaned = self.cleaned_data
        return Channels(cleaned["in_app"], cleaned["live"], Mail(cleaned["mail"]))


def preferences_page(request: HttpRequest) -> HttpResponse:
    """Show what I chose; keep what I choose."""
    user = signed_in(request)
    data = request.POST if request.method == "POST" else None
    kinds = [KindForm(choice, data) for choice in choices_of(user)]
    hours = HoursForm(data, initial=_initial(user), screens=zone_or_company(user.time_zone))
    if data is not None and all(form.is_valid() for form in (hours, *kinds)):
        preferences_set(
            user, {form.kind.code: form.channels() for form in kinds}, **hours.cleaned_data
        )
        messages.success(request, "Kept.")
        return redirect("admin:notifications_preferences")
    context = admin.site.each_context(request) | {
        "title": "How I am told",
        "kinds": kinds,
        "hours": hours,
        "address": user.email,
    }
    return render(request, "admin/notifications/preferences.html", context)


def _initial(user: User) -> dict[str, Any]:
    mine = hours_or_default(user)
    names = ("digest_hour", "quiet_from", "quiet_until", "time_zone")
    return {name: getattr(mine, name) for name in names}
