"""The live channel's servers and screens."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import cache
from http.client import HTTPConnection
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple
from urllib.parse import urlencode

import pytest

from tests.servers import ROOT, Process, app_server

MODULE = "tests.workshops.live_app"
PATIENCE = 10.0  # seconds for an event to come


class Event(NamedTuple):
    """One event of a stream; `data` is decoded."""

    revision: int
    topic: str
    data: Any


class Screen:
    """A phone, wall or desk that follows a stream; waits ten seconds for an event, then fails."""

    def __init__(self, port: int, path: str, last_seen: int | None = None) -> None:
        self.connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        self.connection.request("GET", path, headers={} if last_seen is None else {"Last-Event-ID": str(last_seen)})
        self.response = self.connection.getresponse()

    def line(self) -> str:
        """Return the next line of the stream, without its end."""
        return self.response.readline().decode().removesuffix("\n")

    def event(self) -> Event:
        """Return the next event; beats and the retry time are passed over. Raises EOFError when the stream ended."""
        fields: dict[str, str] = {}
        deadline = time.monotonic() + PATIENCE  # beats keep coming, so the socket's own limit is not enough
        for line in iter(self.response.readline, b""):
            assert time.monotonic() < deadline, "the event did not come"
            name, _, value = line.decode().removesuffix("\n").partition(": ")
            if name in ("id", "event", "data"):
                fields[name] = value
            elif not name and "id" in fields:
                return Event(int(fields["id"]), fields["event"], json.loads(fields["data"]))
        raise EOFError("the stream ended")

    def close(self) -> None:
        """Go away without a word, as a phone does."""
        self.response.close()
        self.connection.close()


class LiveApp:
    """One process of the application, and what the tests do to it."""

    def __init__(self, process: Process) -> None:
        self.process = process
        self.port = process.port
        self.screens: list[Screen] = []

    def get(self, path: str, *, accept: str = "*/*", method: str = "GET") -> tuple[int, Any, dict[str, str]]:
        """Return an answer's status, JSON (None: no body) and headers."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=10)
        connection.request(method, path, headers={"accept": accept})
        response = connection.getresponse()
        body = response.read() if response.getheader("content-type") == "application/json" else b""
        connection.close()
        headers = {name.lower(): value for name, value in response.getheaders()}
        return response.status, json.loads(body) if body else None, headers

    def do(self, command: str, **arguments: object) -> Any:
        """Run a command of the back door; return its result."""
        status, result, _ = self.get(f"/test/{command}?{urlencode(arguments)}")
        assert status == 200
        return result

    def follow(self, path: str, *, last_seen: int | None = None) -> Screen:
        """Connect a screen; one that reconnects says which revision it has seen last."""
        screen = Screen(self.port, path, last_seen)
        self.screens.append(screen)
        return screen

    def close_screens(self) -> None:
        """Disconnect every screen."""
        while self.screens:
            self.screens.pop().close()


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory with an empty, migrated SQLite database."""
    directory = tmp_path_factory.mktemp("live")
    migrate(app_server(var_dir=directory).env)
    return directory


def migrate(env: dict[str, str]) -> None:
    """Migrate the database that these environment variables name; a new one on SQLite is a copy of the first."""
    kind, _, path = env["DATABASE_URL"].partition(":///")
    if kind == "sqlite" and not Path(path).exists():
        Path(path).write_bytes(_new_on_sqlite())
    else:
        _migrate(env)


@cache
def _new_on_sqlite() -> bytes:
    with TemporaryDirectory() as folder:
        _migrate(app_server(var_dir=Path(folder)).env)
        return Path(folder, "midpoint.sqlite3").read_bytes()


def _migrate(env: dict[str, str]) -> None:
    command = [sys.executable, "manage.py", "migrate", "--skip-checks", "--verbosity=0"]
    subprocess.run(command, cwd=ROOT, env={**os.environ, **env}, check=True)


@pytest.fixture(scope="session")
def _one_process(migrated: Path) -> Iterator[LiveApp]:
    with app_server(var_dir=migrated, module=MODULE) as process:
        yield LiveApp(process)


@pytest.fixture
def app(_one_process: LiveApp) -> Iterator[LiveApp]:
    """One process on SQLite without Redis; its screens go after each test."""
    yield _one_process
    _one_process.close_screens()


@pytest.fixture(scope="session")
def _impatient_process(migrated: Path) -> Iterator[LiveApp]:
    with app_server(var_dir=migrated, module=MODULE, LIVE_RESYNC="0.2", LIVE_FORGET="0") as process:
        yield LiveApp(process)


@pytest.fixture
def impatient(_impatient_process: LiveApp) -> Iterator[LiveApp]:
    """One process that soon looks for lost notices, and soon forgets."""
    yield _impatient_process
    _impatient_process.close_screens()


@pytest.fixture
def code() -> str:
    """A join code that no other test of this run uses."""
    return str(next(_CODES))


_CODES = iter(range(100_000, 1_000_000))
