"""Conversations, their messages, and who of the staff is there to answer."""

from __future__ import annotations

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Q
from django.utils import timezone

from apps.core.ids import PublicIdModel
from apps.leads.models import Appointment, Lead
from apps.solar.models import Market
from apps.users.models import User


class Conversation(PublicIdModel):
    """A visitor and us. Its public id is the session id; the token that opens it is kept hashed."""

    class State(models.TextChoices):
        BOT = "bot", "The assistant answers"
        WAITING = "waiting", "Waits for a person"
        PERSON = "person", "A person answers"
        CLOSED = "closed", "Closed"

    class Stage(models.TextChoices):
        WELCOME = "welcome", "Welcome"
        DISCOVERY = "discovery", "Discovery"
        QUALIFICATION = "qualification", "Qualification"
        TECHNICAL = "technical", "Technical"
        OBJECTION = "objection", "Objection"
        PROPOSAL = "proposal", "Proposal"
        SCHEDULING = "scheduling", "Scheduling"
        HANDOVER = "handover", "Handover"
        CLOSED = "closed", "Closed"

    market = models.ForeignKey(Market, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=State, default=State.BOT)
    stage = models.CharField(max_length=20, choices=Stage, default=Stage.WELCOME)
    token_digest = models.CharField(max_length=64)
    foreign_id = models.CharField(
        max_length=150, blank=True, help_text="The session's name elsewhere, where it has one."
    )
    channel = models.CharField(max_length=20, default="chat")
    agent = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="conversations"
    )
    lead = models.ForeignKey(
        Lead, null=True, blank=True, on_delete=models.SET_NULL, related_name="conversations"
    )
    facts = models.JSONField(default=dict, blank=True)
    memory = models.JSONField(
        default=dict, blank=True, help_text="What was asked and told: contracts.Standing."
    )
    consent = models.JSONField(default=dict, blank=True)
    score = models.PositiveSmallIntegerField(null=True, blank=True)
    tier = models.CharField(max_length=20, blank=True)
    score_detail = models.JSONField(default=dict, blank=True)
    handover_reason = models.CharField(max_length=20, blank=True)
    opening = models.CharField(max_length=30, blank=True, help_text="The code of its line.")
    callback = models.JSONField(
        default=dict, blank=True, help_text="When they want to be called: at, words, passed_on."
    )
    survey = models.ForeignKey(
        Appointment, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    page_url = models.CharField(max_length=500, blank=True)
    ip_address = models.GenericIPAddressField(null=True, blank=True)
    user_agent = models.CharField(max_length=400, blank=True)
    is_sample = models.BooleanField(default=False, editable=False)
    started_at = models.DateTimeField(default=timezone.now)
    waiting_since = models.DateTimeField(null=True, blank=True)
    last_message_at = models.DateTimeField(default=timezone.now)
    answering_until = models.DateTimeField(
        null=True, blank=True, help_text="A reply is being made; another may begin after this."
    )
    event_id = models.UUIDField(
        null=True, blank=True, help_text="The inbound event its facts last went in by."
    )
    handed_in_after = models.PositiveIntegerField(
        default=0, help_text="How many messages of the visitor the last event held."
    )

    class Meta:
        ordering = ("-last_message_at", "-id")
        constraints = [
            models.UniqueConstraint(
                fields=["foreign_id"],
                condition=~Q(foreign_id=""),
                name="conversations_one_per_foreign_id",
            ),
        ]
        indexes = [
            models.Index(fields=["-last_message_at", "-id"], name="conversations_newest"),
            models.Index(fields=["state", "waiting_since"], name="conversations_queue"),
            models.Index(fields=["agent", "state"], name="conversations_by_agent"),
            models.Index(fields=["event_id"], name="conversations_by_event"),
            models.Index(
                fields=["opening", "started_at"],
                condition=~Q(opening=""),
                name="conversations_by_opening",
            ),
        ]

    def __str__(self) -> str:
        names = (self.facts.get(key, {}).get("value", "") for key in ("first_name", "last_name"))
        return " ".join(name for name in names if name) or f"Visitor {str(self.public_id)[-4:]}"


class Message(PublicIdModel):
    """One message. A visitor's `client_id` is theirs: sent again, it is the same message."""

    class Role(models.TextChoices):
        VISITOR = "visitor", "Visitor"
        ASSISTANT = "assistant", "Assistant"
        AGENT = "agent", "Person"
        SYSTEM = "system", "System"
        NOTE = "note", "Note among staff"

    conversation = models.ForeignKey(
        Conversation, on_delete=models.CASCADE, related_name="messages"
    )
    role = models.CharField(max_length=10, choices=Role)
    text = models.TextField()
    client_id = models.CharField(max_length=100, blank=True)
    answers = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.CASCADE, related_name="answer"
    )
    author = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    suggestions = models.JSONField(default=list, blank=True)
    sources = models.JSONField(default=list, blank=True)
    plan = models.JSONField(default=dict, blank=True)
    heard = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("id",)
        constraints = [
            models.UniqueConstraint(
                fields=["conversation", "client_id"],
                condition=~Q(client_id=""),
                name="conversations_message_once",
            ),
        ]
        indexes = [
            models.Index(fields=["conversation", "id"], name="conversations_transcript"),
            # Rows lie in the order of their time: the sweep for what nobody has heard reads the
            # last hour by a few pages, and a reply that marks a message moves no index.
            BrinIndex(fields=["created_at"], autosummarize=True, name="conversations_message_time"),
        ]

    def __str__(self) -> str:
        return self.text[:60]


class AgentPresence(models.Model):
    """Somebody who has the inbox open. Heard of every half minute; silent, they are away."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="chat_presence")
    is_available = models.BooleanField(default=True)
    most_conversations = models.PositiveSmallIntegerField(default=4)
    seen_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return str(self.user)
