"""The board of open leads, over the same leads as the list narrows them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.shortcuts import redirect, render
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe

from apps.core.errors import AppError
from apps.leads.actions.changing import BY_THEIR_OWN_ACT, leads_set_status
from apps.leads.board import board_columns, board_more, neighbour
from apps.leads.choices import OPEN_STATUSES, LeadStatus
from apps.leads.models import Lead
from apps.leads.selectors import lead_visible_to
from apps.leads.view_parameters import Parameters, parameters_read, uuid_read
from apps.users.selectors import signed_in

_NOT_ON_THE_BOARD = {"status__in", "o"}
_SELECTED = mark_safe(" selected")
_MOVES = [(value, label) for value, label in LeadStatus.choices if value not in BY_THEIR_OWN_ACT]


class LeadBoardMixin:
    """The board beside the changelist of `LeadAdmin`."""

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view  # type: ignore[attr-defined]
        return [
            path("board/", wrap(self.board), name="leads_lead_board"),
            path("board/cards/", wrap(self.board_cards), name="leads_lead_board_cards"),
            path("board/move/", wrap(self.board_move), name="leads_lead_board_move"),
            *super().get_urls(),  # type: ignore[misc]
        ]

    def board(self, request: HttpRequest) -> HttpResponse:
        """Columns of cards; the list's own parameters narrow them."""
        leads, parameters = self._leads_of_board(request)
        context = {
            **self.admin_site.each_context(request),  # type: ignore[attr-defined]
            "opts": Lead._meta,
            "title": "Board",
            "columns": [
                (column, _options(column.status))
                for column in board_columns(leads, now=timezone.now())
            ],
            "may_move": request.user.has_perm("leads.change_lead"),
            "shows_owner": request.user.has_perm("users.view_all_leads"),
            "asked": request.GET.urlencode(),
            "is_narrowed": bool(parameters),
            "quick": self._quick(parameters),
        }
        return TemplateResponse(request, "admin/leads/board/page.html", context)

    def board_cards(self, request: HttpRequest) -> HttpResponse:
        """More cards of one column."""
        leads, _ = self._leads_of_board(request)
        status = request.GET.get("column", "")
        if status not in OPEN_STATUSES:
            return redirect("admin:leads_lead_board")
        cards, before = board_more(
            leads, status, before=request.GET.get("before", ""), now=timezone.now()
        )
        context = {
            "cards": cards,
            "before": before,
            "column": {
                "status": status,
                "earlier": neighbour(status, -1),
                "later": neighbour(status, 1),
            },
            "options": _options(status),
            "may_move": request.user.has_perm("leads.change_lead"),
            "shows_owner": request.user.has_perm("users.view_all_leads"),
        }
        return render(request, "admin/leads/board/cards.html", context)

    def board_move(self, request: HttpRequest) -> HttpResponse:
        """Move one lead. Without a script it leads back to the board and says there what happened.

        Refused, the answer names the status the lead has, so that the card goes where it belongs.
        """
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not request.user.has_perm("leads.change_lead"):
            raise PermissionDenied
        status = request.POST.get("status", "")
        try:
            lead = lead_visible_to(signed_in(request), uuid_read(request.POST.get("lead", "")))
            leads_set_status(
                [lead.public_id],
                status=status,
                lost_reason=request.POST.get("lost_reason", ""),
                expected=request.POST.get("from") or None,
                actor=signed_in(request),
                now=timezone.now(),
            )
        except AppError as refusal:
            return self._moved(request, refusal.message, refusal=refusal)
        return self._moved(request, f"{lead.name} is in {LeadStatus(status).label} now.")

    def _moved(
        self, request: HttpRequest, words: str, *, refusal: AppError | None = None
    ) -> HttpResponse:
        if request.headers.get("Accept", "").startswith("application/json"):
            body: dict[str, Any] = {"words": words}
            if refusal is not None:
                body |= {"details": refusal.details}
            return JsonResponse(body, status=refusal.status if refusal else 200)
        (messages.error if refusal else messages.success)(request, words)
        return redirect(
            f"{reverse('admin:leads_lead_board')}?{request.POST.get('asked', '')[:2000]}"
        )

    def _leads_of_board(self, request: HttpRequest) -> tuple[QuerySet[Lead], Parameters]:
        """The leads of the list with the same parameters; what it cannot mean narrows nothing."""
        if not request.user.has_perm("leads.view_lead"):
            raise PermissionDenied
        try:
            stated = parameters_read(dict(request.GET.lists()))
            parameters = {
                name: values
                for name, values in stated.items()
                if name not in _NOT_ON_THE_BOARD | {"column", "before"}
            }
            return self.narrowed(request, parameters), parameters  # type: ignore[attr-defined]
        except (AppError, IncorrectLookupParameters, SuspiciousOperation):
            return self.narrowed(request, {}), {}  # type: ignore[attr-defined]

    def _quick(self, parameters: Parameters) -> list[tuple[str, str, bool]]:
        """Name, address and whether it is this one, for what a board is narrowed by most often."""
        known: list[tuple[str, str, Parameters]] = [
            ("All", "?", {}),
            ("Mine", "?assigned=me", {"assigned": ["me"]}),
            ("Nobody's", "?assigned=nobody", {"assigned": ["nobody"]}),
            ("Premium", "?tier__in=premium", {"tier__in": ["premium"]}),
        ]
        return [(name, link, wanted == parameters) for name, link, wanted in known]


def _options(status: str) -> SafeString:
    """Where a card of this status may go: the same for each, so it is made once for all."""
    return format_html_join(
        "",
        '<option value="{}"{}>{}</option>',
        ((value, _SELECTED if value == status else "", label) for value, label in _MOVES),
    )
