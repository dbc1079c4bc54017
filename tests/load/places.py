"""Where the product is measured: as it comes, and on PostgreSQL with Redis in one process or in two."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.servers import ROOT, Process, app_server, free_port, postgres_server, redis_server


@dataclass(frozen=True)
class Place:
    """An installation, prepared: its environment, and how many processes serve it."""

    name: str
    directory: Path
    env: Mapping[str, str]
    processes: int = 1

    @contextmanager
    def serving(self, under: Callable[[Sequence[str]], list[str]] = list) -> Iterator[list[Process]]:
        """Run its processes, each on a port of its own, by the command that `under` makes of the usual one."""
        with ExitStack() as running:
            servers = [app_server(var_dir=self.directory, **self.env) for _ in range(self.processes)]
            for server in servers:
                server.command = under(server.command)
            yield [running.enter_context(server) for server in servers]


@contextmanager
def grown_up(directory: Path, env: Mapping[str, str]) -> Iterator[list[Place]]:
    """Run a durable PostgreSQL and a Redis; give the places that they serve."""
    with (
        tempfile.TemporaryDirectory() as scratch,
        postgres_server(durable=True) as database,
        redis_server(Path(scratch), free_port()) as redis,
    ):
        env = {**env, "DATABASE_URL": database.url(), "REDIS_URL": f"redis://127.0.0.1:{redis.port}/0"}
        command = [sys.executable, "manage.py", "migrate", "--skip-checks", "--verbosity=0"]
        subprocess.run(command, cwd=ROOT, env={**os.environ, **env}, check=True)
        name = "PostgreSQL and Redis"
        yield [Place(f"{name}, one process", directory, env), Place(f"{name}, two", directory, env, processes=2)]
