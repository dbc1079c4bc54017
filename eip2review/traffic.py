"""What is counted of requests and streams. Nothing of it tells one workshop or person from another.

Who uses a phone is not counted by method: beside people in a room, a watcher of the figures could otherwise tell when
somebody saved from when somebody looked.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache

from prometheus_client import Counter, Gauge, Histogram, disable_created_metrics

from workshops.live.stream import PATH

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
def counted(door: str, method: str) -> Iterator[Callable[[int], None]]:
    """Count a request at a door, by what it yields: to be called with the status once the answer is there."""
    question, begun = object(), time.monotonic()
    waiting = unanswered.setdefault(door, {})
    waiting[question] = begun

    def count(status: int) -> None:
        requests, seconds = _figures(door, method if method in METHODS.get(door, ()) else "any", status // 100)
        requests.inc()
        seconds.observe(time.monotonic() - begun)

    try:
        yield count
    finally:
        del waiting[question]


@cache
def _figures(door: str, method: str, hundred: int) -> tuple[Counter, Histogram]:
    return REQUESTS.labels(door, method, f"{hundred}xx"), ANSWER_SECONDS.labels(door)


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
