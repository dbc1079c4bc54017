"""How long after the facilitator's press the wall has what it shows of a reveal."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass

from tests.load.clients import Follower, dial
from tests.load.scene import Scene
from tests.load.stage import PATIENCE, PAUSE, connected


@dataclass
class Reveal:
    """Milliseconds from the press to the last byte of the wall's picture; `missed` is 1 when it did not come."""

    shown: float
    missed: int


async def reveals(ports: Sequence[int], scene: Scene, phones: int, number: int) -> list[Reveal]:
    """Reveal and cover an open question so many times; phones follow, desk and wall ask for what browsers ask for."""
    port = ports[-1]
    rows = []
    async with (
        connected([port], scene.streams["wall"], 1) as [wall],
        connected(ports, scene.streams["desk"], 1) as [desk],
        connected(ports, scene.streams["phone"], phones),
    ):
        for _ in range(number):
            rows.append(await _reveal(ports[0], port, scene, wall, desk))
            await _press(ports[0], scene, scene.cover(), desk)
            await asyncio.sleep(PAUSE)
    return rows


async def _reveal(port: int, wall_port: int, scene: Scene, wall: Follower, desk: Follower) -> Reveal:
    revision = max(wall.seen) + 1
    begun = time.perf_counter()

    async def look() -> float:
        if not await wall.wait_for(revision, PATIENCE):
            return 0
        await _get(wall_port, scene, "/wall/{code}/picture/")
        return (time.perf_counter() - begun) * 1000

    shown, _ = await asyncio.gather(look(), _press(port, scene, scene.reveal(), desk))
    return Reveal(shown, int(not shown))


async def _press(port: int, scene: Scene, question: bytes, desk: Follower) -> None:
    """Press a button at the desk: it follows the redirect, and fetches its panel when it hears of its own move."""
    revision = max(desk.seen) + 1

    async def press() -> None:
        client = await dial(port)
        await client.ask(question)
        client.transport.close()
        await _get(port, scene, "/desk/{code}/")

    async def renew() -> None:
        if await desk.wait_for(revision, PATIENCE):
            await _get(port, scene, "/desk/{code}/now/")

    await asyncio.gather(press(), renew())


async def _get(port: int, scene: Scene, path: str) -> None:
    client = await dial(port)
    status = await client.ask(scene.look(path))
    client.transport.close()
    if status != 200:
        raise RuntimeError(f"{path}: {status}")
