"""Notices between processes. A notice says which workshop changed; what it is now, each process reads for itself."""

from __future__ import annotations

import asyncio
import logging
import secrets
from abc import ABC, abstractmethod
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from enum import StrEnum
from typing import ClassVar, NamedTuple

logger = logging.getLogger(__name__)

PAUSE = 0.02  # seconds between two messages: a burst of saves travels as one
MOST = 400  # notices in one message: PostgreSQL takes 8,000 bytes
PATIENCE = 2.0  # seconds for the other end to answer
BEAT = 2.0  # seconds of silence after which a listener asks whether the other end is still there
FIRST_WAIT, LONGEST_WAIT = 0.1, 2.0  # seconds between two attempts to reach it


class Topic(StrEnum):
    """What changed: the stage or what the wall shows of it, or only how many have answered."""

    STAGE = "stage"
    TALLY = "tally"


class Notice(NamedTuple):
    """Something changed in the workshop with this code."""

    code: str
    topic: Topic


class Bus(ABC):
    """One process's end of the bus: takes the others' notices and gives them its own."""

    name: ClassVar[str]
    failures: ClassVar[tuple[type[Exception], ...]]
    """What is raised when the other end is away."""

    def __init__(self, *, take: Callable[[Notice], None], catch_up: Callable[[], Awaitable[None]]) -> None:
        """Call `take` with each notice of another process, and `catch_up` after every gap that may have lost some."""
        self.is_up = False  # whether the others' notices arrive here
        self._take = take
        self._catch_up = catch_up
        self._sender = secrets.token_hex(8)
        self._outbox: dict[Notice, None] = {}  # in order, each once
        self._posted = asyncio.Event()

    @abstractmethod
    async def publish(self, message: str) -> None:
        """Give every process a message. Raises one of `failures`; then it may have arrived all the same."""

    @abstractmethod
    def messages(self) -> AsyncGenerator[str | None, None]:
        """Yield what every process publishes, and None when it begins to arrive and after every gap.

        Raises one of `failures` when the other end is away, also when it went without a word.
        """

    @abstractmethod
    async def close(self) -> None:
        """Leave the bus."""

    def post(self, notice: Notice) -> None:
        """Send a notice soon, without waiting for the bus; event loop only."""
        self._outbox[notice] = None
        self._posted.set()

    async def send(self) -> None:
        """Send what is posted, for ever. What is not taken stays, each notice once, until the bus is back."""
        wait = FIRST_WAIT
        while True:
            await self._posted.wait()
            self._posted.clear()
            notices = list(self._outbox)[:MOST]
            for notice in notices:
                del self._outbox[notice]
            try:
                await self.publish(message_of(self._sender, notices))
            except self.failures as error:
                logger.warning("%s did not take %d notices: %s", self.name, len(notices), type(error).__name__)
                self._outbox = dict.fromkeys(notices) | self._outbox
                await asyncio.sleep(wait)
                wait = min(2 * wait, LONGEST_WAIT)
            else:
                wait = FIRST_WAIT
                await asyncio.sleep(PAUSE)
            if self._outbox:
                self._posted.set()

    async def listen(self) -> None:
        """Take the others' notices, for ever; come back with growing pauses when the other end goes away."""
        wait = FIRST_WAIT
        while True:
            try:
                async with aclosing(self.messages()) as messages:
                    async for message in messages:
                        wait = FIRST_WAIT
                        if message is None:
                            self.is_up = True
                            await self._catch_up()
                        else:
                            self._deliver(message)
            except self.failures as error:
                logger.warning("%s is away, the next attempt is in %.1f s: %s", self.name, wait, type(error).__name__)
            finally:
                self.is_up = False
            await asyncio.sleep(wait)
            wait = min(2 * wait, LONGEST_WAIT)

    def _deliver(self, message: str) -> None:
        sender, *lines = message.splitlines()
        if sender != self._sender:
            for line in lines:
                code, topic = line.split()
                self._take(Notice(code, Topic(topic)))


def message_of(sender: str, notices: list[Notice]) -> str:
    """Return the notices as one message; its sender passes over it."""
    return "\n".join([sender, *(f"{notice.code} {notice.topic}" for notice in notices)])
