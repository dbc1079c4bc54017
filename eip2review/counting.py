"""Where guesses at passwords and codes are counted when several processes count together."""

from __future__ import annotations

import logging
import time
from typing import Any

from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

from eip2review.steady import SteadyCache

logger = logging.getLogger(__name__)

AWAY = 5.0
"""Seconds for which Redis is left alone once it did not answer."""
MOST = 20_000
"""What a process may remember for itself, of each count the newest."""


class SteadyRedisCache(RedisCache):
    """Counts in Redis; while that is away, in this process alone, so that people join and sign in as ever."""

    until = 0.0
    """Until when Redis is left alone, on the monotonic clock; the same for all threads."""

    def __init__(self, server: str | list[str], params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._own = SteadyCache("while Redis is away", {**params, "OPTIONS": {"MAX_ENTRIES": MOST}})

    def add(self, *args: Any, **kwargs: Any) -> Any:
        """Set what is not there."""
        return self._do("add", *args, **kwargs)

    def get(self, *args: Any, **kwargs: Any) -> Any:
        """Return what is there."""
        return self._do("get", *args, **kwargs)

    def set(self, *args: Any, **kwargs: Any) -> Any:
        """Set it."""
        return self._do("set", *args, **kwargs)

    def incr(self, *args: Any, **kwargs: Any) -> Any:
        """Count one more. Raises ValueError when nothing is there."""
        return self._do("incr", *args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        """Forget it."""
        return self._do("delete", *args, **kwargs)

    def _do(self, what: str, *args: Any, **kwargs: Any) -> Any:
        if time.monotonic() >= SteadyRedisCache.until:
            try:
                return getattr(super(), what)(*args, **kwargs)
            except (RedisError, OSError) as error:
                logger.warning("Redis is away, guesses are counted by each process: %s", type(error).__name__)
                SteadyRedisCache.until = time.monotonic() + AWAY
        return getattr(self._own, what)(*args, **kwargs)
