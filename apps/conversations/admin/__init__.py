"""The pages of conversations: what was said, what may be said, and how a chat begins."""

from apps.conversations.admin import (
    conversation,  # noqa: F401
    knowledge,  # noqa: F401
    openings,  # noqa: F401
)
