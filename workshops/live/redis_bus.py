"""The bus through Redis: every process publishes on one channel, and subscribes to it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable

import redis
import redis.asyncio
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from workshops.live.bus import BEAT, PATIENCE, Bus, Notice, message_of

CHANNEL = "midpoint:live"


class RedisBus(Bus):
    """One process's end of the bus."""

    name = "Redis"
    failures = (RedisError, OSError)

    def __init__(self, url: str, *, take: Callable[[Notice], None], catch_up: Callable[[], Awaitable[None]]) -> None:
        super().__init__(take=take, catch_up=catch_up)
        self._redis = redis.asyncio.Redis.from_url(url, socket_connect_timeout=PATIENCE, retry=Retry(NoBackoff(), 1))

    async def publish(self, message: str) -> None:
        """Give every process a message."""
        async with asyncio.timeout(PATIENCE):
            await self._redis.publish(CHANNEL, message)

    async def messages(self) -> AsyncGenerator[str | None, None]:
        """Yield what every process publishes; None whenever Redis confirms the subscription."""
        async with self._redis.pubsub() as subscription:
            await subscription.subscribe(CHANNEL)
            while True:
                message = await subscription.get_message(timeout=BEAT)
                if message is None:
                    await subscription.ping()
                    message = await subscription.get_message(timeout=PATIENCE)
                if message is None:
                    raise TimeoutError
                if message["type"] == "subscribe":  # again whenever the client reconnected by itself
                    yield None
                elif message["type"] == "message":
                    yield message["data"].decode()

    async def close(self) -> None:
        """Leave Redis."""
        await self._redis.aclose()


def publish_once(url: str, notice: Notice) -> None:
    """Send one notice from a process that serves no screens, such as a management command. Raises RedisError."""
    with redis.Redis.from_url(url, socket_timeout=1, socket_connect_timeout=1) as client:
        client.publish(CHANNEL, message_of("command", [notice]))
