"""Prices by version: the tables as a form, and a copy as the way to change what is in use."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.contrib.admin import display
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.http.response import HttpResponseRedirectBase
from django.shortcuts import redirect
from django.utils.safestring import SafeString
from unfold.widgets import UnfoldAdminDecimalFieldWidget, UnfoldAdminIntegerFieldWidget

from apps.b2b.actions.prices import policy_copy
from apps.b2b.models import PricingPolicy, Sale
from apps.b2b.pricing import BUYER_TIERS, FIRST_POLICY, read_policy
from apps.core.staff.marks import mark, page_of
from apps.core.staff.pages import Button, ButtonsMixin, StaffAdmin
from apps.solar.models import Market

_QUALITY_ROWS = 4
_HOURS = ("morning", "afternoon")


class PolicyForm(forms.ModelForm):  # type: ignore[type-arg]  # generic only in the stubs
    """The tables field by field. What has priced leads is shown and stays what it was."""

    class Meta:
        model = PricingPolicy
        fields = ("version", "share_percent", "is_active", "note")
        labels: ClassVar[dict[str, str]] = {
            "share_percent": "Percent of leads",
            "is_active": "Prices leads",
        }
        help_texts: ClassVar[dict[str, str]] = {
            "version": "The breakdown of every price names it.",
            "share_percent": "When several are in use: each but the oldest takes its share.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.has_priced = self.instance.pk is not None and _has_priced(self.instance)
        stored = self.instance.parameters if self.instance.pk else FIRST_POLICY
        shown = dict(_shown(stored))
        for name, field in _table_fields(stored).items():
            self.fields[name] = field
            self.initial[name] = shown.get(name)
            field.disabled = self.has_priced

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if self.has_priced or self.errors:
            return cleaned
        for name in _HOURS:
            if cleaned[f"{name}_from"] >= cleaned[f"{name}_to"]:
                self.add_error(f"{name}_to", "Later than it begins.")
        for row in range(_QUALITY_ROWS):
            score, factor = (cleaned[f"quality_{row}_{one}"] for one in ("from", "factor"))
            if (score is None) != (factor is None):
                self.add_error(f"quality_{row}_factor", "A score and what it times, or neither.")
        if self.errors:
            return cleaned
        stated = _stated(cleaned)
        try:
            read_policy("draft", stated)
        except ValueError as error:
            raise ValidationError(str(error)) from error
        self.instance.parameters = stated
        return cleaned


def _has_priced(policy: PricingPolicy) -> bool:
    return Sale.objects.filter(price_detail__policy=policy.version).exists()


def _currencies(stored: Mapping[str, Any]) -> list[str]:
    used = Market.objects.order_by("currency").values_list("currency", flat=True).distinct()
    return sorted({*stored["base"], *used})


def _markets(stored: Mapping[str, Any]) -> dict[str, str]:
    names = dict(Market.objects.values_list("code", "name"))
    return {code: names.get(code, code) for code in sorted({*stored["markets"], *names})}


def _table_fields(stored: Mapping[str, Any]) -> dict[str, forms.Field]:
    fields: dict[str, forms.Field] = {
        f"base_{currency}_{tier}": _amount(f"{tier.capitalize()}, {currency}")
        for currency in _currencies(stored)
        for tier in BUYER_TIERS
    }
    for row in range(_QUALITY_ROWS):
        fields[f"quality_{row}_from"] = _whole("From a score of", 100, required=False)
        fields[f"quality_{row}_factor"] = _factor("Times", required=False)
    said = "Empty: as the settings say."
    fields["surge_from"] = _whole("From percent of a cap", 100, required=False, help_text=said)
    fields["surge_factor"] = _factor("Times")
    for name in _HOURS:
        fields[f"{name}_from"] = _whole(f"{name.capitalize()} from", 23, help_text="O'clock there")
        fields[f"{name}_to"] = _whole("Until", 24)
        fields[f"{name}_factor"] = _factor(f"{name.capitalize()}, times")
    fields["weekend"] = _factor("On Saturday and Sunday, times")
    for code, market in _markets(stored).items():
        fields[f"market_{code}"] = _factor(f"{market}, times")
    return fields


def _rows(stored: Mapping[str, Any]) -> tuple[Any, ...]:
    """The tables on the page, each under what it is."""
    tiers = [
        tuple(f"base_{currency}_{tier}" for tier in pair)
        for currency in _currencies(stored)
        for pair in (BUYER_TIERS[:2], BUYER_TIERS[2:])
    ]
    quality = [(f"quality_{row}_from", f"quality_{row}_factor") for row in range(_QUALITY_ROWS)]
    hours: list[Any] = []
    for name in _HOURS:
        hours += [(f"{name}_from", f"{name}_to"), f"{name}_factor"]
    return (
        ("What a lead costs to begin with, by kind of buyer", {"fields": tuple(tiers)}),
        ("A better lead costs more", {"fields": tuple(quality)}),
        ("A buyer that is nearly full pays more", {"fields": (("surge_from", "surge_factor"),)}),
        ("The hour, on the buyer's clock", {"fields": (*hours, "weekend")}),
        ("The market", {"fields": tuple(f"market_{code}" for code in _markets(stored))}),
    )


def _shown(stored: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for currency, tiers in stored["base"].items():
        for tier, value in tiers.items():
            yield f"base_{currency}_{tier}", value
    for row, (score, value) in enumerate(stored["quality"]):
        yield f"quality_{row}_from", score
        yield f"quality_{row}_factor", value
    yield "surge_from", stored["surge"].get("from_percent")
    yield "surge_factor", stored["surge"]["factor"]
    for name in _HOURS:
        yield from zip(
            (f"{name}_from", f"{name}_to", f"{name}_factor"), stored["hours"][name], strict=True
        )
    yield "weekend", stored["weekend"]
    for code, value in stored["markets"].items():
        yield f"market_{code}", value


def _stated(cleaned: Mapping[str, Any]) -> dict[str, Any]:
    """The form as `read_policy` takes it."""
    base: dict[str, dict[str, str]] = {}
    markets = {}
    for name, value in cleaned.items():
        kind, _, rest = name.partition("_")
        if kind == "base":
            currency, _, tier = rest.partition("_")
            base.setdefault(currency, {})[tier] = str(value)
        elif kind == "market":
            markets[rest] = str(value)
    quality = [
        [cleaned[f"quality_{row}_from"], str(cleaned[f"quality_{row}_factor"])]
        for row in range(_QUALITY_ROWS)
        if cleaned[f"quality_{row}_from"] is not None
    ]
    surge: dict[str, Any] = {"factor": str(cleaned["surge_factor"])}
    if cleaned["surge_from"] is not None:
        surge["from_percent"] = cleaned["surge_from"]
    return {
        "base": base,
        "quality": sorted(quality, reverse=True),
        "surge": surge,
        "hours": {
            name: [
                cleaned[f"{name}_from"],
                cleaned[f"{name}_to"],
                str(cleaned[f"{name}_factor"]),
            ]
            for name in _HOURS
        },
        "weekend": str(cleaned["weekend"]),
        "markets": markets,
    }


def _amount(label: str) -> forms.DecimalField:
    return forms.DecimalField(
        label=label, min_value=0.01, max_digits=10, decimal_places=2,
        widget=UnfoldAdminDecimalFieldWidget(),
    )  # fmt: skip


def _factor(label: str, *, required: bool = True) -> forms.DecimalField:
    return forms.DecimalField(
        label=label, min_value=0.01, max_value=10, max_digits=5, decimal_places=3,
        required=required, widget=UnfoldAdminDecimalFieldWidget(),
    )  # fmt: skip


def _whole(
    label: str, most: int, *, required: bool = True, help_text: str = ""
) -> forms.IntegerField:
    return forms.IntegerField(
        label=label, min_value=0, max_value=most, required=required, help_text=help_text,
        widget=UnfoldAdminIntegerFieldWidget(),
    )  # fmt: skip


@admin.register(PricingPolicy)
class PricingPolicyAdmin(ButtonsMixin, StaffAdmin):
    """Versions of the price tables. A change is a new version; several may compete."""

    list_display = ("version", "active", "share", "note", "created_at")
    buttons = (
        Button("copy", "Copy as a new version", "content_copy", "b2b.add_pricingpolicy",
               tone="gold"),
    )  # fmt: skip

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        # Only the columns: the form adds the tables by itself.
        kwargs |= {"form": PolicyForm, "fields": list(PolicyForm.Meta.fields)}
        return super().get_form(request, obj, change, **kwargs)

    def get_fieldsets(self, request: HttpRequest, obj: PricingPolicy | None = None) -> Any:
        first = (None, {"fields": ("version", ("is_active", "share_percent"), "note")})
        return (first, *_rows(obj.parameters if obj else FIRST_POLICY))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("version",) if obj else ()

    def press_copy(self, request: HttpRequest, policy: PricingPolicy) -> HttpResponseRedirectBase:
        copy = policy_copy(policy)
        messages.success(request, f"{copy}: change its tables, then let it price leads.")
        return redirect(page_of("b2b.pricingpolicy", copy.pk))

    @display(description="In use", ordering="is_active")
    def active(self, policy: PricingPolicy) -> SafeString:
        return mark("Prices leads", "good") if policy.is_active else mark("Not in use")

    @display(description="Percent of leads", ordering="share_percent")
    def share(self, policy: PricingPolicy) -> str:
        return f"{policy.share_percent} %" if policy.is_active else "—"
