"""The server: `python -m eip2review.server` serves the product on one address, in one process."""

import argparse
import logging
import os
import signal
import socket
import sys
from contextlib import suppress

import django
import uvicorn
from django.core.management.base import CommandError

from eip2review.bounds import BoundedProtocol
from eip2review.systemd import feed_watchdog, inherited_sockets, tell_systemd
from eip2review.tls import Tls, UnusableCertificate, configured

logger = logging.getLogger("eip2review.server")  # also where this module is the program

DEAD_AFTER = 60_000  # milliseconds without a sign of life before the system gives a connection up
LONGEST_GOODBYE = 10  # seconds that a stopping server gives the requests that it has taken
WATCHDOG_PAUSE = 10  # seconds between two signs of life to systemd


class Server(uvicorn.Server):
    """Uvicorn, which says when it is up, and stops without cutting anybody off."""

    _answered_all = False

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Open the doors, and say so."""
        logger.info("Started")
        await super().startup(sockets)
        logger.info("Ready")
        tell_systemd("READY=1")

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End the open streams, answer all that was asked, and stop; screens reconnect to the next process.

        Who connects from now on waits for that process, where the address was opened for both. A server that has
        answered everybody exits with 0; one that had to cut somebody off after LONGEST_GOODBYE dies by its signal.
        """
        from workshops.live.hub import hub

        logger.info("Stopping")
        tell_systemd("STOPPING=1")
        hub.stopping = True
        hub.close_streams()
        await super().shutdown(sockets)
        if self._answered_all:
            self._captured_signals = [each for each in self._captured_signals if each != signal.SIGTERM]
        logger.info("Stopped")

    async def _wait_tasks_to_complete(self) -> None:
        await super()._wait_tasks_to_complete()
        self._answered_all = True


def run(
    host: str = "127.0.0.1",
    port: int = 8000,
    *,
    application: str = "eip2review.asgi:application",
    tls: Tls | None = None,
) -> None:
    """Serve until SIGTERM or SIGINT, on an inherited address or else on this one, over TLS if there is a certificate.

    No client is logged. Raises SystemExit when the address is taken.
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
        timeout_graceful_shutdown=LONGEST_GOODBYE,
        callback_notify=feed_watchdog,
        timeout_notify=WATCHDOG_PAUSE,
        ssl_certfile=tls.certificate if tls else None,
        ssl_keyfile=tls.key if tls else None,
    )
    logging.captureWarnings(capture=True)
    listeners = inherited_sockets() or [config.bind_socket()]
    if hasattr(socket, "TCP_USER_TIMEOUT"):  # every connection inherits it: a phone that walked away is noticed
        for listener in listeners:
            listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, DEAD_AFTER)
    Server(config).run(sockets=listeners)


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
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "eip2review.settings")
    try:
        certificate = configured()
    except UnusableCertificate as error:
        sys.exit(str(error))
    look_first()
    with suppress(KeyboardInterrupt):
        run(options.host, options.port, tls=certificate)
