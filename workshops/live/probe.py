"""A stream for whoever looks after an installation: does it come through the proxies piece by piece, and stay open?

It is of no workshop and tells nothing but how the request itself arrived, and only with a key of this installation.
"""

import asyncio
import json
import time
from http import HTTPStatus
from urllib.parse import parse_qs, urlencode

from django.core.signing import BadSignature, TimestampSigner

from workshops.live.stream import STREAM_HEADERS, Message, Receive, Send, refuse

PATH = "/live/probe/"
PIECES = 3
PAUSE = 1.0  # seconds between two pieces
MAX_AGE = 60  # seconds that a key is good for
TOLD = ("host", "x-forwarded-for", "x-forwarded-proto")
"""The headers that a probe is told."""
_SALT = "live.probe"


def probe_path(*, quiet: float) -> str:
    """Return the path of a probe whose stream is quiet for so many seconds before its last piece; good for a minute."""
    return f"{PATH}?{urlencode({'key': TimestampSigner(salt=_SALT).sign(str(quiet))})}"


async def answer_probe(scope: Message, receive: Receive, send: Send) -> None:
    """Send how the request arrived, in pieces a second apart, and one more after the silence; 403 without a good key.

    Each piece is an event of JSON with `sent`, the seconds since the first.
    """
    key = parse_qs(scope["query_string"].decode("latin1")).get("key", [""])[-1]
    try:
        quiet = float(TimestampSigner(salt=_SALT).unsign(key, max_age=MAX_AGE))
    except BadSignature:
        await refuse(send, HTTPStatus.FORBIDDEN)
        return
    headers = [(name.decode("latin1"), value.decode("latin1")) for name, value in scope["headers"]]
    arrived = {
        "scheme": scope["scheme"],
        **{name: ", ".join(value for each, value in headers if each == name) for name in TOLD},
    }
    await send({"type": "http.response.start", "status": HTTPStatus.OK.value, "headers": STREAM_HEADERS})
    begun = time.monotonic()
    for piece in range(PIECES + 1):
        if piece and await _leaves(receive, within=quiet if piece == PIECES else PAUSE):
            return
        said = {"sent": round(time.monotonic() - begun, 3), **arrived}
        body = f"event: probe\ndata: {json.dumps(said)}\n\n".encode()
        await send({"type": "http.response.body", "body": body, "more_body": piece < PIECES})


async def _leaves(receive: Receive, *, within: float) -> bool:
    """Wait for so many seconds; return whether whoever asked has gone, or the server stops."""
    try:
        async with asyncio.timeout(within):
            while (await receive())["type"] != "http.disconnect":
                pass
    except TimeoutError:
        return False
    except asyncio.CancelledError:  # nothing is lost with a probe
        return True
    return True
