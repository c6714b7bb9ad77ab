"""What can be asked about surveys: the calendar of a market, what is free, and who holds a link."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core import signing
from django.db.models import QuerySet

from apps.core.errors import InvalidInput, NotFound
from apps.leads.choices import AppointmentStatus
from apps.leads.models import Appointment, Lead, LeadMerge, SurveyCalendar
from apps.leads.survey_slots import Opening, Slot, Taken, free_slots
from apps.solar.models import Market, Territory
from apps.solar.selectors import market_by_code, place_of, read_postal_code
from apps.users.models import User

_signer = signing.Signer(salt="leads.survey", sep=".")
_booking_signer = signing.Signer(salt="leads.booking", sep=".")


def survey_calendar(market: Market) -> SurveyCalendar:
    """The market's calendar; an ordinary working week, not yet kept, until somebody changes it."""
    found = SurveyCalendar.objects.filter(market=market).first()
    return found or SurveyCalendar(market=market)


def slots_in(calendar: SurveyCalendar, *, now: datetime) -> list[Slot]:
    """The slots that can be booked now."""
    if not calendar.is_open:
        return []
    return free_slots(opening_of(calendar), taken_in(calendar, now=now), now=now)


def slots_for_visitor(market_code: str, postal_code: str, *, now: datetime) -> list[Slot]:
    """The slots we offer at a place; none where we do not come.

    Raises InvalidInput for a market there is not, or a postal code it does not have.
    """
    market = market_by_code(market_code)
    if market is None:
        raise InvalidInput(details={"market": ["There is no such market."]})
    if postal_code:
        code = read_postal_code(postal_code, market)
        if not code:
            words = f"This is not a {market.postal_code_name} of {market.name}."
            raise InvalidInput(details={"postal_code": [words]})
        place = place_of(market.code, code)
        if place is None or place.territory_pk is None or not _is_served(place.territory_pk):
            return []
    return slots_in(survey_calendar(market), now=now)


def slots_to_move_to(appointment: Appointment, *, now: datetime) -> list[Slot]:
    """Where a booked survey could go: what is free once it has left its own place."""
    calendar = survey_calendar(appointment.market)
    if not calendar.is_open:
        return []
    taken = taken_in(calendar, now=now, leaving_out=appointment)
    free = free_slots(opening_of(calendar), taken, now=now)
    return [slot for slot in free if slot.starts_at != appointment.starts_at]


def market_clock(market_code: str) -> str:
    """The time zone of a market that there is."""
    zone: str = Market.objects.values_list("time_zone", flat=True).get(code=market_code)
    return zone


def opening_of(calendar: SurveyCalendar) -> Opening:
    """The calendar as the rule of slots takes it, with the days the office is closed."""
    closed = calendar.market.holidays.filter(is_closed=True).values_list("day", flat=True)
    return Opening(
        time_zone=calendar.market.time_zone,
        weekdays=frozenset(calendar.weekdays),
        starts=tuple(time.fromisoformat(start) for start in calendar.starts),
        length=timedelta(minutes=calendar.length_minutes),
        gap=timedelta(minutes=calendar.gap_minutes),
        teams=calendar.teams,
        notice=timedelta(hours=calendar.notice_hours),
        horizon=timedelta(days=calendar.horizon_days),
        closed=frozenset(closed),
    )


def taken_in(
    calendar: SurveyCalendar, *, now: datetime, leaving_out: Appointment | None = None
) -> list[Taken]:
    """What teams are booked for from now on; one appointment may be left out, to move it."""
    booked = Appointment.objects.filter(
        market=calendar.market_id, status=AppointmentStatus.BOOKED, ends_at__gt=now
    )
    if leaving_out is not None:
        booked = booked.exclude(pk=leaving_out.pk)
    rows: Iterable[tuple[int, datetime, datetime]] = booked.values_list(
        "team", "starts_at", "ends_at"
    )
    return [Taken(*row) for row in rows]


def survey_link(appointment: Appointment) -> str:
    """The address at which whoever holds it may move or cancel this survey. It is a secret."""
    return settings.PUBLIC_ADDRESS + survey_path(appointment)


def survey_path(appointment: Appointment) -> str:
    """That address without the host, for whoever is here already."""
    return f"/survey/{_signer.sign(appointment.public_id.hex)}/"


def appointment_of_token(token: str) -> Appointment:
    """The survey of a link. Raises NotFound for a link that is not ours."""
    try:
        public_id = _signer.unsign(token)
    except signing.BadSignature:
        raise NotFound("This link is not valid.") from None
    found = Appointment.objects.select_related("market", "lead").filter(public_id=public_id).first()
    if found is None:
        raise NotFound("This survey is not there any more.")
    return found


def booking_link(lead: Lead) -> str:
    """The address at which this lead chooses a free time; "" while its market books none."""
    path = booking_path(lead)
    return path and settings.PUBLIC_ADDRESS + path


def booking_path(lead: Lead) -> str:
    """That address without the host, for whoever is here already."""
    if not survey_calendar(lead.market).is_open:
        return ""
    return f"/survey/book/{_booking_signer.sign(lead.public_id.hex)}/"


def lead_of_booking_token(token: str) -> Lead:
    """The lead of a link, or the one it was merged into. Raises NotFound for a link not ours."""
    try:
        public_id = _booking_signer.unsign(token)
    except signing.BadSignature:
        raise NotFound("This link is not valid.") from None
    lead = _with_market(Lead.objects.filter(public_id=public_id))
    while lead is not None:
        merge = LeadMerge.objects.filter(duplicate=lead, undone_at=None).first()
        if merge is None:
            return lead
        lead = _with_market(Lead.objects.filter(pk=merge.survivor_id))
    raise NotFound("This link is not valid.")


def survey_ahead_of(lead: Lead, *, now: datetime) -> Appointment | None:
    """The next survey this lead has booked."""
    return (
        Appointment.objects.filter(lead=lead, status=AppointmentStatus.BOOKED, starts_at__gt=now)
        .order_by("starts_at")
        .first()
    )


def appointments_visible_to(user: User) -> QuerySet[Appointment]:
    """All surveys for those who see all leads; else those of their own leads and of nobody's."""
    if not user.has_perm("leads.view_appointment"):
        return Appointment.objects.none()
    found = Appointment.objects.select_related("lead", "lead__assigned_to", "market")
    if user.has_perm("users.view_all_leads"):
        return found
    return found.filter(lead__assigned_to=user) | found.filter(lead__assigned_to=None)


@dataclass(frozen=True)
class DayRow:
    """The surveys that begin at one time, a cell for each team."""

    starts: datetime
    cells: tuple[Appointment | None, ...]


@dataclass(frozen=True)
class MarketDay:
    """A day of one market's teams, on its own clock."""

    name: str
    teams: tuple[int, ...]
    rows: tuple[DayRow, ...]


def surveys_of_day(surveys: QuerySet[Appointment], day: date) -> list[MarketDay]:
    """What is booked or done on a day, for each market that has any, by that market's clock."""
    earliest = datetime.combine(day, time.min, UTC) - timedelta(hours=14)
    around = surveys.filter(starts_at__range=(earliest, earliest + timedelta(hours=24 + 28)))
    by_market: dict[Market, list[Appointment]] = {}
    for one in around.exclude(status=AppointmentStatus.CANCELLED).order_by("starts_at", "team"):
        if local_start(one).date() == day:
            by_market.setdefault(one.market, []).append(one)
    return [
        _market_day(market, found)
        for market, found in sorted(by_market.items(), key=lambda one: one[0].name)
    ]


def _market_day(market: Market, found: list[Appointment]) -> MarketDay:
    teams = tuple(range(1, max(one.team for one in found) + 1))
    by_start: dict[datetime, dict[int, Appointment]] = {}
    for one in found:
        by_start.setdefault(local_start(one), {})[one.team] = one
    rows = tuple(
        DayRow(starts, tuple(cells.get(team) for team in teams))
        for starts, cells in sorted(by_start.items())
    )
    return MarketDay(market.name, teams, rows)


def local_start(appointment: Appointment) -> datetime:
    """When it begins, on the clock of the market."""
    return appointment.starts_at.astimezone(ZoneInfo(appointment.market.time_zone))


def _with_market(leads: QuerySet[Lead]) -> Lead | None:
    return leads.select_related("market", "contact").first()


def _is_served(territory_pk: int) -> bool:
    outside = Territory.Service.OUTSIDE
    return Territory.objects.filter(pk=territory_pk).exclude(service=outside).exists()
