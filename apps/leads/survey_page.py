"""The page behind a visitor's link: shows a survey, moves it, cancels it. No login, no script.

Whoever holds the link may act: the signed link is the authority, and no cookie is, so there is
nothing for a forged request to borrow. Looking changes nothing: mail scanners follow links.
"""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from apps.core.client_address import address_block
from apps.core.errors import AppError, Conflict, NotFound
from apps.core.rate_limits import limit_by_key
from apps.core.words import LANGUAGES, known_language, preferred_language, say_in
from apps.leads.actions.surveying import survey_cancel, survey_move
from apps.leads.choices import AppointmentStatus
from apps.leads.models import Appointment
from apps.leads.survey_slots import Slot
from apps.leads.survey_words import soon_words, survey_calendar_file, when_words
from apps.leads.surveys import appointment_of_token, booking_path, slots_to_move_to

DONE = {
    "booked": "Your survey is booked.",
    "moved": "Your survey has a new time.",
    "cancelled": "Your survey is cancelled.",
}


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def survey_page(request: HttpRequest, token: str) -> HttpResponse:
    """The survey of a link; a POST moves it to `starts_at`, or cancels it."""
    try:
        limit_by_key(request, "public", address_block(request))
        appointment = appointment_of_token(token)
    except NotFound as refusal:
        return _page(request, None, status=404, problem=refusal.message)
    except AppError as refusal:
        return _page(request, None, status=refusal.status, problem=refusal.message)
    if request.method != "POST":
        return _page(request, appointment, done=DONE.get(request.GET.get("done", ""), ""))
    try:
        done = _act(request, appointment, now=timezone.now())
    except AppError as refusal:
        appointment.refresh_from_db()
        return _page(request, appointment, status=refusal.status, problem=refusal.message)
    return redirect(f"{request.path}?done={done}&language={_language(request, appointment)}")


@require_safe
def survey_file(request: HttpRequest, token: str) -> HttpResponse:
    """The survey as a calendar file."""
    try:
        appointment = appointment_of_token(token)
    except NotFound as refusal:
        return _page(request, None, status=404, problem=refusal.message)
    response = HttpResponse(survey_calendar_file(appointment), content_type="text/calendar")
    response["Content-Disposition"] = 'attachment; filename="site-survey.ics"'
    response["Cache-Control"] = "no-store"
    return response


def _act(request: HttpRequest, appointment: Appointment, *, now: datetime) -> str:
    if request.POST.get("act") == "cancel":
        survey_cancel(appointment.pk, now=now)
        return "cancelled"
    starts_at = chosen_time(request)
    survey_move(appointment.pk, starts_at=starts_at, now=now)
    return "moved"


def chosen_time(request: HttpRequest) -> datetime:
    """The time a visitor chose. Raises Conflict when there is none, as for one that is taken."""
    try:
        starts_at = parse_datetime(request.POST.get("starts_at", ""))
    except ValueError:
        starts_at = None
    if starts_at is None or timezone.is_naive(starts_at):
        raise Conflict("Please choose a time.")
    return starts_at


def visitor_page(
    request: HttpRequest,
    template: str,
    context: dict[str, object],
    *,
    language: str,
    status: int = 200,
    problem: str = "",
    done: str = "",
) -> HttpResponse:
    """A page for whoever holds a link, in their language; kept by nobody on the way."""
    say = say_in(language)
    said = {
        "say": say,
        "language": language,
        "languages": LANGUAGES,
        "problem": say(problem) if problem else "",
        "done": say(done) if done else "",
    }
    response = render(request, template, said | context, status=status)
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "no-referrer"  # the address is the visitor's secret
    return response


def times_offered(slots: list[Slot], zone: str, language: str) -> list[tuple[str, str]]:
    """Each free time as the form sends it, and in words that fit a list on a phone."""
    return [
        (slot.starts_at.isoformat(), soon_words(slot.starts_at, zone, language)) for slot in slots
    ]


def language_of(request: HttpRequest, *, known: str) -> str:
    """The language that was chosen, else the one we know of, else what the browser prefers."""
    stated = request.GET.get("language") or known
    if stated:
        return known_language(stated)
    return preferred_language(request.headers.get("Accept-Language", ""))


def _page(
    request: HttpRequest,
    appointment: Appointment | None,
    *,
    status: int = 200,
    problem: str = "",
    done: str = "",
) -> HttpResponse:
    language = _language(request, appointment)
    context: dict[str, object] = {}
    if appointment is not None:
        now, zone = timezone.now(), appointment.market.time_zone
        is_ahead = appointment.status == AppointmentStatus.BOOKED and appointment.starts_at > now
        free = slots_to_move_to(appointment, now=now) if is_ahead else []
        context = {
            "appointment": appointment,
            "when": when_words(appointment.starts_at, zone, language),
            "is_ahead": is_ahead,
            "is_cancelled": appointment.status == AppointmentStatus.CANCELLED,
            "book_again": booking_path(appointment.lead) if appointment.lead else "",
            "slots": times_offered(free, zone, language),
        }
    return visitor_page(
        request,
        "leads/survey.html",
        context,
        language=language,
        status=status,
        problem=problem,
        done=done,
    )


def _language(request: HttpRequest, appointment: Appointment | None) -> str:
    return language_of(request, known=appointment.language if appointment else "")
