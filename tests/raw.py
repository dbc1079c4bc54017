"""An installation on SQLite of its own, whose commands are run and whose files are read as they lie on the disk."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from django.conf import settings


def run(var: Path, *words: str, **env: str) -> str:
    """Run a command of an installation on SQLite of its own; return what it prints."""
    place = {"VAR_DIR": str(var), "DATABASE_URL": f"sqlite:///{var}/midpoint.sqlite3"}
    command = [sys.executable, "manage.py", *words]
    ran = subprocess.run(
        command, cwd=settings.BASE_DIR, env={**os.environ, **place, **env}, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def tell(var: Path, script: str, **env: str) -> str:
    """Run a few lines of Python in an installation; return what they print."""
    return run(var, "shell", "-v", "0", "-c", script, **env)


def held(var: Path) -> bytes:
    """Return every byte of an installation's database, of its log and of what else lies beside it."""
    return b"".join(path.read_bytes() for path in sorted(var.glob("midpoint.sqlite3*")))
