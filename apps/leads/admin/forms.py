"""Forms of the lead pages: entering one by hand, correcting details, and moving many at once."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from unfold.widgets import (
    UnfoldAdminDecimalFieldWidget,
    UnfoldAdminEmailInputWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from apps.contacts.identity import read_email, read_phone
from apps.contacts.selectors import identity_is_elsewhere
from apps.core.errors import InvalidInput
from apps.leads.actions.changing import BY_THEIR_OWN_ACT
from apps.leads.actions.entering import identity_stated
from apps.leads.choices import LeadStatus
from apps.leads.models import Lead, Sequence
from apps.leads.selectors import people_who_work_leads, sequences_in_use
from apps.solar.models import Market
from apps.users.models import User

STATUS_CHOICES = [choice for choice in LeadStatus.choices if choice[0] not in BY_THEIR_OWN_ACT]


class NewLeadForm(forms.ModelForm):  # type: ignore[type-arg]  # generic only in the stubs
    """A lead somebody told us about: it goes down the same road as one from the web site."""

    market = forms.ModelChoiceField(
        queryset=Market.objects.order_by("name"),
        empty_label=None,
        widget=UnfoldAdminSelectWidget(),
    )
    email = forms.CharField(
        required=False,
        max_length=254,
        label="E-mail",
        widget=UnfoldAdminEmailInputWidget(),
    )
    phone = forms.CharField(
        required=False, max_length=60, label="Phone", widget=UnfoldAdminTextInputWidget()
    )
    monthly_bill = forms.DecimalField(
        required=False,
        min_value=0,
        max_digits=12,
        decimal_places=2,
        label="Monthly bill",
        help_text="In the currency of the market",
        widget=UnfoldAdminDecimalFieldWidget(),
    )
    message = forms.CharField(
        required=False,
        max_length=5000,
        label="What they said",
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 4}),
    )

    class Meta:
        model = Lead
        fields = (
            "first_name",
            "last_name",
            "market",
            "postal_code",
            "property_type",
            "ownership",
            "timeline",
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["market"].initial = settings.DEFAULT_MARKET

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        market = cleaned.get("market")
        if market is None or self.errors:
            return cleaned
        try:
            self.stated = cleaned | identity_stated(
                market=market.code, email=cleaned["email"], phone=cleaned["phone"]
            )
        except InvalidInput as refusal:
            raise ValidationError(refusal.details) from refusal
        return cleaned

    def _post_clean(self) -> None:
        """No row is made from this form: the road makes it."""


class DetailsForm(forms.ModelForm):  # type: ignore[type-arg]  # generic only in the stubs
    """Corrections of a lead. A new address or number must be one, and nobody else's."""

    class Meta:
        model = Lead
        fields = ("email", "phone")

    def clean_email(self) -> str:
        text = self.cleaned_data.get("email", "")
        return self._nobody_elses("email", read_email(text) if text else "")

    def clean_phone(self) -> str:
        text = self.cleaned_data.get("phone", "")
        number = read_phone(text, region=self.instance.market.region) if text else None
        return self._nobody_elses("phone", number.e164 if number else (None if text else ""))

    def _nobody_elses(self, kind: str, value: str | None) -> str:
        if value is None:
            raise ValidationError("This is not one.")
        owner = self.instance.contact_id
        if value and identity_is_elsewhere(kind=kind, value=value, contact_pk=owner):
            raise ValidationError("Somebody else we know is reached by this.")
        return value


class PeopleForm(forms.Form):
    """Whom to give leads to."""

    user = forms.ModelChoiceField(
        queryset=User.objects.none(),
        to_field_name="public_id",
        label="Give to",
        empty_label="Choose a person",
        widget=UnfoldAdminSelectWidget(),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["user"].queryset = people_who_work_leads()  # type: ignore[attr-defined]


class SequenceForm(forms.Form):
    """Which follow-up sequence to begin."""

    sequence = forms.ModelChoiceField(
        queryset=Sequence.objects.none(),
        to_field_name="key",
        label="Sequence",
        empty_label="Choose a sequence",
        widget=UnfoldAdminSelectWidget(),
        help_text="It ends by itself for whoever answers, books, or asks for no more mails.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sequence"].queryset = sequences_in_use()  # type: ignore[attr-defined]


class StatusForm(forms.Form):
    """Where leads are now; `lost` says why."""

    status = forms.ChoiceField(
        choices=STATUS_CHOICES, label="New status", widget=UnfoldAdminSelectWidget()
    )
    lost_reason = forms.CharField(
        required=False,
        max_length=200,
        label="Why lost",
        help_text="Only for lost leads. It is what we learn from.",
        widget=UnfoldAdminTextInputWidget(),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("status") == LeadStatus.LOST and not cleaned.get("lost_reason", "").strip():
            raise ValidationError({"lost_reason": "Say why it was lost."})
        return cleaned
