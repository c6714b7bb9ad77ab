"""Endpoints of conversations: the visitor's, for pages without a socket, and the staff's."""

from __future__ import annotations

from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import generics
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.conversations.actions.opening import conversation_of_token
from apps.conversations.actions.staff import (
    conversation_close,
    conversation_note,
    conversation_release,
    conversation_reply,
    conversation_take,
)
from apps.conversations.actions.turns import message_take, reply_due
from apps.conversations.api.serializers import (
    ChatConfigSerializer,
    ConversationDetailSerializer,
    ConversationSerializer,
    MessageSerializer,
    SaidSerializer,
    SaySerializer,
    TranscriptSerializer,
    WordsSerializer,
)
from apps.conversations.api.visitors import chat_token, conversation_meant
from apps.conversations.models import Conversation, Message
from apps.conversations.selectors import conversation_visible_to, queue_of, transcript
from apps.conversations.showing import agent_shown, conversation_shown, message_shown
from apps.conversations.speaking import BUILT_IN, first_speaker
from apps.core.api.envelope import answer
from apps.core.client_address import client_address
from apps.core.errors import InvalidInput
from apps.core.idempotency import idempotent
from apps.core.permissions import MayDo
from apps.core.rate_limits import limit_by_key
from apps.users.current import current_user

_CHAT_URL = "/ws/chat/"
_VIEW, _CHANGE = "conversations.view_conversation", "conversations.change_conversation"


class ChatConfig(APIView):
    """Who speaks in the chat and where it is. The key itself stays with us."""

    permission_classes = (AllowAny,)
    authentication_classes = ()

    @extend_schema(responses=ChatConfigSerializer)
    def get(self, request: Request) -> Response:
        speaker = first_speaker()
        return Response(
            {"configured": speaker != BUILT_IN, "provider": speaker, "chat_url": _CHAT_URL}
        )


class ConversationMessages(APIView):
    """Say something and get the answer, without a socket."""

    permission_classes = (AllowAny,)
    authentication_classes = ()
    refuses = ("404",)

    @extend_schema(request=SaySerializer, responses={200: SaidSerializer})
    def post(self, request: Request) -> Response:
        said = SaySerializer(data=request.data)
        said.is_valid(raise_exception=True)
        words = said.validated_data
        now = timezone.now()
        limit_by_key(request._request, "chat", f"chat:{client_address(request._request)}")
        found, token = conversation_meant(request, words, now=now)
        message, _ = message_take(
            found.pk, text=words["text"], client_id=words.get("client_id", ""), now=now
        )
        reply_due(found.pk)
        found.refresh_from_db()
        reply = Message.objects.select_related("author").filter(answers=message).first()
        return Response(
            {
                "session_id": str(found.public_id),
                "token": token,
                "message_id": str(message.public_id),
                "reply": message_shown(reply) if reply else None,
                "agent": agent_shown(found),
                "state": found.state,
            }
        )


class ConversationTranscript(APIView):
    """What was said in a conversation, for the page that has its token."""

    permission_classes = (AllowAny,)
    authentication_classes = ()
    refuses = ("401",)

    @extend_schema(
        responses=TranscriptSerializer,
        parameters=[
            OpenApiParameter("token", str, description="Or the header `X-Chat-Token`."),
            OpenApiParameter("after", UUID, description="Only what came after this message."),
        ],
    )
    def get(self, request: Request, conversation_id: UUID) -> Response:
        found = conversation_of_token(conversation_id, chat_token(request))
        messages = transcript(found, after=_message_id(request))
        return Response(
            {
                "session_id": str(found.public_id),
                "state": found.state,
                "agent": agent_shown(found),
                "messages": [message_shown(message) for message in messages],
            }
        )


class ConversationList(generics.GenericAPIView[Conversation]):
    """The inbox: who waits for a person comes first, the oldest before the others."""

    permission_classes = (MayDo,)
    permissions_by_method = {"GET": _VIEW}
    serializer_class = ConversationSerializer
    filter_backends = ()
    queryset = Conversation.objects.none()

    @extend_schema(responses=ConversationSerializer(many=True))
    def get(self, request: Request) -> Response:
        page = self.paginate_queryset(queue_of(current_user(request), now=timezone.now()))
        return self.get_paginated_response([conversation_shown(one) for one in page or ()])


class ConversationDetail(APIView):
    """One conversation, with what was understood and why it is worth what."""

    permission_classes = (MayDo,)
    permissions_by_method = {"GET": _VIEW}

    @extend_schema(responses=ConversationDetailSerializer)
    def get(self, request: Request, conversation_id: UUID) -> Response:
        found = conversation_visible_to(current_user(request), conversation_id)
        messages = found.messages.select_related("author").order_by("pk")
        return Response(
            {
                **conversation_shown(found),
                "facts": found.facts,
                "score_detail": found.score_detail,
                "consent": found.consent,
                "messages": [message_shown(message) for message in messages],
            }
        )


class _StaffAct(APIView):
    """Something a person does in a conversation."""

    permission_classes = (MayDo,)
    permissions_by_method = {"POST": _CHANGE}

    def found(self, request: Request, conversation_id: UUID) -> Conversation:
        return conversation_visible_to(current_user(request), conversation_id)

    def shown(self, request: Request, conversation_id: UUID, message: str) -> Response:
        found = conversation_visible_to(current_user(request), conversation_id)
        return answer(conversation_shown(found), message=message)


class ConversationTakeover(_StaffAct):
    """Answer in person; the assistant is silent from here on."""

    @extend_schema(request=None, responses=ConversationSerializer)
    def post(self, request: Request, conversation_id: UUID) -> Response:
        found = self.found(request, conversation_id)
        conversation_take(found.pk, agent=current_user(request), now=timezone.now())
        return self.shown(request, conversation_id, "Yours")


class ConversationRelease(_StaffAct):
    """Hand a conversation back to the assistant."""

    @extend_schema(request=None, responses=ConversationSerializer)
    def post(self, request: Request, conversation_id: UUID) -> Response:
        found = self.found(request, conversation_id)
        conversation_release(found.pk, agent=current_user(request), now=timezone.now())
        return self.shown(request, conversation_id, "Handed back to the assistant")


class ConversationClose(_StaffAct):
    """End a conversation."""

    @extend_schema(request=None, responses=ConversationSerializer)
    def post(self, request: Request, conversation_id: UUID) -> Response:
        found = self.found(request, conversation_id)
        conversation_close(found.pk, agent=current_user(request), now=timezone.now())
        return self.shown(request, conversation_id, "Closed")


class ConversationReply(_StaffAct):
    """Say something to the visitor."""

    @extend_schema(request=WordsSerializer, responses={201: MessageSerializer})
    @idempotent
    def post(self, request: Request, conversation_id: UUID) -> Response:
        words = WordsSerializer(data=request.data)
        words.is_valid(raise_exception=True)
        message = conversation_reply(
            self.found(request, conversation_id).pk,
            agent=current_user(request),
            text=words.validated_data["text"],
            client_id=words.validated_data.get("client_id", ""),
            now=timezone.now(),
        )
        return answer(message_shown(message), message="Sent", status=201)


class ConversationNote(_StaffAct):
    """Note something among staff."""

    @extend_schema(request=WordsSerializer, responses={201: MessageSerializer})
    @idempotent
    def post(self, request: Request, conversation_id: UUID) -> Response:
        words = WordsSerializer(data=request.data)
        words.is_valid(raise_exception=True)
        message = conversation_note(
            self.found(request, conversation_id).pk,
            agent=current_user(request),
            text=words.validated_data["text"],
            now=timezone.now(),
        )
        return answer(message_shown(message), message="Noted", status=201)


def _message_id(request: Request) -> UUID | None:
    stated = request.query_params.get("after")
    if not stated:
        return None
    try:
        return UUID(stated)
    except ValueError as error:
        raise InvalidInput(details={"after": ["Not the id of a message."]}) from error
