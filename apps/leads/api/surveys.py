"""Site surveys for visitors: what is free, and booking it with the request just sent."""

from __future__ import annotations

from datetime import UTC
from typing import Any

from django.conf import settings
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.core.api.envelope import answer
from apps.core.api.fields import MomentField
from apps.core.words import LANGUAGE_CODES, known_language, preferred_language
from apps.leads.actions.surveying import survey_book
from apps.leads.survey_words import soon_words, when_words
from apps.leads.surveys import market_clock, slots_for_visitor, survey_link


class SlotsQuerySerializer(serializers.Serializer[Any]):
    market = serializers.CharField(required=False, max_length=20)
    postal_code = serializers.CharField(required=False, allow_blank=True, max_length=40)
    language = serializers.CharField(required=False, max_length=10)


class SlotSerializer(serializers.Serializer[Any]):
    starts_at = serializers.DateTimeField(default_timezone=UTC)
    ends_at = serializers.DateTimeField(default_timezone=UTC)
    words = serializers.CharField(help_text="The start on the market's clock, in the language.")
    short = serializers.CharField(help_text="The same for a list: no year, no zone.")


class SlotsSerializer(serializers.Serializer[Any]):
    market = serializers.CharField()
    time_zone = serializers.CharField(help_text="IANA name")
    results = SlotSerializer(many=True)
    count = serializers.IntegerField()


class BookingSerializer(serializers.Serializer[Any]):
    event_id = serializers.UUIDField(help_text="What the door answered to the visitor's request.")
    starts_at = MomentField(help_text="Of one of the slots that are free.")
    market = serializers.CharField(required=False, max_length=20)
    language = serializers.ChoiceField(choices=LANGUAGE_CODES, required=False)
    note = serializers.CharField(required=False, allow_blank=True, max_length=500)


class BookedSerializer(serializers.Serializer[Any]):
    appointment_id = serializers.UUIDField()
    starts_at = serializers.DateTimeField(default_timezone=UTC)
    ends_at = serializers.DateTimeField(default_timezone=UTC)
    time_zone = serializers.CharField()
    words = serializers.CharField()
    link = serializers.URLField(help_text="Moves or cancels it, without a login. A secret.")
    calendar = serializers.URLField(help_text="The same as a calendar file.")


class Slots(APIView):
    """When a surveyor could come. Nothing is listed where we do not come at all."""

    permission_classes = (AllowAny,)
    authentication_classes = ()

    @extend_schema(
        responses={200: SlotsSerializer},
        parameters=[
            OpenApiParameter("market", str, description="`nyc` or `india`."),
            OpenApiParameter("postal_code", str, description="Where the roof is, if it is known."),
            OpenApiParameter(
                "language", str, description="`en`, `es` or `hi`; or Accept-Language."
            ),
        ],
    )
    def get(self, request: Request) -> Response:
        asked = SlotsQuerySerializer(data=request.query_params.dict())
        asked.is_valid(raise_exception=True)
        said = asked.validated_data
        market = said.get("market") or settings.DEFAULT_MARKET
        free = slots_for_visitor(market, said.get("postal_code", ""), now=timezone.now())
        zone, language = market_clock(market), _language(request, said.get("language"))
        results = [
            {
                "starts_at": slot.starts_at,
                "ends_at": slot.ends_at,
                "words": when_words(slot.starts_at, zone, language),
                "short": soon_words(slot.starts_at, zone, language),
            }
            for slot in free
        ]
        body = {"market": market, "time_zone": zone, "results": results, "count": len(results)}
        return Response(SlotsSerializer(body).data)


class Booking(APIView):
    """Book a survey with the request just sent. The same again gets the same answer."""

    permission_classes = (AllowAny,)
    authentication_classes = ()
    refuses = ("404",)

    @extend_schema(request=BookingSerializer, responses={201: BookedSerializer})
    def post(self, request: Request) -> Response:
        asked = BookingSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        said = asked.validated_data
        language = _language(request, said.get("language"))
        booked = survey_book(
            said["event_id"],
            market_code=said.get("market") or settings.DEFAULT_MARKET,
            starts_at=said["starts_at"],
            language=language,
            note=said.get("note", ""),
            now=timezone.now(),
        )
        zone, link = booked.market.time_zone, survey_link(booked)
        body = {
            "appointment_id": booked.public_id,
            "starts_at": booked.starts_at,
            "ends_at": booked.ends_at,
            "time_zone": zone,
            "words": when_words(booked.starts_at, zone, language),
            "link": link,
            "calendar": f"{link}survey.ics",
        }
        return answer(BookedSerializer(body).data, message="Survey booked", status=201)


def _language(request: Request, stated: str | None) -> str:
    if stated:
        return known_language(stated)
    return preferred_language(request.headers.get("Accept-Language", ""))
