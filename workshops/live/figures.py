"""How fast a change reaches the screens of this process, for whoever watches the server."""

import asyncio
import time

from prometheus_client import Histogram

STAGE_SECONDS = Histogram(
    "midpoint_stage_change_seconds",
    "From the notice of a change of stage until every screen of the workshop has its picture ahead of it.",
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5),
)


def time_change(change: "asyncio.Future[None]") -> None:
    """Note how long it takes from now until a change has been read and given out."""
    begun = time.monotonic()
    change.add_done_callback(lambda _: STAGE_SECONDS.observe(time.monotonic() - begun))
