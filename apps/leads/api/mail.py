"""Endpoints of mail: the correspondence with a lead, sending, and the templates."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.api.envelope import answer
from apps.core.errors import InvalidInput
from apps.core.idempotency import idempotent
from apps.core.ids import new_id
from apps.core.permissions import MayDo
from apps.leads.actions.mailing import lead_mail_queue
from apps.leads.api.serializers import PersonSerializer
from apps.leads.mail.values import mail_values
from apps.leads.mail.wording import fill
from apps.leads.models import Lead, LeadMail, MailTemplate, Purpose
from apps.leads.selectors import lead_mails, lead_visible_to, templates_for
from apps.users.current import current_user
from apps.users.models import User


class MailTemplateSerializer(serializers.ModelSerializer[MailTemplate]):
    """A template, with its placeholders."""

    id = serializers.UUIDField(source="public_id", read_only=True)
    market = serializers.CharField(source="market_id", allow_null=True, read_only=True)

    class Meta:
        model = MailTemplate
        fields = ("id", "key", "name", "language", "market", "purpose", "subject", "body")


class LeadMailSerializer(serializers.ModelSerializer[LeadMail]):
    """One mail of a lead's correspondence."""

    id = serializers.UUIDField(source="public_id", read_only=True)
    template = serializers.CharField(source="template.key", default=None, allow_null=True)
    actor = PersonSerializer(read_only=True, allow_null=True)

    class Meta:
        model = LeadMail
        fields = (
            "id",
            "direction",
            "status",
            "purpose",
            "template",
            "actor",
            "address",
            "subject",
            "body",
            "message_id",
            "carrier",
            "problem",
            "is_automatic",
            "created_at",
            "sent_at",
        )


class NewMailSerializer(serializers.Serializer[Any]):
    """A mail to send: by a template's key, or in words of one's own. Own words go before."""

    template = serializers.SlugField(required=False)
    subject = serializers.CharField(required=False, allow_blank=True, max_length=200)
    body = serializers.CharField(required=False, allow_blank=True, max_length=20_000)
    purpose = serializers.ChoiceField(
        choices=Purpose.choices,
        default=Purpose.TRANSACTIONAL,
        help_text="Of a mail without a template; a template brings its own.",
    )


class MailTemplateList(generics.ListAPIView[MailTemplate]):
    """The templates that are in use."""

    permission_classes = (MayDo,)
    permissions_by_method = {"GET": "leads.view_mailtemplate"}
    serializer_class = MailTemplateSerializer
    filter_backends = ()

    def get_queryset(self) -> QuerySet[MailTemplate]:
        return MailTemplate.objects.filter(is_active=True)


class LeadMailList(generics.ListAPIView[LeadMail]):
    """The correspondence with a lead, newest first; and a new mail to it."""

    permission_classes = (MayDo,)
    permissions_by_method = {"GET": "leads.view_leadmail", "POST": "leads.add_leadmail"}
    serializer_class = LeadMailSerializer
    filter_backends = ()

    def get_queryset(self) -> QuerySet[LeadMail]:
        if getattr(self, "swagger_fake_view", False):
            return LeadMail.objects.none()
        return lead_mails(lead_visible_to(current_user(self.request), self.kwargs["lead_id"]))

    @extend_schema(request=NewMailSerializer, responses={202: LeadMailSerializer})
    @idempotent
    def post(self, request: Request, lead_id: UUID) -> Response:
        lead = lead_visible_to(current_user(request), lead_id)
        serializer = NewMailSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        stated = serializer.validated_data
        template = _template(lead, stated.get("template", ""))
        subject, body = _words(template, lead, current_user(request))
        mail = lead_mail_queue(
            lead.public_id,
            mail_id=new_id(),
            subject=stated.get("subject") or subject,
            body=stated.get("body") or body,
            purpose=stated["purpose"],
            template=template,
            actor=current_user(request),
            now=timezone.now(),
        )
        return answer(LeadMailSerializer(mail).data, message="On its way", status=202)


def _words(template: MailTemplate | None, lead: Lead, rep: User) -> tuple[str, str]:
    if template is None:
        return "", ""
    values = mail_values(lead, rep=rep)
    return fill(template.subject, values).text, fill(template.body, values).text


def _template(lead: Lead, key: str) -> MailTemplate | None:
    if not key:
        return None
    template = templates_for(lead).filter(key=key).first()
    if template is None:
        raise InvalidInput(details={"template": ["There is no such template for this lead."]})
    return template
