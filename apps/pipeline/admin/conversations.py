"""What came of the conversations, for whoever may see analytics."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.utils import timezone

from apps.core.staff.pages import FiguresAdmin
from apps.pipeline.conversation_days import LOOKED_AT
from apps.pipeline.conversation_figures import conversation_figures
from apps.pipeline.models import ConversationDay


@admin.register(ConversationDay)
class ConversationFiguresAdmin(FiguresAdmin):
    """Where people leave, what it costs, and what to change."""

    seen_with = "users.view_analytics"
    page_title = "Chat figures"
    page_template = "admin/pipeline/conversations.html"

    def figures(self) -> dict[str, Any]:
        found = conversation_figures(today=timezone.localdate())
        return {"figures": found, "looked_at": LOOKED_AT}
