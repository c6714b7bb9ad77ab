"""How many buyers may have one lead, and who of a ranking joins. Pure.

Each buyer that shares was promised with how many in all. The smallest of these promises holds for
everybody who has the lead.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from apps.b2b.routing import Candidate


def places_left(promises: Collection[int], share_up_to: int) -> int:
    """How many more may join those who have the lead; `promises` are theirs, one for each."""
    return min((share_up_to, *promises)) - len(promises)


def joining(
    ranked: Sequence[Candidate], promises: Collection[int], share_up_to: int
) -> list[Candidate]:
    """The best of the ranking, and the next that share with as many as there will be.

    Whoever would break a promise is passed over: one made before, or to a better one.
    """
    chosen: list[Candidate] = []
    up_to = min((share_up_to, *promises))
    for one in ranked:
        room = min(up_to, one.share_limit)
        if len(promises) + len(chosen) < room:
            chosen.append(one)
            up_to = room
    return chosen
