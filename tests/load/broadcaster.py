"""The floor for a stage change: a bare server that sends the same bytes to everybody, and knows nothing else.

`python -m tests.load.broadcaster --port 9000 --bytes 4000`; GET / follows, POST / raises the revision.
"""

import argparse
import asyncio
from typing import cast

import uvloop

HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"
DONE = b"HTTP/1.1 204 No Content\r\n\r\n"


class Broadcaster(asyncio.Protocol):
    """One connection; the class knows all of them."""

    followers: set[asyncio.Transport] = set()
    revision = 0
    padding = ""

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
            self.transport.write(HEAD + self.event())
            return
        type(self).revision += 1
        event = self.event()
        for follower in self.followers:
            follower.write(event)
        self.transport.write(DONE)

    def event(self) -> bytes:
        """Return the current revision's event as a chunk."""
        event = f"id: {self.revision}\nevent: stage\ndata: {self.padding}\n\n".encode()
        return b"%x\r\n%b\r\n" % (len(event), event)


async def main(port: int, size: int) -> None:
    """Serve for ever."""
    Broadcaster.padding = "x" * size
    server = await asyncio.get_running_loop().create_server(Broadcaster, "127.0.0.1", port, backlog=4096)
    await server.serve_forever()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--bytes", type=int, default=4000)
    options = parser.parse_args()
    uvloop.run(main(options.port, options.bytes))
