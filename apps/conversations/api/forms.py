"""The two forms of the chat: to be called back when nobody is there, and to book a survey."""

from __future__ import annotations

from datetime import UTC
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.conversations.actions.calling_back import (
    CONSENT_VERSION,
    Wish,
    callback_consent,
    conversation_callback_ask,
)
from apps.conversations.actions.opening import conversation_of_token
from apps.conversations.actions.visiting import conversation_survey_book, survey_missing
from apps.conversations.api.visitors import chat_token, conversation_meant
from apps.conversations.callbacks import callback_times
from apps.conversations.memory import facts_from_json
from apps.conversations.models import Conversation
from apps.conversations.selectors import is_staffed
from apps.core.api.envelope import answer
from apps.core.api.fields import MomentField
from apps.core.client_address import client_address
from apps.core.errors import InvalidInput
from apps.core.json_data import clean_text
from apps.core.rate_limits import limit_by_key
from apps.core.words import LANGUAGE_CODES, known_language
from apps.leads.choices import AppointmentStatus
from apps.leads.models import Appointment
from apps.leads.office import office_hours_of
from apps.leads.survey_words import soon_words, when_words
from apps.leads.surveys import market_clock, slots_for_visitor, survey_link
from apps.solar.models import Market
from apps.solar.selectors import market_by_code

_LANGUAGE = OpenApiParameter("language", str, description="`en`, `es` or `hi`.")


class TimeSerializer(serializers.Serializer[Any]):
    starts_at = serializers.DateTimeField(default_timezone=UTC)
    words = serializers.CharField(help_text="On the market's clock, in the language.")


class CallbackTimesSerializer(serializers.Serializer[Any]):
    """What the form needs. `consent_text` stands beside the box, word for word."""

    is_staffed = serializers.BooleanField(help_text="Whether a person could answer in the chat.")
    times = TimeSerializer(many=True)
    consent_text = serializers.CharField()
    consent_version = serializers.CharField()


class CallbackSerializer(serializers.Serializer[Any]):
    """A wish to be called. Without `session_id` a conversation begins with it."""

    name = serializers.CharField(max_length=80, allow_blank=True)
    phone = serializers.CharField(max_length=40, allow_blank=True)
    at = MomentField(help_text="One of the times that are offered.")
    consent_version = serializers.CharField(
        max_length=50, allow_blank=True, help_text="Of the words whose box was ticked."
    )
    session_id = serializers.CharField(
        max_length=100, required=False, allow_blank=True, allow_null=True
    )
    token = serializers.CharField(max_length=100, required=False, allow_blank=True, allow_null=True)
    market = serializers.CharField(max_length=20, required=False, allow_blank=True)
    language = serializers.ChoiceField(choices=LANGUAGE_CODES, required=False)


class CalledBackSerializer(serializers.Serializer[Any]):
    session_id = serializers.UUIDField()
    token = serializers.CharField(allow_null=True, help_text="Only where the conversation began.")
    words = serializers.CharField(help_text="When a person will call.")


class Callback(APIView):
    """Be called back: the times that are offered, and the wish for one of them."""

    permission_classes = (AllowAny,)
    authentication_classes = ()
    refuses = ("404",)

    @extend_schema(
        responses=CallbackTimesSerializer,
        parameters=[OpenApiParameter("market", str, description="`nyc` or `india`."), _LANGUAGE],
    )
    def get(self, request: Request) -> Response:
        market = _market(request.query_params.get("market", ""))
        language, now = known_language(request.query_params.get("language", "")), timezone.now()
        times = callback_times(office_hours_of(market), now)
        body = {
            "is_staffed": is_staffed(market, now),
            "times": [
                {"starts_at": at, "words": soon_words(at, market.time_zone, language)}
                for at in times
            ],
            "consent_text": callback_consent(language),
            "consent_version": CONSENT_VERSION,
        }
        return Response(CallbackTimesSerializer(body).data)

    @extend_schema(request=CallbackSerializer, responses={201: CalledBackSerializer})
    def post(self, request: Request) -> Response:
        asked = CallbackSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        said, now = asked.validated_data, timezone.now()
        limit_by_key(request._request, "chat", f"chat:{client_address(request._request)}")
        found, token = conversation_meant(request, said, now=now)
        words = conversation_callback_ask(
            found.pk,
            Wish(
                name=said["name"],
                phone=said["phone"],
                at=said["at"],
                consent_version=said["consent_version"],
                language=said.get("language", "en"),
            ),
            now=now,
        )
        body = {"session_id": found.public_id, "token": token, "words": words}
        return answer(CalledBackSerializer(body).data, message="Noted", status=201)


class ChatSurveyBookedSerializer(serializers.Serializer[Any]):
    starts_at = serializers.DateTimeField(default_timezone=UTC)
    words = serializers.CharField()
    link = serializers.URLField(help_text="Moves or cancels it, without a login. A secret.")


class ChatSurveySerializer(serializers.Serializer[Any]):
    """The survey of a conversation: what is booked, what is missing, when we could come."""

    booked = ChatSurveyBookedSerializer(allow_null=True)
    missing = serializers.ListField(child=serializers.CharField())
    times = TimeSerializer(many=True)


class ChatSurveyBookingSerializer(serializers.Serializer[Any]):
    starts_at = MomentField(help_text="Of one of the times that are free.")
    language = serializers.ChoiceField(choices=LANGUAGE_CODES, required=False)


class ChatSurvey(APIView):
    """The survey of a conversation, for the page that has its token (header `X-Chat-Token`)."""

    permission_classes = (AllowAny,)
    authentication_classes = ()
    refuses = ("401", "404")

    @extend_schema(responses=ChatSurveySerializer, parameters=[_LANGUAGE])
    def get(self, request: Request, conversation_id: UUID) -> Response:
        found = conversation_of_token(conversation_id, chat_token(request))
        language = known_language(request.query_params.get("language", ""))
        booked = found.survey
        is_ahead = booked is not None and booked.status == AppointmentStatus.BOOKED
        body = {
            "booked": _booked(booked, language) if booked and is_ahead else None,
            "missing": survey_missing(found),
            "times": [] if is_ahead else _free(found, language),
        }
        return Response(ChatSurveySerializer(body).data)

    @extend_schema(request=ChatSurveyBookingSerializer, responses={201: ChatSurveyBookedSerializer})
    def post(self, request: Request, conversation_id: UUID) -> Response:
        found = conversation_of_token(conversation_id, chat_token(request))
        asked = ChatSurveyBookingSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        limit_by_key(request._request, "chat", f"chat:{client_address(request._request)}")
        language = asked.validated_data.get("language", "en")
        booked = conversation_survey_book(
            found.pk,
            starts_at=asked.validated_data["starts_at"],
            language=language,
            now=timezone.now(),
        )
        body = ChatSurveyBookedSerializer(_booked(booked, language)).data
        return answer(body, message="Survey booked", status=201)


def _market(stated: str) -> Market:
    market = market_by_code(clean_text(stated) or settings.DEFAULT_MARKET)
    if market is None:
        raise InvalidInput(details={"market": ["There is no such market."]})
    return market


def _free(conversation: Conversation, language: str) -> list[dict[str, Any]]:
    """When we could come to the place the visitor named; nothing where we do not come."""
    place = facts_from_json(conversation.facts).get("zip_code")
    zone = market_clock(conversation.market_id)
    slots = slots_for_visitor(
        conversation.market_id, str(place.value) if place else "", now=timezone.now()
    )
    return [
        {"starts_at": slot.starts_at, "words": soon_words(slot.starts_at, zone, language)}
        for slot in slots
    ]


def _booked(appointment: Appointment, language: str) -> dict[str, Any]:
    return {
        "starts_at": appointment.starts_at,
        "words": when_words(appointment.starts_at, appointment.market.time_zone, language),
        "link": survey_link(appointment),
    }
