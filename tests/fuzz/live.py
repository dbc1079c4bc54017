"""Bad requests to the server's own doors, below Django: raw scopes as the server makes them of any bytes."""

from __future__ import annotations

import asyncio
import random
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from eip2review.bounds import CONNECTION
from tests import factories
from tests.connections import Notebook
from tests.fuzz import hostile
from tests.fuzz.attacks import METHODS, encoded
from tests.fuzz.campaign import Report
from tests.fuzz.judge import WORDS_NEEDED
from workshops.live.hub import hub
from workshops.live.keys import SCREENS, Screen, stream_url
from workshops.models import Workshop

REFUSALS = {200, 204, 302, 400, 403, 404, 405, 408, 413}


@dataclass(frozen=True)
class Knock:
    """One raw request: a scope, and the messages of its body."""

    method: str
    path: str
    query: bytes
    headers: tuple[tuple[bytes, bytes], ...]
    body: tuple[bytes, ...]
    hangs_up: bool


def play(count: int, chance: random.Random, report: Report) -> None:
    """Send so many raw requests: most to `/live/`, some to Django through the threads that answer it in earnest."""
    begun = time.perf_counter()
    asyncio.run(_play(factories.workshop(), count, chance, report))
    report.seconds += time.perf_counter() - begun


async def _play(workshop: Workshop, count: int, chance: random.Random, report: Report) -> None:
    from eip2review.asgi import application

    try:
        for _ in range(count):
            knock = make(workshop, chance)
            try:
                status, wrong = await asyncio.wait_for(answered(application, knock), 30)
            except Exception as error:  # noqa: BLE001 - whatever it is, it is what is looked for
                status, wrong = "exception", [f"{type(error).__name__}: {error}"]
            name = "the live door" if knock.path.startswith("/live/") else "the threads' door"
            report.note(name, status, wrong, knock)
    finally:
        await hub.stop()


def make(workshop: Workshop, chance: random.Random) -> Knock:
    """Return a bad request of this workshop's screens, or of anything."""
    screen: Screen = chance.choice(SCREENS)
    good = urlsplit(stream_url(workshop, screen))
    path, key = good.path, parse_qs(good.query)["key"][0].encode()
    live = chance.random() < 0.8
    if not live:
        path = chance.choice(("/", "/join/", f"/w/{workshop.code}/", f"/desk/{workshop.code}/", "/no/such/"))
    if chance.random() < 0.5:
        parts = path.split("/")
        parts[chance.randrange(1, len(parts))] = unquote(hostile.text(chance).decode("utf-8", "replace"))
        path = "/".join(parts)
    pairs = [(name, hostile.text(chance)) for name in (b"after", b"poll", b"key", b"x") if chance.random() < 0.5]
    if live and chance.random() < 0.6:
        pairs.append((b"key", key))
    query = encoded(pairs).encode() if chance.random() < 0.8 else hostile.text(chance)
    names = (
        b"accept",
        b"host",
        b"cookie",
        b"content-length",
        b"content-type",
        b"last-event-id",
        b"x_forwarded_for",
        b"\xff",
    )
    headers = tuple((name, hostile.text(chance)[:2000]) for name in names if chance.random() < 0.3)
    body = tuple(hostile.text(chance) for _ in range(chance.randrange(3)))
    method = "GET" if chance.random() < 0.7 else chance.choice(METHODS)
    return Knock(method, path, query, headers, body, chance.random() < 0.1)


async def answered(application: Any, knock: Knock) -> tuple[str, list[str]]:
    """Return the status of the answer to a raw request, and what is wrong with it."""
    waiting: list[dict[str, Any]] = [{"type": "http.request", "body": each, "more_body": True} for each in knock.body]
    waiting += [] if knock.hangs_up else [{"type": "http.request", "body": b"", "more_body": False}]
    told: list[dict[str, Any]] = []
    whole = asyncio.Event()

    async def receive() -> dict[str, Any]:
        if waiting:
            return waiting.pop(0)
        if not knock.hangs_up:
            await whole.wait()
        return {"type": "http.disconnect"}

    async def send(message: dict[str, Any]) -> None:
        told.append(message)
        if message["type"] == "http.response.body":  # of a stream the first part will do
            whole.set()

    scope = {
        "type": "http",
        "http_version": "1.1",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "method": knock.method,
        "path": knock.path,
        "raw_path": b"/",
        "query_string": knock.query,
        "root_path": "",
        "scheme": "http",
        "headers": list(knock.headers),
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
        "extensions": {CONNECTION: Notebook()},
    }
    task = asyncio.ensure_future(application(scope, receive, send))
    await task
    return judge(told, hung_up=knock.hangs_up)


def judge(told: list[dict[str, Any]], *, hung_up: bool) -> tuple[str, list[str]]:
    """Return the status of an answer, and what is wrong with it."""
    if not told:
        return "none", [] if hung_up else ["no answer"]
    status = told[0]["status"]
    body = b"".join(message.get("body", b"") for message in told)
    wrong = [] if status in REFUSALS else [f"status {status}"]
    names = {name.lower() for name, _value in told[0]["headers"]}
    wrong += [] if b"cache-control" in names else ["no Cache-Control"]
    wrong += ["a refusal without a sentence"] if status >= 400 and len(body) < WORDS_NEEDED else []
    wrong += ["a line end in a header"] if any({*b"\r\n"} & {*value} for _name, value in told[0]["headers"]) else []
    sent = (f"<{hostile.MARK}>", f"<script>{hostile.MARK}", f"data-{hostile.MARK}>", f"onerror={hostile.MARK}")
    return str(status), wrong + [f"markup that was sent: {each}" for each in sent if each.encode() in body]
