"""Where the site reports what its visitors do. Its answer never says whether it was believed."""

from __future__ import annotations

from typing import Any

from django.http.request import RawPostDataException
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.analytics.actions import events_keep
from apps.analytics.choices import SiteEvent
from apps.analytics.site_events import MOST_EVENTS, is_robot, read_report
from apps.core.api.envelope import answer
from apps.core.errors import InvalidInput, PayloadTooLarge, UnsupportedMediaType
from apps.core.json_data import parse_object

_MOST_BYTES = 16 * 1024
_MEDIA_TYPES = {"application/json", "text/plain"}  # the latter is what `sendBeacon` sends
_NAMES = frozenset(SiteEvent.values)


class EventSerializer(serializers.Serializer[Any]):
    name = serializers.ChoiceField(choices=SiteEvent.choices)
    page = serializers.CharField(required=False, help_text="The path, without a query.")
    ago_ms = serializers.IntegerField(required=False, help_text="How long ago it happened.")
    properties = serializers.DictField(
        required=False, help_text="`field`, `form`, `market`, `language`: lower-case words."
    )


class ReportSerializer(serializers.Serializer[Any]):
    """What happened since the last report. What is not known here is left out in silence."""

    events = EventSerializer(many=True, help_text=f"At most {MOST_EVENTS}.")
    consent = serializers.BooleanField(
        required=False, help_text="The visitor agreed that a visit's steps are seen together."
    )
    session_id = serializers.UUIDField(required=False, help_text="Kept only with consent.")


class TakenSerializer(serializers.Serializer[Any]):
    taken = serializers.IntegerField(help_text="Events that were read.")


class SiteEvents(APIView):
    """First-party events of the site: counted, and tied to a visit only where that was agreed."""

    permission_classes = (AllowAny,)
    authentication_classes = ()

    @extend_schema(request=ReportSerializer, responses={202: TakenSerializer})
    def post(self, request: Request) -> Response:
        plain = request._request
        payload = parse_object(_body(plain))
        reported = read_report(
            payload,
            _NAMES,
            opted_out="1" in {plain.headers.get("Sec-GPC"), plain.headers.get("DNT")},
            now=timezone.now(),
        )
        if reported.events and not is_robot(plain.headers.get("User-Agent", "")):
            events_keep(reported)
        return answer({"taken": len(reported.events)}, message="Received", status=202)


def _body(request: Any) -> bytes:
    if (request.content_type or "").lower() not in _MEDIA_TYPES:
        raise UnsupportedMediaType()
    try:
        body: bytes = request.body
    except (RawPostDataException, OSError, ValueError) as error:
        raise InvalidInput("The body was cut off.") from error
    if len(body) > _MOST_BYTES:
        raise PayloadTooLarge(f"The body is over {_MOST_BYTES // 1024} KiB.")
    return body
