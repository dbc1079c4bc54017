"""What is counted of requests and streams. Nothing of it tells one workshop or person from another.

Who uses a phone is not counted by method: beside people in a room, a watcher of the figures could otherwise tell when
somebody saved from when somebody looked.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from prometheus_client import Counter, Gauge, Histogram, disable_created_metrics

from workshops.live.stream import PATH, Message, Send

disable_created_metrics()  # type: ignore[no-untyped-call]  # when something first happened is nobody's business

REQUESTS = Counter("midpoint_requests", "Requests that Django answered.", ["door", "method", "status"])
ANSWER_SECONDS = Histogram(
    "midpoint_answer_seconds",
    "From a request that is there in full to the beginning of its answer.",
    ["door"],
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
)
STREAMS = Gauge("midpoint_streams", "Screens that follow a workshop.", ["screen"])
METHODS = {"facilitators": ("GET", "POST"), "walls": ("GET",), "journals": ("GET", "POST")}
"""Doors where methods are told apart, and which."""

unanswered: dict[str, dict[object, float]] = {}
"""For each door, when the requests came that have no answer yet, in seconds of the monotonic clock, oldest first."""


@contextmanager
def counted(door: str, method: str, send: Send) -> Iterator[Send]:
    """Count a request at a door when its answer begins; yield what to send the answer with."""
    question, begun = object(), time.monotonic()
    waiting = unanswered.setdefault(door, {})
    waiting[question] = begun

    async def send_counted(message: Message) -> None:
        if message["type"] == "http.response.start":
            waiting.pop(question, None)
            told = method if method in METHODS.get(door, ()) else "any"
            REQUESTS.labels(door, told, f"{message['status'] // 100}xx").inc()
            ANSWER_SECONDS.labels(door).observe(time.monotonic() - begun)
        await send(message)

    try:
        yield send_counted
    finally:
        waiting.pop(question, None)


def longest_wait(door: str) -> float:
    """Return for how many seconds a request at a door has waited for its answer; 0 if none waits."""
    begun = next(iter(unanswered.get(door, {}).values()), None)
    return 0.0 if begun is None else time.monotonic() - begun


@contextmanager
def counted_stream(path: str) -> Iterator[None]:
    """Count a screen for as long as it follows."""
    found = PATH.fullmatch(path)
    if found is None:
        yield
        return
    with STREAMS.labels(found[2]).track_inprogress():
        yield
