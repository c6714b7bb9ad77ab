"""Cohere's own client, asked for one reply."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import cohere

from apps.conversations.providers.base import Account, Prompt, ProviderFailed, Usage

_WHOLE = {"COMPLETE", "STOP_SEQUENCE"}


async def talk(account: Account, prompt: Prompt, usage: Usage) -> AsyncIterator[str]:
    """The reply as it streams. Raises ProviderFailed when it ends before its end."""
    client = cohere.AsyncClientV2(
        account.key,
        base_url=account.url,
        timeout=account.seconds,
        max_retries=account.retries,
        log_warning_experimental_features=False,
    )
    ending = ""
    # Any: the vendor's types have one class for each role.
    turns: list[Any] = [
        {"role": "system", "content": prompt.rules},
        *({"role": role, "content": text} for role, text in prompt.turns),
    ]
    events = client.chat_stream(
        model=account.model,
        messages=turns,
        max_tokens=prompt.most_tokens,
    )
    async for event in events:
        if event.type == "content-delta":
            content = event.delta.message.content if event.delta and event.delta.message else None
            if content and content.text:
                yield content.text
        elif event.type == "message-end" and event.delta:
            ending = str(event.delta.finish_reason or "")
            billed = event.delta.usage.billed_units if event.delta.usage else None
            if billed:
                usage.input_tokens = int(billed.input_tokens or 0)
                usage.output_tokens = int(billed.output_tokens or 0)
    if ending not in _WHOLE:
        raise ProviderFailed(f"Not whole: {ending or 'broken off'}")
