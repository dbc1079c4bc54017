"""The product as installed: its own database, built fonts, collected static files, and real servers, each a process."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import dj_database_url
from django.conf import settings
from django.db import connections, transaction
from django.db.utils import load_backend

from ratings.typesetting import WIDTHS
from tests.servers import ROOT, Process, app_server

P = ParamSpec("P")
T = TypeVar("T")


class Installation:
    """A running product and its database: what is arranged there is what the pages show.

    Phones are served at `url`, desks and walls at `desk_url`: by another process, where there are two.
    """

    def __init__(self, servers: Sequence[Process]) -> None:
        self.urls = tuple(f"http://127.0.0.1:{server.port}" for server in servers)
        self.url, self.desk_url = self.urls[0], self.urls[-1]
        self.ports = tuple(server.port for server in servers)
        self.servers = servers
        self.var_dir = Path(servers[0].env["VAR_DIR"])
        database = servers[0].env["DATABASE_URL"]
        self._thread = ThreadPoolExecutor(1, initializer=_use_database, initargs=(database,))

    def arrange(self, what: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Call `what` on the server's database, in one transaction; in a thread apart, which keeps no event loop."""

        def arranged() -> T:
            with transaction.atomic():
                return what(*args, **kwargs)

        return self._thread.submit(arranged).result()

    @contextmanager
    def away(self) -> Iterator[None]:
        """Stop every server for a while."""
        for server in self.servers:
            server.stop()
        try:
            yield
        finally:
            for server in self.servers:
                server.start()

    def close(self) -> None:
        """Let go of the database."""
        self._thread.submit(lambda: connections["default"].close()).result()
        self._thread.shutdown()


@contextmanager
def installed(var_dir: Path, *, processes: int = 1, **env: str) -> Iterator[Installation]:
    """Prepare an installation in `var_dir`, from what is built already where that is fresh, and serve it."""
    for name in ("fonts", "static"):
        if (settings.BUILT_DIR / name).exists():
            shutil.copytree(settings.BUILT_DIR / name, var_dir / name)
    for name in ("fonts-made-from", WIDTHS):
        if (settings.BUILT_DIR / name).exists():
            shutil.copy2(settings.BUILT_DIR / name, var_dir)
    servers = [app_server(var_dir=var_dir, SECRET_KEY=settings.SECRET_KEY, **env) for _ in range(processes)]
    prepare = [sys.executable, "manage.py", "prepare"]
    subprocess.run(prepare, check=True, cwd=ROOT, env={**os.environ, **servers[0].env}, stdout=subprocess.DEVNULL)
    with ExitStack() as running:
        for server in servers:
            running.enter_context(server)
        installation = Installation(servers)
        try:
            yield installation
        finally:
            installation.close()


def _use_database(url: str) -> None:
    """Let this thread, and no other, speak to the database at `url`."""
    place: dict[str, Any] = {**dj_database_url.parse(url), "OPTIONS": {}}
    if place["ENGINE"].endswith("sqlite3"):
        place["OPTIONS"] = {"transaction_mode": "IMMEDIATE", "timeout": 5}
    backend = load_backend(place["ENGINE"])
    connections["default"] = backend.DatabaseWrapper({**connections.settings["default"], **place}, "default")
