"""A conversation by mail: to the visitor, who asked for it or agreed, and to a colleague.

To the visitor it goes as a mail of their lead, so it stands in the correspondence, passes the gate
and goes once. To a colleague it goes by the outbox; a note in the conversation says so.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid5

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction

from apps.contacts.identity import read_email
from apps.conversations.actions.handing_in import conversation_hand_in
from apps.conversations.actions.telling import conversation_tell
from apps.conversations.builtin import phrase
from apps.conversations.memory import facts_from_json, facts_to_json
from apps.conversations.models import Conversation, Message
from apps.conversations.transcript import Line, transcript_letter
from apps.core import outbox
from apps.core.errors import Conflict, InvalidInput, Retryable
from apps.intake.choices import EventState
from apps.intake.selectors import event_by_id
from apps.leads.actions.mailing import lead_mail_queue
from apps.leads.models import Lead, LeadMail, Purpose
from apps.leads.selectors import lead_of_event
from apps.leads.understand import Fact, merge_facts
from apps.users.models import User

WANTED = "chat.transcript_wanted"
SHARED = "chat.transcript_shared"
Role = Message.Role


@transaction.atomic
def transcript_want(conversation_pk: int, *, address: str, language: str, now: datetime) -> str:
    """A visitor wants their conversation by mail. Returns the address it goes to.

    Theirs is the one they gave before; `address` counts only where there is none. Asking again
    without a new word between brings no second mail. Raises InvalidInput for no address at all.
    """
    conversation = _held(conversation_pk)
    facts = facts_from_json(conversation.facts)
    known = facts.get("email")
    email = str(known.value) if known else read_email(address)
    if not email:
        words = phrase("letter.no_address", language)
        raise InvalidInput(details={"email": [words]})
    if known is None:
        facts = merge_facts(facts, {"email": Fact(email, 1.0, email)})
        conversation.facts = facts_to_json(facts)
        conversation.save(update_fields=["facts"])
    if known is None or conversation.event_id is None:
        conversation_hand_in(conversation, now=now)
    outbox.publish(
        WANTED,
        key=f"{conversation.public_id}:{_last(conversation)}",
        conversation=str(conversation.public_id),
        language=language,
    )
    return email


@transaction.atomic
def transcript_send_wanted(conversation_id: UUID, *, language: str, now: datetime) -> None:
    """Put the mail on its way that a visitor asked for. Repeatable.

    Raises Retryable while their words are still on the way to becoming a lead.
    """
    conversation = _visible(conversation_id)
    if conversation is None:
        return
    lead = conversation.lead
    if conversation.event_id is not None:
        event = event_by_id(conversation.event_id)
        if event is not None and event.state == EventState.RECEIVED:
            raise Retryable("The conversation has not become a lead yet.")
        lead = lead_of_event(conversation.event_id) or lead
    if lead is None or not lead.email:
        return
    try:
        _queue(conversation, lead, language=language, actor=None, now=now)
    except Conflict as refusal:
        words = f"The transcript they asked for was not sent: {refusal.message}"
        conversation_tell(conversation, words, role=Role.NOTE, now=now)


@transaction.atomic
def transcript_send(conversation_pk: int, *, actor: User, now: datetime) -> LeadMail:
    """Send a visitor their conversation, by hand. Without a new word since: the same mail.

    Raises Conflict for somebody without an address, who neither agreed nor asked, or whom the gate
    does not let us write to.
    """
    conversation = _held(conversation_pk)
    if conversation.lead is None or not conversation.lead.email:
        raise Conflict("No e-mail address is known of them.")
    asked = "transcript" in conversation.memory.get("told", ())
    if not (conversation.consent.get("given") or asked):
        raise Conflict("They neither agreed to be written to nor asked for it.")
    language = conversation.memory.get("language") or "en"
    return _queue(conversation, conversation.lead, language=language, actor=actor, now=now)


@transaction.atomic
def transcript_share(conversation_pk: int, *, to: User, actor: User, now: datetime) -> None:
    """Send a colleague a conversation. Again without a new word: nothing.

    Raises Conflict for a colleague without an address, or who may not read conversations.
    """
    conversation = _held(conversation_pk)
    if not to.email or not to.has_perm("conversations.view_conversation"):
        raise Conflict(f"{to} cannot be sent a conversation.")
    words = f"{actor} sent this conversation to {to} by mail."
    last = conversation.messages.exclude(role=Role.NOTE).order_by("-pk").first()
    if last is None:
        raise Conflict("Nobody has said anything yet.")
    told = conversation.messages.filter(role=Role.NOTE, text=words, pk__gt=last.pk)
    if told.exists():
        return
    conversation_tell(conversation, words, role=Role.NOTE, now=now)
    outbox.publish(
        SHARED,
        key=f"{conversation.public_id}:{to.pk}:{last.pk}",
        conversation=str(conversation.public_id),
        to=to.pk,
    )


def transcript_mail_shared(conversation_id: UUID, *, to: int, message_id: str) -> None:
    """Mail a conversation to a colleague. Network; the same Message-ID on each try."""
    conversation = _visible(conversation_id)
    person = User.objects.filter(pk=to, is_active=True).first()
    if conversation is None or person is None:
        return
    mail = EmailMessage(
        subject=f"Conversation with {conversation}",
        body=_letter(conversation, "en"),
        to=[person.email],
        headers={"Message-ID": f"<{message_id}@solar-crm>"},
    )
    mail.send()


def _queue(
    conversation: Conversation, lead: Lead, *, language: str, actor: User | None, now: datetime
) -> LeadMail:
    return lead_mail_queue(
        lead.public_id,
        mail_id=uuid5(conversation.public_id, f"transcript:{_last(conversation)}"),
        subject=phrase("letter.subject", language).format(brand=settings.BRAND["name"]),
        body=_letter(conversation, language),
        purpose=Purpose.TRANSACTIONAL,
        actor=actor,
        now=now,
    )


def _letter(conversation: Conversation, language: str) -> str:
    spoken = conversation.messages.exclude(role=Role.NOTE).select_related("author").order_by("pk")
    lines = [
        Line(
            message.role,
            message.text,
            message.created_at,
            message.author.first_name if message.author else "",
        )
        for message in spoken
    ]
    return transcript_letter(
        lines,
        language=language,
        zone=conversation.market.time_zone,
        brand=settings.BRAND["name"],
    )


def _last(conversation: Conversation) -> int:
    """The last thing said but by staff among themselves; 0 before anything was."""
    spoken = conversation.messages.exclude(role=Role.NOTE).order_by("-pk")
    return spoken.values_list("pk", flat=True).first() or 0


def _held(conversation_pk: int) -> Conversation:
    held = Conversation.objects.select_for_update(of=("self",)).select_related("market", "lead")
    return held.get(pk=conversation_pk)


def _visible(conversation_id: UUID) -> Conversation | None:
    found = Conversation.objects.select_related("market", "lead")
    return found.filter(public_id=conversation_id).first()
