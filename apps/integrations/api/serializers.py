"""Answers of the doors."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers


class ReceiptSerializer(serializers.Serializer[Any]):
    """Taken in. What becomes of it can be asked with the id."""

    event_id = serializers.UUIDField()


class EventStatusSerializer(serializers.Serializer[Any]):
    """What became of an event, and nothing of what it holds."""

    event_id = serializers.UUIDField()
    status = serializers.ChoiceField(choices=["received", "processed", "parked"])


class ReportsSerializer(serializers.Serializer[Any]):
    """How many reports were about mails of ours."""

    heeded = serializers.IntegerField()
