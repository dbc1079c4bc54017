"""Notices between processes through Redis. A notice says which workshop changed; what it is now, each process reads."""

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable
from enum import StrEnum
from typing import NamedTuple

import redis
import redis.asyncio
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

CHANNEL = "midpoint:live"
PAUSE = 0.02  # seconds between two messages: a burst of saves travels as one
LONGEST_WAIT = 5.0  # seconds between two attempts to reach Redis


class Topic(StrEnum):
    """What changed: the stage or what the wall shows of it, or only how many have answered."""

    STAGE = "stage"
    TALLY = "tally"


class Notice(NamedTuple):
    """Something changed in the workshop with this code."""

    code: str
    topic: Topic


def publish_once(url: str, notice: Notice) -> None:
    """Send one notice from a process that serves no screens, such as a management command. Raises RedisError."""
    with redis.Redis.from_url(url, socket_timeout=1, socket_connect_timeout=1) as client:
        client.publish(CHANNEL, _message("command", [notice]))


class RedisBus:
    """One process's end of the bus: takes the others' notices and gives them its own."""

    def __init__(self, url: str, *, take: Callable[[Notice], None], resync: Callable[[], Awaitable[None]]) -> None:
        """Call `take` with each notice of another process, and `resync` after every gap that may have lost some."""
        self._redis = redis.asyncio.Redis.from_url(url, socket_connect_timeout=2, retry=Retry(NoBackoff(), 1))
        self._take = take
        self._resync = resync
        self._name = secrets.token_hex(8)
        self._outbox: dict[Notice, None] = {}  # in order, each once
        self._posted = asyncio.Event()
        self.connected = False  # whether the others' notices arrive

    def post(self, notice: Notice) -> None:
        """Send a notice soon, without waiting for Redis; event loop only."""
        self._outbox[notice] = None
        self._posted.set()

    async def send(self) -> None:
        """Send what is posted, for ever. What Redis does not take is dropped: the others resync when it is back."""
        while True:
            await self._posted.wait()
            self._posted.clear()
            notices, self._outbox = list(self._outbox), {}
            try:
                async with asyncio.timeout(2):
                    await self._redis.publish(CHANNEL, _message(self._name, notices))
            except (RedisError, OSError) as error:
                logger.warning("Redis did not take %d notices: %s", len(notices), error)
            await asyncio.sleep(PAUSE)

    async def listen(self) -> None:
        """Take the others' notices, for ever; come back with growing pauses when Redis goes away."""
        wait = 0.1
        while True:
            try:
                async with self._redis.pubsub() as subscription:
                    await subscription.subscribe(CHANNEL)
                    async for message in subscription.listen():
                        wait, self.connected = 0.1, True
                        if message["type"] == "subscribe":  # again whenever the client reconnected by itself
                            await self._resync()
                        else:
                            self._deliver(message["data"].decode())
            except (RedisError, OSError) as error:
                self.connected = False
                logger.warning("Redis is away, the next attempt is in %.1f seconds: %s", wait, error)
            await asyncio.sleep(wait)
            wait = min(2 * wait, LONGEST_WAIT)

    async def close(self) -> None:
        """Leave Redis."""
        await self._redis.aclose()

    def _deliver(self, message: str) -> None:
        sender, *lines = message.splitlines()
        if sender != self._name:
            for line in lines:
                code, topic = line.split()
                self._take(Notice(code, Topic(topic)))


def _message(sender: str, notices: list[Notice]) -> str:
    return "\n".join([sender, *(f"{notice.code} {notice.topic}" for notice in notices)])
