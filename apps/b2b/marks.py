"""The six marks of a buyer, and what each weighs in a strategy. Pure."""

from __future__ import annotations

from collections.abc import Sequence

MARKS = ("revenue", "acceptance", "capacity", "quality", "geography", "history")
# The weights of each mark, in that order. `weighted` is the formula of the requirements; what is
# optimal is revenue, after the room that it takes.
STRATEGIES: dict[str, tuple[float, ...]] = {
    "weighted": (0.40, 0.25, 0.15, 0.10, 0.05, 0.05),
    "revenue": (1.0, 0.0, 0.0, 0.0, 0.0, 0.0),
    "capacity": (0.0, 0.0, 1.0, 0.0, 0.0, 0.0),
    "quality": (0.0, 0.0, 0.0, 1.0, 0.0, 0.0),
    "balanced": (0.25, 0.25, 0.25, 0.25, 0.0, 0.0),
    "optimal": (1.0, 0.0, 0.0, 0.0, 0.0, 0.0),
}
# How well a lead's tier suits a buyer's: 100 is what that buyer lives on.
SUITS: dict[str, dict[str, float]] = {
    "premium": {"premium": 100, "standard": 60, "basic": 20, "unqualified": 0},
    "standard": {"premium": 80, "standard": 100, "basic": 60, "unqualified": 10},
    "volume": {"premium": 50, "standard": 80, "basic": 100, "unqualified": 40},
    "direct": {"premium": 100, "standard": 80, "basic": 40, "unqualified": 0},
}
ANYWHERE = 60.0  # a buyer that names no territory wants none in particular

_MARK_WORDS = {
    "revenue": "expected revenue",
    "acceptance": "acceptance",
    "capacity": "room in its caps",
    "quality": "suiting this lead",
    "geography": "wanting this place",
    "history": "its history",
}


def strongest(marks: Sequence[float], strategy: str) -> str:
    """The two marks that brought a buyer most, in words."""
    shares = zip(STRATEGIES[strategy], marks, MARKS, strict=True)
    ranked = sorted(((weight * mark, name) for weight, mark, name in shares), reverse=True)
    return " and ".join(_MARK_WORDS[name] for gain, name in ranked[:2] if gain)
