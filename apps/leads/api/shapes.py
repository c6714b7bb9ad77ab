"""Shapes of what is done to a lead, and of leads counted."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from apps.contacts.identity import read_email, read_phone
from apps.contacts.selectors import identity_is_elsewhere
from apps.core.api.fields import MomentField
from apps.leads.api.serializers import STATED
from apps.leads.models import Lead
from apps.solar.selectors import read_postal_code

_NOT_ONE = {"email": "This is not an e-mail address.", "phone": "This is not a phone number."}
_ELSEWHERE = "Somebody else we know is reached by this."


class ChangedLeadSerializer(serializers.ModelSerializer[Lead]):
    """What of a lead can be changed. What is not sent stays; what is read-only is passed over."""

    email = serializers.CharField(required=False, allow_blank=True, max_length=254)
    phone = serializers.CharField(required=False, allow_blank=True, max_length=60)
    updated_at = MomentField(
        required=False, help_text="As you read it: 409 when somebody changed the lead since."
    )

    class Meta:
        model = Lead
        fields = (*STATED, "status", "lost_reason", "call_status", "updated_at")

    def validate_email(self, text: str) -> str:
        return self._nobody_elses("email", read_email(text) if text else "")

    def validate_phone(self, text: str) -> str:
        number = read_phone(text, region=self._lead.market.region) if text else None
        return self._nobody_elses("phone", number.e164 if number else (None if text else ""))

    def validate_postal_code(self, text: str) -> str:
        market = self._lead.market
        if text and not read_postal_code(text, market):
            raise serializers.ValidationError(
                f"This is not a {market.postal_code_name} of {market.name}."
            )
        return text

    def _nobody_elses(self, kind: str, value: str | None) -> str:
        if value is None:
            raise serializers.ValidationError(_NOT_ONE[kind])
        owner = self._lead.contact_id
        if value and identity_is_elsewhere(kind=kind, value=value, contact_pk=owner):
            raise serializers.ValidationError(_ELSEWHERE)
        return value

    @property
    def _lead(self) -> Lead:
        if not isinstance(self.instance, Lead):
            raise TypeError("Changes are of a lead.")
        return self.instance


class AssignSerializer(serializers.Serializer[Any]):
    user = serializers.UUIDField(required=False, help_text="Id of a person. Left out: me.")


class NoteSerializer(serializers.Serializer[Any]):
    text = serializers.CharField(max_length=5000)


class LeadStatsSerializer(serializers.Serializer[Any]):
    """Figures of the leads I may see, narrowed like the list."""

    total = serializers.IntegerField()
    open = serializers.IntegerField()
    unassigned = serializers.IntegerField(help_text="Open, and nobody has them.")
    overdue = serializers.IntegerField(help_text="Past the time of a first answer.")
    by_status = serializers.DictField(child=serializers.IntegerField())
    by_tier = serializers.DictField(child=serializers.IntegerField())
    by_source = serializers.DictField(child=serializers.IntegerField())
    by_market = serializers.DictField(child=serializers.IntegerField())
    answered = serializers.IntegerField()
    median_first_response_seconds = serializers.FloatField(allow_null=True)
    conversion_rate = serializers.FloatField(
        allow_null=True, help_text="Won or sold, of those that came to an end: 0 to 1."
    )
