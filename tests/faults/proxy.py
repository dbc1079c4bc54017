"""A proxy between screens and the server that behaves as some do: it holds answers back, or drops what is quiet."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

CHUNK = 65_536  # bytes


class Proxy:
    """Passes connections on to 127.0.0.1:`target`, from a thread of its own; `port` is where screens connect.

    `buffers`: an answer is passed on only once the server has ended it, as by a proxy that looks for viruses. `idle`:
    seconds without a byte after which a connection is dropped; None: never.
    """

    def __init__(self, target: int, *, buffers: bool = False, idle: float | None = None) -> None:
        self.target = target
        self.buffers = buffers
        self.idle = idle
        self._age = 0
        self.dropped = 0
        self.port = 0

    def forget(self) -> None:
        """Pass nothing on any more over the connections that there are, and tell neither end, as many a router does."""
        self._age += 1

    def stop(self) -> None:
        """Drop every connection and serve no more; from any thread."""
        self._loop.call_soon_threadsafe(self._stopped.set)

    async def serve(self, ready: threading.Event) -> None:
        """Serve until told to stop."""
        self._loop, self._stopped = asyncio.get_running_loop(), asyncio.Event()
        server = await asyncio.start_server(self._pass_on, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        ready.set()
        await self._stopped.wait()
        server.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        await asyncio.sleep(0.1)  # what was closed is let go of in the loop's next turns

    async def _pass_on(self, screen_in: asyncio.StreamReader, screen_out: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.CancelledError):
            server_in, server_out = await asyncio.open_connection("127.0.0.1", self.target)
            asked = asyncio.create_task(self._copy(screen_in, server_out))
            try:
                await (self._hold_back if self.buffers else self._copy)(server_in, screen_out)
            finally:
                asked.cancel()
                server_out.transport.abort()
                screen_out.close()

    async def _copy(self, source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        age = self._age
        try:
            while data := await asyncio.wait_for(source.read(CHUNK), self.idle):
                if age != self._age:
                    await asyncio.Event().wait()
                target.write(data)
                await target.drain()
        except TimeoutError:
            self.dropped += 1
            target.transport.abort()

    async def _hold_back(self, source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        """Pass each answer on in one piece; one that does not end is never passed on."""
        while head := await source.readuntil(b"\r\n\r\n"):
            lines = head.lower().split(b"\r\n")
            length = next((int(line.split(b":")[1]) for line in lines if line.startswith(b"content-length:")), 0)
            body = await source.readexactly(length)
            if b"transfer-encoding: chunked" in lines:
                while not body.endswith(b"0\r\n\r\n"):
                    body += await source.readuntil(b"\r\n")
                    if body == b"0\r\n":
                        body += await source.readuntil(b"\r\n")
            target.write(head + body)
            await target.drain()


@contextmanager
def proxy(target: int, **how: Any) -> Iterator[Proxy]:
    """Run a proxy that behaves as `how` says."""
    between, ready = Proxy(target, **how), threading.Event()
    thread = threading.Thread(target=asyncio.run, args=[between.serve(ready)])
    thread.start()
    assert ready.wait(10)
    try:
        yield between
    finally:
        between.stop()
        thread.join(10)
