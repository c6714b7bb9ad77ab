"""What people do in a conversation: take it over, answer, note, hand it back, close it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from apps.conversations import live
from apps.conversations.actions.handing_in import conversation_hand_in
from apps.conversations.models import AgentPresence, Conversation, Message
from apps.core.errors import Conflict, InvalidInput
from apps.core.json_data import clean_text
from apps.users.models import User

MOST_LETTERS = 4_000
State, Role = Conversation.State, Message.Role


@transaction.atomic
def conversation_take(conversation_pk: int, *, agent: User, now: datetime) -> Conversation:
    """A person answers from here on; the assistant is silent. Repeatable by the same person.

    Raises Conflict when somebody else has it, or when the person has as many as they take.
    """
    conversation = _locked(conversation_pk)
    if conversation.agent_id == agent.pk and conversation.state == State.PERSON:
        return conversation
    if conversation.state == State.PERSON:
        raise Conflict(f"{conversation.agent} has this conversation.")
    _refuse_too_many(agent)
    _change(conversation, state=State.PERSON, agent=agent, waiting_since=None)
    _tell(conversation, f"{agent.first_name or agent} from our team has joined.", now)
    return conversation


@transaction.atomic
def conversation_release(conversation_pk: int, *, agent: User, now: datetime) -> Conversation:
    """Hand a conversation back to the assistant. Raises Conflict when it is not theirs."""
    conversation = _locked(conversation_pk)
    if conversation.state != State.PERSON:
        raise Conflict("Nobody has this conversation.")
    if conversation.agent_id != agent.pk and not agent.has_perm("users.manage_leads"):
        raise Conflict(f"{conversation.agent} has this conversation.")
    _change(conversation, state=State.BOT, agent=None, handover_reason="")
    _tell(conversation, "You are talking with the assistant again.", now)
    return conversation


@transaction.atomic
def conversation_reply(
    conversation_pk: int, *, agent: User, text: str, now: datetime, client_id: str = ""
) -> Message:
    """Answer as a person. The same `client_id` again is the same message.

    Raises Conflict when the conversation is not theirs, InvalidInput for an empty or long text.
    """
    conversation = _locked(conversation_pk)
    if conversation.state != State.PERSON or conversation.agent_id != agent.pk:
        raise Conflict("Take the conversation over first.")
    known = client_id and conversation.messages.filter(client_id=client_id).first()
    if known:
        return known
    return _say(conversation, Role.AGENT, text, now, author=agent, client_id=client_id)


@transaction.atomic
def conversation_note(conversation_pk: int, *, agent: User, text: str, now: datetime) -> Message:
    """A note among staff; the visitor never sees it."""
    return _say(_locked(conversation_pk), Role.NOTE, text, now, author=agent)


@transaction.atomic
def conversation_close(conversation_pk: int, *, agent: User, now: datetime) -> Conversation:
    """End it. What was said goes down the road of leads. Repeatable."""
    conversation = _locked(conversation_pk)
    if conversation.state != State.CLOSED:
        _change(
            conversation,
            state=State.CLOSED,
            stage=Conversation.Stage.CLOSED,
            waiting_since=None,
        )
        conversation_hand_in(conversation, now=now)
    return conversation


def presence_note(user: User, *, now: datetime, is_available: bool | None = None) -> AgentPresence:
    """Somebody has the inbox open. Called every half minute; repeatable."""
    changes: dict[str, object] = {"seen_at": now}
    if is_available is not None:
        changes["is_available"] = is_available
    presence, _ = AgentPresence.objects.update_or_create(user=user, defaults=changes)
    return presence


def _locked(conversation_pk: int) -> Conversation:
    return (
        Conversation.objects.select_for_update(of=("self",))
        .select_related("market", "agent")
        .get(pk=conversation_pk)
    )


def _refuse_too_many(agent: User) -> None:
    """Counted under a lock: two taken at the same moment are two."""
    most = (
        AgentPresence.objects.select_for_update()
        .filter(user=agent)
        .values_list("most_conversations", flat=True)
        .first()
    )
    held = Conversation.objects.filter(agent=agent, state=State.PERSON).count()
    if most is not None and held >= most:
        raise Conflict(f"You have {held} conversations: hand one back first.")


def _change(conversation: Conversation, **changes: object) -> None:
    for name, value in changes.items():
        setattr(conversation, name, value)
    conversation.save(update_fields=list(changes))
    live.push_state(conversation)


def _tell(conversation: Conversation, text: str, now: datetime) -> None:
    _say(conversation, Role.SYSTEM, text, now)


def _say(
    conversation: Conversation,
    role: Message.Role,
    text: str,
    now: datetime,
    *,
    author: User | None = None,
    client_id: str = "",
) -> Message:
    text = clean_text(text).strip()
    if not text or len(text) > MOST_LETTERS:
        words = f"Between 1 and {MOST_LETTERS} characters."
        raise InvalidInput("The message cannot be sent.", details={"text": [words]})
    message = Message.objects.create(
        conversation=conversation,
        role=role,
        text=text,
        author=author,
        client_id=client_id[:100],
        created_at=now,
    )
    if role != Role.NOTE:
        Conversation.objects.filter(pk=conversation.pk).update(last_message_at=now)
        live.push_messages(conversation, [message])
    else:
        live.push_note(message)
    return message
