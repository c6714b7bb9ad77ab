"""The door of buyers: their feedback, by their key or signed with it."""

from __future__ import annotations

import time

from django.http import HttpRequest
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.b2b.actions.feedback import feedback_draft, feedback_record
from apps.b2b.api.feedback import kept_answer
from apps.b2b.api.serializers import FeedbackKeptSerializer, FeedbackSerializer
from apps.b2b.choices import FeedbackWay
from apps.b2b.models import Platform
from apps.b2b.selectors import platform_by_feedback_key, platform_named
from apps.core.errors import AuthenticationRequired
from apps.core.json_data import parse_object, storable
from apps.core.rate_limits import limit_by_address, limit_by_key
from apps.core.signatures import is_signed
from apps.integrations.api.reception import read_body


class BuyerFeedbackDoor(APIView):
    """What a buyer says of a lead it bought. Send `X-API-Key`, or sign with the key as Standard
    Webhooks says. The same again changes nothing.
    """

    permission_classes = (AllowAny,)
    authentication_classes = ()
    throttle_classes = ()  # counted below, by buyer
    refuses = ("401", "403", "404")

    @extend_schema(
        request=FeedbackSerializer,
        responses={201: FeedbackKeptSerializer},
        auth=[{"sourceKey": []}, {"bearer": []}],  # type: ignore[list-item]  # the stubs know names only
    )
    def post(self, request: Request) -> Response:
        plain = request._request
        body = read_body(plain)
        platform = _buyer(plain, body)
        limit_by_key(plain, "b2b", f"platform:{platform.slug}")
        said = FeedbackSerializer(data={"buyer_id": platform.slug} | storable(parse_object(body)))
        said.is_valid(raise_exception=True)
        if platform_named(said.validated_data["buyer_id"]) != platform:
            raise AuthenticationRequired("The key is another buyer's.")
        draft = feedback_draft(said.validated_data)
        return kept_answer(
            feedback_record(platform, draft, way=FeedbackWay.DOOR, now=timezone.now())
        )


def _buyer(request: HttpRequest, body: bytes) -> Platform:
    """Whose key it is, or who signed. Raises AuthenticationRequired, and counts who guesses."""
    scheme, _, bearer = request.headers.get("Authorization", "").partition(" ")
    key = request.headers.get("X-API-Key") or (bearer if scheme.lower() == "bearer" else "")
    found = platform_by_feedback_key(key) if key else _signer(request, body)
    if found is None:
        limit_by_address(request, "webhook")
        raise AuthenticationRequired("Send your feedback key as X-API-Key, or sign with it.")
    return found


def _signer(request: HttpRequest, body: bytes) -> Platform | None:
    headers = request.headers
    if not headers.get("webhook-signature"):
        return None
    platform = platform_named(str(parse_object(body).get("buyer_id") or ""))
    if platform is None or not platform.feedback_secret:
        return None
    signed = is_signed(
        platform.feedback_secret,
        message_id=headers.get("webhook-id", ""),
        timestamp=headers.get("webhook-timestamp", ""),
        signatures=headers.get("webhook-signature", ""),
        body=body,
        now=time.time(),
    )
    return platform if signed else None
