"""Somebody else's stream, read by us within a time that holds whatever they do.

The vendors' clients bound each wait, not the whole: a word every few seconds would keep a visitor
for ever. Here the stream is cut at its deadline, in the middle of a wait if need be.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Generator

from apps.conversations.providers.base import ProviderFailed


def pieces_within(pieces: AsyncIterator[str], *, ends_at: float) -> Generator[str]:
    """The pieces of a stream until it ends. Raises ProviderFailed for any other end.

    `ends_at` is a moment of `time.monotonic`. Whoever stops reading ends the stream.
    """
    with asyncio.Runner() as loop:
        while True:
            try:
                yield loop.run(_next(pieces, ends_at - time.monotonic()))
            except StopAsyncIteration:
                return
            except TimeoutError as error:
                raise ProviderFailed("Too slow") from error
            except ProviderFailed:
                raise
            except Exception as error:
                # What a vendor's client may raise has no end; it all means: no answer from there.
                raise ProviderFailed(_words(error)) from error


async def _next(pieces: AsyncIterator[str], seconds: float) -> str:
    async with asyncio.timeout(seconds):
        return await anext(pieces)


def _words(error: Exception) -> str:
    """The kind of an error and its status. Never its text: that may quote the visitor, or a key."""
    status = getattr(error, "status_code", None)
    return f"{type(error).__name__} {status or ''}".strip()
