"""Shapes of the sign-in endpoints."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from django.contrib.auth import authenticate
from django.contrib.auth.models import update_last_login
from rest_framework import serializers
from rest_framework.exceptions import AuthenticationFailed
from rest_framework_simplejwt.exceptions import TokenError
from rest_framework_simplejwt.serializers import TokenRefreshSerializer
from rest_framework_simplejwt.tokens import AccessToken, RefreshToken

from apps.core.errors import AuthenticationRequired
from apps.users.actions import PROFILE
from apps.users.models import User


class UserSerializer(serializers.ModelSerializer[User]):
    """Somebody, as the API shows them."""

    id = serializers.UUIDField(source="public_id", read_only=True)
    permissions = serializers.SerializerMethodField()

    class Meta:
        model = User
        fields = (
            "id",
            "username",
            "email",
            "first_name",
            "last_name",
            "role",
            "phone",
            "department",
            "time_zone",
            "permissions",
        )

    def get_permissions(self, user: User) -> list[str]:
        return sorted(user.get_all_permissions())


class ProfileSerializer(serializers.ModelSerializer[User]):
    """What somebody may say of themselves. Role, name for signing in and e-mail are an admin's."""

    class Meta:
        model = User
        fields = PROFILE


# A form that has both fields sends the other one empty.
_NAME: dict[str, Any] = {
    "required": False,
    "allow_blank": True,
    "allow_null": True,
    "max_length": 254,
    "write_only": True,
}


class LoginSerializer(serializers.Serializer[Any]):
    """`username` or `email`, and `password`."""

    username = serializers.CharField(**_NAME)
    email = serializers.CharField(**_NAME)
    password = serializers.CharField(write_only=True, max_length=256, trim_whitespace=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if not (attrs.get("username") or attrs.get("email")):
            raise serializers.ValidationError({"username": ["Give a user name or an e-mail."]})
        return attrs

    @property
    def login(self) -> str:
        """The name that was given, the same whatever its case: what failures are counted by."""
        login: str = self.validated_data.get("username") or self.validated_data["email"]
        return login

    def sign_in(self, request: Any) -> User:
        """The person. Raises AuthenticationRequired without saying which part was wrong."""
        user = authenticate(request, username=self.login, password=self.validated_data["password"])
        if not isinstance(user, User):
            raise AuthenticationRequired("This name and password do not belong together.")
        update_last_login(User, user)
        return user


class TokenPairSerializer(serializers.Serializer[Any]):
    access = serializers.CharField()
    refresh = serializers.CharField()


class SignedInSerializer(TokenPairSerializer):
    user = UserSerializer()


class RefreshSerializer(TokenRefreshSerializer):
    """A refresh token for a new pair; the old one is spent."""

    def validate(self, attrs: dict[str, Any]) -> dict[str, str]:
        try:
            return dict(super().validate(attrs))
        except (TokenError, AuthenticationFailed, User.DoesNotExist) as error:
            raise AuthenticationRequired(
                "The refresh token is spent, revoked or too old."
            ) from error


class LogoutSerializer(serializers.Serializer[Any]):
    refresh = serializers.CharField(write_only=True)

    def revoke(self) -> None:
        """Revoke the token. A token that is already worthless is fine: the wish is fulfilled."""
        try:
            RefreshToken(self.validated_data["refresh"]).blacklist()
        except TokenError:
            return

    def validate_refresh(self, token: str) -> str:
        """Who sends the other token by mistake would think the refresh token revoked."""
        with suppress(TokenError):
            AccessToken(token)  # type: ignore[arg-type]  # the stubs know no texts
            raise serializers.ValidationError("This is an access token. Send the refresh token.")
        return token


class VerifiedSerializer(serializers.Serializer[Any]):
    valid = serializers.BooleanField()
    user = UserSerializer()
