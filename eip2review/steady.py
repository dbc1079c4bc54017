"""What a process remembers for itself is forgotten after as many seconds, whatever the clock shows meanwhile."""

from __future__ import annotations

from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.locmem import LocMemCache

from workshops.clock import passed


class SteadyCache(LocMemCache):
    """Django's cache in memory, by the seconds since the machine's start: a clock put back made a wait longer."""

    def get_backend_timeout(self, timeout: Any = DEFAULT_TIMEOUT) -> float | None:
        """Return when something is forgotten that is remembered now; None for never."""
        seconds = self.default_timeout if timeout is DEFAULT_TIMEOUT else timeout
        return None if seconds is None else passed() + seconds

    def _has_expired(self, key: str) -> bool:
        until: float | None = self._expire_info.get(key, -1.0)  # type: ignore[attr-defined]
        return until is not None and until <= passed()
