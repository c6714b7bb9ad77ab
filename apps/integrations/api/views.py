"""The doors. A door reads, keeps and answers; everything else happens later, on the journey."""

from __future__ import annotations

import base64
import time
from typing import Any, ClassVar
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.core.api.envelope import answer
from apps.core.errors import AuthenticationRequired, NotFound
from apps.core.json_data import parse_object
from apps.core.rate_limits import limit_by_address, limit_by_key
from apps.core.signatures import is_signed
from apps.intake.actions import source_key_used
from apps.intake.choices import EventState, SourceKind
from apps.intake.contracts import Recorded, SourceFacts
from apps.intake.selectors import event_by_id, source_by_key
from apps.integrations.api import payloads
from apps.integrations.api.mail_reception import read_mail_body, record_mail
from apps.integrations.api.reception import read_body, receive
from apps.integrations.api.serializers import (
    EventStatusSerializer,
    ReceiptSerializer,
    ReportsSerializer,
)
from apps.integrations.doors.vendor.parser import external_id
from apps.integrations.mail_tracking import reports_heed, reports_in


class PublicDoor(APIView):
    """A door anybody may knock at: limited by address, open to any browser our settings name."""

    permission_classes = (AllowAny,)
    authentication_classes = ()
    throttle_classes = ()  # counted below, where the limit has its own name
    refuses = ("403",)
    source: ClassVar[str]

    def post(self, request: Request) -> Response:
        limit_by_address(request._request, "webhook")
        return _receipt(receive(request._request, source=self.source, now=timezone.now()))


@extend_schema(request=payloads.EMAILJS, responses={202: ReceiptSerializer})
class EmailjsDoor(PublicDoor):
    """A form of the web site."""

    source = "website-form"


@extend_schema(request=payloads.CHATBOT, responses={202: ReceiptSerializer})
class ChatbotDoor(PublicDoor):
    """A report of the chatbot: the conversation so far."""

    source = "chatbot"


@extend_schema(request=payloads.CALCULATOR, responses={202: ReceiptSerializer})
class CalculatorDoor(PublicDoor):
    """A result of the solar calculator, with somebody to answer to."""

    source = "solar-calculator"


class VendorDoor(APIView):
    """Leads of vendors, by their source's key and, where one is agreed, its signature."""

    permission_classes = (AllowAny,)
    authentication_classes = ()
    throttle_classes = ()
    refuses = ("401", "403")

    @extend_schema(
        request=payloads.VENDOR,
        responses={202: ReceiptSerializer},
        auth=[{"sourceKey": []}, {"bearer": []}],  # type: ignore[list-item]  # the stubs know names only
    )
    def post(self, request: Request) -> Response:
        plain = request._request
        source = _source_of_key(plain)
        limit_by_key(plain, "b2b", f"source:{source.slug}")
        body = read_body(plain)
        _check_signature(plain, source, body)
        own_id = external_id(parse_object(body))
        recorded = receive(
            plain,
            source=source.slug,
            now=timezone.now(),
            fallback_key=f"external:{own_id}" if own_id else "",
            honeypot=False,
        )
        return _receipt(recorded)


class EmailDoor(APIView):
    """Mails to us, posted by whoever receives them: answers, first letters, bounces.

    By the key of the source `mailbox` (also as the password of basic authentication, for services
    that take only an address) and, where it has a secret, its signature.
    """

    permission_classes = (AllowAny,)
    authentication_classes = ()
    throttle_classes = ()
    refuses = ("401", "403")

    @extend_schema(
        request=payloads.EMAIL,
        responses={202: ReceiptSerializer},
        auth=[{"sourceKey": []}, {"bearer": []}],  # type: ignore[list-item]  # the stubs know names only
    )
    def post(self, request: Request) -> Response:
        plain = request._request
        source = _source_of_key(plain, mailbox=True)
        limit_by_key(plain, "b2b", f"source:{source.slug}")
        body = read_mail_body(plain)
        _check_signature(plain, source, body)
        return _receipt(record_mail(plain, body, source=source.slug, now=timezone.now()))


class MailServiceReports(APIView):
    """What the mail service in use reports of our mails. It proves itself in its own way."""

    permission_classes = (AllowAny,)
    authentication_classes = ()
    throttle_classes = ()
    refuses = ("401", "403", "404")

    @extend_schema(request=payloads.REPORT, responses={200: ReportsSerializer})
    def post(self, request: Request) -> Response:
        limit_by_address(request._request, "public")
        reports = reports_in(request._request)
        return Response({"heeded": reports_heed(reports, now=timezone.now())})


class EventStatus(APIView):
    """What became of something you sent. Only its status: the id may have travelled."""

    permission_classes = (AllowAny,)
    authentication_classes = ()

    @extend_schema(responses=EventStatusSerializer)
    def get(self, request: Request, event_id: UUID) -> Response:
        event = event_by_id(event_id)
        if event is None:
            raise NotFound("There is no such event.")
        # A robot in the honeypot is told what everybody is told.
        status = EventState.PROCESSED if event.state == EventState.SPAM else event.state
        return Response({"event_id": str(event_id), "status": status})


def _receipt(recorded: Recorded) -> Response:
    return answer({"event_id": str(recorded.event_id)}, message="Received", status=202)


def _source_of_key(request: HttpRequest, *, mailbox: bool = False) -> SourceFacts:
    """The source whose key was sent. A mailbox's key opens the e-mail door and no other."""
    key = request.headers.get("X-API-Key") or _key_in_authorization(request)
    found = source_by_key(key) if key else None
    if found is None or (found[0].kind == SourceKind.EMAIL) is not mailbox:
        limit_by_address(request, "webhook")
        raise AuthenticationRequired("Send your source's key as X-API-Key.")
    source, row = found
    source_key_used(row)
    return source


def _key_in_authorization(request: HttpRequest) -> str:
    scheme, _, stated = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return stated
    if scheme.lower() != "basic":
        return ""
    try:
        return base64.b64decode(stated, validate=True).decode().partition(":")[2]
    except ValueError:
        return ""


def _check_signature(request: HttpRequest, source: SourceFacts, body: bytes) -> None:
    if source.signing_secret and not _is_signed(request, source.signing_secret, body):
        raise AuthenticationRequired("The signature is missing, wrong or too old.")


def _is_signed(request: HttpRequest, secret: str, body: bytes) -> bool:
    headers: Any = request.headers
    return is_signed(
        secret,
        message_id=headers.get("webhook-id", ""),
        timestamp=headers.get("webhook-timestamp", ""),
        signatures=headers.get("webhook-signature", ""),
        body=body,
        now=time.time(),
    )
