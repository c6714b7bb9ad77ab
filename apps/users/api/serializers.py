"""Shapes of the sign-in endpoints."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import authenticate
from django.contrib.auth.models import update_last_login
from rest_framework import serializers
from rest_framework.exceptions import AuthenticationFailed
from rest_framework_simplejwt.exceptions import TokenError
from rest_framework_simplejwt.serializers import TokenRefreshSerializer
from rest_framework_simplejwt.tokens import RefreshToken

from apps.core.errors import AuthenticationRequired
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
            "permissions",
        )

    def get_permissions(self, user: User) -> list[str]:
        return sorted(user.get_all_permissions())


class LoginSerializer(serializers.Serializer[Any]):
    """`username` or `email`, and `password`."""

    username = serializers.CharField(required=False, max_length=254, write_only=True)
    email = serializers.CharField(required=False, max_length=254, write_only=True)
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


class VerifiedSerializer(serializers.Serializer[Any]):
    valid = serializers.BooleanField()
    user = UserSerializer()
