"""What the conversations of some days say should be changed, with the evidence and the money. Pure.

A rule speaks only where enough people were counted, and where the share it complains of is too
high even at the low end of its 95 % interval: five of seven prove nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from apps.conversations.variants import Tally, wilson
from apps.core.money import Money

LEAST = 20  # people behind a share
_LEAVES = 0.25  # of those asked
_REFUSES_CONSENT = 0.5
_NOT_UNDERSTOOD = 0.08  # of the conversations
_WANTS_A_PERSON = 0.2
_HELD_BACK = 0.05  # of the replies
_SILENT = 0.6  # of those who opened the chat
_SLOW_MS = 5_000

_QUESTIONS = {
    "homeowner": ("whether the home is theirs", "Ask for the bill first, or say why it matters."),
    "zip_code": ("for the postal code", "Say that it names the utility and the incentives."),
    "monthly_bill": ("for the bill", "Say that a guess is fine, and offer ranges as buttons."),
    "property_type": ("what kind of home it is", "Offer the kinds as buttons."),
    "shading": ("about shade", "Leave it to the survey."),
    "roof_age": ("how old the roof is", "Leave it to the survey."),
    "timeline": ("when they want it", "Ask later, after the estimate."),
    "decision_maker": ("who decides", "Leave it to the first call."),
    "first_name": ("for their name", "Ask together with the way to reach them."),
    "consent": ("for consent", "Say what they get for it: the estimate by mail, or a survey."),
    "phone": ("for the phone number", "Ask later, or offer e-mail beside it."),
    "email": ("for the e-mail address", "Offer to send them the estimate."),
    "survey": ("for a survey", "Show the free times at once."),
}


@dataclass(frozen=True)
class Counted:
    """The conversations of some days of one market, added up. Money in its currency."""

    currency: str
    conversations: int = 0
    answered: int = 0
    replies: int = 0
    reply_ms: int | None = None
    asked: Mapping[str, int] | None = None
    left_at: Mapping[str, int] | None = None
    hand_overs: Mapping[str, int] | None = None
    held_back: int = 0
    leads: int = 0
    potential: Decimal = Decimal(0)


@dataclass(frozen=True)
class Advice:
    """One thing to change. `at_stake`: what those people would have been worth, or None."""

    code: str
    words: str
    evidence: str
    at_stake: Money | None = None


def advice(counted: Counted) -> list[Advice]:
    """Everything the rules find, the most money first."""
    found = [*_leaving(counted), *_refusing(counted), *_talking(counted), *_speaking(counted)]
    return sorted(
        found, key=lambda one: (-(one.at_stake.amount if one.at_stake else Decimal(0)), one.code)
    )


def _leaving(counted: Counted) -> Iterator[Advice]:
    """Questions at which people go."""
    for key, asked in sorted((counted.asked or {}).items()):
        left = min((counted.left_at or {}).get(key, 0), asked)
        if key in _QUESTIONS and _is_more(left, asked, _LEAVES):
            named, cure = _QUESTIONS[key]
            yield Advice(
                f"leaves:{key}",
                f"{left / asked:.0%} leave when asked {named}. {cure}",
                f"{left} of {asked} said nothing more",
                _worth(counted, left),
            )


def _refusing(counted: Counted) -> Iterator[Advice]:
    """Openings nobody answers."""
    silent = counted.conversations - counted.answered
    if _is_more(silent, counted.conversations, _SILENT):
        yield Advice(
            "silent",
            f"{silent / counted.conversations:.0%} open the chat and write nothing."
            " Try another opening line.",
            f"{silent} of {counted.conversations} conversations",
            _worth(counted, silent),
        )


def _talking(counted: Counted) -> Iterator[Advice]:
    """Reasons for which a person is called."""
    hand_overs = counted.hand_overs or {}
    lost = hand_overs.get("not_understood", 0)
    if _is_more(lost, counted.answered, _NOT_UNDERSTOOD):
        yield Advice(
            "not_understood",
            f"{lost / counted.answered:.0%} are not understood. Read them, and teach it.",
            f"{lost} of {counted.answered} were handed over as not understood",
            _worth(counted, lost),
        )
    asked = hand_overs.get("request", 0)
    if _is_more(asked, counted.answered, _WANTS_A_PERSON):
        yield Advice(
            "wants_a_person",
            f"{asked / counted.answered:.0%} ask for a person. Have more people in the inbox at"
            " those hours.",
            f"{asked} of {counted.answered} asked for one",
        )


def _speaking(counted: Counted) -> Iterator[Advice]:
    """How replies came about."""
    tried = counted.replies + counted.held_back
    if _is_more(counted.held_back, tried, _HELD_BACK):
        yield Advice(
            "held_back",
            f"{counted.held_back / tried:.0%} of a vendor's replies are held back by the check."
            " Use another model, or add what it made up to the knowledge, if it is true.",
            f"{counted.held_back} of {tried} replies, each paid for and said by us instead",
        )
    if counted.reply_ms is not None and counted.replies >= LEAST and counted.reply_ms > _SLOW_MS:
        yield Advice(
            "slow",
            f"Half of the replies take longer than {counted.reply_ms / 1000:.0f} s. Put a quicker"
            " model first.",
            f"The median of {counted.replies} replies",
        )


def _is_more(part: int, whole: int, share: float) -> bool:
    """Whether the true share is higher, as far as so many people can tell."""
    return whole >= LEAST and wilson(Tally(whole, part)).low > share


def _worth(counted: Counted, people: int) -> Money | None:
    """What so many would have brought, had they gone on as those did who answered."""
    if not counted.answered or not counted.potential:
        return None
    return Money(counted.potential / counted.answered * people, counted.currency)
