"""The cache that forgives: while Redis is away everything is a miss and nothing breaks."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

import redis
from django.core.cache.backends.redis import RedisCache

_logger = logging.getLogger("cache")


class ForgivingRedisCache(RedisCache):
    """Django's Redis cache, answering as an empty cache when Redis cannot be reached.

    Rate limits and other conveniences live here; nothing whose loss would matter does.
    """

    def add(self, *args: Any, **kwargs: Any) -> bool:
        return bool(self._forgive(super().add, False, *args, **kwargs))

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        return self._forgive(super().get, default, key, default, version)

    def set(self, *args: Any, **kwargs: Any) -> None:
        self._forgive(super().set, None, *args, **kwargs)

    def touch(self, *args: Any, **kwargs: Any) -> bool:
        return bool(self._forgive(super().touch, False, *args, **kwargs))

    def delete(self, *args: Any, **kwargs: Any) -> bool:
        return bool(self._forgive(super().delete, False, *args, **kwargs))

    def get_many(self, *args: Any, **kwargs: Any) -> dict[Any, Any]:
        found: dict[Any, Any] = self._forgive(super().get_many, {}, *args, **kwargs)
        return found

    def has_key(self, *args: Any, **kwargs: Any) -> bool:
        return bool(self._forgive(super().has_key, False, *args, **kwargs))

    def incr(self, key: Any, delta: int = 1, version: int | None = None) -> int:
        try:
            return int(super().incr(key, delta, version))
        except redis.RedisError as error:
            # What Django's own caches raise for a key that is not there.
            raise ValueError("The cache is not available") from error

    def set_many(self, data: Any, *args: Any, **kwargs: Any) -> list[Any]:
        missed: list[Any] = self._forgive(super().set_many, list(data), data, *args, **kwargs)
        return missed

    def delete_many(self, *args: Any, **kwargs: Any) -> None:
        self._forgive(super().delete_many, None, *args, **kwargs)

    def clear(self) -> None:
        self._forgive(super().clear, None)

    def _forgive(
        self, operation: Callable[..., Any], otherwise: Any, *args: Any, **kwargs: Any
    ) -> Any:
        try:
            return operation(*args, **kwargs)
        except redis.RedisError as error:
            _logger.warning("cache.unavailable", extra={"error": type(error).__name__})
            return otherwise
