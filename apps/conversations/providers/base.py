"""What a provider of speech is to us."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal, Protocol

from apps.core.errors import ProcessingError


class ProviderFailed(ProcessingError):
    """No usable answer: refused, too slow, broken off, or nonsense. The chain goes on."""


Role = Literal["user", "assistant"]


@dataclass(frozen=True)
class Account:
    """What a provider is reached with. `seconds` for each wait, `retries` within the whole time."""

    name: str
    key: str = field(repr=False)
    url: str
    model: str
    seconds: float
    retries: int


@dataclass(frozen=True)
class Prompt:
    """What a provider is asked: the rules and facts, and the conversation, oldest first.

    `turns` are ("user" | "assistant", text); the last one is the visitor's.
    """

    rules: str
    turns: Sequence[tuple[Role, str]]
    most_tokens: int = 300


@dataclass
class Usage:
    """Tokens a call took, filled in while it streams."""

    input_tokens: int = 0
    output_tokens: int = 0


class Provider(Protocol):
    """A speaker outside. `timeout` in seconds, for the whole answer; prices in US dollars."""

    name: str
    model: str
    timeout: float

    def stream(self, prompt: Prompt, *, seconds: float, usage: Usage) -> Generator[str]:
        """The answer, piece by piece, within `seconds`. Raises ProviderFailed."""
        ...

    def cost(self, usage: Usage) -> Decimal:
        """What the call cost, in US dollars."""
        ...

    def priced_by(self) -> str:
        """What the cost rests on, in words."""
        ...
