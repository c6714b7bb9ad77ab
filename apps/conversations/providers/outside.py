"""A provider by its folder: how it is asked stands in its `client`, what it costs in `prices`,
unless staff know better."""

from __future__ import annotations

import time
from collections.abc import Generator
from dataclasses import replace
from decimal import Decimal
from importlib import import_module

from apps.conversations.prices import price_of
from apps.conversations.providers.base import Account, Prompt, ProviderFailed, Usage
from apps.conversations.providers.streaming import pieces_within
from apps.core.errors import Permanent, Unreachable
from apps.core.http import require_callable

_LETTERS_OF_A_TOKEN = 4


class Outside:
    """One of the vendors, by an account of ours. See `base.Provider`."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self.name, self.model, self.timeout = account.name, account.model, account.seconds

    def stream(self, prompt: Prompt, *, seconds: float, usage: Usage) -> Generator[str]:
        """The answer, piece by piece, within `seconds`. Raises ProviderFailed.

        The vendor's client is loaded at the first call: a system without keys never pays for it.
        """
        ends_at = time.monotonic() + seconds
        try:
            require_callable(self._account.url)
        except (Permanent, Unreachable) as error:
            raise ProviderFailed(str(error)) from error
        client = import_module(f"apps.conversations.providers.{self.name}.client")
        account = replace(self._account, seconds=seconds)
        letters = 0
        try:
            for piece in pieces_within(client.talk(account, prompt, usage), ends_at=ends_at):
                letters += len(piece)
                yield piece
        finally:
            _count_what_was_cut(prompt, usage, letters)

    def cost(self, usage: Usage) -> Decimal:
        """What the call cost, in US dollars."""
        return price_of(self.name, self.model).of(usage)

    def priced_by(self) -> str:
        """What the cost rests on, in words."""
        return price_of(self.name, self.model).words


def _count_what_was_cut(prompt: Prompt, usage: Usage, letters: int) -> None:
    """A stream that did not come to its end has told no usage, and is paid for all the same."""
    if letters and not usage.output_tokens:
        usage.output_tokens = letters // _LETTERS_OF_A_TOKEN + 1
        asked = len(prompt.rules) + sum(len(text) for _, text in prompt.turns)
        usage.input_tokens = usage.input_tokens or asked // _LETTERS_OF_A_TOKEN
