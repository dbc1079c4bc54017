"""What systemd and the server tell each other: an address that is open already, and how far the server is."""

import os
import socket
import sys
from contextlib import suppress

FIRST = 3  # the first file that a process can inherit beside its terminal's three
NO_ADDRESS = (
    "What was opened for Midpoint is no TCP address: in midpoint.socket, ListenStream= takes an address and a port"
)


def inherited_sockets() -> list[socket.socket]:
    """Return the listening sockets that were opened for this very process; none when it has to open its own.

    They stay open while one process takes another's place, so that who connects in between waits and is not refused.
    Processes of our own learn nothing of them. Raises SystemExit when one does not listen for TCP connections.
    """
    meant = os.environ.pop("LISTEN_PID", "") == str(os.getpid())
    count = int(os.environ.pop("LISTEN_FDS", "0"))
    return [_listener(number) for number in range(FIRST, FIRST + count)] if meant else []


def _listener(number: int) -> socket.socket:
    try:
        listener = socket.socket(fileno=number)
        listens = listener.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN)
    except OSError:
        sys.exit(NO_ADDRESS)
    if not listens or listener.family not in (socket.AF_INET, socket.AF_INET6):
        sys.exit(NO_ADDRESS)
    listener.set_inheritable(False)
    return listener


def tell_systemd(state: str) -> None:
    """Say `READY=1`, `STOPPING=1` or `WATCHDOG=1` to whoever started this process and wants to know."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if address:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line, suppress(OSError):
            line.sendto(state.encode(), f"\0{address[1:]}" if address.startswith("@") else address)


async def feed_watchdog() -> None:
    """Say that the event loop turns."""
    tell_systemd("WATCHDOG=1")
