"""The two doors: `/live/…` is answered in the event loop, everything else by Django in a few threads.

What only those ask who run the server, whether it lives, is ready and how it fares, is answered in the event loop too.

Facilitators have a thread apart, so that opening a stage never queues behind a burst of answers; so have walls, which
show a reveal while the desk's page is still being made; and journals, as who downloads one waits until it is printed.
"""

import asyncio
import gc
import os
import resource
import sys
from contextlib import suppress
from http import HTTPStatus
from pathlib import Path

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "eip2review.settings")
django = get_wsgi_application()

from eip2review import operations
from eip2review.bounds import CONNECTION, SENTENCES
from eip2review.bridge import Bridge, Disk, DiskFailed, Whole, environ_of
from eip2review.chores import compare_keys, keep_printing, keep_sealing
from eip2review.health import keep_watch
from eip2review.keeping.failures import InUse
from eip2review.keeping.in_use import serving
from eip2review.traffic import counted, counted_stream, unanswered
from ratings.carrying.locking import LARGEST
from workshops.live.hub import hub
from workshops.live.probe import PATH as PROBE
from workshops.live.probe import answer_probe
from workshops.live.stream import CAREFUL, Message, Receive, Send, serve

LARGEST_BODY = 2_621_440  # bytes
TAKE_IN = "/desk/take-in/"
LARGEST_FILE = LARGEST + 65_536  # bytes of a request that brings a workshop, with its form
TURN = 0.0005  # seconds that a thread at work keeps the event loop waiting: it has every phone to tell

PATHS = {
    TAKE_IN: "journals",  # it takes a moment, and a room at work must not wait for it
    "/desk/": "facilitators",
    "/wall/": "walls",
    "/journal/": "journals",
    "/shared/": "journals",
    "/verify/": "journals",
}


def disk() -> Disk | None:
    """Return the disk that the answers to phones wait for; None where each commit waits for it by itself."""
    is_sqlite = settings.DATABASE["ENGINE"].endswith("sqlite3")
    return Disk(Path(f"{settings.DATABASE['NAME']}-wal")) if is_sqlite and settings.DJANGO_THREADS == 1 else None


def only_phones_wait() -> bool:
    """Whether nobody waits for the event loop but phones that have asked something: no facilitator, no screen."""
    return not (unanswered.get("facilitators") or unanswered.get("walls") or hub.is_reading)


doors: dict[str, Bridge] = {
    "participants": Bridge(django, settings.DJANGO_THREADS, disk(), only_phones_wait),
    "facilitators": Bridge(django, 1),
    "walls": Bridge(django, 1),
    "journals": Bridge(django, 1),
}


bringing = asyncio.Lock()  # so that no number of requests, of whomever, fills the memory


async def application(scope: Message, receive: Receive, send: Send) -> None:
    """Answer one request, or one lifespan of the server."""
    if scope["type"] == "lifespan":
        await live_with_database(receive, send)
    elif scope["type"] == "http" and scope["path"] == PROBE:
        await answer_probe(scope, receive, send)
    elif scope["type"] == "http" and scope["path"].startswith("/live/"):
        with counted_stream(scope["path"]):
            await serve(scope, scope["extensions"][CONNECTION], receive, send)
    elif scope["type"] == "http" and scope["path"] in operations.PATHS:
        await operations.serve(scope, receive, send)
    elif scope["type"] == "http":
        await answer_or_say_so(scope, receive, send)


async def live_with_database(receive: Receive, send: Send) -> None:
    """Live through a lifespan in which nobody replaces the database; fail to start while somebody does."""
    try:
        with serving():
            await live_through(receive, send)
    except InUse as refusal:
        await receive()
        await send({"type": "lifespan.startup.failed", "message": str(refusal)})


async def live_through(receive: Receive, send: Send) -> None:
    """Start the live channel and the chores with the server, and stop them with the server."""
    await receive()
    allow_many_connections()
    sys.setswitchinterval(TURN)
    gc.freeze()  # a search for garbage keeps everybody waiting: what has been loaded by now is none
    hub.start()
    chores = [asyncio.create_task(chore()) for chore in (compare_keys, keep_sealing, keep_printing, keep_watch)]
    await send({"type": "lifespan.startup.complete"})
    await receive()
    for chore in chores:
        chore.cancel()
        with suppress(asyncio.CancelledError):
            await chore
    await hub.stop()
    await send({"type": "lifespan.shutdown.complete"})


async def answer_or_say_so(scope: Message, receive: Receive, send: Send) -> None:
    """Let Django answer; 503 when the server stops and has waited for that as long as it can."""
    begun = False
    try:
        answered = await ask_django(scope, receive)
        begun = True
        if answered is not None:
            await send_whole(send, answered)
    except asyncio.CancelledError:  # which only a server does that stops
        if not begun:
            await send_whole(send, refusal(HTTPStatus.SERVICE_UNAVAILABLE))


async def ask_django(scope: Message, receive: Receive) -> Whole | None:
    """Take in the whole request, so that no thread waits for a slow phone, and return Django's answer.

    None when the client has gone. 413 when the request is larger than LARGEST_BODY, 507 when the disk does not take
    what it saves. One request at a time may bring a file as large as LARGEST_FILE; another one that comes meanwhile has
    to be as small as all others.
    """
    try:
        if scope["path"] == TAKE_IN and not bringing.locked():
            async with bringing:
                body = await take_in(receive, LARGEST_FILE)
        else:
            body = await take_in(receive, LARGEST_BODY)
    except TooLarge:
        return refusal(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    if body is None:
        return None
    name = door(scope["path"])
    with counted(name, scope["method"]) as count:
        try:
            answered = await doors[name].answer(environ_of(scope, body))
        except DiskFailed:
            answered = refusal(HTTPStatus.INSUFFICIENT_STORAGE)
        count(answered[0])
    return answered


class TooLarge(Exception):
    """A request is larger than what is taken in at its address."""


async def take_in(receive: Receive, largest: int) -> bytes | None:
    """Return a request's body; None when the client has gone. Raises TooLarge as soon as it is."""
    body = bytearray()
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        body += message.get("body", b"")
        more = message.get("more_body", False)
        if len(body) > largest:
            raise TooLarge
    return bytes(body)


def refusal(status: HTTPStatus) -> Whole:
    """Return the sentence of this refusal; it ends the connection: the rest of the request is not read."""
    sentence = SENTENCES[status].encode()
    length = (b"content-length", b"%d" % len(sentence))
    kind = (b"content-type", b"text/plain; charset=utf-8")
    return status.value, [kind, *CAREFUL, (b"connection", b"close"), length], sentence


async def send_whole(send: Send, answered: Whole) -> None:
    """Send an answer."""
    status, headers, body = answered
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def door(path: str) -> str:
    """Return the name of the door whose threads answer this path."""
    return next((name for start, name in PATHS.items() if path.startswith(start)), "participants")


def allow_many_connections() -> None:
    """Raise this process's limit of open files as far as it may: every phone holds one."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
