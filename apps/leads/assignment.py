"""Whose turn it is. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Candidate:
    """Somebody who could take a lead. Keys are ordered: turns go round in that order."""

    key: int
    open_leads: int
    covers: bool  # the lead's territory


def choose(strategy: str, candidates: Sequence[Candidate], *, last: int | None) -> int | None:
    """The key of the person who takes the next lead; None when there is nobody.

    `round_robin` goes round; `least_loaded` takes the fewest open leads, in turn among equals;
    `territory` goes round among those who cover the place, or among all when nobody does.
    """
    in_turn = _after(last, sorted(candidates, key=lambda candidate: candidate.key))
    if strategy == "least_loaded":
        in_turn = sorted(in_turn, key=lambda candidate: candidate.open_leads)
    elif strategy == "territory":
        in_turn = [candidate for candidate in in_turn if candidate.covers] or in_turn
    return in_turn[0].key if in_turn else None


def _after(last: int | None, ordered: list[Candidate]) -> list[Candidate]:
    """The candidates beginning with the one after `last`."""
    if last is None:
        return ordered
    later = [candidate for candidate in ordered if candidate.key > last]
    return later + [candidate for candidate in ordered if candidate.key <= last]
