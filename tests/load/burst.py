"""A whole room that presses the button within a second: how long each phone waits, and when everybody is told."""

import asyncio
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass

from tests.load.clients import dial
from tests.load.saves import Question


@dataclass
class Burst:
    """How the phones fared, in milliseconds: from each one's press to its answer; `done` from the first press to the
    last answer. `refused` counts other answers than the expected one, and connections that broke.
    """

    p50: float
    p95: float
    last: float
    done: float
    refused: int


async def burst(ports: Sequence[int], ask: Question, expected: int, phones: int, within: float = 1.0) -> Burst:
    """Let so many phones ask once each, at random moments `within` so many seconds, over a new connection each."""
    chance = random.Random(phones)
    loop = asyncio.get_running_loop()
    begun = loop.time()

    async def one(number: int, moment: float) -> tuple[float, bool]:
        await asyncio.sleep(begun + moment - loop.time())
        pressed = time.perf_counter()
        try:
            client = await dial(ports[number % len(ports)])
            status = await client.ask(ask(number, number))
            client.transport.close()
        except OSError:
            status = 0
        return time.perf_counter() - pressed, status == expected

    told = await asyncio.gather(*(one(number, chance.uniform(0, within)) for number in range(phones)))
    done = loop.time() - begun
    times = sorted(seconds * 1000 for seconds, _ in told)
    refused = sum(not taken for _, taken in told)
    return Burst(times[len(times) // 2], times[int(len(times) * 0.95)], times[-1], done * 1000, refused)
