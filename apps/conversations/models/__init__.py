"""The tables of conversations: `conversation` is what was said, `speech` what may be said."""

from apps.conversations.models.conversation import AgentPresence, Conversation, Message
from apps.conversations.models.speech import (
    CannedReply,
    KnowledgeEntry,
    OpeningLine,
    SpeechPrice,
    SpokenReply,
)

__all__ = [
    "AgentPresence",
    "CannedReply",
    "Conversation",
    "KnowledgeEntry",
    "Message",
    "OpeningLine",
    "SpeechPrice",
    "SpokenReply",
]
