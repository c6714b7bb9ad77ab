"""Lists of the theme, made quicker than the theme makes them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from unfold.templatetags import unfold_list

Heads = list[dict[str, Any]]


def work_out_heads_once() -> None:
    """The heads of a list are worked out once for it.

    The theme does so again for each row, to name its cells on a phone: for thirty rows that is as
    much work as the rows themselves.
    """
    unfold_list.result_headers = _once(unfold_list.result_headers)


def _once(result_headers: Callable[[Any], Iterable[dict[str, Any]]]) -> Callable[[Any], Heads]:
    def heads(changelist: Any) -> Heads:
        if not hasattr(changelist, "heads"):
            changelist.heads = list(result_headers(changelist))
        found: Heads = changelist.heads
        return found

    return heads
