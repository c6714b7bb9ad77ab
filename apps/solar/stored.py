"""Frozen dataclasses as JSON and back, exactly: what a stored estimate is made again from. Pure.

Numbers of type `Decimal` are kept as text, so that no digit is lost; days as ISO 8601.
"""

from __future__ import annotations

import hashlib
import json
import types
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")


def to_json(value: Any) -> Any:
    """`value` as JSON can hold it: dataclasses, tuples, numbers, days, texts."""
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: to_json(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Decimal | date):
        return str(value)
    if isinstance(value, tuple | list):
        return [to_json(item) for item in value]
    return value


def from_json(kind: type[T], stored: Any) -> T:
    """What `to_json` was given. A field the stored form does not know keeps its default."""
    hints = get_type_hints(kind)
    known = {field.name for field in fields(kind)} & set(stored)  # type: ignore[arg-type]  # always a dataclass
    return kind(**{name: _read(hints[name], stored[name]) for name in known})


def digest_of(value: Any) -> str:
    """Equal for equal JSON."""
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()


def _read(hint: Any, stored: Any) -> Any:
    if get_origin(hint) in {Union, types.UnionType}:
        if stored is None:
            return None
        hint = next(kind for kind in get_args(hint) if kind is not type(None))
    if get_origin(hint) is tuple:
        return tuple(_read(get_args(hint)[0], item) for item in stored)
    if is_dataclass(hint):
        return from_json(hint, stored)  # type: ignore[arg-type]  # a class, not an instance
    if hint is Decimal:
        return Decimal(stored)
    if hint is date:
        return date.fromisoformat(stored)
    if hint is float:
        return float(stored)
    return stored
