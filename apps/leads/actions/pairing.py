"""What a merge says of a suggested pair. Apart from `suggesting`, so that merging can say it."""

from __future__ import annotations

from datetime import datetime

from apps.leads.models import DuplicateSuggestion
from apps.users.models import User

State = DuplicateSuggestion.State


def pair_note_merged(one_pk: int, other_pk: int, *, actor: User, now: datetime) -> None:
    """The two were merged, whoever suggested it."""
    _decide(one_pk, other_pk, State.MERGED, actor, now)


def pair_note_unmerged(one_pk: int, other_pk: int, *, actor: User, now: datetime) -> None:
    """The merge was a mistake: they are two people."""
    _decide(one_pk, other_pk, State.DISMISSED, actor, now)


def _decide(one_pk: int, other_pk: int, state: str, actor: User, now: datetime) -> None:
    first, second = sorted((one_pk, other_pk))
    DuplicateSuggestion.objects.filter(first=first, second=second).update(
        state=state, decided_by=actor, decided_at=now
    )
