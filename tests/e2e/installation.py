"""The product as installed: its own database, built fonts, collected static files, and the real server in a process."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from django.conf import settings
from django.db import connections, transaction
from django.db.utils import load_backend

from tests.servers import ROOT, Process, app_server

P = ParamSpec("P")
T = TypeVar("T")


class Installation:
    """A running server at `url`, and its database: what is arranged there is what the pages show."""

    def __init__(self, server: Process, database: Path) -> None:
        self.url = f"http://127.0.0.1:{server.port}"
        self._server = server
        self._thread = ThreadPoolExecutor(1, initializer=_use_database, initargs=(database,))

    def arrange(self, what: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Call `what` on the server's database, in one transaction; in a thread apart, which keeps no event loop."""

        def arranged() -> T:
            with transaction.atomic():
                return what(*args, **kwargs)

        return self._thread.submit(arranged).result()

    @contextmanager
    def away(self) -> Iterator[None]:
        """Stop the server for a while."""
        self._server.stop()
        try:
            yield
        finally:
            self._server.start()

    def close(self) -> None:
        """Let go of the database."""
        self._thread.submit(lambda: connections["default"].close()).result()
        self._thread.shutdown()


@contextmanager
def installed(var_dir: Path) -> Iterator[Installation]:
    """Prepare an installation in `var_dir`, from what is built already where that is fresh, and serve it."""
    for name in ("fonts", "static"):
        if (settings.VAR_DIR / name).exists():
            shutil.copytree(settings.VAR_DIR / name, var_dir / name)
    if (settings.VAR_DIR / "fonts-made-from").exists():
        shutil.copy2(settings.VAR_DIR / "fonts-made-from", var_dir)
    server = app_server(var_dir=var_dir, SECRET_KEY=settings.SECRET_KEY)
    prepare = [sys.executable, "manage.py", "prepare"]
    subprocess.run(prepare, check=True, cwd=ROOT, env={**os.environ, **server.env}, stdout=subprocess.DEVNULL)
    with server:
        installation = Installation(server, var_dir / "midpoint.sqlite3")
        try:
            yield installation
        finally:
            installation.close()


def _use_database(path: Path) -> None:
    """Let this thread, and no other, speak to the database at `path`."""
    options = {"transaction_mode": "IMMEDIATE", "timeout": 5}
    place: dict[str, Any] = {"ENGINE": "django.db.backends.sqlite3", "NAME": str(path), "OPTIONS": options}
    backend = load_backend(place["ENGINE"])
    connections["default"] = backend.DatabaseWrapper({**connections.settings["default"], **place}, "default")
