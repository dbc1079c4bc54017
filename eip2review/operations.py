"""The door for whoever runs the server: `/health/`, `/ready/` and `/metrics/`, answered in the event loop."""

import json
from http import HTTPStatus
from secrets import compare_digest

from django.conf import settings
from prometheus_client import CONTENT_TYPE_LATEST

from eip2review.health import is_ready, readiness
from eip2review.metrics import page
from workshops.live.stream import CAREFUL, JSON_HEADERS, Message, Receive, Send, answer

PATHS = {"/health/", "/ready/", "/metrics/"}
SHORTEST_TOKEN = 20
NO_METRICS = b"There are figures here only with the token of METRICS_TOKEN, which has 20 characters or more."


async def serve(scope: Message, receive: Receive, send: Send) -> None:
    """Answer one request for one of PATHS; 405 unless it only looks.

    `/health/`: 200 while the process lives. `/ready/`: 200, or 503 where it should not be sent requests; its JSON says
    how each part is. `/metrics/`: 200 with the token of METRICS_TOKEN, else 404.
    """
    if scope["method"] not in ("GET", "HEAD"):
        await answer(send, HTTPStatus.METHOD_NOT_ALLOWED, [*JSON_HEADERS, (b"allow", b"GET, HEAD")], b"{}")
    elif scope["path"] == "/health/":
        await answer(send, HTTPStatus.OK, JSON_HEADERS, b'{"alive": true}')
    elif scope["path"] == "/metrics/":
        await tell_metrics(scope, send)
    else:
        parts = await readiness.look()
        ready = is_ready(parts)
        status = HTTPStatus.OK if ready else HTTPStatus.SERVICE_UNAVAILABLE
        await answer(send, status, JSON_HEADERS, json.dumps({"ready": ready, "parts": parts}).encode())


async def tell_metrics(scope: Message, send: Send) -> None:
    """Send the page of figures to whoever has the token."""
    if may_read(scope):
        kind = [(b"content-type", CONTENT_TYPE_LATEST.encode()), *CAREFUL]
        await answer(send, HTTPStatus.OK, kind, await page.text())
    else:
        kind = [(b"content-type", b"text/plain; charset=utf-8"), *CAREFUL]
        await answer(send, HTTPStatus.NOT_FOUND, kind, NO_METRICS)


def may_read(scope: Message) -> bool:
    """Return whether a request brings the token; nobody may where there is none, or one that is too short."""
    token = settings.METRICS_TOKEN
    brought = dict(scope["headers"]).get(b"authorization", b"")
    return len(token) >= SHORTEST_TOKEN and compare_digest(brought, f"Bearer {token}".encode())
