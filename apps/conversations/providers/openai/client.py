"""OpenAI's own client, asked for one reply."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import openai

from apps.conversations.providers.base import Account, Prompt, ProviderFailed, Usage


async def talk(account: Account, prompt: Prompt, usage: Usage) -> AsyncIterator[str]:
    """The reply as it streams. Raises ProviderFailed when it ends before its end."""
    ending = ""
    # Any: the vendor's types have one class for each role.
    turns: list[Any] = [
        {"role": "system", "content": prompt.rules},
        *({"role": role, "content": text} for role, text in prompt.turns),
    ]
    async with openai.AsyncOpenAI(
        api_key=account.key,
        base_url=account.url,
        timeout=account.seconds,
        max_retries=account.retries,
    ) as client:
        chunks = await client.chat.completions.create(
            model=account.model,
            messages=turns,
            max_completion_tokens=prompt.most_tokens,
            stream=True,
            stream_options={"include_usage": True},
        )
        async for chunk in chunks:
            if chunk.usage:
                usage.input_tokens = chunk.usage.prompt_tokens
                usage.output_tokens = chunk.usage.completion_tokens
            for choice in chunk.choices[:1]:
                ending = choice.finish_reason or ending
                if choice.delta.content:
                    yield choice.delta.content
    if ending != "stop":
        raise ProviderFailed(f"Not whole: {ending or 'broken off'}")
