"""Shapes of notifications, alerts and preferences in the API."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from apps.notifications.choices import Mail
from apps.notifications.kinds import Channels
from apps.notifications.models import Alert, AlertEvent, Hours, Notification

_IDS_AT_MOST = 200


class ColleagueSerializer(serializers.Serializer[Any]):
    """Somebody who works here."""

    id = serializers.UUIDField(source="public_id")
    name = serializers.CharField(source="__str__")


class NotificationSerializer(serializers.ModelSerializer[Notification]):
    """What somebody was told. `link` is a path below this server's address."""

    id = serializers.UUIDField(source="public_id", read_only=True)
    alert_id = serializers.UUIDField(source="alert.public_id", read_only=True, allow_null=True)
    needs_action = serializers.BooleanField(read_only=True)

    class Meta:
        model = Notification
        fields = (
            "id",
            "kind",
            "level",
            "title",
            "body",
            "link",
            "needs_action",
            "alert_id",
            "read_at",
            "created_at",
        )


class NotificationAlertEventSerializer(serializers.ModelSerializer[AlertEvent]):
    """One line of an alert's story; without an actor, the system did it."""

    actor = ColleagueSerializer(read_only=True, allow_null=True)

    class Meta:
        model = AlertEvent
        fields = ("kind", "actor", "words", "created_at")


class NotificationAlertSerializer(serializers.ModelSerializer[Alert]):
    """Something that needs a person."""

    id = serializers.UUIDField(source="public_id", read_only=True)
    acknowledged_by = ColleagueSerializer(read_only=True, allow_null=True)
    resolved_by = ColleagueSerializer(read_only=True, allow_null=True)
    escalated_to = serializers.CharField(source="get_step_display", read_only=True)

    class Meta:
        model = Alert
        fields: tuple[str, ...] = (
            "id",
            "kind",
            "level",
            "title",
            "body",
            "link",
            "acknowledged_by",
            "acknowledged_at",
            "resolved_by",
            "resolved_at",
            "escalated_to",
            "escalate_at",
            "created_at",
        )


class NotificationAlertDetailSerializer(NotificationAlertSerializer):
    """The same, with its story from the beginning."""

    story = NotificationAlertEventSerializer(many=True, read_only=True)

    class Meta(NotificationAlertSerializer.Meta):
        fields = (*NotificationAlertSerializer.Meta.fields, "story")


class MarkReadSerializer(serializers.Serializer[Any]):
    """`ids`, or `all`."""

    ids = serializers.ListField(
        child=serializers.UUIDField(), required=False, max_length=_IDS_AT_MOST
    )
    all = serializers.BooleanField(required=False, default=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs["all"] == bool(attrs.get("ids")):
            raise serializers.ValidationError("Send `ids`, or `all`: true.")
        return attrs


class MarkedSerializer(serializers.Serializer[Any]):
    """How many became read, and how many are left."""

    marked = serializers.IntegerField()
    unread = serializers.IntegerField(help_text="Counted up to 100.")


class ResolutionSerializer(serializers.Serializer[Any]):
    """How an alert was dealt with."""

    note = serializers.CharField(required=False, allow_blank=True, max_length=500, default="")


class ChannelsSerializer(serializers.Serializer[Any]):
    """How somebody is told of a kind."""

    in_app = serializers.BooleanField()
    live = serializers.BooleanField()
    mail = serializers.ChoiceField(choices=Mail.choices)

    def channels(self) -> Channels:
        return Channels(**(self.validated_data | {"mail": Mail(self.validated_data["mail"])}))


class ChoiceSerializer(serializers.Serializer[Any]):
    """A kind, and how I am told of it."""

    kind = serializers.CharField(source="kind.code")
    label = serializers.CharField(source="kind.label")  # type: ignore[assignment]  # also the name of a Field attribute
    description = serializers.CharField(source="kind.description")
    in_app = serializers.BooleanField(source="channels.in_app")
    live = serializers.BooleanField(source="channels.live")
    mail = serializers.ChoiceField(source="channels.mail", choices=Mail.choices)


class HoursSerializer(serializers.ModelSerializer[Hours]):
    """When mail comes, on the clock of my own wall. An empty `time_zone` is that of my screens."""

    class Meta:
        model = Hours
        fields = ("time_zone", "digest_hour", "quiet_from", "quiet_until")
        extra_kwargs = {name: {"required": True} for name in fields}


class PreferencesSerializer(serializers.Serializer[Any]):
    """How I am told of each kind, and when mail comes."""

    kinds = ChoiceSerializer(many=True)
    hours = HoursSerializer()
