"""What one kind of screen of a workshop is told, and the open streams that tell it.

No stream has a queue: it is given what is newest as soon as its connection takes more. What is told is put into bytes
once, and written to one connection after another; that a stream is open costs no more than a task that sleeps.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Protocol

from workshops.live.bus import Topic

KEEP_ALIVE_FRAME = b"event: beat\ndata: {}\n\n"  # no comment: a screen hears whether its stream still lives


class Connection(Protocol):
    """What an open stream is written to, past the server's own way for answers."""

    when_ready: Callable[[], None] | None
    """Called when a connection that was full takes more."""

    is_full: bool
    """Whether the other end is slow: what is written now would have to wait in memory."""
    write: Callable[[bytes], None]
    """Sends, without waiting."""


class Stream:
    """An open stream to one screen."""

    __slots__ = ("_connection", "_feed", "_seen", "_task")

    def __init__(self, feed: Feed, connection: Connection, seen: int) -> None:
        self._feed = feed
        self._connection = connection
        self._seen = seen
        self._task = asyncio.current_task()

    def tell(self, otherwise: bytes = b"") -> None:
        """Send what the screen has not been told, or else `otherwise`; nothing while the connection is full."""
        if not self._connection.is_full:
            news = self._feed.news(self._seen) or otherwise
            self._seen = self._feed.serial
            if news:
                self._connection.write(news)

    def end(self) -> None:
        """Cancel the task that keeps this stream open."""
        if self._task is not None:
            self._task.cancel()


class Feed:
    """What one kind of screen of a workshop is told: the newest event of each topic."""

    def __init__(self) -> None:
        self.revision = -1  # nothing is known yet
        self.data = ""
        self.closed = False
        self.serial = 0
        self._frames: dict[Topic, tuple[int, bytes]] = {}
        self._news: dict[int, bytes] = {}  # by what a screen has seen, until there is something newer
        self._streams: set[Stream] = set()

    def put_stage(self, revision: int, data: str) -> None:
        """Tell the screens where the workshop is, unless they know."""
        if (revision, data) != (self.revision, self.data):
            self.revision, self.data = revision, data
            self._put(Topic.STAGE, data)

    def put_tally(self) -> None:
        """Tell the screens that a count changed."""
        self._put(Topic.TALLY, "{}")

    def keep_alive(self) -> None:
        """Send a beat to every screen."""
        self._tell(chunk(KEEP_ALIVE_FRAME))

    def close(self) -> None:
        """End every stream of this feed."""
        self.closed = True
        for stream in self._streams:
            stream.end()

    def first(self) -> tuple[int, bytes]:
        """Return the serial a new screen starts from, and the current stage (nothing, if none could be rendered)."""
        return self.serial, self._frames.get(Topic.STAGE, (0, b""))[1]

    def news(self, seen: int) -> bytes:
        """Return what is newer than `seen`, as one chunk; nothing if nothing is."""
        news = self._news.get(seen)
        if news is None:
            frames = b"".join(frame for serial, frame in self._frames.values() if serial > seen)
            news = self._news[seen] = chunk(frames) if frames else b""
        return news

    @contextmanager
    def streaming(self, connection: Connection, seen: int) -> Iterator[None]:
        """Tell a screen what is newer than `seen`, now and whenever there is more, until the block ends.

        The running task is cancelled when the feed is closed.
        """
        stream = Stream(self, connection, seen)
        self._streams.add(stream)
        connection.when_ready = stream.tell
        try:
            stream.tell()
            yield
        finally:
            connection.when_ready = None
            self._streams.discard(stream)

    def _put(self, topic: Topic, data: str) -> None:
        self.serial += 1
        self._frames[topic] = self.serial, f"id: {self.revision}\nevent: {topic}\ndata: {data}\n\n".encode()
        self._news.clear()
        self._tell()

    def _tell(self, otherwise: bytes = b"") -> None:
        for stream in self._streams:
            stream.tell(otherwise)


def chunk(data: bytes) -> bytes:
    """Return bytes as a chunk of an answer whose length is not known (RFC 9112, 7.1)."""
    return b"%x\r\n%b\r\n" % (len(data), data)
