"""A disk whose flush takes a millisecond longer, as those of laptops do: strace holds up whoever waits for one.

Without strace, or where it may not trace, nothing is measured. `python -m tests.load.slow_disk FOLDER SECONDS` prints
how SQLite alone fares.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

from tests.load.saves import Pace, raw_sqlite
from tests.servers import ROOT

LONGER = 1
"""Milliseconds."""
FLUSHES = "fdatasync,fsync"


def slowed(command: Sequence[str]) -> list[str]:
    """Return the command, which keeps its process id and whose flushes take longer."""
    held_up = f"inject={FLUSHES}:delay_exit={LONGER * 1000}"
    quietly = ("-D", "-f", "-qq", "-o", "/dev/null", "--seccomp-bpf")
    return ["strace", *quietly, "-e", f"trace={FLUSHES}", "-e", held_up, *command]


def can_be_measured() -> bool:
    """Return whether strace is here and may trace."""
    with suppress(FileNotFoundError):
        return subprocess.run(slowed(["true"]), capture_output=True, check=False).returncode == 0
    return False


def alone(directory: Path, seconds: float) -> Pace:
    """Return how SQLite alone fares on such a disk."""
    command = slowed([sys.executable, "-m", "tests.load.slow_disk", str(directory), str(seconds)])
    ran = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    return Pace(**json.loads(ran.stdout))


if __name__ == "__main__":
    print(json.dumps(asdict(raw_sqlite(Path(sys.argv[1]), float(sys.argv[2])))))  # noqa: T201
