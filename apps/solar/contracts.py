"""What this room tells others of a place."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    """What is known of a postal code. `territory_pk` None: a real code where we do not work."""

    market: str
    postal_code: str
    territory_pk: int | None = None
    territory_code: str = ""
    service: str = "outside"
    neighborhood: str = ""
    utility: str = ""
    adoption_index: int | None = None
    demand_index: int | None = None
    income_rank: int | None = None
