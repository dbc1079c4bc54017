"""What systemd does for the server: it holds the address, hands it on, and hears how far the server is."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

from tests.servers import PATIENCE, ROOT, Process

HAND_ON = """
import os, sys
os.dup2(int(sys.argv[1]), 3)
os.environ.update(LISTEN_FDS="1", LISTEN_PID=str(os.getpid()))
os.execv(sys.argv[2], sys.argv[2:])
"""


def wait_until(it_is_so: Callable[[], object]) -> None:
    """Wait until something is so; fail after a long while."""
    deadline = time.monotonic() + PATIENCE
    while not it_is_so():
        assert time.monotonic() < deadline, "it did not come to be"
        time.sleep(0.05)


class Activated(Process):
    """A server that is given its address; `heard` is what it said since it was started, `log` its log."""

    def __init__(self, listener: socket.socket, folder: Path, env: Mapping[str, str], *command: str) -> None:
        self.log = folder / f"log-{id(self)}"
        said = str(folder / f"notify-{id(self)}")
        self.line = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.line.bind(said)
        self.line.settimeout(0.1)
        self.listener = listener
        self.heard: list[str] = []
        super().__init__(
            [sys.executable, "-c", HAND_ON, str(listener.fileno()), sys.executable, *command],
            port=listener.getsockname()[1],
            env={**env, "NOTIFY_SOCKET": said},
        )

    def start(self) -> None:
        """Start it and wait until it says that it is ready."""
        environ = {**os.environ, **self.env}
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                self.command, cwd=ROOT, env=environ, stderr=log, pass_fds=[self.listener.fileno()]
            )
        self.wait_for("READY=1")

    def wait_for(self, state: str) -> None:
        """Wait until the server says this. Raises RuntimeError when it does not."""
        deadline = time.monotonic() + PATIENCE
        while state not in self.heard:
            if time.monotonic() > deadline or self.process is None or self.process.poll() is not None:
                self.kill()
                raise RuntimeError(f"never said {state}: {self.log.read_text()}")
            with suppress(TimeoutError):
                self.heard.append(self.line.recv(100).decode())

    def kill(self) -> None:
        """End it at once, if it runs, and hear it no more."""
        super().kill()
        self.line.close()
