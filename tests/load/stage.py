"""How long a stage change takes to reach every phone: the product against a bare broadcaster of the same bytes."""

import asyncio
import sys
import time
from dataclasses import dataclass

from tests.load.clients import Follower, dial, follow, request
from tests.load.scene import Scene
from tests.servers import Process, free_port

PATIENCE = 20.0  # seconds for a change to reach a phone before it counts as missed


@dataclass
class Spread:
    """How the phones fared in one change, in milliseconds from the request to the last byte of the event."""

    median: float
    p95: float
    last: float
    missed: int


async def connect(port: int, path: str, phones: int) -> list[Follower]:
    """Return so many phones, each having received its first event."""
    gate = asyncio.Semaphore(64)

    async def one() -> Follower:
        async with gate:
            phone = await follow(port, path)
            while not phone.seen:
                await asyncio.sleep(0.005)
            return phone

    return list(await asyncio.gather(*(one() for _ in range(phones))))


async def change(port: int, phones: list[Follower], question: bytes) -> Spread:
    """Make one change and wait until every phone has it."""
    revision = max(max(phone.seen) for phone in phones) + 1
    control = await dial(port)
    begun = time.perf_counter()
    status = await control.ask(question)
    if status >= 400:
        raise RuntimeError(f"the stage did not change: {status}")
    arrived = await asyncio.gather(*(phone.wait_for(revision, PATIENCE) for phone in phones))
    control.transport.close()
    times = sorted((phone.seen[revision] - begun) * 1000 for phone in phones if revision in phone.seen)
    missed = arrived.count(False)
    if not times:
        return Spread(float("nan"), float("nan"), float("nan"), missed)
    return Spread(times[len(times) // 2], times[int(len(times) * 0.95)], times[-1], missed)


async def product(port: int, scene: Scene, phones: int, changes: int) -> list[Spread]:
    """Open stages back and forth as the facilitator, through the desk's own address."""
    followers = await connect(port, scene.phone_stream, phones)
    spreads = [await change(port, followers, scene.open_stage(number)) for number in range(changes)]
    for phone in followers:
        phone.transport.close()
    return spreads


async def floor(phones: int, changes: int, size: int) -> list[Spread]:
    """Do the same with the bare broadcaster."""
    port = free_port()
    command = [sys.executable, "-m", "tests.load.broadcaster", "--port", str(port), "--bytes", str(size)]
    with Process(command, port=port):
        followers = await connect(port, "/", phones)
        spreads = [await change(port, followers, request("POST", "/")) for _ in range(changes)]
        for phone in followers:
            phone.transport.close()
    return spreads
