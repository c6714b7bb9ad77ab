"""What follows from how a call ended. Pure.

One row for each ending, read by the action, the buttons of the lead's page and the API alike. Two
values of `CallStatus` are no endings: `to_call` is before a call and `calling` during one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

MOST_TRIES = 6  # in a row without reaching anybody; a seventh call would only be a nuisance


@dataclass(frozen=True)
class Wait:
    """Until the next try: so many minutes of office time, or the next day the office is open."""

    office_minutes: int = 0
    is_next_day: bool = False


@dataclass(frozen=True)
class FollowUp:
    """What is to be done next, the next day the office is open."""

    kind: Literal["call", "mail", "visit", "other"]
    title: str


@dataclass(frozen=True)
class Consequences:
    """What one ending of a call brings about.

    `answers`: it counts as the first answer to the person. `reached`: we talked with them.
    `status`: where an open lead moves, never backwards. `asks`: what the caller has to say with it.
    `retries`: how long to wait before each next try, the last one again and again.
    """

    icon: str
    answers: bool = False
    reached: bool = False
    status: Literal["", "contacted", "qualified", "unqualified"] = ""
    asks: Literal["", "moment", "reason"] = ""
    retries: tuple[Wait, ...] = ()
    follow_up: FollowUp | None = None
    number_is_wrong: bool = False
    silences: bool = False  # the number must never be called again


_TWO_HOURS, _HALF_AN_HOUR = Wait(office_minutes=120), Wait(office_minutes=30)
_NEXT_DAY = Wait(is_next_day=True)

OUTCOMES: dict[str, Consequences] = {
    "no_answer": Consequences("phone_missed", answers=True, retries=(_TWO_HOURS, _NEXT_DAY)),
    "voicemail": Consequences("voicemail", answers=True, retries=(_NEXT_DAY,)),
    "busy": Consequences(
        "phone_paused", answers=True, retries=(_HALF_AN_HOUR, _TWO_HOURS, _NEXT_DAY)
    ),
    "callback_requested": Consequences(
        "phone_callback", answers=True, reached=True, status="contacted", asks="moment"
    ),
    "qualified": Consequences(
        "thumb_up",
        answers=True,
        reached=True,
        status="qualified",
        follow_up=FollowUp("visit", "Arrange the site visit"),
    ),
    "not_qualified": Consequences(
        "thumb_down", answers=True, reached=True, status="unqualified", asks="reason"
    ),
    # Neither of these two reached the person's telephone: they still wait for an answer.
    "wrong_number": Consequences(
        "wrong_location",
        number_is_wrong=True,
        follow_up=FollowUp("mail", "Ask for the right number"),
    ),
    "failed": Consequences("phone_disabled", retries=(_HALF_AN_HOUR, _TWO_HOURS, _NEXT_DAY)),
    "do_not_call": Consequences("block", answers=True, reached=True, silences=True),
}


def retry_after(outcome: str, tries: int) -> Wait | None:
    """How long to wait after the `tries`-th call in a row that reached nobody.

    None when this ending wants no other try, or when there were enough of them.
    """
    retries = OUTCOMES[outcome].retries
    if not retries or tries >= MOST_TRIES:
        return None
    return retries[min(tries, len(retries)) - 1]


_FORWARD = ("new", "contacted", "qualified", "proposal", "negotiation")


def status_after(outcome: str, status: str) -> str:
    """The status of an open lead after such a call; the same one when nothing changes."""
    wanted = OUTCOMES[outcome].status
    if wanted in _FORWARD and status in _FORWARD:
        return max(status, wanted, key=_FORWARD.index)
    return wanted or status
