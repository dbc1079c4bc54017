"""Which bus the settings ask for. Its library is loaded only then: without one a server starts a third sooner."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from django.conf import settings
from django.db import connection

from workshops.live.bus import Bus, Notice


def open_bus(*, take: Callable[[Notice], None], catch_up: Callable[[], Awaitable[None]]) -> Bus | None:
    """Return this process's end of the bus, not yet connected; None where one process serves everybody."""
    if settings.REDIS_URL:
        from workshops.live.redis_bus import RedisBus

        return RedisBus(settings.REDIS_URL, take=take, catch_up=catch_up)
    if connection.vendor == "postgresql":
        from workshops.live.postgresql_bus import PostgresqlBus

        return PostgresqlBus(take=take, catch_up=catch_up)
    return None


def publish_once(notice: Notice) -> None:
    """Give a notice to every process, from one that serves no screens. Raises RedisError, django.db.Error."""
    if settings.REDIS_URL:
        from workshops.live import redis_bus

        redis_bus.publish_once(settings.REDIS_URL, notice)
    elif connection.vendor == "postgresql":
        from workshops.live import postgresql_bus

        postgresql_bus.publish_once(notice)
