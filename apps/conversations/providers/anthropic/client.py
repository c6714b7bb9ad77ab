"""Anthropic's own client, asked for one reply."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import anthropic

from apps.conversations.providers.base import Account, Prompt, ProviderFailed, Usage

_WHOLE = {"end_turn", "stop_sequence"}


async def talk(account: Account, prompt: Prompt, usage: Usage) -> AsyncIterator[str]:
    """The reply as it streams. Raises ProviderFailed when it ends before its end."""
    ending = ""
    # Any: the vendor's types have one class for each role.
    turns: list[Any] = [{"role": role, "content": text} for role, text in prompt.turns]
    async with anthropic.AsyncAnthropic(
        api_key=account.key,
        base_url=account.url,
        timeout=account.seconds,
        max_retries=account.retries,
    ) as client:
        events = await client.messages.create(
            model=account.model,
            system=prompt.rules,
            messages=turns,
            max_tokens=prompt.most_tokens,
            # Three sentences from a draft need no thought, and thought would eat the tokens.
            thinking={"type": "disabled"},
            stream=True,
        )
        async for event in events:
            if event.type == "message_start":
                usage.input_tokens = event.message.usage.input_tokens
            elif event.type == "content_block_delta" and event.delta.type == "text_delta":
                yield event.delta.text
            elif event.type == "message_delta":
                ending = event.delta.stop_reason or ""
                usage.output_tokens = event.usage.output_tokens
    if ending not in _WHOLE:
        raise ProviderFailed(f"Not whole: {ending or 'broken off'}")
