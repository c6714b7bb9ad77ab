"""A site survey booked in the chat, with what the visitor has told us already."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from apps.conversations.actions.handing_in import conversation_hand_in
from apps.conversations.actions.telling import conversation_tell
from apps.conversations.asking import survey_needs
from apps.conversations.builtin import phrase
from apps.conversations.memory import Memory, facts_from_json
from apps.conversations.models import Conversation, Message
from apps.core.errors import Conflict
from apps.leads.actions.surveying import survey_book
from apps.leads.choices import AppointmentStatus
from apps.leads.models import Appointment
from apps.leads.survey_words import when_words
from apps.leads.surveys import survey_link


@transaction.atomic
def conversation_survey_book(
    conversation_pk: int, *, starts_at: datetime, language: str, now: datetime
) -> Appointment:
    """Book a survey for whoever is in the chat, and say so in it. The same time again: the same.

    Raises Conflict while a name, the consent or a way to reach them is missing (naming what), for
    a time that is gone (naming what is free), and for a second survey.
    """
    conversation = (
        Conversation.objects.select_for_update(of=("self",))
        .select_related("market", "survey")
        .get(pk=conversation_pk)
    )
    booked = conversation.survey
    if booked is not None and booked.status == AppointmentStatus.BOOKED:
        if booked.starts_at == starts_at:
            return booked
        raise Conflict("You have a survey already. Its link moves it to another time.")
    if missing := survey_missing(conversation):
        raise Conflict("Something is missing for a survey.", details={"missing": missing})
    if conversation.event_id is None:
        conversation_hand_in(conversation, now=now)
        conversation.refresh_from_db(fields=["event_id"])
    appointment = survey_book(
        conversation.event_id,  # type: ignore[arg-type]  # it has been handed in
        market_code=conversation.market_id,
        starts_at=starts_at,
        language=language,
        now=now,
    )
    conversation.survey = appointment
    conversation.save(update_fields=["survey"])
    told = phrase("survey_form.booked", language).format(
        when=when_words(appointment.starts_at, conversation.market.time_zone, language),
        link=survey_link(appointment),
    )
    conversation_tell(conversation, told, role=Message.Role.ASSISTANT, now=now)
    return appointment


def survey_missing(conversation: Conversation) -> list[str]:
    """What we do not know yet of somebody who wants a survey: first_name, consent, phone."""
    facts = {key: fact.value for key, fact in facts_from_json(conversation.facts).items()}
    return survey_needs(facts, Memory.from_json(conversation.memory).consent)
