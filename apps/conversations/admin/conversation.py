"""Conversations as staff read and answer them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import admin
from django.contrib.admin import display
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.safestring import SafeString
from unfold.contrib.filters.admin import ChoicesDropdownFilter, MultipleChoicesDropdownFilter

from apps.conversations.actions.transcripts import transcript_send, transcript_share
from apps.conversations.memory import facts_from_json
from apps.conversations.models import AgentPresence, CannedReply, Conversation
from apps.conversations.selectors import colleagues_of, conversations_visible_to
from apps.conversations.showing import conversation_shown, message_shown
from apps.conversations.speaking import speaking_today
from apps.core.errors import AppError
from apps.core.staff.filters import DaysFilter
from apps.core.staff.marks import age, mark, page_link
from apps.core.staff.pages import ReadOnlyAdmin
from apps.core.staff.panels import Panel, page_panel
from apps.leads.models import Lead
from apps.users.selectors import signed_in

_ANSWER = "conversations.change_conversation"
_TONES = {"bot": "info", "waiting": "bad", "person": "good", "closed": "plain"}


@admin.register(Conversation)
class ConversationAdmin(ReadOnlyAdmin):
    """What visitors and we said to each other."""

    list_display = ("who", "state_mark", "stage", "score_words", "of_lead", "owner", "last")
    list_filter = (
        ("state", MultipleChoicesDropdownFilter),
        ("stage", ChoicesDropdownFilter),
        ("last_message_at", DaysFilter),
    )
    list_select_related = ("lead", "agent", "market")
    ordering = ("-last_message_at", "-id")
    list_before_template = "admin/conversations/speaking.html"
    fields = (
        ("who", "state_mark"),
        ("stage", "score_words"),
        ("of_lead", "owner"),
        ("market", "page_url"),
        ("started_at", "last_message_at"),
    )
    readonly_fields = ("who", "state_mark", "score_words", "of_lead", "owner")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Conversation]:
        return conversations_visible_to(signed_in(request))

    def get_urls(self) -> list[URLPattern]:
        inbox = self.admin_site.admin_view(self.inbox)
        whole = self.admin_site.admin_view(self.whole)
        mail = self.admin_site.admin_view(self.mail)
        return [
            path("inbox/", inbox, name="conversations_inbox"),
            path("<uuid:conversation_id>/whole/", whole, name="conversations_whole"),
            path("<uuid:conversation_id>/mail/", mail, name="conversations_mail"),
            *super().get_urls(),
        ]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        context = {**(extra_context or {}), "speaking": speaking_today(timezone.now())}
        page: HttpResponse = super().changelist_view(request, context)
        return page

    def inbox(self, request: HttpRequest) -> HttpResponse:
        """Who is in the chat, and answering them. Everything on it comes by the socket."""
        if not request.user.has_perm(_ANSWER):
            raise PermissionDenied
        presence = AgentPresence.objects.filter(user=signed_in(request)).first()
        context = {
            **self.admin_site.each_context(request),
            "opts": self.model._meta,
            "title": "Inbox of the chat",
            "open": request.GET.get("open", "")[:36],
            "is_available": presence is None or presence.is_available,
            "colleagues": colleagues_of(signed_in(request)),
            "canned": CannedReply.objects.filter(is_active=True),
        }
        return TemplateResponse(request, "admin/conversations/inbox.html", context)

    def whole(self, request: HttpRequest, conversation_id: UUID) -> HttpResponse:
        """A conversation with everything said so far, for the inbox."""
        if not request.user.has_perm(_ANSWER):
            raise PermissionDenied
        found = self.get_queryset(request).filter(public_id=conversation_id).first()
        if found is None:
            raise Http404
        messages = found.messages.select_related("author").order_by("pk")
        return JsonResponse(
            {
                **conversation_shown(found),
                "facts": found.facts,
                "messages": [message_shown(message) for message in messages],
            }
        )

    def mail(self, request: HttpRequest, conversation_id: UUID) -> HttpResponse:
        """Send a conversation by mail, to the visitor or (`to`) to a colleague, for the inbox."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not request.user.has_perm(_ANSWER):
            raise PermissionDenied
        found = self.get_queryset(request).filter(public_id=conversation_id).first()
        if found is None:
            raise Http404
        me, now, to = signed_in(request), timezone.now(), request.POST.get("to", "")
        try:
            if not to:
                sent = transcript_send(found.pk, actor=me, now=now)
                return JsonResponse({"told": f"On its way to {sent.address}."})
            person = colleagues_of(me).filter(pk=to).first() if to.isdigit() else None
            if person is None:
                raise Http404
            transcript_share(found.pk, to=person, actor=me, now=now)
        except AppError as refusal:
            return JsonResponse({"error": refusal.message}, status=refusal.status)
        return JsonResponse({"told": f"On its way to {person}."})

    @display(description="Visitor")
    def who(self, conversation: Conversation) -> str:
        return str(conversation)

    @display(description="State", ordering="state")
    def state_mark(self, conversation: Conversation) -> SafeString:
        return mark(conversation.get_state_display(), _TONES[conversation.state])

    @display(description="Score", ordering="score")
    def score_words(self, conversation: Conversation) -> str:
        if conversation.score is None:
            return "—"
        return f"{conversation.score} ({conversation.tier})"

    @display(description="Lead")
    def of_lead(self, conversation: Conversation) -> SafeString | str:
        lead = conversation.lead
        return page_link("leads.lead", lead.pk, lead) if lead else "Nobody yet"

    @display(description="Answered by", ordering="agent")
    def owner(self, conversation: Conversation) -> str:
        return str(conversation.agent or "The assistant")

    @display(description="Last message", ordering="last_message_at")
    def last(self, conversation: Conversation) -> SafeString | str:
        return age(conversation.last_message_at)


@page_panel("conversations.conversation", place=10)
def _transcript(request: HttpRequest, conversation: Conversation) -> Panel:
    messages = list(conversation.messages.select_related("author").order_by("pk"))
    return Panel(
        "Transcript",
        "admin/conversations/transcript.html",
        {"messages": messages},
        count=len(messages),
    )


@page_panel("conversations.conversation", place=20)
def _facts(request: HttpRequest, conversation: Conversation) -> Panel:
    facts = [
        (key.replace("_", " ").capitalize(), fact)
        for key, fact in facts_from_json(conversation.facts).items()
    ]
    return Panel("What we understood", "admin/conversations/facts.html", {"facts": facts})


@page_panel("leads.lead", place=40)
def _conversations_of_lead(request: HttpRequest, lead: Lead) -> Panel | None:
    """The chats of a lead, on its page."""
    if not request.user.has_perm("conversations.view_conversation"):
        return None
    found = list(conversations_visible_to(signed_in(request)).filter(lead=lead)[:5])
    if not found:
        return None
    return Panel("Chats", "admin/conversations/of_lead.html", {"conversations": found})
