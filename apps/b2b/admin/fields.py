"""Fields of a buyer's form that are kept as JSON: filters, hours, endpoint, secrets."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminDecimalFieldWidget,
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminPasswordWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanSwitchWidget,
)

from apps.b2b.transports.contracts import Setting
from apps.b2b.windows import DAYS, read_windows
from apps.contacts.models import Channel
from apps.leads import choices

_HOURS_LINE = re.compile(r"^([A-Za-z ,-]+?)\s+(\d{1,2}:\d{2})\s*[-–]\s*(\d{1,2}:\d{2})$")


def several(label: str, options: Any, help_text: str = "") -> forms.MultipleChoiceField:
    """Some of a few: none chosen means all."""
    return forms.MultipleChoiceField(
        choices=options,
        required=False,
        label=label,
        help_text=help_text,
        widget=UnfoldAdminCheckboxSelectMultipleWidget(),
    )


def words(label: str, help_text: str) -> forms.CharField:
    return forms.CharField(
        required=False, label=label, help_text=help_text, widget=UnfoldAdminTextInputWidget()
    )


def number(label: str, help_text: str = "", most: int | None = None) -> forms.IntegerField:
    return forms.IntegerField(
        required=False,
        min_value=0,
        max_value=most,
        label=label,
        help_text=help_text,
        widget=UnfoldAdminIntegerFieldWidget(),
    )


def amount(label: str) -> forms.DecimalField:
    return forms.DecimalField(
        required=False,
        min_value=0,
        max_digits=10,
        decimal_places=2,
        label=label,
        widget=UnfoldAdminDecimalFieldWidget(),
    )


def switch(label: str, help_text: str = "") -> forms.BooleanField:
    return forms.BooleanField(
        required=False, label=label, help_text=help_text, widget=UnfoldBooleanSwitchWidget()
    )


FILTER_FIELDS: dict[str, forms.Field] = {
    "territories": several("Territories", [], "None chosen: everywhere in its market."),
    "postal_prefixes": words("Postal codes", "How they begin, separated by commas: 100, 112"),
    "utilities": words("Utilities", "Separated by commas, as Con Edison, PSEG"),
    "ownership": several("Ownership", choices.Ownership.choices),
    "property_types": several("Homes", choices.PropertyType.choices),
    "bill_min": amount("Bill from"),
    "bill_max": amount("Bill up to"),
    "roof_types": several("Roofs", choices.RoofType.choices),
    "roof_age_max": number("Roof age up to", "Years"),
    "shading": several("Shade", choices.Shading.choices),
    "credit_ranges": several("Credit", choices.CreditRange.choices, "As the person said."),
    "tiers": several("Lead tiers", choices.Tier.choices),
    "score_min": number("Score from", most=100),
    "age_hours_max": number("Lead age up to", "Hours"),
    "provenance": several("Where leads come from", [("first_party", "Only from us directly")]),
    "consent_channels": several(
        "Consent for", Channel.choices, "All of the chosen. None chosen: any one of them."
    ),
    "consent_days_max": number("Consent up to", "Days old"),
    "needs_certificate": switch("Consent certificate needed"),
    "needs_valid_phone": switch("Valid telephone number needed"),
    "accepts_unknown": switch("Takes what is not known", "Else a lead must state what is asked."),
}
_SIDE_BY_SIDE = (
    ("postal_prefixes", "utilities"),
    ("bill_min", "bill_max"),
    ("roof_age_max", "score_min"),
    ("age_hours_max", "consent_days_max"),
    ("needs_certificate", "needs_valid_phone"),
)
# The rows of the form: what is short stands side by side.
FILTER_ROWS: tuple[str | tuple[str, ...], ...] = (
    "filter_territories",
    *(tuple(f"filter_{name}" for name in row) for row in _SIDE_BY_SIDE[:1]),
    "filter_ownership",
    "filter_property_types",
    *(tuple(f"filter_{name}" for name in row) for row in _SIDE_BY_SIDE[1:2]),
    "filter_roof_types",
    "filter_shading",
    "filter_credit_ranges",
    "filter_tiers",
    "filter_provenance",
    "filter_consent_channels",
    *(tuple(f"filter_{name}" for name in row) for row in _SIDE_BY_SIDE[2:]),
    "filter_accepts_unknown",
)
_LISTS = {"postal_prefixes", "utilities"}


def filters_shown(stored: Mapping[str, Any]) -> dict[str, Any]:
    """Stored filters as the form shows them."""
    return {name: ", ".join(value) if name in _LISTS else value for name, value in stored.items()}


def filters_stated(cleaned: Mapping[str, Any]) -> dict[str, Any]:
    """What the form states, as it is stored: only what narrows."""
    found: dict[str, Any] = {}
    for name in FILTER_FIELDS:
        value = cleaned.get(f"filter_{name}")
        if name in _LISTS:
            value = [one.strip() for one in str(value or "").split(",") if one.strip()]
        if value in (None, "", [], False):
            continue
        found[name] = str(value) if name.startswith("bill_") else value
    return found


def filters_said(stored: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Stored filters in the words of the form, in its order."""
    found = []
    for name, field in FILTER_FIELDS.items():
        value = stored.get(name)
        if value in (None, "", [], False):
            continue
        if isinstance(value, list):
            labels = dict(getattr(field, "choices", ()))
            value = ", ".join(str(labels.get(one, one.replace("_", " "))) for one in value)
        found.append((str(field.label), "yes" if value is True else str(value)))
    return found


class HoursField(forms.CharField):
    """Delivery hours as lines: `Mon-Fri 09:00-18:00`. Empty: at any hour."""

    def __init__(self) -> None:
        super().__init__(
            required=False,
            label="Delivery hours",
            help_text="One line each, on the buyer's own clock: Mon-Fri 09:00-18:00. Empty: any.",
            widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
        )

    def prepare_value(self, value: Any) -> Any:
        return hours_shown(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[dict[str, Any]]:
        lines = [line.strip() for line in str(value or "").splitlines() if line.strip()]
        stated = [_window(line) for line in lines]
        try:
            read_windows(stated)
        except ValueError as error:
            raise ValidationError(str(error)) from error
        return stated


class CodeField(forms.JSONField):
    """A JSON object, one entry a line; nothing for an empty one."""

    def __init__(self, *, label: str, help_text: str, rows: int) -> None:
        attributes = {"rows": rows, "class": "sc-code", "spellcheck": "false"}
        super().__init__(
            required=False,
            label=label,
            help_text=help_text,
            widget=UnfoldAdminTextareaWidget(attrs=attributes),
        )

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, dict):
            return json.dumps(value, indent=1, ensure_ascii=False) if value else ""
        return super().prepare_value(value)


def hours_shown(stored: list[dict[str, Any]]) -> str:
    """Stored windows as lines."""
    return "\n".join(
        f"{', '.join(DAYS[day] for day in sorted(one['days']))} {one['from']}-{one['to']}"
        for one in stored
    )


def _window(line: str) -> dict[str, Any]:
    found = _HOURS_LINE.match(line)
    if found is None:
        raise ValidationError(f"“{line}” is not understood: write Mon-Fri 09:00-18:00.")
    days: set[int] = set()
    for part in found.group(1).split(","):
        first, _, last = part.partition("-")
        begins = _day(first)
        ends = _day(last) if last else begins
        days |= {(begins + n) % 7 for n in range((ends - begins) % 7 + 1)}
    return {
        "days": sorted(days),
        "from": found.group(2).zfill(5),
        "to": found.group(3).zfill(5),
    }


def _day(text: str) -> int:
    short = text.strip()[:3].title()
    if short not in DAYS:
        raise ValidationError(f"“{text.strip()}” is no day of the week.")
    return DAYS.index(short)


def setting_field(setting: Setting, *, is_set: bool) -> forms.CharField:
    """A transport's setting. A secret goes in and never comes out; empty leaves the old one."""
    help_text = setting.help
    if setting.secret:
        state = "One is set: leave empty to keep it." if is_set else "None is set yet."
        help_text = f"{help_text}. {state}" if help_text else state
    return forms.CharField(
        required=False,
        max_length=8000 if setting.secret else 500,
        label=setting.label,
        help_text=help_text,
        initial=setting.default,
        widget=UnfoldAdminPasswordWidget(attrs={"autocomplete": "new-password"})
        if setting.secret
        else UnfoldAdminTextInputWidget(),
    )
