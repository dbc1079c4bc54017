"""How many answers are saved in a second: over HTTP, by Django without a server, and by SQLite alone."""

import asyncio
import io
import sqlite3
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.load.clients import dial
from tests.load.scene import Scene

UPSERT = "INSERT INTO answer VALUES (?, ?, ?, ?) ON CONFLICT (participant, scale) DO UPDATE SET value = excluded.value"


Question = Callable[[int, int], bytes]
"""Returns the request of a client's turn."""


@dataclass
class Pace:
    """Answers a second, how long one took (95 of 100 were quicker, milliseconds), and how many were refused."""

    rate: float
    p95: float
    refused: int


def pace(times: list[float], seconds: float, refused: int = 0) -> Pace:
    """Sum up how long each took, in seconds."""
    return Pace(len(times) / seconds, sorted(times)[int(len(times) * 0.95)] * 1000, refused)


async def over_http(ports: Sequence[int], ask: Question, expected: int, clients: int, seconds: float) -> Pace:
    """Ask over HTTP, each client one thing after the other, the clients spread over the processes at these ports.

    An answer with another status counts as refused. What a process loads for its first answer is not measured.
    """
    times: list[float] = []
    refused = 0
    for port in ports:
        await (await dial(port)).ask(ask(0, 0))
    end = time.perf_counter() + seconds

    async def one(number: int) -> None:
        nonlocal refused
        port = ports[number % len(ports)]
        client = await dial(port)
        turn = 0
        while time.perf_counter() < end:
            if client.closed:
                client = await dial(port)
            begun = time.perf_counter()
            status = await client.ask(ask(number, turn))
            times.append(time.perf_counter() - begun)
            refused += status != expected
            turn += 1
        client.transport.close()

    await asyncio.gather(*(one(number) for number in range(clients)))
    return pace(times, seconds, refused)


def in_process(scene: Scene, seconds: float) -> Pace:
    """Save through Django's handler, one after the other, with no server around it."""
    from django.core.wsgi import get_wsgi_application

    django = get_wsgi_application()

    def save(turn: int) -> str:
        statuses: list[str] = []
        environ = wsgi_environ(scene.save_score(turn % len(scene.tokens), turn))
        answer = django(environ, lambda status, headers, error=None, seen=statuses: seen.append(status))
        b"".join(answer)
        answer.close()
        return statuses[0]

    save(0)  # what is loaded once is loaded now
    times: list[float] = []
    refused = 0
    end = time.perf_counter() + seconds
    while (begun := time.perf_counter()) < end:
        status = save(len(times))
        times.append(time.perf_counter() - begun)
        refused += not status.startswith("200")
    return pace(times, seconds, refused)


def wsgi_environ(question: bytes) -> dict[str, Any]:
    """Return a request's bytes as WSGI has them."""
    head, _, body = question.partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    method, path, protocol = first.split()
    environ: dict[str, Any] = {"REQUEST_METHOD": method, "PATH_INFO": path, "SERVER_PROTOCOL": protocol}
    environ |= {
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "80",
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(body),
    }
    for line in lines:
        name, _, value = line.partition(": ")
        key = name.upper().replace("-", "_")
        environ[key if key.startswith("CONTENT_") else f"HTTP_{key}"] = value
    return environ


def raw_sqlite(directory: Path, seconds: float) -> Pace:
    """Upsert in a bare table, each in its own durable transaction (WAL, synchronous FULL)."""
    path = directory / "raw.sqlite3"
    connection = sqlite3.connect(path, isolation_level=None)
    connection.executescript(
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
        "CREATE TABLE IF NOT EXISTS answer (participant, scale, value, text, PRIMARY KEY (participant, scale));"
    )
    times: list[float] = []
    end = time.perf_counter() + seconds
    while (begun := time.perf_counter()) < end:
        connection.execute(UPSERT, (len(times) % 200, 1, len(times) % 11, "some words"))
        times.append(time.perf_counter() - begun)
    connection.close()
    return pace(times, seconds)
