"""`python -m tests.eip2review.restarting FOLDER`: two servers in turn on one address, and what phones notice.

Phones save all the time, some over a new connection for each answer and some over one that lasts, and others follow.
What they noticed is printed as JSON. The database is made in FOLDER.
"""

from __future__ import annotations

import asyncio
import json
import socket
import sys
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TypeVar

import django

from tests.eip2review.activation import Activated
from tests.load.clients import Client, Follower, request
from tests.load.scene import Scene, prepare, set_scene

SAVERS, SCREENS = 8, 40
ENOUGH = 40  # answers saved before the restart, and again after it
C = TypeVar("C", bound=Client)


@dataclass
class Noticed:
    """What phones noticed, and how the first server ended; times in seconds."""

    saved: int = 0  # answers that were called so
    failed: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)  # where the database says something else than was called saved
    screens: int = SCREENS
    back: int = 0  # screens that follow the second server
    gap: float = 0.0  # the longest that a save took
    stopped: float = 0.0  # from the signal to the first server's end
    code: int | None = None
    prints: list[str] = field(default_factory=list)  # how the journal that was asked for stood then


class Saver(Client):
    """A connection that, as browsers do, is not used again once the server has said that it ends."""

    def data_received(self, data: bytes) -> None:
        """Look whether this is the last answer."""
        if b"\r\nconnection: close\r\n" in data:
            self.closed = True
        super().data_received(data)


class Screen(Follower):
    """A stream, which remembers how it began."""

    begun = b""

    def data_received(self, data: bytes) -> None:
        """Keep the first line."""
        self.begun = self.begun or data.split(b"\r\n")[0]
        super().data_received(data)


class Room:
    """The phones of one workshop, until it is over."""

    def __init__(self, scene: Scene, port: int) -> None:
        self.scene, self.port = scene, port
        self.noticed = Noticed()
        self.over = asyncio.Event()
        self.last: dict[int, int] = {}
        self.screens: dict[int, Screen] = {}

    async def save(self, number: int) -> None:
        """Save one participant's answers, one after the other; odd numbers keep their connection."""
        client: Client | None = None
        turn, keeps = 0, number % 2 == 1
        while not self.over.is_set():
            begun = time.monotonic()
            try:
                if client is None or client.closed or not keeps:
                    client = await self.dial(Saver)
                status = await client.ask(self.scene.save_score(number, turn))
            except OSError as error:
                self.noticed.failed.append(f"{type(error).__name__} {'again' if keeps else 'new'}")
                client = None
                continue
            self.noticed.gap = max(self.noticed.gap, time.monotonic() - begun)
            if status == 200:
                self.noticed.saved += 1
                self.last[number] = turn % 11
            else:
                self.noticed.failed.append(f"{status} for an answer")
            if not keeps:
                client.transport.close()
            turn += 1

    async def follow(self, number: int) -> None:
        """Follow, and come back whenever the stream ends."""
        while not self.over.is_set():
            if number not in self.screens or self.screens[number].closed:
                screen = self.screens[number] = await self.dial(Screen)
                screen.transport.write(request("GET", self.scene.streams["phone"]))
            await asyncio.sleep(0.02)
            if screen.closed and screen.begun != b"HTTP/1.1 200 OK":
                self.noticed.failed.append(f"{screen.begun!r} for a screen")

    async def dial(self, kind: type[C]) -> C:
        """Return a new connection."""
        return (await asyncio.get_running_loop().create_connection(kind, "127.0.0.1", self.port))[1]

    async def all_follow(self) -> None:
        """Wait until every screen has been told where the workshop is, on the stream that it has now."""
        async with asyncio.timeout(90):
            while sum(bool(each.seen) and not each.closed for each in self.screens.values()) < SCREENS:
                await asyncio.sleep(0.02)

    async def more_are_saved(self) -> None:
        """Wait until enough answers have been saved."""
        enough = self.noticed.saved + ENOUGH
        async with asyncio.timeout(90):
            while self.noticed.saved < enough:
                await asyncio.sleep(0.02)


async def live_through(scene: Scene, listener: socket.socket, folder: Path, env: dict[str, str]) -> Noticed:
    """Restart the server under load; return what was noticed."""
    room = Room(scene, listener.getsockname()[1])
    noticed = room.noticed
    running = Activated(listener, folder, env, "-m", "eip2review.server")
    await asyncio.to_thread(running.start)
    jobs = [room.save(number) for number in range(SAVERS)] + [room.follow(number) for number in range(SCREENS)]
    phones = asyncio.gather(*jobs)
    await room.all_follow()
    await room.more_are_saved()
    before = set(room.screens.values())
    desk = await room.dial(Client)
    assert await desk.ask(scene.look("/journal/{code}/preview/")) == 200
    noticed.stopped = await asyncio.to_thread(running.stop)
    noticed.code = running.process.returncode if running.process else None
    running.line.close()
    noticed.prints = await asyncio.to_thread(look_at_prints)
    running = Activated(listener, folder, env, "-m", "eip2review.server")
    await asyncio.to_thread(running.start)
    await room.all_follow()
    await room.more_are_saved()
    noticed.back = len(set(room.screens.values()) - before)
    room.over.set()
    await phones
    noticed.wrong = await asyncio.to_thread(compare, scene, room.last)
    for screen in room.screens.values():
        screen.transport.close()
    await asyncio.to_thread(running.stop)
    return noticed


def look_at_prints() -> list[str]:
    """Return the state of each print."""
    from ratings.models import Print

    return list(Print.objects.values_list("state", flat=True))


def compare(scene: Scene, last: dict[int, int]) -> list[str]:
    """Return where the database says something else than the last answer that was called saved."""
    from ratings.models import Score

    values = sorted(score.value or 0 for score in Score.objects.filter(scale=scene.scales[1]))
    called = sorted(last.values())
    return [] if values == called else [f"{values} is not {called}"]


if __name__ == "__main__":
    place = Path(sys.argv[1])
    environment = prepare(place)
    django.setup()
    room = set_scene(environment, people=SAVERS)
    with socket.create_server(("127.0.0.1", 0), backlog=4096) as address:
        print(json.dumps(asdict(asyncio.run(live_through(room, address, place, environment)))))  # noqa: T201
