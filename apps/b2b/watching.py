"""What about the exchange staff have to know, and how much it presses. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

Level = Literal["info", "warning", "critical"]

LOW_WALLET_LEADS = 3  # a wallet that does not reach for so many at the floor is nearly empty
POOR_ACCEPTANCE = 0.5
ENOUGH_SAMPLES = 10
MANY_MANUAL = 10
DOWN_AFTER = 5  # failures in a row: the router rests a buyer then, too
LONG_FAILING = 8


@dataclass(frozen=True)
class BuyerWatched:
    """A buyer as the watch sees it. `leads_left`: how many more its money reaches for."""

    key: str
    name: str
    is_paused: bool = False
    paused_because: str = ""
    failures_in_a_row: int = 0
    is_healthy: bool | None = None
    health_words: str = ""
    acceptance: float = 1.0
    samples: int = 0
    leads_left: int | None = None
    full_caps: tuple[str, ...] = ()
    given_up: int = 0  # deliveries of the last hour that surely did not arrive
    differs_by: str = ""  # its account from the sum of its ledger entries


@dataclass(frozen=True)
class PlanWatched:
    """The bid prices of a market that leads go by: how old they are, None when there are none."""

    market: str
    name: str
    hours: float | None


@dataclass(frozen=True)
class Condition:
    """Something that lasts: one open alert for each `key`, until it is over."""

    key: str
    level: Level
    title: str
    words: str
    buyer: str = ""


def conditions(
    buyers: Iterable[BuyerWatched],
    *,
    manual: int,
    unsold: int,
    late_minutes: int,
    old_plans: Iterable[PlanWatched] = (),
) -> Iterator[Condition]:
    """Everything that is wrong now.

    `manual` deliveries wait for a person, `unsold` leads of the last hour found no buyer, the
    oldest due delivery is `late_minutes` late, and `old_plans` are too old to be gone by.
    """
    for buyer in buyers:
        yield from _of_buyer(buyer)
    for plan in old_plans:
        age = "were never computed" if plan.hours is None else f"are {plan.hours:.0f} hours old"
        yield Condition(
            f"plan:{plan.market}",
            "warning",
            f"The bid prices of {plan.name} {age}",
            "The strategy “optimal” keeps no room for better leads: it sells to whoever pays most."
            " They are computed every hour by the workers of the queue “analytics”.",
        )
    if manual:
        yield Condition(
            "manual-queue",
            "critical" if manual >= MANY_MANUAL else "warning",
            f"{manual} {'delivery needs' if manual == 1 else 'deliveries need'} a person",
            "Ask the buyer whether they have it, and say so on the delivery's page.",
        )
    if unsold >= 3:
        yield Condition(
            "unsold",
            "warning",
            f"{unsold} leads of the last hour found no buyer",
            "Their traces say why: filters, caps, hours or money of the buyers.",
        )
    if late_minutes >= 10:
        yield Condition(
            "late",
            "critical",
            f"Deliveries are {late_minutes} minutes late",
            "Workers of the delivery queue do not keep up, or none is running.",
        )


def _of_buyer(buyer: BuyerWatched) -> Iterator[Condition]:
    if buyer.differs_by:
        yield _condition(
            buyer,
            "account",
            "critical",
            f"The account of {buyer.name} does not add up",
            f"It differs from its ledger entries by {buyer.differs_by}: its limits may not hold.",
        )
    if buyer.is_paused:
        yield _condition(
            buyer,
            "paused",
            "warning",
            f"{buyer.name} is paused",
            f"{buyer.paused_because}. Talk to them, then resume.",
        )
        return
    if buyer.failures_in_a_row >= DOWN_AFTER:
        # Until it has taken something: the end of a pause between tries is no answer.
        level: Level = "critical" if buyer.failures_in_a_row >= LONG_FAILING else "warning"
        yield _condition(
            buyer,
            "down",
            level,
            f"{buyer.name} does not answer",
            f"{buyer.failures_in_a_row} tries in a row failed. The next lead shows whether it is"
            " back; a test lead from its page shows it at once.",
        )
    elif buyer.is_healthy is False:
        yield _condition(
            buyer, "unhealthy", "warning", f"{buyer.name} cannot be reached", buyer.health_words
        )
    if buyer.given_up:
        yield _condition(
            buyer,
            "given-up",
            "warning",
            f"{buyer.given_up} {'lead' if buyer.given_up == 1 else 'leads'} could not be delivered"
            f" to {buyer.name}",
            "To others, where any wanted it. Look at the answers, mend address or mapping.",
        )
    if buyer.samples >= ENOUGH_SAMPLES and buyer.acceptance < POOR_ACCEPTANCE:
        yield _condition(
            buyer,
            "poor",
            "warning",
            f"{buyer.name} takes {buyer.acceptance:.0%} of what it is sent",
            "Its reasons are in its sales: narrow its filters, or talk to them.",
        )
    if buyer.leads_left is not None and buyer.leads_left < LOW_WALLET_LEADS:
        yield _condition(
            buyer,
            "wallet",
            "warning" if buyer.leads_left == 0 else "info",
            f"{buyer.name} is nearly out of money",
            f"It reaches for {buyer.leads_left} more at the price of its last lead. Ask for a"
            " payment.",
        )
    if buyer.full_caps:
        yield _condition(
            buyer, "cap", "info", f"{buyer.name} has reached a cap", "; ".join(buyer.full_caps)
        )


def _condition(buyer: BuyerWatched, what: str, level: Level, title: str, words: str) -> Condition:
    return Condition(f"{what}:{buyer.key}", level, title, words, buyer.key)
