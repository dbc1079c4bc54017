"""What the server does by itself while it runs."""

import asyncio
import logging

from django.db import DatabaseError, connection

from ratings.sealing import seal_due
from workshops.erasing import empty_files, files_may_hold_traces

logger = logging.getLogger(__name__)

PAUSE = 60.0  # seconds between two looks


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
        seal_due()
        if files_may_hold_traces():
            empty_files()
    except DatabaseError as error:
        logger.warning("Looking for workshops to seal failed: %s", type(error).__name__)
    finally:
        connection.close()  # a thread of the pool lives on
