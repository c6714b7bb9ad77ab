"""The page behind `{booking_link}` of a mail: the lead it was written to chooses a free time.

The signed link is the authority, as with the page of a survey. Looking books nothing.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from apps.core.client_address import address_block
from apps.core.errors import AppError
from apps.core.rate_limits import limit_by_key
from apps.leads.actions.surveying import survey_book_by_link
from apps.leads.models import Lead
from apps.leads.survey_page import chosen_time, language_of, times_offered, visitor_page
from apps.leads.surveys import (
    lead_of_booking_token,
    slots_in,
    survey_ahead_of,
    survey_calendar,
    survey_path,
)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def survey_booking_page(request: HttpRequest, token: str) -> HttpResponse:
    """The free times; a POST books `starts_at`. Whoever has a survey ahead is led to it."""
    try:
        limit_by_key(request, "public", address_block(request))
        lead = lead_of_booking_token(token)
    except AppError as refusal:
        return _page(request, None, refusal)
    language = _language(request, lead)
    now = timezone.now()
    ahead = survey_ahead_of(lead, now=now)
    if ahead is not None:
        return redirect(f"{survey_path(ahead)}?language={language}")
    if request.method != "POST":
        return _page(request, lead)
    try:
        booked = survey_book_by_link(
            lead, starts_at=chosen_time(request), language=language, now=now
        )
    except AppError as refusal:
        return _page(request, lead, refusal)
    return redirect(f"{survey_path(booked)}?done=booked&language={language}")


def _page(request: HttpRequest, lead: Lead | None, refusal: AppError | None = None) -> HttpResponse:
    language = _language(request, lead)
    context: dict[str, object] = {}
    if lead is not None:
        slots = slots_in(survey_calendar(lead.market), now=timezone.now())
        context = {"lead": lead, "slots": times_offered(slots, lead.market.time_zone, language)}
    return visitor_page(
        request,
        "leads/survey_booking.html",
        context,
        language=language,
        status=refusal.status if refusal else 200,
        problem=refusal.message if refusal else "",
    )


def _language(request: HttpRequest, lead: Lead | None) -> str:
    return language_of(request, known=lead.contact.language if lead else "")
