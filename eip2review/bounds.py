"""What the server takes of a request before any code of the product sees it: so many bytes of headers, for so long.

A body has to be there in time as well; how large it may be depends on what is asked, and is not decided here.

Each request carries its connection, so that the live channel can write to all screens in one go.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

CONNECTION = "midpoint.connection"
"""The ASGI extension by which a request carries its connection."""
HEAD_BYTES = 65_536
"""The address and all headers of a request; a phone's cookies of a hundred workshops are 8,000."""
HEAD_SECONDS = 30.0
"""How long a connection may take to say what it wants, once it is there or has begun to."""
BODY_SECONDS = 60.0
"""How long a request may take to come in whole after its head: a form of ours is a few kilobytes."""
LINGER_SECONDS = 0.5
"""How long a stopping server listens to a connection on which nothing has been asked: a question may be on its way."""
SENTENCES = {
    HTTPStatus.BAD_REQUEST: "This could not be read: it is not a request as browsers send them. Load the page again.",
    HTTPStatus.REQUEST_TIMEOUT: "This did not arrive in time, and nothing was saved. Go back and send it once more.",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "This is more than fits, and nothing was saved. Go back and send less.",
    HTTPStatus.INSUFFICIENT_STORAGE: "This could not be saved: the server's disk does not take it. Send it once more "
    "in a moment, and tell whoever looks after the server.",
    HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE: "The address or the cookies are too long. Shorten the address, or "
    "clear this site's cookies, and load the page again.",
    HTTPStatus.SERVICE_UNAVAILABLE: "The server is being restarted. Go back in a moment and send this once more.",
}


class HeadTooLarge(Exception):
    """The address and headers of a request are more than HEAD_BYTES."""


class BoundedProtocol(HttpToolsProtocol):
    """HTTP as Uvicorn speaks it, with bounds on a request's headers; what is refused is told so in a sentence.

    An answer that has begun may be written to past its request's task: `is_full`, `write`, `when_ready`.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.refusal = HTTPStatus.BAD_REQUEST
        self.is_full = False
        self.when_ready: Callable[[], None] | None = None
        self._head: int | None = 0  # bytes of the head that came so far; None while there is none to come
        self._within: float | None = HEAD_SECONDS  # seconds for what is being taken in now
        self._late: asyncio.TimerHandle | None = None
        self._stopping = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for a request."""
        super().connection_made(transport)
        self.write = transport.write
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait for nothing more."""
        self._stop_waiting()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take bytes, and wait for the rest; refuse the request when its head is not over after HEAD_BYTES."""
        super().data_received(data)
        if self.transport.is_closing():
            return
        if self._head is not None:
            self._head += len(data)
            if self._head > HEAD_BYTES:
                self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
                return
        self._wait()

    def on_message_begin(self) -> None:
        """Begin to take in a request's head."""
        super().on_message_begin()
        self.scope["extensions"] = {CONNECTION: self}  # type: ignore[dict-item]
        self._head = 0
        self._within = HEAD_SECONDS

    def on_headers_complete(self) -> None:
        """Take the request, unless its head came in one piece and is too large."""
        size = len(self.url) + sum(len(name) + len(value) for name, value in self.headers)
        if size > HEAD_BYTES:
            self.refusal = HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
            raise HeadTooLarge  # which the parser turns into its own error
        self._stop_waiting()
        self._head = None
        self._within = BODY_SECONDS
        super().on_headers_complete()
        if self._stopping:
            self.cycle.keep_alive = False

    def on_message_complete(self) -> None:
        """Wait for nothing more: the request is there."""
        super().on_message_complete()
        self._stop_waiting()
        self._within = None

    def shutdown(self) -> None:
        """End the connection after the answer to what is being asked, or to what is asked within LINGER_SECONDS."""
        self._stopping = True
        if self.cycle is None or self.cycle.response_complete:
            self.loop.call_later(LINGER_SECONDS, super().shutdown)
        else:
            super().shutdown()

    def pause_writing(self) -> None:
        """Be full: the client is slow, and what is written now has to wait in memory."""
        super().pause_writing()
        self.is_full = True

    def resume_writing(self) -> None:
        """Take more, after having been full."""
        super().resume_writing()
        self.is_full = False
        if self.when_ready is not None:
            self.when_ready()

    def send_400_response(self, msg: str) -> None:
        """Say what was wrong with a request that no application has seen, and end the connection."""
        sentence = SENTENCES[self.refusal].encode()
        head = (
            f"HTTP/1.1 {self.refusal.value} {self.refusal.phrase}\r\ncontent-type: text/plain; charset=utf-8\r\n"
            f"content-length: {len(sentence)}\r\ncache-control: no-store\r\nx-content-type-options: nosniff\r\n"
            "connection: close\r\n\r\n"
        )
        self.transport.write(head.encode() + sentence)
        self.transport.close()

    def _wait(self) -> None:
        if self._within is not None and self._late is None:
            self._late = self.loop.call_later(self._within, self._refuse, HTTPStatus.REQUEST_TIMEOUT)

    def _stop_waiting(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None

    def _refuse(self, why: HTTPStatus) -> None:
        self._stop_waiting()
        if self._head == 0:  # a browser that opened a connection and did not need it
            self.transport.close()
            return
        self.refusal = why
        self.send_400_response("")
