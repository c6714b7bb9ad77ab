"""Forms of the admin: signing in, which counts failures like the API does, and people."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from unfold.forms import AuthenticationForm, UserChangeForm, UserCreationForm

from apps.core.errors import RateLimited
from apps.core.rate_limits import count_failure, refuse_after_failures
from apps.users.models import Role, User
from apps.users.throttling import failure_keys


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


class PersonForm(UserChangeForm):
    """A person's data. Refuses to leave the installation without an admin who can sign in."""

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
