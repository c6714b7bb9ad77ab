"""Sign-in endpoints."""

from __future__ import annotations

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.permissions import AllowAny, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework_simplejwt.tokens import RefreshToken

from apps.core.api.envelope import answer
from apps.core.errors import AuthenticationRequired
from apps.core.rate_limits import count_failure, refuse_after_failures
from apps.users.actions import profile_change
from apps.users.api.serializers import (
    LoginSerializer,
    LogoutSerializer,
    ProfileSerializer,
    RefreshSerializer,
    SignedInSerializer,
    TokenPairSerializer,
    UserSerializer,
    VerifiedSerializer,
)
from apps.users.current import current_user
from apps.users.throttling import failure_keys


class Login(APIView):
    """User name or e-mail and password for a pair of tokens. Only failures count as attempts."""

    refuses = ("401",)
    permission_classes = (AllowAny,)
    authentication_classes = ()

    @extend_schema(
        request=LoginSerializer,
        responses=SignedInSerializer,
        examples=[
            OpenApiExample(
                "By user name",
                value={"username": "manager", "password": "solar-demo"},
                request_only=True,
            )
        ],
    )
    def post(self, request: Request) -> Response:
        serializer = LoginSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        keys = failure_keys(request, serializer.login)
        refuse_after_failures(request, "login", *keys)
        try:
            user = serializer.sign_in(request)
        except AuthenticationRequired:
            count_failure(request, "login", *keys)
            raise
        refresh = RefreshToken.for_user(user)
        pair = {"access": str(refresh.access_token), "refresh": str(refresh)}
        return answer({**pair, "user": UserSerializer(user).data}, message="Signed in")


class Refresh(APIView):
    """A refresh token for a new pair. The old one is spent by it."""

    refuses = ("401",)
    permission_classes = (AllowAny,)
    authentication_classes = ()

    @extend_schema(request=RefreshSerializer, responses=TokenPairSerializer)
    def post(self, request: Request) -> Response:
        serializer = RefreshSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        return answer(serializer.validated_data)


class Logout(APIView):
    """Revokes the refresh token. Repeatable."""

    permission_classes = (IsAuthenticated,)

    @extend_schema(request=LogoutSerializer, responses={200: None})
    def post(self, request: Request) -> Response:
        serializer = LogoutSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        serializer.revoke()
        return answer(None, message="Signed out")


class CurrentUser(APIView):
    """Who I am and what I may do; with a key: what the key may."""

    permission_classes = (IsAuthenticated,)
    open_to_keys = ("GET",)

    @extend_schema(responses=UserSerializer)
    def get(self, request: Request) -> Response:
        """Who I am and what I may do; with a key: what the key may."""
        return Response(UserSerializer(current_user(request)).data)

    @extend_schema(request=ProfileSerializer, responses=UserSerializer)
    def patch(self, request: Request) -> Response:
        """Change my profile. What is not sent stays."""
        me = current_user(request)
        serializer = ProfileSerializer(me, data=request.data, partial=True)
        serializer.is_valid(raise_exception=True)
        changed = profile_change(me.pk, stated=serializer.validated_data)
        return answer(UserSerializer(changed).data, message="Saved")


class Verify(APIView):
    """Whether my access token or key is good: 401 when it is not."""

    permission_classes = (IsAuthenticated,)
    open_to_keys = ("GET",)

    @extend_schema(responses=VerifiedSerializer)
    def get(self, request: Request) -> Response:
        return Response({"valid": True, "user": UserSerializer(current_user(request)).data})
