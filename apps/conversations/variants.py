"""Which of several variants somebody gets, and what may be said of their difference. Pure.

A comparison has a horizon that was fixed before it began: the first `HORIZON` visitors of each
variant decide, and nothing before or after them. Whoever looks every morning and stops when it
looks good finds a winner far more often than one time in twenty; here looking early shows nothing
to stop for. Several variants share the one chance in twenty of being wrong (Bonferroni).
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import NormalDist

HORIZON = 400
WRONG = 0.05  # how often a difference is called one that is none, over a whole comparison


class Verdict(StrEnum):
    """What the first `HORIZON` visitors of a variant say of it, beside the oldest one."""

    FIRST = "first"  # the one the others are compared with
    NOT_ENOUGH = "not_enough"
    NO_DIFFERENCE = "no_difference"  # none that shows with so many visitors
    BETTER = "better"
    WORSE = "worse"


@dataclass(frozen=True)
class Interval:
    """Where a share, or the difference of two, lies but for the chance of being wrong."""

    low: float
    high: float


@dataclass(frozen=True)
class Tally:
    """Of so many visitors of a variant so many did what counts."""

    visitors: int
    reached: int

    @property
    def share(self) -> float | None:
        return self.reached / self.visitors if self.visitors else None


@dataclass(frozen=True)
class Comparison:
    """A variant beside the first one. `difference` is None while there is not enough to tell."""

    verdict: Verdict
    missing: int = 0  # visitors until the horizon, of this variant or of the first
    difference: Interval | None = None


def choose(key: bytes, weights: Mapping[str, int]) -> str | None:
    """A name among those with a weight, each as often as its weight says; the same for a key.

    The order of `weights` is part of the rule. None when nothing has a weight.
    """
    total = sum(weights.values())
    if total <= 0:
        return None
    left = int.from_bytes(hashlib.sha256(b"variant:" + key).digest()[:8]) % total
    for name, weight in weights.items():
        if left < weight:
            return name
        left -= weight
    return None


def wilson(tally: Tally, *, wrong: float = WRONG) -> Interval:
    """Where the true share lies, by Wilson's score: right for few visitors and for shares near 0.

    Of nobody at all everything is possible.
    """
    n = tally.visitors
    if not n:
        return Interval(0.0, 1.0)
    z = NormalDist().inv_cdf(1 - wrong / 2)
    share = tally.reached / n
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    reach = z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    # Of nobody, or of all, the formula's own end is the share but for a rounding error.
    return Interval(max(0.0, min(share, middle - reach)), min(1.0, max(share, middle + reach)))


def newcombe(first: Tally, other: Tally, *, wrong: float = WRONG) -> Interval:
    """Where the difference `other` minus `first` lies, by Newcombe's way from two Wilson intervals.

    Both must have visitors.
    """
    one, two = wilson(first, wrong=wrong), wilson(other, wrong=wrong)
    share, others = first.reached / first.visitors, other.reached / other.visitors
    difference = others - share
    return Interval(
        difference - math.hypot(others - two.low, one.high - share),
        difference + math.hypot(two.high - others, share - one.low),
    )


def compare(tallies: Sequence[Tally], *, horizon: int = HORIZON) -> list[Comparison]:
    """Each variant beside the first of them. A tally holds at most the first `horizon` visitors."""
    if not tallies:
        return []
    first, *others = tallies
    wrong = WRONG / max(1, len(others))
    return [
        Comparison(Verdict.FIRST, missing=max(0, horizon - first.visitors)),
        *(_beside(first, other, horizon, wrong) for other in others),
    ]


def _beside(first: Tally, other: Tally, horizon: int, wrong: float) -> Comparison:
    missing = max(0, horizon - min(first.visitors, other.visitors))
    if missing:
        return Comparison(Verdict.NOT_ENOUGH, missing=missing)
    difference = newcombe(first, other, wrong=wrong)
    if difference.low > 0:
        return Comparison(Verdict.BETTER, difference=difference)
    if difference.high < 0:
        return Comparison(Verdict.WORSE, difference=difference)
    return Comparison(Verdict.NO_DIFFERENCE, difference=difference)
