"""How long a stage change takes to reach every phone, what a phone costs, and the bare broadcasters to compare with."""

import asyncio
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass

import psutil

from tests.load.clients import Follower, dial, follow, request, wait_for_all
from tests.load.pacing import Paced, pacing
from tests.load.scene import Scene
from tests.servers import Process, free_port

PATIENCE = 20.0  # seconds for a change to reach a phone before it counts as missed
IDLE = 15.0  # seconds: one turn of the keep-alives
FEW = 10  # phones that make a server load what it loads once
PAUSE = 0.15  # seconds between two changes

Turn = Callable[[int], bytes]
"""Returns the request that makes a change, by its number."""


@dataclass
class Spread:
    """How the phones fared in one change, in milliseconds from the request to the last byte of the event."""

    median: float
    p95: float
    slowest: float
    missed: int


@dataclass
class Cost:
    """What a connected phone costs: memory of the servers in KB, and % of a processor that all of them take at rest."""

    memory: float
    at_rest: float


@dataclass
class Effort:
    """What it takes of a processor to tell one more phone of one change, in microseconds."""

    effort: float


async def connect(ports: Sequence[int], path: str, phones: int) -> list[Follower]:
    """Return so many phones, spread over the ports, each having received its first event."""
    gate = asyncio.Semaphore(64)

    async def one(number: int) -> Follower:
        async with gate:
            phone = await follow(ports[number % len(ports)], path)
            while not phone.seen:
                await asyncio.sleep(0.005)
            return phone

    return list(await asyncio.gather(*(one(number) for number in range(phones))))


@asynccontextmanager
async def connected(ports: Sequence[int], path: str, phones: int) -> AsyncIterator[list[Follower]]:
    """Have so many phones follow."""
    followers = await connect(ports, path, phones)
    try:
        yield followers
    finally:
        for phone in followers:
            phone.transport.close()


async def change(port: int, phones: Sequence[Follower], question: bytes) -> Spread:
    """Make one change and wait until every phone has it."""
    revision = max(max(phone.seen) for phone in phones) + 1
    control = await dial(port)
    all_told = asyncio.create_task(wait_for_all(phones, revision, PATIENCE))
    await asyncio.sleep(0)  # all of them listen before the press: the clients have better things to do after it
    begun = time.perf_counter()
    status = await control.ask(question)
    if status >= 400:
        raise RuntimeError(f"the stage did not change: {status}")
    await all_told
    control.transport.close()
    times = sorted((phone.seen[revision] - begun) * 1000 for phone in phones if revision in phone.seen)
    missed = len(phones) - len(times)
    if not times:
        return Spread(float("nan"), float("nan"), float("nan"), missed)
    return Spread(times[len(times) // 2], times[int(len(times) * 0.95)], times[-1], missed)


async def changes(port: int, phones: Sequence[Follower], ask: Turn, number: int) -> list[Spread]:
    """Make so many changes, with a pause after each."""
    spreads = []
    for turn in range(number):
        spreads.append(await change(port, phones, ask(turn)))
        await asyncio.sleep(PAUSE)
    return spreads


async def product(
    ports: Sequence[int], scene: Scene, phones: int, number: int, saves: int = 0
) -> tuple[list[Spread], Paced]:
    """Open stages back and forth through the desk's own address, while so many answers a second come in."""
    opened = 1

    def open_stage(turn: int) -> bytes:
        nonlocal opened
        opened = turn
        return scene.open_stage(turn)

    async with (
        connected(ports, scene.streams["phone"], phones) as followers,
        pacing(ports, lambda turn: scene.save_score(turn, turn, opened), saves) as paced,
    ):
        return await changes(ports[0], followers, open_stage, number), paced


@contextmanager
def bare(size: int, *, asgi: bool) -> Iterator[Process]:
    """Run a bare broadcaster of events of so many bytes."""
    port = free_port()
    command = [sys.executable, "-m", "tests.load.broadcaster", "--port", str(port), "--bytes", str(size)]
    with Process([*command, *(["--asgi"] if asgi else [])], port=port) as server:
        yield server


async def floor(port: int, scene: Scene, phones: int, number: int, saves: int = 0) -> list[Spread]:
    """Do the same as `product` with a bare broadcaster, which throws the answers away."""
    async with (
        connected([port], "/", phones) as followers,
        pacing([port], lambda turn: scene.save_score(turn, turn), saves),
    ):
        return await changes(port, followers, raise_revision, number)


def raise_revision(_turn: int) -> bytes:
    """Return the request that makes a bare broadcaster tell its followers."""
    return request("POST", "/")


async def cost(servers: Sequence[Process], scene: Scene, phones: int, seconds: float = IDLE) -> Cost:
    """Return what so many phones cost that do nothing for so many seconds, beyond what the servers take alone.

    Not less than nothing: what the servers take alone is not always the same.
    """
    ports = [server.port for server in servers]
    processes = [psutil.Process(server.pid) for server in servers]
    async with connected(ports, scene.streams["phone"], FEW) as few:  # what is loaded once is loaded now
        await changes(ports[0], few, scene.open_stage, 2)
    empty, alone = _memory(processes), await _at_rest(processes, seconds)
    async with connected(ports, scene.streams["phone"], phones):
        full = _memory(processes)
        return Cost((full - empty) / 1024 / phones, max(0.0, await _at_rest(processes, seconds) - alone))


async def effort(server: Process, path: str, ask: Turn, phones: int, number: int) -> Effort:
    """Return what telling takes a server, whatever else the machine does: what many phones take less what few do."""
    process = psutil.Process(server.pid)
    taken = []
    for crowd in (FEW, FEW, phones):  # once more, so that what is loaded once is loaded
        async with connected([server.port], path, crowd) as followers:
            before = sum(process.cpu_times()[:2])
            await changes(server.port, followers, ask, number)
            taken.append(sum(process.cpu_times()[:2]) - before)
    return Effort((taken[-1] - taken[-2]) / number / (phones - FEW) * 1e6)


def _memory(processes: Sequence[psutil.Process]) -> int:
    return sum(process.memory_info().rss for process in processes)


async def _at_rest(processes: Sequence[psutil.Process], seconds: float) -> float:
    """Return the % of a processor that these take during so many seconds."""
    await asyncio.sleep(1)
    before = sum(sum(process.cpu_times()[:2]) for process in processes)
    await asyncio.sleep(seconds)
    return (sum(sum(process.cpu_times()[:2]) for process in processes) - before) / seconds * 100
