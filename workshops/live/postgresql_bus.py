"""The bus through the PostgreSQL that holds the workshops: NOTIFY and LISTEN, over two connections of a process's own.

A notice is sent after the commit, never with it: notices that belong to transactions let these commit only one after
the other, in the whole database, and a burst of answers would wait for that.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import Any

import psycopg
from django.db import connection

from workshops.live.bus import BEAT, PATIENCE, Bus, Notice, message_of

CHANNEL = "midpoint_live"
NOTIFY = "SELECT pg_notify(%s, %s)"


class PostgresqlBus(Bus):
    """One process's end of the bus."""

    name = "PostgreSQL"
    failures = (psycopg.Error, OSError)

    def __init__(self, *, take: Callable[[Notice], None], catch_up: Callable[[], Awaitable[None]]) -> None:
        super().__init__(take=take, catch_up=catch_up)
        self._speaking: psycopg.AsyncConnection[Any] | None = None

    async def publish(self, message: str) -> None:
        """Give every process a message."""
        if self._speaking is None or self._speaking.closed:
            self._speaking = await _connect()
        await self._speaking.execute(NOTIFY, [CHANNEL, message])

    async def messages(self) -> AsyncGenerator[str | None, None]:
        """Yield what every process publishes; None once it has heard itself.

        Raises OSError when it does not: a pooler that hands out connections anew for every transaction is in between.
        """
        async with await _connect() as listening:
            await listening.execute(f"LISTEN {CHANNEL}")
            async with await _connect() as speaking:
                await speaking.execute(NOTIFY, [CHANNEL, "hello"])
            heard = [notify.payload async for notify in listening.notifies(timeout=PATIENCE, stop_after=1)]
            if not heard:
                raise TimeoutError
            yield None
            for message in heard:
                yield message
            while True:
                async for notify in listening.notifies(timeout=BEAT):
                    yield notify.payload
                await listening.execute("SELECT 1")  # the settings' tcp_user_timeout bounds how long that takes

    async def close(self) -> None:
        """Leave PostgreSQL."""
        if self._speaking is not None:
            await self._speaking.close()


def publish_once(notice: Notice) -> None:
    """Send one notice from a process that serves no screens, after its commit. Raises django.db.Error."""
    with connection.cursor() as cursor:
        cursor.execute(NOTIFY, [CHANNEL, message_of("command", [notice])])


async def _connect() -> psycopg.AsyncConnection[Any]:
    """Connect as Django does: to the same database, giving up as soon."""
    ways = connection.get_connection_params()
    for django_only in ("cursor_factory", "context"):
        ways.pop(django_only, None)
    return await psycopg.AsyncConnection.connect(**ways, autocommit=True)
