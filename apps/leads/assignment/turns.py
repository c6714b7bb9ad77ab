"""Whose turn it is among those who can take a lead. Pure.

Each turn everybody who could have taken it is owed their weight, and who takes it pays for all. The
one who is owed most is next; among equals the smaller key. With equal weights that is going round.

Who is away is owed nothing: nobody finds a heap of leads on their desk after a holiday, and nothing
of the gap comes back later.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace


@dataclass(frozen=True)
class Turns:
    """Where a team stands: what each person is owed, and who took the last lead."""

    owed: Mapping[int, int] = field(default_factory=dict)
    last: int | None = None


def next_turn(turns: Turns, weights: Mapping[int, int]) -> tuple[int, Turns]:
    """Who of those in `weights` takes the next lead, and where the team stands then.

    Raises ValueError when there is nobody.
    """
    if not weights:
        raise ValueError("A turn needs somebody to take it.")
    owed = {key: turns.owed.get(key, 0) + weight for key, weight in weights.items()}
    taker = min(owed, key=lambda key: (-owed[key], key))
    owed[taker] -= sum(weights.values())
    return taker, Turns({**turns.owed, **owed}, taker)


def next_after_last(turns: Turns, equals: Collection[int]) -> tuple[int, Turns]:
    """Who of `equals` comes after whoever took the last lead: nobody is owed anything for it.

    For leads that are shared out by load: there the load itself sees to it that shares are fair.
    """
    last = turns.last if turns.last is not None else 0
    taker = min(equals, key=lambda key: (key <= last, key))
    return taker, replace(turns, last=taker)
