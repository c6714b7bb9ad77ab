"""Many posts at once from outside, as a busy evening brings them."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import httpx

Post = tuple[str, dict[str, Any], dict[str, str]]  # door, body, headers


def post_all(url: str, posts: Sequence[Post], *, at_once: int = 64) -> list[httpx.Response]:
    """Send all posts, `at_once` at a time; the answers in the same order."""
    return asyncio.run(_post_all(url, posts, at_once))


async def _post_all(url: str, posts: Sequence[Post], at_once: int) -> list[httpx.Response]:
    limits = httpx.Limits(max_connections=at_once, max_keepalive_connections=at_once)
    async with httpx.AsyncClient(base_url=url, limits=limits, timeout=60) as client:
        return await asyncio.gather(
            *(
                client.post(f"/api/integrations/webhooks/{door}/", json=body, headers=headers)
                for door, body, headers in posts
            )
        )
