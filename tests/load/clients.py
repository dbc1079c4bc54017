"""Cheap HTTP clients for measuring: many phones in one process must cost less than the server they measure."""

import asyncio
import re
import time
from collections.abc import Callable, Mapping, Sequence
from typing import cast
from urllib.parse import urlencode

NO_BODY = (204, 304)
ID, STAGE = b"id: ", b"\nevent: stage\n"


def request(
    method: str, path: str, *, headers: Mapping[str, str] | None = None, form: Mapping[str, object] | None = None
) -> bytes:
    """Return the bytes of a request."""
    body = urlencode(form).encode() if form is not None else b""
    lines = [
        f"{method} {path} HTTP/1.1",
        "Host: 127.0.0.1",
        *(f"{name}: {value}" for name, value in (headers or {}).items()),
    ]
    if form is not None:
        lines += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}"]
    return "\r\n".join([*lines, "", ""]).encode() + body


class Client(asyncio.Protocol):
    """A connection that asks one thing after another."""

    def __init__(self) -> None:
        self.closed = False
        self._received = bytearray()
        self._answer: asyncio.Future[int] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the way out."""
        self.transport = cast(asyncio.Transport, transport)

    def ask(self, question: bytes) -> "asyncio.Future[int]":
        """Send a request; the result is the answer's status once it is there in full."""
        self._answer = asyncio.get_running_loop().create_future()
        self.transport.write(question)
        return self._answer

    def data_received(self, data: bytes) -> None:
        """Look whether the answer is complete."""
        self._received += data
        end = self._received.find(b"\r\n\r\n")
        if end < 0:
            return
        head = bytes(self._received[:end]).lower()
        status = int(head[9:12])
        if status not in NO_BODY:
            length = re.search(rb"content-length: *(\d+)", head)
            if length and len(self._received) < end + 4 + int(length[1]):
                return
            if not length and not self._received.endswith(b"0\r\n\r\n"):
                return
        self._received.clear()
        if self._answer is not None and not self._answer.done():
            self._answer.set_result(status)

    def connection_lost(self, error: Exception | None) -> None:
        """Fail what waits."""
        self.closed = True
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(ConnectionError("the server closed the connection"))


class Follower(Client):
    """A phone on an event stream: `seen` says when each revision had arrived in full; `told` is called with it."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: dict[int, float] = {}
        self.told: Callable[[int], object] = int

    def data_received(self, data: bytes) -> None:
        """Note every complete event."""
        now = time.perf_counter()
        self._received += data
        at = 0
        while (event := self._received.find(STAGE, at)) >= 0:
            at = self._received.find(b"\n\n", event)
            if at < 0:
                del self._received[: self._received.rfind(ID, 0, event)]
                return
            revision = int(self._received[self._received.rfind(ID, 0, event) + len(ID) : event])
            self.seen[revision] = now
            self.told(revision)
        self._received.clear()

    async def wait_for(self, revision: int, seconds: float) -> bool:
        """Wait until this revision has arrived; whether it did."""
        return await wait_for_all([self], revision, seconds)


async def wait_for_all(phones: Sequence[Follower], revision: int, seconds: float) -> bool:
    """Wait until this revision has arrived at each of these phones; whether it did. It costs the phones nothing."""
    missing = [phone for phone in phones if revision not in phone.seen]
    left, all_told = len(missing), asyncio.get_running_loop().create_future()

    def told(seen: int) -> None:
        nonlocal left
        left -= seen == revision
        if not left and not all_told.done():
            all_told.set_result(None)

    for phone in missing:
        phone.told = told
    if missing:
        await asyncio.wait([all_told], timeout=seconds)
    return not left


async def dial(port: int) -> Client:
    """Return a new connection."""
    _, client = await asyncio.get_running_loop().create_connection(Client, "127.0.0.1", port)
    return client


async def follow(port: int, path: str) -> Follower:
    """Return a new phone on an event stream."""
    _, phone = await asyncio.get_running_loop().create_connection(Follower, "127.0.0.1", port)
    phone.transport.write(request("GET", path, headers={"Accept": "text/event-stream"}))
    return phone
