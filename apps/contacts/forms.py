"""Forms of people, and of whoever must not be contacted."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from apps.contacts.identity import read_email, read_phone
from apps.contacts.models import Contact, ContactIdentity, Suppression
from apps.core.words import LANGUAGES

_NO_REGION = "ZZ"  # so that only a number with its country code is read


class ContactForm(forms.ModelForm):  # type: ignore[type-arg]  # generic only in the stubs
    """What can be corrected of a person. The language is one that we write in."""

    language = forms.ChoiceField(
        required=False,
        help_text="In which mails and pages for them are written.",
        widget=UnfoldAdminSelectWidget(),
    )

    class Meta:
        model = Contact
        fields = ("first_name", "last_name", "language")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = {"": "Not stated"} | LANGUAGES
        if (stated := self.instance.language) not in choices:
            choices[stated] = stated  # said once, and not ours to take back
        self.fields["language"].choices = list(choices.items())  # type: ignore[attr-defined]


class SuppressionForm(forms.ModelForm):  # type: ignore[type-arg]  # generic only in the stubs
    """Takes an e-mail address or a phone number; `cleaned_data["address"]` is (kind, value)."""

    address = forms.CharField(
        max_length=254,
        label="E-mail or phone",
        help_text="A phone number with its country code: +1 212 555 0142, +91 98100 12345",
        widget=UnfoldAdminTextInputWidget(attrs={"autocomplete": "off"}),
    )

    class Meta:
        model = Suppression
        fields = ("reason", "note")

    def clean_address(self) -> Any:
        text = self.cleaned_data["address"]
        if email := read_email(text):
            return ContactIdentity.Kind.EMAIL, email
        if phone := read_phone(text, region=_NO_REGION):
            return ContactIdentity.Kind.PHONE, phone.e164
        raise ValidationError("Neither an e-mail address nor a phone number with a country code.")
