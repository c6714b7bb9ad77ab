"""Shapes of conversations in the API."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from apps.conversations.actions.turns import MOST_LETTERS
from apps.conversations.decide import FORMS
from apps.core.words import LANGUAGE_CODES


class ChatConfigSerializer(serializers.Serializer[Any]):
    """What a site has to know of the chat. Never a key."""

    configured = serializers.BooleanField(help_text="Whether a vendor speaks, or we ourselves.")
    provider = serializers.CharField(help_text="Who is asked first: a vendor, or `builtin`.")
    chat_url = serializers.CharField(help_text="Where the chat's socket is.")


class SaySerializer(serializers.Serializer[Any]):
    """A visitor's message. Without `session_id` a conversation begins, and with one of the page's
    own making, which then opens it again together with the token."""

    text = serializers.CharField(max_length=MOST_LETTERS)
    client_id = serializers.CharField(max_length=100, required=False, allow_blank=True)
    session_id = serializers.CharField(
        max_length=100, required=False, allow_blank=True, allow_null=True
    )
    token = serializers.CharField(max_length=100, required=False, allow_blank=True, allow_null=True)
    market = serializers.CharField(max_length=20, required=False, allow_blank=True)
    language = serializers.ChoiceField(
        choices=LANGUAGE_CODES, required=False, help_text="Of the page, where it greets by itself."
    )
    page_url = serializers.CharField(max_length=500, required=False, allow_blank=True)


class MessageSerializer(serializers.Serializer[Any]):
    """A message as the visitor's page reads it."""

    id = serializers.UUIDField()
    role = serializers.ChoiceField(choices=["user", "assistant", "agent", "system", "note"])
    text = serializers.CharField()
    suggestions = serializers.ListField(child=serializers.CharField())
    sources = serializers.ListField(child=serializers.DictField(child=serializers.CharField()))
    form = serializers.ChoiceField(
        choices=["", *FORMS],
        allow_blank=True,
        help_text="What to offer below it: a call back, times for a survey, or all of it by mail.",
    )
    author = serializers.CharField(allow_blank=True)
    client_id = serializers.CharField(allow_blank=True)
    created_at = serializers.DateTimeField()


class AgentSerializer(serializers.Serializer[Any]):
    """Who answers."""

    name = serializers.CharField()
    is_human = serializers.BooleanField()


class SaidSerializer(serializers.Serializer[Any]):
    """What a message brought. `reply` is null while one is being made, or when a person answers."""

    session_id = serializers.UUIDField()
    token = serializers.CharField(allow_null=True, help_text="Only where the conversation began.")
    message_id = serializers.UUIDField()
    reply = MessageSerializer(allow_null=True)
    agent = AgentSerializer()
    state = serializers.CharField()


class TranscriptSerializer(serializers.Serializer[Any]):
    """What was said, oldest first."""

    session_id = serializers.UUIDField()
    state = serializers.CharField()
    agent = AgentSerializer()
    messages = MessageSerializer(many=True)


class ConversationSerializer(serializers.Serializer[Any]):
    """A conversation in the inbox of staff."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    state = serializers.CharField()
    stage = serializers.CharField()
    market = serializers.CharField()
    language = serializers.CharField()
    agent = serializers.CharField(allow_null=True)
    lead_id = serializers.UUIDField(allow_null=True)
    lead_page = serializers.CharField(allow_null=True)
    score = serializers.IntegerField(allow_null=True)
    tier = serializers.CharField(allow_null=True)
    intent = serializers.CharField(allow_null=True)
    handover_reason = serializers.CharField(allow_null=True)
    waiting_since = serializers.DateTimeField(allow_null=True)
    started_at = serializers.DateTimeField()
    last_message_at = serializers.DateTimeField()


class ConversationDetailSerializer(ConversationSerializer):
    """A conversation whole, for staff."""

    facts = serializers.DictField(child=serializers.DictField())
    score_detail = serializers.DictField()
    consent = serializers.DictField()
    messages = MessageSerializer(many=True)


class WordsSerializer(serializers.Serializer[Any]):
    """What a person says or notes."""

    text = serializers.CharField(max_length=4000)
    client_id = serializers.CharField(max_length=100, required=False, allow_blank=True)
