"""The server: `python -m eip2review.server` serves the product on one address, in one process."""

import argparse
import os
import socket
import sys

import uvicorn

from eip2review.bounds import BoundedProtocol
from eip2review.tls import Tls, UnusableCertificate, configured

DEAD_AFTER = 60_000  # milliseconds without a sign of life before the system gives a connection up


class Server(uvicorn.Server):
    """Uvicorn, ending the open streams first when it is told to stop."""

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop within a second or two, however many screens are connected; they reconnect to the next process."""
        from workshops.live.hub import hub

        hub.close_streams()
        await super().shutdown(sockets)


def run(
    host: str = "127.0.0.1",
    port: int = 8000,
    *,
    application: str = "eip2review.asgi:application",
    tls: Tls | None = None,
) -> None:
    """Serve until SIGTERM or SIGINT, over TLS where there is a certificate. No client is logged.

    Raises SystemExit when the address is taken.
    """
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
        ssl_certfile=tls.certificate if tls else None,
        ssl_keyfile=tls.key if tls else None,
    )
    listener = config.bind_socket()
    if hasattr(socket, "TCP_USER_TIMEOUT"):  # every connection inherits it: a phone that walked away is noticed
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, DEAD_AFTER)
    Server(config).run(sockets=[listener])


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "eip2review.settings")
    try:
        run(options.host, options.port, tls=configured())
    except UnusableCertificate as error:
        sys.exit(str(error))
