"""What of a list's address belongs to a saved view: what narrows and orders it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from apps.core.errors import InvalidInput

Parameters = dict[str, list[str]]

# Of the moment: the page one is on, a note of the admin, the view itself.
_OF_THE_MOMENT = {"p", "e", "all", "view", "_facets", "_popup", "_to_field", "csrfmiddlewaretoken"}
_MOST, _LONGEST = 30, 300


def parameters_read(stated: Mapping[str, Any]) -> Parameters:
    """The parameters worth keeping, in order, without empty ones.

    Raises InvalidInput for more, or longer ones, than a list can mean.
    """
    kept: Parameters = {}
    for name, values in sorted(stated.items()):
        if name in _OF_THE_MOMENT:
            continue
        texts = [str(value) for value in _listed(values) if str(value)]
        if texts:
            kept[name] = texts
    if len(kept) > _MOST:
        raise InvalidInput(details={"parameters": [f"At most {_MOST} of them."]})
    if any(len(text) > _LONGEST for name, texts in kept.items() for text in (name, *texts)):
        raise InvalidInput(details={"parameters": [f"At most {_LONGEST} characters each."]})
    return kept


def address(parameters: Mapping[str, Iterable[str]], **more: str) -> str:
    """`?…` of a list with these parameters; "?" alone without any."""
    return "?" + urlencode({**parameters, **more}, doseq=True)


def uuid_read(text: str) -> UUID:
    """An id out of a form; one that is nobody's for what is no id."""
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)


def _listed(values: Any) -> Iterable[Any]:
    return values if isinstance(values, list | tuple) else [values]
