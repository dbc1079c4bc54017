"""So many requests a second, each at its time, whether or not those before it have been answered."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from tests.load.clients import Client, dial

CONNECTIONS = 64


@dataclass
class Paced:
    """What became of them: how many were asked, how many refused, and 95 of 100 were answered within `p95` ms."""

    asked: int = 0
    refused: int = 0
    p95: float = 0


@asynccontextmanager
async def pacing(ports: Sequence[int], ask: Callable[[int], bytes], rate: int) -> AsyncIterator[Paced]:
    """Ask at this rate as long as the block lasts; an answer's time counts from when it was due. 0 asks nothing."""
    paced, times = Paced(), list[float]()
    idle: asyncio.Queue[Client] = asyncio.Queue()
    for number in range(CONNECTIONS if rate else 0):
        idle.put_nowait(await dial(ports[number % len(ports)]))

    async def one(turn: int, due: float) -> None:
        client = await idle.get()
        paced.refused += await client.ask(ask(turn)) != 200
        times.append(time.perf_counter() - due)
        idle.put_nowait(client)

    async def all_of_them() -> None:
        begun = time.perf_counter()
        async with asyncio.TaskGroup() as asked:
            while not over.is_set():
                due = begun + paced.asked / rate
                await asyncio.sleep(due - time.perf_counter())
                asked.create_task(one(paced.asked, due))
                paced.asked += 1

    over = asyncio.Event()
    asking = asyncio.create_task(all_of_them()) if rate else None
    try:
        yield paced
    finally:
        over.set()
        if asking is not None:
            await asking
            paced.p95 = sorted(times)[int(len(times) * 0.95)] * 1000
        while not idle.empty():
            idle.get_nowait().transport.close()
