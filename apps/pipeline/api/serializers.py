"""Shapes of `conversation/revenue-optimized`, as its requirements print them."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from apps.conversations.actions.turns import MOST_LETTERS


class OptimizedTurnSerializer(serializers.Serializer[Any]):
    """A message, with what the page knows and what was said before. A session is told by its
    address and its `session_id`: nobody reads on in another one's."""

    message = serializers.CharField(max_length=MOST_LETTERS)
    session_id = serializers.CharField(max_length=80, required=False, allow_blank=True)
    client_id = serializers.CharField(max_length=100, required=False, allow_blank=True)
    conversation_context = serializers.DictField(required=False, allow_null=True)
    conversation_history = serializers.ListField(
        child=serializers.DictField(), required=False, allow_null=True, max_length=200
    )


class FactSerializer(serializers.Serializer[Any]):
    """Something the visitor said."""

    value = serializers.JSONField()
    confidence = serializers.FloatField(min_value=0, max_value=1)
    quote = serializers.CharField(allow_blank=True)


class OptimizedAnswerSerializer(serializers.Serializer[Any]):
    """The reply. `revenue_optimization` is there for staff and keys with `revenue:read` alone."""

    content = serializers.CharField(allow_blank=True)
    next_questions = serializers.ListField(child=serializers.CharField())
    facts = serializers.DictField(child=FactSerializer())
    conversation_id = serializers.UUIDField()
    stage = serializers.CharField()
    state = serializers.CharField()
    revenue_optimization = serializers.DictField(required=False)
