"""A pytest plugin: real PostgreSQL, real Redis and the real application, each in its own process on a free port."""

import contextlib
import os
import pwd
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 120.0  # seconds for a server to come up or to go away


def free_port() -> int:
    """Return a port of the loopback address that nobody listens on.

    It is none of those that the system gives to whoever asks for any: by the time that it is used it is still free,
    and while a server is away for a moment.
    """
    chance = random.SystemRandom()  # another process of the same tests chooses otherwise
    while True:
        port = chance.randrange(15_000, 32_000)
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


class Process:
    """A server process: runs inside `with`, or between start() and kill()."""

    asking = signal.SIGTERM
    """The signal that asks it to stop."""

    def __init__(
        self, command: list[str], *, port: int, env: Mapping[str, str] | None = None, user: str | None = None
    ) -> None:
        self.command = command
        self.port = port
        self.env = dict(env or {})
        self.user = user
        self.process: subprocess.Popen[bytes] | None = None
        self.stderr: Path | None = None
        """Where what it says of itself goes; None: to the test's own standard error."""

    @property
    def pid(self) -> int:
        """The id of the running process."""
        assert self.process is not None
        return self.process.pid

    def begin(self) -> None:
        """Start it, and wait for nothing."""
        env = {**os.environ, **self.env}
        with self.stderr.open("ab") if self.stderr else contextlib.nullcontext() as log:
            self.process = subprocess.Popen(self.command, cwd=ROOT, env=env, user=self.user, stderr=log)

    def start(self) -> None:
        """Start it and wait until it takes connections. Raises RuntimeError when it does not."""
        self.begin()
        assert self.process is not None
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                return
            except OSError:
                time.sleep(0.05)
        self.kill()
        raise RuntimeError(f"did not start: {self.command}")

    def stop(self) -> float:
        """Ask it to stop; return how many seconds it took. Raises subprocess.TimeoutExpired after a long while."""
        assert self.process is not None
        begun = time.monotonic()
        self.process.send_signal(self.asking)
        self.process.wait(PATIENCE)
        return time.monotonic() - begun

    def kill(self) -> None:
        """End it at once, if it runs."""
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    def __enter__(self) -> "Process":
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if self.process is not None and self.process.poll() is None:
                self.stop()
        finally:
            self.kill()


def app_server(*, var_dir: Path, module: str = "eip2review.server", **env: str) -> Process:
    """Return the real application, not yet started; its database is in `var_dir` unless DATABASE_URL is given."""
    port = free_port()
    environ = {
        "PYTHONWARNINGS": "ignore:Disabling plug-in",  # what coverage says of templates, with a traceback of its own
        "VAR_DIR": str(var_dir),
        "SECRET_KEY": "only-for-tests",
        "DATABASE_URL": f"sqlite:///{var_dir}/midpoint.sqlite3",
        "REDIS_URL": "",
    }
    return Process([sys.executable, "-m", module, "--port", str(port)], port=port, env={**environ, **env})


def redis_server(directory: Path, port: int, *, address: str = "127.0.0.1") -> Process:
    """Return a Redis that keeps nothing, not yet started; it may be killed and started again."""
    options = {"port": port, "bind": address, "protected-mode": "no", "save": "", "dir": directory}
    options |= {"loglevel": "warning"}
    words = [word for name, value in options.items() for word in (f"--{name}", str(value))]
    return Process([installed("redis-server"), *words], port=port)


@pytest.fixture(scope="session")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a real Redis, the same for all tests of a run."""
    with redis_server(tmp_path_factory.mktemp("redis"), free_port()) as redis:
        yield f"redis://127.0.0.1:{redis.port}/0"


class Postgres(Process):
    """A PostgreSQL with an empty database; it may be ended without warning and started again."""

    asking = signal.SIGINT  # waits for nobody

    def __init__(
        self, directory: Path, *, owner: str | None, address: str = "127.0.0.1", durable: bool = False
    ) -> None:
        """Make a cluster in `directory` that takes everybody at `address`; `durable`: it outlives a power cut."""
        data, port = directory / "data", free_port()
        options = ["--auth=trust", "--no-sync", "--encoding=UTF8", "--locale=C.UTF-8", "--username=midpoint"]
        command = [installed("initdb"), "-D", str(data), *options]
        subprocess.run(command, check=True, cwd=directory, user=owner, stdout=subprocess.DEVNULL)
        with (data / "pg_hba.conf").open("a") as rules:
            rules.write("host all all samenet trust\n")
        options = [
            "--log_min_messages=fatal",
            f"--unix_socket_directories={directory}",
            f"--listen_addresses={address}",
        ]
        options += [] if durable else ["--fsync=off"]
        super().__init__([installed("postgres"), "-D", str(data), "-p", str(port), *options], port=port, user=owner)

    def start(self) -> None:
        """Start it and wait until it answers."""
        super().start()
        command = [installed("pg_isready"), "-h", "127.0.0.1", "-p", str(self.port), "-t", str(int(PATIENCE)), "-q"]
        deadline = time.monotonic() + PATIENCE
        while subprocess.run(command, check=False).returncode != 0:
            if time.monotonic() > deadline:
                raise RuntimeError("PostgreSQL does not answer")
            time.sleep(0.1)

    def crash(self) -> None:
        """End it and every session at once, as `pg_ctl stop -m immediate` does: it will have to recover."""
        assert self.process is not None
        self.process.send_signal(signal.SIGQUIT)
        self.process.wait(PATIENCE)

    def url(self, host: str = "127.0.0.1") -> str:
        """Return the address of its database."""
        return f"postgres://midpoint@{host}:{self.port}/postgres"


@contextmanager
def postgres_server(**options: Any) -> Iterator[Postgres]:
    """Run a real PostgreSQL that nothing else uses; its options are those of Postgres."""
    owner = "postgres" if os.geteuid() == 0 else None  # it refuses to run as root
    directory = Path(tempfile.mkdtemp(prefix="midpoint-postgres-"))
    if owner:
        os.chown(directory, pwd.getpwnam(owner).pw_uid, -1)
    try:
        server = Postgres(directory, owner=owner, **options)
        with server:
            yield server
    finally:
        shutil.rmtree(directory, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The address of an empty database in a real PostgreSQL, the same for all tests of a run."""
    with postgres_server() as server:
        yield server.url()


def installed(program: str) -> str:
    """Return the path of a program of PostgreSQL or of the system; skip the test that needs it where it is missing."""
    versions = sorted(map(str, Path("/usr/lib/postgresql").glob(f"*/bin/{program}")))
    found = versions[-1] if versions else shutil.which(program)
    if found is None:
        pytest.skip(f"{program} is not installed")
    return found
