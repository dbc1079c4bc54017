"""The bridge from the event loop to Django: whole requests go into a few threads, whole answers come back.

With SQLite and one thread, the thread does not wait for the disk at each commit: the answer does. It leaves once the
disk holds all that was committed before it, and one wait for the disk serves every answer that is ready by then.
"""

from __future__ import annotations

import asyncio
import io
import logging
import os
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from wsgiref.types import WSGIApplication

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

from workshops.live.stream import Message, Receive, Send

Whole = tuple[int, list[tuple[bytes, bytes]], bytes]
"""Status, headers and body of an answer."""

logger = logging.getLogger(__name__)
flush = getattr(os, "fdatasync", os.fsync)  # as SQLite does, where the system has it
_thread = threading.local()


class DiskFailed(Exception):
    """The disk did not take what was committed: nobody may be told that it is saved."""


class Disk:
    """The disk under the database: many answers wait for one flush of it. Event loop only, but for `is_behind`."""

    def __init__(self, log: Path) -> None:
        """`log` is the database's write-ahead log; it is not there while the database holds everything itself."""
        self.is_behind = False  # set by the thread that commits, after it did
        self._log = log
        self._thread = ThreadPoolExecutor(1, "disk")
        self._running: asyncio.Task[None] | None = None
        self._next: asyncio.Task[None] | None = None

    async def catch_up(self) -> None:
        """Wait until the disk holds all that was committed before now. Raises DiskFailed."""
        if self.is_behind or self._running is not None:
            if self._next is None:
                self._next = asyncio.get_running_loop().create_task(self._flush_after(self._running))
            await asyncio.shield(self._next)

    async def _flush_after(self, before: asyncio.Task[None] | None) -> None:
        if before is not None:
            await asyncio.wait([before])
        self._running, self._next = self._next, None  # who comes from now on needs another flush
        self.is_behind = False
        try:
            await asyncio.get_running_loop().run_in_executor(self._thread, self._flush)
        except OSError as error:
            self.is_behind = True
            logger.error("The disk does not take what is saved: %s", type(error).__name__)
            raise DiskFailed from error
        finally:
            self._running = None

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
    """A WSGI application as an ASGI application that works in so many threads."""

    def __init__(self, wsgi: WSGIApplication, workers: int, disk: Disk | None = None) -> None:
        """Give a disk only to a single thread: the answers of several could tell of what another has just committed."""
        self._wsgi = wsgi
        self._disk = disk
        self._threads = ThreadPoolExecutor(workers, "django", initializer=self._begin)

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one request, whose body comes in one piece. Raises what the application raises, and DiskFailed."""
        environ = environ_of(scope, (await receive())["body"])
        status, headers, body = await asyncio.get_running_loop().run_in_executor(self._threads, self._answer, environ)
        if self._disk is not None:
            await self._disk.catch_up()
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    def _begin(self) -> None:
        _thread.leaves_the_disk_to_others = self._disk is not None

    def _answer(self, environ: dict[str, Any]) -> Whole:
        before = _changes()
        try:
            return call(self._wsgi, environ)
        finally:
            if self._disk is not None and _changes() != before:
                self._disk.is_behind = True


def _changes() -> int:
    """Return how many rows this thread's connection to SQLite has changed."""
    return getattr(connection.connection, "total_changes", 0)


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
    """Return a request as WSGI has it."""
    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": scope["path"].encode().decode("latin1"),
        "QUERY_STRING": scope["query_string"].decode("ascii"),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope["scheme"],
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    if scope.get("server"):
        environ["SERVER_NAME"], environ["SERVER_PORT"] = scope["server"][0], str(scope["server"][1] or 0)
    if scope.get("client"):
        environ["REMOTE_ADDR"], environ["REMOTE_PORT"] = scope["client"][0], str(scope["client"][1])
    for name, value in scope["headers"]:
        key = name.decode("latin1").upper().replace("-", "_")
        if key not in ("CONTENT_TYPE", "CONTENT_LENGTH"):
            key = f"HTTP_{key}"
        text = value.decode("latin1")
        environ[key] = f"{environ[key]},{text}" if key in environ else text
    return environ
