"""What a door says of a request that is no new lead: it belongs somewhere already, or nowhere."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID


@dataclass(frozen=True)
class Settled:
    """The request is dealt with. `lead_pk`: whose it was; None for nobody's."""

    lead_pk: int | None


Settler = Callable[[UUID, Mapping[str, Any], datetime], Settled | None]


def settle_nothing(event_id: UUID, payload: Mapping[str, Any], now: datetime) -> None:
    """For doors where everything that comes in goes the whole road."""
