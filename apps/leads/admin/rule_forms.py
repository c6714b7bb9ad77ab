"""Forms of what shares leads out: conditions as fields, working hours as lines of a week."""

from __future__ import annotations

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.core.exceptions import ValidationError
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminDecimalFieldWidget,
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelect2MultipleWidget,
    UnfoldAdminTextInputWidget,
)

from apps.core.errors import InvalidInput
from apps.leads.assignment.availability import DAYS, hours_read
from apps.leads.assignment.conditions import BEGINS_WITH, BETWEEN, ONE_OF, conditions_read
from apps.leads.choices import Otherwise, Strategy
from apps.leads.models import AssignmentRule, Availability
from apps.leads.rule_words import condition_labels
from apps.leads.selectors import people_who_work_leads

_DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_TICKED = ("market", "tier", "property_type", "ownership", "timeline")
_PICKED = ("territory", "source")
_WRITTEN = (*BEGINS_WITH, "language", "utm_source", "utm_medium", "utm_campaign")
_PARTED_BY_COMMAS = "Several are parted by commas."


def _ticks(label: str) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        required=False, label=label, widget=UnfoldAdminCheckboxSelectMultipleWidget()
    )


def _picks(label: str) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        required=False, label=label, widget=UnfoldAdminSelect2MultipleWidget()
    )


def _texts(label: str, help_text: str = _PARTED_BY_COMMAS) -> forms.CharField:
    return forms.CharField(
        required=False,
        max_length=1000,
        label=label,
        help_text=help_text,
        widget=UnfoldAdminTextInputWidget(),
    )


class RuleForm(forms.ModelForm):  # type: ignore[type-arg]  # generic only in the stubs
    """A rule. Each condition is a field of its own; what is left empty does not matter."""

    market = _ticks(ONE_OF["market"])
    tier = _ticks(ONE_OF["tier"])
    property_type = _ticks(ONE_OF["property_type"])
    ownership = _ticks(ONE_OF["ownership"])
    timeline = _ticks(ONE_OF["timeline"])
    territory = _picks(ONE_OF["territory"])
    source = _picks(ONE_OF["source"])
    score_from = forms.IntegerField(
        required=False, min_value=0, max_value=100, widget=UnfoldAdminIntegerFieldWidget()
    )
    score_to = forms.IntegerField(
        required=False, min_value=0, max_value=100, widget=UnfoldAdminIntegerFieldWidget()
    )
    monthly_bill_from = forms.DecimalField(
        required=False,
        min_value=0,
        help_text="In the currency of the market",
        widget=UnfoldAdminDecimalFieldWidget(),
    )
    monthly_bill_to = forms.DecimalField(
        required=False, min_value=0, widget=UnfoldAdminDecimalFieldWidget()
    )
    postal_code = _texts("Postal codes", "Whole ones, or how they begin, parted by commas.")
    language = _texts("Languages", "ISO codes like en or hi, parted by commas.")
    utm_source = _texts("UTM source")
    utm_medium = _texts("UTM medium")
    utm_campaign = _texts("UTM campaign")

    class Meta:
        model = AssignmentRule
        fields = (
            "name",
            "strategy",
            "pool",
            "person",
            "at_any_hour",
            "otherwise",
            "other_pool",
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "person" not in self.fields:  # only looked at
            return
        labels = condition_labels()
        for name in (*_TICKED, *_PICKED):
            self.fields[name].choices = labels[name].items()  # type: ignore[attr-defined]
        self.fields["person"].queryset = people_who_work_leads()  # type: ignore[attr-defined]
        for name, wanted in self.instance.conditions.items():
            if name in BETWEEN:
                self.initial[f"{name}_from"], self.initial[f"{name}_to"] = wanted
            else:
                self.initial[name] = ", ".join(wanted) if name in _WRITTEN else wanted

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        self._say_what_is_missing(cleaned)
        stated: dict[str, Any] = {name: cleaned.get(name, []) for name in (*_TICKED, *_PICKED)}
        stated |= {name: cleaned.get(name, "").split(",") for name in _WRITTEN}
        for name in BETWEEN:
            stated[name] = [cleaned.get(f"{name}_from"), cleaned.get(f"{name}_to")]
        try:
            self.instance.conditions = conditions_read(stated)
        except InvalidInput as refusal:
            for name, messages in refusal.details.items():
                self.add_error(f"{name}_to" if name in BETWEEN else name, messages)
        return cleaned

    def _say_what_is_missing(self, cleaned: dict[str, Any]) -> None:
        if cleaned.get("strategy") == Strategy.DIRECT:
            if not cleaned.get("person"):
                self.add_error("person", "Say who gets these leads.")
        elif not cleaned.get("pool"):
            self.add_error("pool", "Say which team shares these leads.")
        if cleaned.get("otherwise") == Otherwise.TEAM and not cleaned.get("other_pool"):
            self.add_error("other_pool", "Say which other team is asked.")


def _hours(day: str) -> forms.CharField:
    return forms.CharField(
        required=False, max_length=60, label=day, widget=UnfoldAdminTextInputWidget()
    )


class AvailabilityForm(forms.ModelForm):  # type: ignore[type-arg]  # generic only in the stubs
    """When somebody takes leads: a line of hours for each day of the week."""

    mon, tue, wed, thu, fri, sat, sun = (_hours(day) for day in _DAY_NAMES)

    class Meta:
        model = Availability
        fields = ("user", "office", "time_zone", "max_open", "max_per_day", "max_per_30_days")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for day, spans in self.instance.hours.items():
            self.initial[day] = ", ".join("-".join(span) for span in spans)

    def clean_time_zone(self) -> str:
        name: str = self.cleaned_data["time_zone"]
        if name and name not in available_timezones():
            raise ValidationError("There is no such time zone. Write one like Asia/Kolkata.")
        return name

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        stated = {
            day: [[end.strip() for end in span.split("-")] for span in text.split(",")]
            for day in DAYS
            if (text := cleaned.get(day, "").replace("–", "-").strip())
        }
        try:
            hours_read(stated)
        except InvalidInput as refusal:
            for day, messages in refusal.details.items():
                self.add_error(day, messages)
        self.instance.hours = stated
        return cleaned
