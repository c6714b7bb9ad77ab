"""What can be asked about conversations, and by whom."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Case, Count, F, IntegerField, Q, QuerySet, Value, When

from apps.conversations.asking import open_questions
from apps.conversations.builtin import question_for
from apps.conversations.memory import Memory, facts_from_json, standing_of
from apps.conversations.models import AgentPresence, Conversation, Message
from apps.core.errors import NotFound
from apps.leads.first_response import is_open
from apps.leads.office import office_hours_of
from apps.solar.models import Market
from apps.users.models import User
from apps.users.roles import roles_with

HEARD_OF = timedelta(seconds=90)
State = Conversation.State
_LIVE = (State.BOT, State.WAITING, State.PERSON)
_WAITING_FIRST = Case(
    When(state=State.WAITING, then=Value(0)),
    When(state=State.PERSON, then=Value(1)),
    default=Value(2),
    output_field=IntegerField(),
)


def conversations_visible_to(user: User) -> QuerySet[Conversation]:
    """The conversations somebody may read: all with `view_all_leads`, else those nobody has or
    they themselves have."""
    if not user.has_perm("conversations.view_conversation"):
        return Conversation.objects.none()
    if user.has_perm("users.view_all_leads"):
        return Conversation.objects.all()
    return Conversation.objects.filter(Q(agent=user) | Q(agent=None))


def conversation_visible_to(user: User, conversation_id: UUID) -> Conversation:
    """One conversation. Raises NotFound also for one that is not theirs to see."""
    found = (
        conversations_visible_to(user)
        .select_related("market", "agent", "lead")
        .filter(public_id=conversation_id)
        .first()
    )
    if found is None:
        raise NotFound("There is no such conversation.")
    return found


def queue_of(user: User, *, now: datetime) -> QuerySet[Conversation]:
    """The inbox: who waits for a person first, oldest first; then one's own; then what goes on."""
    recent = now - timedelta(hours=24)
    return (
        conversations_visible_to(user)
        .filter(Q(state__in=(State.WAITING, State.PERSON)) | Q(last_message_at__gte=recent))
        .select_related("market", "agent", "lead")
        .order_by(_WAITING_FIRST, "waiting_since", "-last_message_at")
    )


def transcript(conversation: Conversation, *, after: UUID | None = None) -> QuerySet[Message]:
    """What the visitor may read, oldest first; `after` a message only what came later."""
    messages = conversation.messages.exclude(role=Message.Role.NOTE).select_related("author")
    if after is not None:
        earlier = conversation.messages.filter(public_id=after).values("pk")
        messages = messages.filter(pk__gt=earlier)
    return messages.order_by("pk")


def people_present(now: datetime) -> QuerySet[User]:
    """Those who have the inbox open and take conversations, with room for another one."""
    held = Count("user__conversations", filter=Q(user__conversations__state=State.PERSON))
    present = (
        AgentPresence.objects.filter(is_available=True, seen_at__gte=now - HEARD_OF)
        .annotate(held=held)
        .filter(held__lt=F("most_conversations"))
    )
    return User.objects.filter(pk__in=present.values("user"), is_active=True)


def colleagues_of(user: User) -> QuerySet[User]:
    """The others who may read conversations and have an address to be sent one at."""
    readers = roles_with("conversations.view_conversation")
    return (
        User.objects.filter(is_active=True, role__in=readers)
        .exclude(pk=user.pk)
        .exclude(email="")
        .order_by("first_name", "last_name")
    )


def is_staffed(market: Market, now: datetime) -> bool:
    """Whether a person could take over: the office is open, and somebody has the inbox open."""
    return is_open(office_hours_of(market), now) and people_present(now).exists()


def next_questions(conversation: Conversation, *, most: int = 3) -> list[str]:
    """The questions that would be asked next, in the visitor's language."""
    memory = Memory.from_json(conversation.memory)
    standing = standing_of(
        conversation.market_id,
        facts_from_json(conversation.facts),
        frozenset(),
        memory,
        may_be_answered=True,
    )
    keys = [memory.last_asked] if memory.last_asked else []
    keys += [key for key in open_questions(standing) if key not in keys]
    language = memory.language or "en"
    kind = str(standing.facts.get("property_type") or "")
    return [
        question_for(
            key, language, max(0, memory.asked.get(key, 0) - 1), conversation.market_id, kind
        )
        for key in keys[:most]
    ]
