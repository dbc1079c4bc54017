"""The floors for a stage change: bare servers that send the same bytes to everybody, and know nothing else.

`python -m tests.load.broadcaster --port 9000 --bytes 4000` writes to its connections itself; with `--asgi` it is an
ASGI application under Uvicorn. GET / follows, POST / raises the revision, any other POST is answered and forgotten.
"""

import argparse
import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, cast

import uvicorn
import uvloop

HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"
DONE = b"HTTP/1.1 204 No Content\r\n\r\n"


class News:
    """The revision that is told, and its event."""

    revision = 0
    padding = ""

    @classmethod
    def event(cls) -> bytes:
        """Return the current revision's event."""
        return f"id: {cls.revision}\nevent: stage\ndata: {cls.padding}\n\n".encode()


class Broadcaster(asyncio.Protocol):
    """One connection; the class knows all of them."""

    followers: set[asyncio.Transport] = set()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the way out."""
        self.transport = cast(asyncio.Transport, transport)

    def connection_lost(self, error: Exception | None) -> None:
        """Forget a follower."""
        self.followers.discard(self.transport)

    def data_received(self, data: bytes) -> None:
        """Answer a request that fits in one packet."""
        if data.startswith(b"GET"):
            self.followers.add(self.transport)
            self.transport.write(HEAD + self.chunk())
            return
        if data.startswith(b"POST / "):
            News.revision += 1
            chunk = self.chunk()
            for follower in self.followers:
                follower.write(chunk)
        self.transport.write(DONE)

    def chunk(self) -> bytes:
        """Return the current event as a chunk."""
        event = News.event()
        return b"%x\r\n%b\r\n" % (len(event), event)


class BareApplication:
    """The same as an ASGI application: every follower waits for the one next event."""

    def __init__(self) -> None:
        self.changed = asyncio.Event()

    async def __call__(self, scope: Any, receive: Any, send: Callable[[Any], Awaitable[None]]) -> None:
        """Answer one request."""
        if scope["method"] == "GET":
            headers = [(b"content-type", b"text/event-stream")]
            await send({"type": "http.response.start", "status": 200, "headers": headers})
            while True:
                await send({"type": "http.response.body", "body": self.event, "more_body": True})
                await self.changed.wait()
        if scope["path"] == "/":
            News.revision += 1
            self.put()
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    def put(self) -> None:
        """Let everybody have the current event."""
        self.event = News.event()
        self.changed.set()
        self.changed = asyncio.Event()


async def serve(port: int) -> None:
    """Serve for ever."""
    server = await asyncio.get_running_loop().create_server(Broadcaster, "127.0.0.1", port, backlog=4096)
    await server.serve_forever()


async def serve_asgi(port: int) -> None:
    """Serve for ever, through Uvicorn."""
    application = BareApplication()
    application.put()
    config = uvicorn.Config(
        application,
        port=port,
        http="httptools",
        ws="none",
        lifespan="off",
        backlog=4096,
        log_level="critical",
        access_log=False,
        timeout_graceful_shutdown=0,
    )
    await uvicorn.Server(config).serve()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--bytes", type=int, default=4000)
    parser.add_argument("--asgi", action="store_true")
    options = parser.parse_args()
    News.padding = "x" * options.bytes
    uvloop.run((serve_asgi if options.asgi else serve)(options.port))
