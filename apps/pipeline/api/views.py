"""A turn of a conversation with everything the rooms below say of it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.conversations.actions.opening import Visitor, conversation_open
from apps.conversations.actions.seeding import conversation_seed, history_read
from apps.conversations.actions.turns import message_take, reply_due
from apps.conversations.models import Conversation, Message
from apps.conversations.selectors import conversations_visible_to, next_questions
from apps.core.client_address import client_address
from apps.core.ids import new_id
from apps.core.json_data import clean_text
from apps.core.rate_limits import limit_by_key
from apps.pipeline.api.serializers import OptimizedAnswerSerializer, OptimizedTurnSerializer
from apps.pipeline.worth import conversation_worth
from apps.users.current import current_user
from apps.users.models import User

_WHO_THEY_ARE = frozenset({"first_name", "last_name", "email", "phone"})


class RevenueOptimizedConversation(APIView):
    """Say something, with what the page knows already; staff also see what the talk is worth."""

    permission_classes = (AllowAny,)
    open_to_keys = ("POST",)

    @extend_schema(request=OptimizedTurnSerializer, responses={200: OptimizedAnswerSerializer})
    def post(self, request: Request) -> Response:
        said = OptimizedTurnSerializer(data=request.data)
        said.is_valid(raise_exception=True)
        words, now = said.validated_data, timezone.now()
        address = client_address(request._request)
        limit_by_key(request._request, "chat", f"chat:{address}")
        context = words.get("conversation_context") or {}
        conversation = conversation_open(
            Visitor(
                market=str(context.get("market") or settings.DEFAULT_MARKET),
                ip_address=address,
                user_agent=clean_text(request.headers.get("User-Agent", "")),
            ),
            foreign_id=f"{address}:{words.get('session_id') or new_id()}",
            now=now,
        ).conversation
        history = history_read(words.get("conversation_history"))
        conversation_seed(conversation.pk, context=context, history=history, now=now)
        message, _ = message_take(
            conversation.pk, text=words["message"], client_id=words.get("client_id", ""), now=now
        )
        reply_due(conversation.pk)
        conversation.refresh_from_db()
        reply = Message.objects.filter(answers=message).first()
        return Response(_shown(request, conversation, reply))


def _shown(request: Request, conversation: Conversation, reply: Message | None) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "content": reply.text if reply else "",
        "next_questions": next_questions(conversation),
        "facts": _facts(request, conversation),
        "conversation_id": str(conversation.public_id),
        "stage": conversation.stage,
        "state": conversation.state,
    }
    if request.user.is_authenticated and request.user.has_perm("users.view_revenue"):
        shown["revenue_optimization"] = conversation_worth(conversation, now=timezone.now())
    return shown


def _facts(request: Request, conversation: Conversation) -> dict[str, Any]:
    """What was understood. A session is no secret: who the visitor is, is for staff alone."""
    is_staff = request.user.is_authenticated and _may_read(current_user(request), conversation)
    hidden = frozenset() if is_staff else _WHO_THEY_ARE
    return {key: fact for key, fact in conversation.facts.items() if key not in hidden}


def _may_read(user: User, conversation: Conversation) -> bool:
    return conversations_visible_to(user).filter(pk=conversation.pk).exists()
