"""The admin's sign-in form, which counts failures like the API does."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from unfold.forms import AuthenticationForm

from apps.core.errors import RateLimited
from apps.core.rate_limits import count_failure, refuse_after_failures
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
