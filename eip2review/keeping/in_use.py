"""Whether a server runs on this installation: each holds a lock in VAR_DIR; a restore holds it alone."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings

from eip2review.keeping.failures import InUse

LOCK = "in-use"


@contextmanager
def serving() -> Iterator[None]:
    """Hold the lock with other servers. Raises InUse while a backup is being restored."""
    with _held(fcntl.LOCK_SH, "A backup is being restored here. Start the server when that is done."):
        yield


@contextmanager
def nobody_serving() -> Iterator[None]:
    """Keep every server of this installation from starting. Raises InUse when one runs."""
    with _held(fcntl.LOCK_EX, "The server is running. Stop it, restore, and start it again."):
        yield


@contextmanager
def _held(kind: int, refusal: str) -> Iterator[None]:
    # To read is enough for a lock, and whoever made the file may be another user.
    with open(settings.VAR_DIR / LOCK, opener=_to_read) as lock:
        try:
            fcntl.flock(lock, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            raise InUse(refusal) from None
        yield


def _to_read(path: str, _flags: int) -> int:
    return os.open(path, os.O_RDONLY | os.O_CREAT | os.O_CLOEXEC, 0o644)
