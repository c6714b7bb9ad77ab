"""Panels: a room shows something on the page of an object that belongs to a lower room.

The journeys of a lead stand on the lead's page, yet `leads` must not know of `pipeline`. So the
page asks here, and `pipeline` has registered what it wants to show.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest


@dataclass(frozen=True)
class Panel:
    """A part of a page: its heading, and the template and words it is made from."""

    title: str
    template: str
    context: dict[str, Any] = field(default_factory=dict)
    count: int | None = None


Maker = Callable[[HttpRequest, Any], Panel | None]
_makers: dict[str, list[tuple[int, Maker]]] = defaultdict(list)


def page_panel(model: str, *, place: int = 50) -> Callable[[Maker], Maker]:
    """Register what makes a panel for the pages of `model` ("leads.lead"); None shows nothing.

    Panels with a lower `place` stand higher on the page.
    """

    def register(maker: Maker) -> Maker:
        _makers[model].append((place, maker))
        return maker

    return register


def panels_of(request: HttpRequest, row: Any) -> list[Panel]:
    """The panels of an object's page, from top to bottom."""
    ranked = sorted(_makers[row._meta.label_lower], key=lambda ranked: ranked[0])
    made = (maker(request, row) for _, maker in ranked)
    return [panel for panel in made if panel is not None]
