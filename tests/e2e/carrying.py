"""Fetch something as a browser did, and weigh it."""

import urllib.request
from collections.abc import Mapping

CARRIED = ("cookie", "accept")


def carry(url: str, headers: Mapping[str, str], encoding: str) -> int:
    """Return how many bytes the body of an answer has over the wire, with the compressions that `encoding` allows."""
    kept = {name: value for name, value in headers.items() if name in CARRIED}
    request = urllib.request.Request(url, headers={**kept, "accept-encoding": encoding})  # noqa: S310 (our own server)
    with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
        return len(answer.read())
