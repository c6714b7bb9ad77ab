"""Chats, calculations and form mails, as people read them."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin import display
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString
from unfold.contrib.filters.admin import ChoicesDropdownFilter

from apps.core.staff.filters import DaysFilter
from apps.core.staff.marks import age, mark, page_link, shorten
from apps.core.staff.pages import ReadOnlyAdmin
from apps.core.staff.panels import Panel, page_panel
from apps.core.staff.statements import Statement, statements
from apps.integrations.imports.admin import ImportAdmin
from apps.integrations.models import CalculatorData, ChatbotInteraction, EmailLog
from apps.integrations.showing import conversation
from apps.leads.models import Lead
from apps.leads.selectors import leads_visible_to
from apps.solar.showing import figures_of
from apps.users.selectors import signed_in

__all__ = ["ImportAdmin"]


class _BesideLeads(ReadOnlyAdmin):
    """Rows that belong to a lead: who may not see the lead does not see them either."""

    list_select_related = ("lead",)
    ordering = ("-created_at", "-id")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset(request)
        if request.user.has_perm("users.view_all_leads"):
            return rows
        theirs = leads_visible_to(signed_in(request)).values("pk")
        return rows.filter(Q(lead=None) | Q(lead__in=theirs))

    @display(description="Lead")
    def of_lead(self, row: Any) -> SafeString | str:
        return page_link("leads.lead", row.lead_id, row.lead) if row.lead_id else "Nobody yet"

    @display(description="Came in", ordering="created_at")
    def came(self, row: Any) -> SafeString | str:
        return age(row.created_at)


@admin.register(ChatbotInteraction)
class ChatbotInteractionAdmin(_BesideLeads):
    """Conversations with the chatbot of the site."""

    list_display = ("first_words", "of_lead", "messages_count", "came")
    list_filter = (("created_at", DaysFilter),)
    search_fields = ("session_id__startswith",)
    search_help_text = "The beginning of a session id"
    fields = (("session_id", "of_lead"), ("came", "updated_at"))
    readonly_fields = ("of_lead", "came")

    @display(description="Begins with")
    def first_words(self, chat: ChatbotInteraction) -> str:
        bubbles = conversation(chat.user_messages[:1], [])
        return shorten(bubbles[0].text, 70) if bubbles else "(said nothing)"

    @display(description="Messages")
    def messages_count(self, chat: ChatbotInteraction) -> int:
        return len(chat.user_messages) + len(chat.bot_responses)


@page_panel("integrations.chatbotinteraction")
def _chat(request: HttpRequest, chat: ChatbotInteraction) -> Panel:
    bubbles = conversation(chat.user_messages, chat.bot_responses)
    return Panel(
        "Conversation", "admin/integrations/chat.html", {"bubbles": bubbles}, count=len(bubbles)
    )


@page_panel("integrations.chatbotinteraction")
def _chat_facts(request: HttpRequest, chat: ChatbotInteraction) -> Panel:
    return _tables(
        "What the site noticed",
        ("About the visitor", chat.user_info),
        ("About the visit", chat.conversation_context),
    )


@admin.register(CalculatorData)
class CalculatorDataAdmin(_BesideLeads):
    """What visitors put into the calculator."""

    list_display = ("session", "of_lead", "came")
    list_filter = (("created_at", DaysFilter),)
    search_fields = ("session_id__startswith",)
    search_help_text = "The beginning of a session id"
    fields = (("session_id", "of_lead"), "came")
    readonly_fields = ("of_lead", "came")

    @display(description="Session")
    def session(self, row: CalculatorData) -> str:
        return shorten(row, 40)


@page_panel("integrations.calculatordata")
def _calculation(request: HttpRequest, row: CalculatorData) -> Panel:
    return _tables(
        "Calculation",
        ("Put in", row.user_inputs),
        *([("What we computed", _computed(row))] if row.estimate_run else []),
        ("What the browser says came out", row.calculation_results),
        ("About the visitor", row.user_info),
    )


@admin.register(EmailLog)
class EmailLogAdmin(_BesideLeads):
    """Forms, as the mails they would have been."""

    list_display = ("subject", "sender", "status_mark", "of_lead", "understood", "came")
    list_filter = (
        ("email_type", ChoicesDropdownFilter),
        ("processing_status", ChoicesDropdownFilter),
        ("created_at", DaysFilter),
    )
    search_fields = ("sender_email", "sender_name__istartswith")
    search_help_text = "An e-mail address, or the beginning of a name"
    fields = (("status_mark", "of_lead"), ("understood", "came"), "processing_notes")
    readonly_fields = ("status_mark", "of_lead", "came", "understood")

    @display(description="From")
    def sender(self, mail: EmailLog) -> str:
        return shorten(mail.sender_name or mail.sender_email or "Nobody", 50)

    @display(description="What became of it", ordering="processing_status")
    def status_mark(self, mail: EmailLog) -> SafeString:
        return mark(
            mail.get_processing_status_display(),
            "good" if mail.processing_status == "understood" else "warn",
        )

    @display(description="Answered", ordering="confidence_score")
    def understood(self, mail: EmailLog) -> str:
        return f"{mail.confidence_score:.0f} % of the usual questions"


@page_panel("integrations.emaillog")
def _mail(request: HttpRequest, mail: EmailLog) -> Panel:
    return Panel(
        mail.subject,
        "admin/integrations/mail.html",
        {"mail": mail, "facts": list(statements(mail.parsed_data))},
    )


@page_panel("leads.lead")
def _of_lead(request: HttpRequest, lead: Lead) -> Panel | None:
    """The conversations and calculations of a lead, on its page."""
    chats = [
        (chat, conversation(chat.user_messages, chat.bot_responses)[:6])
        for chat in _seen(request, "view_chatbotinteraction", lead.chatbot_interactions)
    ]
    calculations = [
        (
            row,
            _computed(row)
            or list(statements({"put in": row.user_inputs, "came out": row.calculation_results}))[
                :8
            ],
        )
        for row in _seen(request, "view_calculatordata", lead.calculations)
    ]
    if not chats and not calculations:
        return None
    return Panel(
        "Chats and calculations",
        "admin/integrations/of_lead.html",
        {"chats": chats, "calculations": calculations},
    )


def _computed(row: CalculatorData) -> list[Statement]:
    """Our own figures for what the visitor was shown; nothing where no run of ours is known."""
    return figures_of(row.estimate_run.result) if row.estimate_run else []


def _seen(request: HttpRequest, permission: str, rows: Any) -> list[Any]:
    may = request.user.has_perm(f"integrations.{permission}")
    return list(rows.order_by("-created_at")[:5]) if may else []


def _tables(title: str, *tables: tuple[str, Any]) -> Panel:
    shown = [
        (name, values if isinstance(values, list) else list(statements(values))[:100])
        for name, values in tables
    ]
    return Panel(title, "admin/tables.html", {"tables": shown})
