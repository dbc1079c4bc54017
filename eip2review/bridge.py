"""The bridge from the event loop to Django: whole requests go into a few threads, whole answers come back.

With SQLite and one thread, the thread does not wait for the disk at each commit. It answers all that waits; one flush
serves all of that, while the thread goes on, and the answers leave when the disk holds what they confirm.
"""

from __future__ import annotations

import asyncio
import io
import logging
import os
import string
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache, partial
from pathlib import Path
from typing import Any
from urllib.parse import quote_from_bytes
from wsgiref.types import WSGIApplication

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

from workshops.live.stream import Message

Whole = tuple[int, list[tuple[bytes, bytes]], bytes]
"""Status, headers and body of an answer."""
Answered = list[tuple[asyncio.Future[Whole], Whole | BaseException]]
"""What a turn has answered, and how."""

logger = logging.getLogger(__name__)
flush = getattr(os, "fdatasync", os.fsync)  # as SQLite does, where the system has it
_thread = threading.local()

LONGEST_TURN = 0.01
"""For how many seconds a thread answers before it hands the answers over."""
STILLNESS = 0.02
"""For how many seconds the event loop keeps still at most, should one answer of a turn take its time."""


class DiskFailed(Exception):
    """The disk did not take what was committed: nobody may be told that it is saved."""


class Disk:
    """The disk under the database: one flush of it serves all that was committed before."""

    def __init__(self, log: Path) -> None:
        """`log` is the database's write-ahead log; it is not there while the database holds everything itself."""
        self._log = log
        self._committed = self._holds = _committed()

    @property
    def is_behind(self) -> bool:
        """Whether something is committed that the disk may not hold yet."""
        return self._committed != self._holds

    def note(self) -> None:
        """Note what this thread has committed by now."""
        self._committed = _committed()

    def catch_up(self) -> None:
        """Wait until the disk holds all that was noted before, in whichever thread. Raises DiskFailed."""
        committed = self._committed
        if committed == self._holds:
            return
        try:
            self._flush()
        except OSError as error:
            logger.error("The disk does not take what is saved: %s", type(error).__name__)
            raise DiskFailed from error
        self._holds = committed

    def _flush(self) -> None:
        try:
            log = os.open(self._log, os.O_RDONLY)
        except FileNotFoundError:
            return
        try:
            flush(log)
        finally:
            os.close(log)


class Bridge:
    """A WSGI application, called in so many threads for requests that come in the event loop.

    With a disk, the one thread takes turns with the event loop, as only one of the two can run: it answers all that was
    asked meanwhile. The disk catches up during the next turn, and only then are the answers handed over. With several
    threads, each hands over one answer after the other.
    """

    def __init__(
        self,
        wsgi: WSGIApplication,
        workers: int,
        disk: Disk | None = None,
        may_keep_still: Callable[[], bool] = lambda: True,
    ) -> None:
        """Give a disk only to a single thread: the answers of several could tell of what another has just committed.

        `may_keep_still` says whether nothing else needs the event loop while that thread has its turn.
        """
        self._wsgi = wsgi
        self._disk = disk
        self._may_keep_still = may_keep_still
        self._seconds = LONGEST_TURN if disk else 0.0
        self._asked: deque[tuple[dict[str, Any], asyncio.Future[Whole]]] = deque()
        self._resting = workers
        self._turn_is_over = threading.Event()
        self._threads = ThreadPoolExecutor(workers, "django", initializer=self._begin)
        self._flushing = ThreadPoolExecutor(1, "disk")

    def answer(self, environ: dict[str, Any]) -> asyncio.Future[Whole]:
        """Answer one request. The result raises what the application raises, and DiskFailed."""
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[Whole] = loop.create_future()
        self._asked.append((environ, answer))
        loop.call_soon(self._go_on)  # after all that has come with this one
        return answer

    def _go_on(self) -> None:
        if self._asked and self._resting:
            self._resting -= 1
            self._turn_is_over.clear()
            asyncio.get_running_loop().run_in_executor(self._threads, self._work).add_done_callback(self._rest)
            if self._disk is not None and self._may_keep_still():
                self._turn_is_over.wait(STILLNESS)

    def _work(self) -> Answered:
        """Answer what waits, in the thread, for a turn."""
        answered: Answered = []
        end = time.monotonic() + self._seconds
        while self._asked:
            try:
                environ, answer = self._asked.popleft()
            except IndexError:  # another thread was quicker
                break
            if answer.cancelled():
                continue
            try:
                answered.append((answer, call(self._wsgi, environ)))
            except Exception as error:  # noqa: BLE001 (it is raised where the answer is awaited)
                answered.append((answer, error))
            if time.monotonic() >= end:
                break
        if self._disk is not None:
            self._disk.note()
        self._turn_is_over.set()
        return answered

    def _rest(self, work: asyncio.Future[Answered]) -> None:
        """Hand over what a turn has answered once the disk holds what it confirms; meanwhile go on."""
        self._resting += 1
        loop, answered = asyncio.get_running_loop(), work.result()
        if self._disk is not None and self._disk.is_behind:
            flushed = loop.run_in_executor(self._flushing, self._disk.catch_up)
            flushed.add_done_callback(partial(_hand_over, answered))
        else:
            _hand_over(answered)
        loop.call_soon(self._go_on)

    def _begin(self) -> None:
        _thread.leaves_the_disk_to_others = self._disk is not None


def _hand_over(answered: Answered, flushed: asyncio.Future[None] | None = None) -> None:
    failure = flushed.exception() if flushed else None
    for answer, answer_or_error in answered:
        outcome = failure or answer_or_error
        if answer.done():
            continue
        if isinstance(outcome, BaseException):
            answer.set_exception(outcome)
        else:
            answer.set_result(outcome)


def _committed() -> tuple[object, int]:
    """Return this thread's connection to SQLite, and how many rows it has changed: a new one begins to count anew."""
    return connection.connection, getattr(connection.connection, "total_changes", 0)


def leave_the_disk_to_others(connection: BaseDatabaseWrapper, **kwargs: object) -> None:
    """Let a new connection of a thread whose answers wait for the disk commit without waiting for it."""
    if getattr(_thread, "leaves_the_disk_to_others", False):
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA synchronous=NORMAL")


connection_created.connect(leave_the_disk_to_others)


def call(wsgi: WSGIApplication, environ: dict[str, Any]) -> Whole:
    """Return the application's whole answer to a request."""
    begun: list[tuple[str, list[tuple[str, str]]]] = []

    def start(status: str, headers: list[tuple[str, str]], error: Any = None, /) -> Callable[[bytes], object]:
        begun[:] = [(status, headers)]
        return pieces.append

    pieces: list[bytes] = []
    answer = wsgi(environ, start)
    try:
        pieces.extend(answer)
    finally:
        getattr(answer, "close", lambda: None)()
    [(status, headers)] = begun
    encoded = [(name.lower().encode("latin1"), value.strip().encode("latin1")) for name, value in headers]
    return int(status[:3]), encoded, b"".join(pieces)


def environ_of(scope: Message, body: bytes) -> dict[str, Any]:
    """Return a request as WSGI has it. Headers with "_" are left out: WSGI would take them for those with "-"."""
    server, client = scope.get("server") or ("localhost", 80), scope.get("client")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": scope["path"].encode().decode("latin1"),
        "QUERY_STRING": quote_from_bytes(scope["query_string"], safe=string.punctuation),  # as it came, in ASCII
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "SERVER_NAME": server[0],
        "SERVER_PORT": str(server[1] or 0),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope["scheme"],
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    if client:
        environ["REMOTE_ADDR"], environ["REMOTE_PORT"] = client[0], str(client[1])
    for name, value in scope["headers"]:
        key = _key(name)
        if key is not None:
            text = value.decode("latin1")
            environ[key] = f"{environ[key]},{text}" if key in environ else text
    environ["CONTENT_LENGTH"] = str(len(body))  # a body that came in chunks has a length now that it is whole
    return environ


@lru_cache(maxsize=512)
def _key(name: bytes) -> str | None:
    """Return what WSGI calls a header; None for one that is left out."""
    if b"_" in name or name in (b"content-length", b"transfer-encoding"):
        return None
    key = name.decode("latin1").upper().replace("-", "_")
    return key if key == "CONTENT_TYPE" else f"HTTP_{key}"
