"""Fifty phones that never read, and fifty that froze: the others are served as ever, memory stays, streams end."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import psutil
import pytest

from tests.e2e.installation import Installation
from tests.faults.conftest import copied
from tests.faults.hall import Hall, hall
from workshops.live import stream_url

BAD = 50
MOVES = 40  # of a stage, each pushed to every phone as some kilobytes
GROWTH = 60  # megabytes that the server may grow by: all that it pushes would be more
PATIENCE = 30.0  # seconds

FREEZE = """
import socket, sys, time
held = []
for _ in range(int(sys.argv[3])):
    held.append(socket.create_connection(("127.0.0.1", int(sys.argv[1]))))
    held[-1].setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    held[-1].sendall(f"GET {sys.argv[2]} HTTP/1.1\\r\\nHost: localhost\\r\\n\\r\\n".encode())
    held[-1].recv(15)
print("here", flush=True)
time.sleep(300)
"""
"""A process of phones that follow a stream; it is stopped where it stands, and so are they."""


@pytest.fixture
def here(installation: Installation, tmp_path: Path) -> Iterator[Hall]:
    """A room at a server that soon gives a connection up."""
    with copied(installation, tmp_path, database=tmp_path, module="tests.faults.impatient_server") as served:
        yield hall(served, 4)


def stream(here: Hall) -> str:
    """Return the address that phones follow."""
    return here.installation.arrange(lambda: stream_url(here.workshop(), "phone"))


def megabytes(here: Hall) -> float:
    """Return how much memory the first server holds."""
    return float(psutil.Process(here.installation.servers[0].pid).memory_info().rss) / 2**20


def held(here: Hall) -> int:
    """Return how many connections the first server holds."""
    process = psutil.Process(here.installation.servers[0].pid)
    return sum(each.status == psutil.CONN_ESTABLISHED for each in process.net_connections("tcp"))


@pytest.fixture
def deaf(here: Hall) -> Iterator[list[socket.socket]]:
    """Phones that ask for the stream and read nothing of what comes."""
    path = stream(here)
    with ExitStack() as open_sockets:
        phones = []
        for _ in range(BAD):
            phone = open_sockets.enter_context(socket.socket())
            phone.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1024)
            phone.connect(("127.0.0.1", here.port))
            phone.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
            phones.append(phone)
        yield phones


@pytest.fixture
def frozen(here: Hall) -> Iterator[subprocess.Popen[str]]:
    """Phones that follow the stream and stand still from one moment to the next, without a word."""
    command = [sys.executable, "-c", FREEZE, str(here.port), stream(here), str(BAD)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "here\n"
        os.kill(process.pid, signal.SIGSTOP)
        try:
            yield process
        finally:
            process.kill()


def test_phones_that_read_nothing_hold_up_nobody_and_are_let_go(
    here: Hall, deaf: list[socket.socket], frozen: subprocess.Popen[str]
) -> None:
    before, bad = megabytes(here), held(here)
    assert bad >= 2 * BAD
    for turn in range(MOVES):
        here.move(2 - turn % 2)
    here.goes_on()
    for phone in here.phones:
        phone.save(7)
    assert {phone.tries for phone in here.phones} == {1}
    assert megabytes(here) - before < GROWTH
    until = time.monotonic() + PATIENCE
    while held(here) > 2:
        assert time.monotonic() < until, held(here)
        here.move(2)
        here.move(1)
    assert frozen.poll() is None
    here.goes_on()
