"""Whether somebody may be called at this moment, and what the clock on their wall says. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time
from typing import Literal
from zoneinfo import ZoneInfo

import phonenumbers
from phonenumbers import timezone as phone_zones

FIRST_CALL, LAST_CALL = time(8), time(21)
WE_CALL = f"we call from {FIRST_CALL:%H:%M} to {LAST_CALL:%H:%M}"
# The library of numbers still has them under the names they had.
_TODAYS_NAMES = {
    "Asia/Calcutta": "Asia/Kolkata",
    "Asia/Katmandu": "Asia/Kathmandu",
    "Asia/Rangoon": "Asia/Yangon",
    "Asia/Saigon": "Asia/Ho_Chi_Minh",
    "Europe/Kiev": "Europe/Kyiv",
}


@dataclass(frozen=True)
class CallPermit:
    """May we call? "ask" leaves it to the caller; `words` give the reason and their time."""

    verdict: Literal["yes", "ask", "no"]
    words: str
    their_time: str


def zone_of(*, phone: str, market_zone: str, has_place: bool) -> str:
    """The time zone somebody lives in: of their place if they gave one, else of their number.

    A number that may be at home in several zones tells nothing: then the market's counts.
    """
    if has_place or not phone:
        return market_zone
    try:
        zones = phone_zones.time_zones_for_number(phonenumbers.parse(phone, None))
    except phonenumbers.NumberParseException:
        return market_zone
    known = [zone for zone in zones if zone != phone_zones.UNKNOWN_TIMEZONE]
    return _TODAYS_NAMES.get(known[0], known[0]) if len(known) == 1 else market_zone


def clock_there(zone: str, now: datetime) -> str:
    """What the clock says where somebody lives: "06:09 in Kolkata"."""
    return f"{now.astimezone(ZoneInfo(zone)):%H:%M} in {zone.rpartition('/')[2].replace('_', ' ')}"


def is_calling_hour(zone: str, now: datetime) -> bool:
    """Whether nobody is woken by a call."""
    return FIRST_CALL <= now.astimezone(ZoneInfo(zone)).time() < LAST_CALL


def call_permit(
    *, has_phone: bool, is_suppressed: bool, consent: str, zone: str, now: datetime
) -> CallPermit:
    """`consent` to calls as the ledger has it: given, revoked or unknown."""
    their_time = clock_there(zone, now)
    if not has_phone:
        return CallPermit("no", "No telephone number is known.", their_time)
    if is_suppressed:
        return CallPermit("no", "The number is on the do-not-contact list.", their_time)
    if consent == "revoked":
        return CallPermit("no", "They took back their consent to be called.", their_time)
    if not is_calling_hour(zone, now):
        return CallPermit("no", f"It is {their_time}: {WE_CALL}.", their_time)
    if consent != "given":
        words = f"No consent is on record: only if they asked for it. It is {their_time}."
        return CallPermit("ask", words, their_time)
    return CallPermit("yes", f"It is {their_time}.", their_time)
