"""What the server does by itself while it runs."""

import asyncio
import logging
import threading
from contextlib import suppress

from django.db import Error, connection

from ratings.journal.printing import bells, forget_stale, print_due
from ratings.sealing import seal_due
from workshops.erasing import empty_files, files_may_hold_traces
from workshops.trail import newest_holds

logger = logging.getLogger(__name__)

PAUSE = 60.0  # seconds between two looks
OTHER_KEY = (
    "The newest trail was changed, or written by a process with another SECRET_KEY: who signs in there is signed out "
    "here. Give every process the same one; manage.py doctor says more."
)


async def compare_keys() -> None:
    """Say so once in the log when this process has another secret key than the one that wrote the newest trail."""
    await asyncio.to_thread(_compare_keys)


def _compare_keys() -> None:
    try:
        if not newest_holds():
            logger.error(OTHER_KEY)
    except Error as error:
        logger.warning("Looking at the newest trail failed: %s", type(error).__name__)
    finally:
        connection.close()


async def keep_sealing() -> None:
    """Seal what is due, when the server starts and every minute, until cancelled. What fails is tried again."""
    while True:
        await asyncio.to_thread(seal)
        await asyncio.sleep(PAUSE)


def seal() -> None:
    """Seal what is due, over a connection of this thread's own; log a failure.

    Effect: what could not be taken out of the database's files before, because somebody was reading, goes now.
    """
    try:
        if sealed := seal_due():
            logger.info("Sealed workshops: %d", len(sealed))
        if files_may_hold_traces():
            empty_files()
    except Error as error:
        logger.warning("Looking for workshops to seal failed: %s", type(error).__name__)
    finally:
        connection.close()  # a thread of the pool lives on


async def keep_printing() -> None:
    """Print journals as soon as they are asked for in this process, and every minute what else waits, until cancelled.

    What is being printed then is left for later.
    """
    asked, stopping, loop = asyncio.Event(), threading.Event(), asyncio.get_running_loop()

    def ring() -> None:
        loop.call_soon_threadsafe(asked.set)

    bells.append(ring)
    try:
        while True:
            asked.clear()
            (failure,) = await asyncio.gather(asyncio.to_thread(print_all, stopping), return_exceptions=True)
            if isinstance(failure, Exception):
                logger.warning("Printing journals failed: %s", type(failure).__name__)
            with suppress(TimeoutError):  # not wait_for: in Python 3.11 it can lose a cancellation
                async with asyncio.timeout(PAUSE):
                    await asked.wait()
    finally:
        bells.remove(ring)
        stopping.set()


def print_all(stopping: threading.Event) -> None:
    """Print what is due and forget what is stale, over a connection of this thread's own."""
    try:
        if printed := print_due(stopping):
            logger.info("Printed journals: %d", len(printed))
        forget_stale()
    finally:
        connection.close()
