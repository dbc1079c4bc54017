"""Whether this process can serve: the parts that it needs, each looked at by one at a time, however many ask."""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from typing import Generic, TypeVar

from django.db import Error, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from eip2review.traffic import longest_wait
from workshops.live.hub import hub

logger = logging.getLogger(__name__)
Found = TypeVar("Found")

FRESH = 1.0  # seconds for which what was found of the database is told again
PATIENCE = 2.0  # seconds after which the database counts as away
PAUSE = 10.0  # seconds between two looks that nobody asked for
STUCK = {"participants": 15.0, "facilitators": 180.0, "walls": 180.0, "journals": 180.0}
"""Seconds without an answer after which a door's threads count as stuck; signing prints a journal in all its forms."""
USEFUL_WITHOUT = {"bus"}
"""Without the bus a screen is two seconds late; if every process were out of service for it, nobody would be served."""


class Reading(Generic[Found]):
    """What a thread of its own reads: at most once in so many seconds, and never twice at a time."""

    def __init__(self, read: Callable[[], Found], *, fresh: float, otherwise: Found) -> None:
        """`read` raises nothing; `otherwise` is told while it takes longer than PATIENCE."""
        self._read, self._fresh, self._otherwise = read, fresh, otherwise
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="health")
        self._begun = 0.0
        self._job: asyncio.Future[Found] | None = None

    async def latest(self) -> Found:
        """Return what was read last, or is read now."""
        loop = asyncio.get_running_loop()
        if self._job is None or (self._job.done() and loop.time() - self._begun > self._fresh):
            self._begun = loop.time()
            self._job = loop.run_in_executor(self._thread, self._read)
        job = self._job
        await asyncio.wait([job], timeout=PATIENCE)
        return job.result() if job.done() else self._otherwise


def look_at_database() -> dict[str, bool]:
    """Return whether the database answers, and whether it has all migrations of this version."""
    try:
        applied = MigrationRecorder(connection).applied_migrations()
    except Error:
        return {"database": False, "migrations": False}
    finally:
        connection.close()
    return {"database": True, "migrations": newest_migrations() <= set(applied)}


@lru_cache(maxsize=1)
def newest_migrations() -> set[tuple[str, str]]:
    """Return the last migration of each app."""
    return set(MigrationLoader(None).graph.leaf_nodes())


class Readiness:
    """How the parts of this process are."""

    def __init__(self) -> None:
        self._database = Reading(look_at_database, fresh=FRESH, otherwise={"database": False, "migrations": False})
        self._last = {"bus": False}  # which is reached soon after the start

    async def look(self) -> dict[str, bool]:
        """Return whether each part is well; log which was lost, and which is well again."""
        parts = {"running": not hub.stopping, **await self._database.latest()}
        parts["threads"] = all(longest_wait(door) < seconds for door, seconds in STUCK.items())
        if hub.bus is not None:
            parts["bus"] = hub.bus.is_up
        for part, well in parts.items():
            if well != self._last.get(part, True) and part != "running":
                logger.log(logging.INFO if well else logging.WARNING, "%s: %s", part, "well" if well else "lost")
        self._last = parts
        return parts


readiness = Readiness()


def is_ready(parts: dict[str, bool]) -> bool:
    """Return whether the process should be sent requests."""
    return all(well for part, well in parts.items() if part not in USEFUL_WITHOUT)


async def keep_watch() -> None:
    """Look at the parts every PAUSE seconds, until cancelled, so that the log says when one was lost."""
    while True:
        await readiness.look()
        await asyncio.sleep(PAUSE)
