"""The server: `python -m eip2review.server` serves the product on one address, in one process."""

import argparse
import os
import socket

import django
import uvicorn
from django.core.management.base import CommandError

from eip2review.bounds import BoundedProtocol

DEAD_AFTER = 60_000  # milliseconds without a sign of life before the system gives a connection up


class Server(uvicorn.Server):
    """Uvicorn, ending the open streams first when it is told to stop."""

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop within a second or two, however many screens are connected; they reconnect to the next process."""
        from workshops.live.hub import hub

        hub.close_streams()
        await super().shutdown(sockets)


def run(host: str = "127.0.0.1", port: int = 8000, *, application: str = "eip2review.asgi:application") -> None:
    """Serve until SIGTERM or SIGINT. No client is logged. Raises SystemExit when the address is taken."""
    config = uvicorn.Config(
        application,
        host=host,
        port=port,
        loop="uvloop",
        http=BoundedProtocol,
        ws="none",
        lifespan="on",
        backlog=4096,
        log_level="warning",
        log_config=None,  # what is logged goes the way of the settings, which say what a log may say
        access_log=False,
        server_header=False,
        proxy_headers=False,  # whom to believe about addresses is a setting of ours: TRUSTED_PROXIES
        timeout_graceful_shutdown=1,
    )
    listener = config.bind_socket()
    if hasattr(socket, "TCP_USER_TIMEOUT"):  # every connection inherits it: a phone that walked away is noticed
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, DEAD_AFTER)
    Server(config).run(sockets=[listener])


def look_first() -> None:
    """Leave with a sentence, and no traceback, when the database is not ready for this version."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "eip2review.settings")
    django.setup()
    from eip2review.upgrading import refuse_unprepared

    try:
        refuse_unprepared()
    except CommandError as refusal:
        raise SystemExit(str(refusal)) from None


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    options = parser.parse_args()
    look_first()
    run(options.host, options.port)
