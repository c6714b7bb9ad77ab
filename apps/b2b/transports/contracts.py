"""What every transport is given, and what it gives back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol

from apps.core.errors import Unreachable


@dataclass(frozen=True)
class Setting:
    """One thing a transport has to be told, as the form asks for it."""

    name: str
    label: str
    help: str = ""
    required: bool = True
    secret: bool = False
    default: str = ""


@dataclass(frozen=True)
class Parcel:
    """One try of a delivery. `key` is the same on every try of the same delivery."""

    key: str
    body: bytes
    content_type: str
    endpoint: Mapping[str, Any]
    credentials: Mapping[str, Any]
    now: datetime
    is_test: bool = False


@dataclass(frozen=True)
class Reply:
    """What came back. `status` is None where the way has no answers: arrived is accepted."""

    status: int | None
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


class NotNow(Unreachable):
    """Somebody is there and wants it later: surely nothing was taken, and they will answer."""


class Transport(Protocol):
    """A way to a buyer.

    `send` raises Unreachable when nothing was sent (NotNow, when they were there), Retryable when
    it is not known whether anything was taken, Permanent when it cannot be sent as it is.
    """

    @property
    def label(self) -> str: ...

    @property
    def body(self) -> Literal["json", "csv"]: ...

    @property
    def settings(self) -> tuple[Setting, ...]: ...

    @property
    def template(self) -> Mapping[str, Any]: ...

    def send(self, parcel: Parcel) -> Reply: ...

    def reach(self, endpoint: Mapping[str, Any], credentials: Mapping[str, Any]) -> str:
        """Say that the other side is there, in words; raises like `send`. Sends no lead."""
