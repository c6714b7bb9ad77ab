"""Forms of the admin: signing in, which counts failures like the API does, people and keys."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from unfold.forms import AuthenticationForm, UserChangeForm, UserCreationForm
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from apps.core.errors import RateLimited
from apps.core.rate_limits import count_failure, refuse_after_failures
from apps.users.actions import PROFILE, api_key_refusals, is_good_for
from apps.users.models import ApiKey, Role, User
from apps.users.scopes import SCOPES
from apps.users.throttling import failure_keys
from apps.users.time_zones import time_zone_choices, time_zones

_KEYS_LAST = (("30", "30 days"), ("90", "90 days"), ("365", "One year"), ("", "Until revoked"))


class SignInForm(AuthenticationForm):
    """User name or e-mail; after too many failures even the right password waits."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = "User name or e-mail"

    def clean(self) -> Any:
        keys = failure_keys(self.request, self.cleaned_data.get("username", ""))
        try:
            refuse_after_failures(self.request, "login", *keys)
        except RateLimited as refusal:
            raise ValidationError(refusal.message) from refusal
        try:
            return super().clean()
        except ValidationError:
            count_failure(self.request, "login", *keys)
            raise


def _time_zone_field(help_text: str) -> forms.ChoiceField:
    return forms.ChoiceField(
        choices=time_zone_choices,
        required=False,
        label="Time zone",
        help_text=help_text,
        widget=UnfoldAdminSelectWidget(),
    )


class _ZoneKept:
    """Beside a form of a person: a zone by an older name, set by a program, stays to be chosen."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        zone = self.instance.time_zone  # type: ignore[attr-defined]  # of the form
        if zone in time_zones() and zone not in dict(time_zone_choices()):
            self.fields["time_zone"].choices = [*time_zone_choices(), (zone, zone)]  # type: ignore[attr-defined]


class PersonForm(_ZoneKept, UserChangeForm):
    """A person's data. Refuses to leave the installation without an admin who can sign in."""

    time_zone = _time_zone_field("All times on their screens are shown in it.")

    def clean(self) -> Any:
        cleaned = super().clean()
        stays = cleaned.get("role") == Role.ADMIN and cleaned.get("is_active", True)
        others = User.objects.filter(role=Role.ADMIN, is_active=True).exclude(pk=self.instance.pk)
        if self.instance.is_superuser and "role" in cleaned and not stays and not others.exists():
            raise ValidationError("This is the last admin who can sign in. Make another one first.")
        return cleaned


class NewPersonForm(UserCreationForm):
    """A new person, with a password that Django's validators accept."""

    class Meta(UserCreationForm.Meta):
        model = User
        fields = ("username",)


class ProfileForm(_ZoneKept, forms.ModelForm):  # type: ignore[type-arg]  # generic only in the stubs
    """What somebody says of themselves."""

    time_zone = _time_zone_field("All times on your screens are shown in it.")

    class Meta:
        model = User
        fields = PROFILE
        widgets = {
            name: UnfoldAdminTextInputWidget() for name in ("first_name", "last_name", "phone")
        }


class NewKeyForm(forms.ModelForm):  # type: ignore[type-arg]  # generic only in the stubs
    """A new API key. `holder` owns it where the form does not ask for an owner."""

    holder: User

    scopes = forms.MultipleChoiceField(
        label="May",
        help_text="Never more than the role of its owner, whatever is ticked.",
        widget=UnfoldAdminCheckboxSelectMultipleWidget(),
    )
    lasts = forms.ChoiceField(
        label="Lasts",
        required=False,
        choices=_KEYS_LAST,
        initial="90",
        widget=UnfoldAdminSelectWidget(),
    )
    networks = forms.CharField(
        label="Only from",
        required=False,
        max_length=1000,
        help_text="Addresses or networks (203.0.113.0/24), one a line. Empty: from everywhere.",
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
    )

    class Meta:
        model = ApiKey
        fields = ("owner", "name", "requests_per_minute")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        may_be_anybodys = "owner" in self.fields
        self.fields["scopes"].choices = [  # type: ignore[attr-defined]  # a choice field
            (code, f"{label} ({code})")
            for code, (label, _) in SCOPES.items()
            if may_be_anybodys or is_good_for(self.holder, code)
        ]
        if "owner" in self.fields:
            staff = User.objects.filter(is_active=True, is_staff=True)
            self.fields["owner"].queryset = staff  # type: ignore[attr-defined]  # a model choice
            self.fields["owner"].initial = self.holder.pk

    @property
    def stated(self) -> dict[str, Any]:
        """The arguments of `api_key_issue`, but for the moment."""
        found = self.cleaned_data
        days = found.get("lasts")
        return {
            "owner": found.get("owner") or self.holder,
            "scopes": found.get("scopes", []),
            "expires_at": timezone.now() + timedelta(days=int(days)) if days else None,
            "networks": found.get("networks", "").split(),
        }

    def clean(self) -> Any:
        cleaned = super().clean()
        for name, words in api_key_refusals(**self.stated, now=timezone.now()).items():
            if name in self.fields and name not in self.errors:
                self.add_error(name, words)
        return cleaned
