"""Who speaks in the chat: the vendors with a key, in an order, each with an address and a model."""

from __future__ import annotations

from decimal import Decimal

from django.core.exceptions import ImproperlyConfigured

from solar_crm.settings.environment import env, secret

CHAT_ACCOUNTS: dict[str, dict[str, str]] = {
    "cohere": {
        "key": secret("COHERE_API_KEY", ""),
        "url": env.str("COHERE_URL", "https://api.cohere.com"),
        "model": env.str("COHERE_MODEL", "command-a-03-2025"),
    },
    "openai": {
        "key": secret("OPENAI_API_KEY", ""),
        "url": env.str("OPENAI_URL", "https://api.openai.com/v1"),
        "model": env.str("OPENAI_MODEL", "gpt-4.1-mini"),
    },
    "anthropic": {
        "key": secret("ANTHROPIC_API_KEY", ""),
        "url": env.str("ANTHROPIC_URL", "https://api.anthropic.com"),
        "model": env.str("ANTHROPIC_MODEL", "claude-haiku-5-5"),
    },
}
CHAT_PROVIDERS: list[str] = env.list("CHAT_PROVIDERS", list(CHAT_ACCOUNTS))
if unknown := set(CHAT_PROVIDERS) - CHAT_ACCOUNTS.keys():
    raise ImproperlyConfigured(f"CHAT_PROVIDERS: nobody is called {', '.join(sorted(unknown))}.")
# For one provider's whole answer; all of them together have twelve seconds.
CHAT_PROVIDER_SECONDS = env.float("CHAT_PROVIDER_SECONDS", 6.0)
CHAT_PROVIDER_RETRIES = env.int("CHAT_PROVIDER_RETRIES", 1)
CHAT_DAILY_BUDGET_USD: Decimal = env.decimal("CHAT_DAILY_BUDGET_USD", Decimal(10))
