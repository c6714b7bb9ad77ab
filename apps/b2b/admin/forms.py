"""The form of a buyer."""

from __future__ import annotations

import copy
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django import forms
from django.core.exceptions import ValidationError

from apps.b2b.admin.fields import (
    FILTER_FIELDS,
    CodeField,
    HoursField,
    filters_shown,
    filters_stated,
    setting_field,
)
from apps.b2b.answers import spec_problems
from apps.b2b.credentials import read_credentials, write_credentials
from apps.b2b.mapping import in_order, mapping_problems
from apps.b2b.models import Platform
from apps.b2b.transports.registry import TRANSPORTS, transport_of

_LEFT_OUT = ("filters", "windows", "endpoint", "credentials", "mapping", "answers", "is_sample")


_LABELS = {
    "slug": "Short name",
    "contact_email": "Contact e-mail",
    "tier": "Kind of buyer",
    "method": "Way of delivery",
    "price_floor": "Price at least",
    "price_ceiling": "Price at most",
    "share_limit": "Shares a lead by",
    "duplicate_days": "Days without the same person",
    "pause_after_rejections": "Rejections until it is paused",
    "is_test": "Every lead is a test",
    "pacing_day_percent": "Percent a day",
    "pacing_week_percent": "Percent a week",
    "bid": "Base price of its own",
    "commission_kind": "Commission is",
    "return_window_hours": "Hours for returns",
    "return_percent_max": "Percent of returns",
}
_HELP = {
    "slug": "In addresses and in the API. Small letters, digits and dashes.",
    "time_zone": "As America/New_York: its hours and days are on this clock.",
    "tier": "What it pays to begin with, and which leads suit it. The amounts stand under Prices.",
    "price_floor": "In the currency of its market.",
}


class _PricedForm(forms.ModelForm):  # type: ignore[type-arg]  # generic only in the stubs
    """What both forms of a buyer check."""

    def clean_time_zone(self) -> str:
        return _zone(self.cleaned_data["time_zone"])

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        floor, ceiling = cleaned.get("price_floor"), cleaned.get("price_ceiling")
        if floor is not None and floor <= 0:
            self.add_error("price_floor", "More than nothing.")
        if floor is not None and ceiling is not None and ceiling < floor:
            self.add_error("price_ceiling", "Not less than the price at least.")
        return cleaned


class NewPlatformForm(_PricedForm):
    """The first step: who they are and what they pay. The rest is on the buyer's page."""

    class Meta:
        labels = _LABELS
        help_texts = _HELP | {"time_zone": "As America/New_York. Empty: the clock of its market."}
        model = Platform
        fields = (
            "name", "slug", "contact_email", "market", "time_zone", "tier", "method",
            "price_floor", "price_ceiling",
        )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["time_zone"].required = False

    def clean_time_zone(self) -> str:
        market = self.cleaned_data.get("market")
        return _zone(self.cleaned_data["time_zone"] or (market.time_zone if market else "UTC"))


class PlatformForm(_PricedForm):
    """Everything about a buyer; what is kept as JSON is asked for field by field."""

    windows = HoursField()
    mapping = CodeField(
        label="Field mapping",
        help_text="Their field: our field, or =text. Empty: all our fields under our names."
        " These are listed above, with what would be sent.",
        rows=14,
    )
    answers = CodeField(
        label="How answers are read",
        help_text='Where an answer says what became of the lead, as {"outcome_at": "result"}.'
        " Empty: the usual words are understood.",
        rows=4,
    )

    class Meta:
        model = Platform
        labels = _LABELS
        help_texts = _HELP
        exclude = _LEFT_OUT  # noqa: DJ006 (the admin names the fields; these are asked for singly)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._add_filters()
        self._add_settings()
        self.initial["windows"] = self.instance.windows
        self.initial["mapping"] = in_order(self.instance.mapping)
        self.initial["answers"] = self.instance.answers

    def _add_filters(self) -> None:
        shown = filters_shown(self.instance.filters)
        for name, field in FILTER_FIELDS.items():
            self.fields[f"filter_{name}"] = copy.deepcopy(field)
            self.initial[f"filter_{name}"] = shown.get(name)
        places = self.instance.market.territories.order_by("name").values_list("code", "name")
        self.fields["filter_territories"].choices = list(places)  # type: ignore[attr-defined]  # one of several

    def _add_settings(self) -> None:
        secrets = read_credentials(self.instance)
        for method, transport in TRANSPORTS.items():
            for setting in transport.settings:
                name = f"{method}_{setting.name}"
                is_set = bool(secrets.get(setting.name))
                self.fields[name] = setting_field(setting, is_set=is_set)
                if not setting.secret and method == self.instance.method:
                    stored = self.instance.endpoint.get(setting.name)
                    self.initial[name] = stored or setting.default

    def clean_mapping(self) -> dict[str, Any]:
        return _object(self.cleaned_data["mapping"], mapping_problems)

    def clean_answers(self) -> dict[str, Any]:
        return _object(self.cleaned_data["answers"], spec_problems)

    def save(self, commit: bool = True) -> Any:
        platform, cleaned = self.instance, self.cleaned_data
        platform.filters = filters_stated(cleaned)
        platform.windows = cleaned["windows"]
        platform.mapping, platform.answers = cleaned["mapping"], cleaned["answers"]
        transport = transport_of(platform.method)
        stated = {
            setting.name: cleaned.get(f"{platform.method}_{setting.name}", "").strip()
            for setting in transport.settings
        }
        secret = {setting.name for setting in transport.settings if setting.secret}
        platform.endpoint = {
            name: value for name, value in stated.items() if name not in secret and value
        }
        write_credentials(platform, {name: stated[name] for name in secret})
        return super().save(commit)


def _object(value: Any, problems_of: Any) -> dict[str, Any]:
    if value in (None, ""):
        return {}
    if not isinstance(value, dict):
        raise ValidationError("This must be a JSON object.")
    problems = problems_of(value)
    if problems:
        raise ValidationError(problems)
    return value


def _zone(name: str) -> str:
    if name not in available_timezones():
        raise ValidationError("Not a time zone. Write it as America/New_York.")
    return str(ZoneInfo(name))
