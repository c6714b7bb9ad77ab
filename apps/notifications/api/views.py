"""Endpoints of notifications: what I was told, what needs a person, how I want to be told."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import generics
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.core.api.envelope import answer
from apps.core.permissions import IsStaff
from apps.notifications.actions.alerting import alert_acknowledge, alert_release, alert_resolve
from apps.notifications.actions.choosing import hours_set, preference_set
from apps.notifications.actions.reading import notifications_mark_read
from apps.notifications.api.filters import AlertFilter, NotificationFilter
from apps.notifications.api.pagination import UnreadPagination
from apps.notifications.api.serializers import (
    ChannelsSerializer,
    HoursSerializer,
    MarkedSerializer,
    MarkReadSerializer,
    NotificationAlertDetailSerializer,
    NotificationAlertSerializer,
    NotificationSerializer,
    PreferencesSerializer,
    ResolutionSerializer,
)
from apps.notifications.models import Alert, Notification
from apps.notifications.selectors import (
    alert_visible_to,
    alerts_visible_to,
    choices_of,
    hours_or_default,
    notifications_of,
    unread_count,
)
from apps.users.current import current_user


class NotificationList(generics.ListAPIView[Notification]):
    """What I was told, newest first, with the number of those I have not read."""

    permission_classes = (IsStaff,)
    serializer_class = NotificationSerializer
    filterset_class = NotificationFilter
    pagination_class = UnreadPagination

    def get_queryset(self) -> QuerySet[Notification]:
        if getattr(self, "swagger_fake_view", False):
            return Notification.objects.none()
        return notifications_of(current_user(self.request))


class MarkRead(APIView):
    """Mark mine as read: some, or all. Repeatable."""

    permission_classes = (IsStaff,)

    @extend_schema(request=MarkReadSerializer, responses=MarkedSerializer)
    def post(self, request: Request) -> Response:
        serializer = MarkReadSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        user = current_user(request)
        marked = notifications_mark_read(
            user, ids=serializer.validated_data.get("ids"), now=timezone.now()
        )
        return answer({"marked": marked, "unread": unread_count(user)}, message="Marked as read")


class AlertList(generics.ListAPIView[Alert]):
    """What needs a person, newest first: the open ones, unless `state` says otherwise.

    Those I was told of; all of them for those who oversee alerts.
    """

    permission_classes = (IsStaff,)
    serializer_class = NotificationAlertSerializer
    filterset_class = AlertFilter

    def get_queryset(self) -> QuerySet[Alert]:
        if getattr(self, "swagger_fake_view", False):
            return Alert.objects.none()
        return alerts_visible_to(current_user(self.request))


class AlertDetail(APIView):
    """One alert with its story."""

    permission_classes = (IsStaff,)

    @extend_schema(responses=NotificationAlertDetailSerializer)
    def get(self, request: Request, alert_id: UUID) -> Response:
        return Response(
            NotificationAlertDetailSerializer(
                alert_visible_to(current_user(request), alert_id)
            ).data
        )


class AlertAcknowledge(APIView):
    """I take care of it: it goes no further. 409 when somebody was quicker."""

    permission_classes = (IsStaff,)

    @extend_schema(request=None, responses=NotificationAlertDetailSerializer)
    def post(self, request: Request, alert_id: UUID) -> Response:
        alert = alert_acknowledge(alert_id, actor=current_user(request), now=timezone.now())
        return answer(NotificationAlertDetailSerializer(alert).data, message="It is yours")


class AlertRelease(APIView):
    """I give it back: it waits for somebody again."""

    permission_classes = (IsStaff,)

    @extend_schema(request=None, responses=NotificationAlertDetailSerializer)
    def post(self, request: Request, alert_id: UUID) -> Response:
        alert = alert_release(alert_id, actor=current_user(request), now=timezone.now())
        return answer(NotificationAlertDetailSerializer(alert).data, message="Given back")


class AlertResolve(APIView):
    """It is dealt with. Repeatable."""

    permission_classes = (IsStaff,)

    @extend_schema(request=ResolutionSerializer, responses=NotificationAlertDetailSerializer)
    def post(self, request: Request, alert_id: UUID) -> Response:
        serializer = ResolutionSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        alert = alert_resolve(
            alert_id,
            actor=current_user(request),
            note=serializer.validated_data["note"],
            now=timezone.now(),
        )
        return answer(NotificationAlertDetailSerializer(alert).data, message="Resolved")


class Preferences(APIView):
    """How I am told of each kind, and when mail comes."""

    permission_classes = (IsStaff,)

    @extend_schema(responses=PreferencesSerializer)
    def get(self, request: Request) -> Response:
        user = current_user(request)
        mine = {"kinds": choices_of(user), "hours": hours_or_default(user)}
        return Response(PreferencesSerializer(mine).data)


class PreferenceOfKind(APIView):
    """Choose how I am told of one kind. Repeatable."""

    permission_classes = (IsStaff,)

    @extend_schema(request=ChannelsSerializer, responses=ChannelsSerializer)
    def put(self, request: Request, kind: str) -> Response:
        serializer = ChannelsSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        preference_set(current_user(request), kind, serializer.channels())
        return answer(serializer.validated_data, message="Kept")


class HoursOfMine(APIView):
    """Choose when mail comes. Repeatable."""

    permission_classes = (IsStaff,)

    @extend_schema(request=HoursSerializer, responses=HoursSerializer)
    def put(self, request: Request) -> Response:
        serializer = HoursSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        hours = hours_set(current_user(request), **serializer.validated_data)
        return answer(HoursSerializer(hours).data, message="Kept")
