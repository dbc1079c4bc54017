"""The door to the live channel: an ASGI application that sends a workshop's events, or answers a poll from memory."""

import asyncio
import re
from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from http import HTTPStatus
from typing import Any, cast
from urllib.parse import parse_qs

from django.core.signing import BadSignature

from workshops.live.feed import Connection, Feed
from workshops.live.hub import hub
from workshops.live.keys import SCREENS, Screen, holder_of

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Message, Receive, Send], Awaitable[None]]
Headers = Sequence[tuple[bytes, bytes]]

PATH = re.compile(rf"/live/([0-9]{{6}})/({'|'.join(SCREENS)})/")
REVISION = re.compile(r"[0-9]{1,18}")
CAREFUL = [
    (b"cache-control", b"no-store"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"x-content-type-options", b"nosniff"),
]
STREAM_HEADERS = [
    (b"content-type", b"text/event-stream"),
    *CAREFUL,
    (b"x-accel-buffering", b"no"),  # a proxy must pass each event on at once
]
JSON_HEADERS = [(b"content-type", b"application/json"), *CAREFUL]
REFUSED = b"Screens follow a workshop here. To see it, open or load its page, not this address."
RETRY_FRAME = b"retry: 2000\n\n"  # milliseconds before a screen reconnects


async def serve(scope: Message, connection: Connection, receive: Receive, send: Send) -> None:
    """Answer `GET /live/<code>/<screen>/?key=…`: a stream of events, or with `Accept: application/json` a poll.

    403 without a good key, or with that of a user who may not look at the desk any more, 404 for an unknown workshop or
    screen, 503 while the database cannot be read. A poll is 204 unless the workshop is past the revision in `after`;
    `poll=1` asks for one too. Nothing is older than what a screen says it has seen, in `after` or as `Last-Event-ID`.
    """
    if scope["method"] != "GET":
        await refuse(send, HTTPStatus.METHOD_NOT_ALLOWED, [(b"allow", b"GET")])
        return
    path = PATH.fullmatch(scope["path"])
    if path is None:
        await refuse(send, HTTPStatus.NOT_FOUND)
        return
    code, screen = path[1], cast(Screen, path[2])
    query = {name: values[-1] for name, values in parse_qs(scope["query_string"].decode("latin1")).items()}
    try:
        user_id = holder_of(code, screen, query.get("key", ""))
    except BadSignature:
        await refuse(send, HTTPStatus.FORBIDDEN)
        return
    hub.start()
    after = _revision(query.get("after", ""))
    room = await hub.room(code, max(after, _revision(_header(scope, b"last-event-id"))), user_id)
    if room is None:
        await refuse(send, HTTPStatus.NOT_FOUND)
    elif not room.is_known:
        await refuse(send, HTTPStatus.SERVICE_UNAVAILABLE, [(b"retry-after", b"2")])
    elif room.closed or hub.stopping:  # it comes back in a while, perhaps to the next process
        await answer(send, HTTPStatus.OK, STREAM_HEADERS, RETRY_FRAME)
    elif not room.admits(user_id):
        await refuse(send, HTTPStatus.FORBIDDEN)
    elif "poll" in query or "application/json" in _header(scope, b"accept"):
        await _answer_poll(room.feed(screen), after, send)
    else:
        with room.visit(user_id):
            await follow(room.feed(screen), connection, receive, send, admitted=lambda: room.admits(user_id))


async def answer(send: Send, status: HTTPStatus, headers: Headers = (), body: bytes = b"") -> None:
    """Send a whole response."""
    length = [] if status == HTTPStatus.NO_CONTENT else [(b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": status.value, "headers": [*headers, *length]})
    await send({"type": "http.response.body", "body": body})


async def refuse(send: Send, status: HTTPStatus, headers: Headers = ()) -> None:
    """Send a refusal; it says what to do to whoever has typed the address."""
    await answer(send, status, [(b"content-type", b"text/plain; charset=utf-8"), *CAREFUL, *headers], REFUSED)


async def _answer_poll(feed: Feed, after: int, send: Send) -> None:
    if feed.revision > after:
        await answer(send, HTTPStatus.OK, JSON_HEADERS, feed.data.encode())
    else:
        await answer(send, HTTPStatus.NO_CONTENT, CAREFUL)


async def follow(
    feed: Feed, connection: Connection, receive: Receive, send: Send, *, admitted: Callable[[], bool] = lambda: True
) -> None:
    """Send the current stage, then what is newest each time something changed, until the screen or the feed is gone.

    Or until it is not admitted any more: who decides that cancels the running task.
    """
    seen, frames = feed.first()
    await send({"type": "http.response.start", "status": HTTPStatus.OK.value, "headers": STREAM_HEADERS})
    await send({"type": "http.response.body", "body": RETRY_FRAME + frames, "more_body": True})
    try:
        with feed.streaming(connection, seen):
            while not feed.closed and admitted() and (await receive())["type"] != "http.disconnect":
                pass
    except asyncio.CancelledError:
        if not feed.closed and admitted():  # it is the server that does not wait any longer
            raise
    await send({"type": "http.response.body", "body": b""})


def _revision(words: str) -> int:
    return int(words) if REVISION.fullmatch(words) else -1


def _header(scope: Message, name: bytes) -> str:
    return b",".join(value for key, value in scope["headers"] if key == name).decode("latin1")
