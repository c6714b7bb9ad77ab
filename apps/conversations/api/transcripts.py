"""A conversation by mail, for the visitor who asks for it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.conversations.actions.opening import conversation_of_token
from apps.conversations.actions.transcripts import transcript_want
from apps.conversations.api.visitors import chat_token
from apps.conversations.memory import facts_from_json
from apps.conversations.transcript import masked
from apps.core.api.envelope import answer
from apps.core.client_address import client_address
from apps.core.rate_limits import limit_by_key
from apps.core.words import LANGUAGE_CODES


class TranscriptWantedSerializer(serializers.Serializer[Any]):
    email = serializers.CharField(
        max_length=254,
        required=False,
        allow_blank=True,
        help_text="Where none was given in the conversation; else that one counts.",
    )
    language = serializers.ChoiceField(choices=LANGUAGE_CODES, required=False)


class TranscriptAddressSerializer(serializers.Serializer[Any]):
    address = serializers.CharField(
        allow_blank=True, help_text='Where it goes, as in "a…@example.com"; empty: not known yet.'
    )


class TranscriptByMail(APIView):
    """The conversation by mail, for the page that has its token (header `X-Chat-Token`)."""

    permission_classes = (AllowAny,)
    authentication_classes = ()
    refuses = ("401", "404")

    @extend_schema(responses=TranscriptAddressSerializer)
    def get(self, request: Request, conversation_id: UUID) -> Response:
        found = conversation_of_token(conversation_id, chat_token(request))
        email = facts_from_json(found.facts).get("email")
        return Response({"address": masked(str(email.value)) if email else ""})

    @extend_schema(request=TranscriptWantedSerializer, responses={202: TranscriptAddressSerializer})
    def post(self, request: Request, conversation_id: UUID) -> Response:
        found = conversation_of_token(conversation_id, chat_token(request))
        asked = TranscriptWantedSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        limit_by_key(request._request, "chat", f"chat:{client_address(request._request)}")
        address = transcript_want(
            found.pk,
            address=asked.validated_data.get("email", ""),
            language=asked.validated_data.get("language", "en"),
            now=timezone.now(),
        )
        return answer({"address": masked(address)}, message="On its way", status=202)
