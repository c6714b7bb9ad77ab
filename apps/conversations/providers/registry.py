"""The providers that can be asked, in their order. A new one is a folder and its settings."""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings

from apps.conversations.providers.base import Account, Provider
from apps.conversations.providers.outside import Outside


def providers_in_use() -> Sequence[Provider]:
    """Those with a key, in the order of `CHAT_PROVIDERS`. Without any the built-in one speaks."""
    return [
        Outside(
            Account(
                name=name,
                **settings.CHAT_ACCOUNTS[name],
                seconds=settings.CHAT_PROVIDER_SECONDS,
                retries=settings.CHAT_PROVIDER_RETRIES,
            )
        )
        for name in settings.CHAT_PROVIDERS
        if settings.CHAT_ACCOUNTS[name]["key"]
    ]
