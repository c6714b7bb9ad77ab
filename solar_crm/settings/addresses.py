"""Addresses of pages in the menu and the tabs, which settings can name before there are any."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.urls import reverse


class PageAddress:
    """The address of a page of the admin, looked up once a process.

    The theme holds each entry of the menu against each tab, on every page: with `reverse_lazy`
    that is three thousand look-ups, and a third of the time a list takes.
    """

    def __init__(self, name: str) -> None:
        self.name = name

    def __str__(self) -> str:
        return _reversed(self.name)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, PageAddress) and self.name == other.name

    def __hash__(self) -> int:
        return hash(self.name)

    def __deepcopy__(self, memo: Any) -> PageAddress:
        return self


@cache
def _reversed(name: str) -> str:
    return reverse(f"admin:{name}")
