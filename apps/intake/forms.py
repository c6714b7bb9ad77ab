"""The form of a source: its signing secret goes in and never comes out."""

from __future__ import annotations

from typing import Any

from django import forms
from unfold.widgets import UnfoldAdminPasswordWidget, UnfoldBooleanSwitchWidget

from apps.intake.models import LeadSource


class SourceForm(forms.ModelForm):  # type: ignore[type-arg]  # generic only in the stubs
    """A source. `new_secret` replaces the signing secret, `no_secret` takes it away."""

    new_secret = forms.CharField(
        required=False,
        min_length=16,
        max_length=200,
        label="New signing secret",
        help_text="Replaces the one that is set. Requests must then be signed with it as Standard"
        " Webhooks says. It is encrypted and never shown.",
        widget=UnfoldAdminPasswordWidget(attrs={"autocomplete": "new-password"}),
    )
    no_secret = forms.BooleanField(
        required=False,
        label="Take the secret away",
        help_text="Requests need no signature any more, only the key.",
        widget=UnfoldBooleanSwitchWidget(),
    )

    class Meta:
        model = LeadSource
        exclude = ("signing_secret",)  # noqa: DJ006 (the admin names the fields; this one never)

    def save(self, commit: bool = True) -> Any:
        if self.cleaned_data.get("no_secret"):
            self.instance.signing_secret = ""
        elif self.cleaned_data.get("new_secret"):
            self.instance.signing_secret = self.cleaned_data["new_secret"]
        return super().save(commit)
