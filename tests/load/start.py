"""How long the server takes from its start to its first page."""

import http.client
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from tests.servers import PATIENCE, app_server


@dataclass
class Start:
    """Seconds from the start of the process to the last byte of its first page."""

    seconds: float


def cold_start(directory: Path, env: Mapping[str, str]) -> Start:
    """Start the server of a prepared installation, ask for the first page until it is there, and stop it."""
    server = app_server(var_dir=directory, **env)
    begun = time.perf_counter()
    server.begin()
    try:
        while time.perf_counter() - begun < PATIENCE:
            with suppress(ConnectionError):
                connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=PATIENCE)
                connection.request("GET", "/")
                answer = connection.getresponse()
                answer.read()
                if answer.status == 200:
                    return Start(time.perf_counter() - begun)
            time.sleep(0.01)
        raise RuntimeError("the server did not start")
    finally:
        server.kill()
