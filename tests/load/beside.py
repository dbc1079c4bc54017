"""Saves of another version beside this one's: `python -m tests.load.beside ../before`.

`git worktree add ../before COMMIT` makes the other one. Both serve the same database, so they must have the same
migrations; the other one may have a .venv of its own. They take turns, after SQLite alone and Django without a server,
and the median of the rounds is printed.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import psutil
import uvloop

from tests.load import burst, joins, saves, scene
from tests.servers import ROOT, Process, free_port

RUN = "import os, runpy, sys; os.chdir(sys.argv.pop(1)); runpy.run_module('eip2review.server', run_name='__main__')"
UNITS = {
    "rate": "a second",
    "p95": "ms, p95",
    "done": "ms, until all are told",
    "processor": "ms of the processor each",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure both versions in turns, and print what came out."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("before", type=Path, help="the directory of the other version")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=4)
    parser.add_argument("--clients", type=int, default=64)
    parser.add_argument("--phones", type=int, default=1000, help="how many save within one second")
    options = parser.parse_args(arguments)
    (ROOT / "var" / "bench").mkdir(parents=True, exist_ok=True)
    directory = Path(tempfile.mkdtemp(dir=ROOT / "var" / "bench"))
    figures: dict[str, list[dict[str, float]]] = {}
    try:
        env = scene.prepare(directory)
        room = scene.set_scene(env, people=options.phones)
        for _ in range(options.rounds):
            alone, bare = saves.raw_sqlite(directory, options.seconds), saves.in_process(room, options.seconds)
            figures.setdefault("saves: SQLite alone", []).append(asdict(alone))
            figures.setdefault("saves: Django without a server, after", []).append(asdict(bare))
            for name, tree in (("before", options.before.resolve()), ("after", ROOT)):
                for what, row in measure(tree, env, room, options):
                    figures.setdefault(f"{what}: {name}", []).append(row)
    finally:
        shutil.rmtree(directory)
    show(figures)
    return 1 if any(row["refused"] for rows in figures.values() for row in rows) else 0


def measure(
    tree: Path, env: dict[str, str], room: scene.Scene, options: argparse.Namespace
) -> list[tuple[str, dict[str, float]]]:
    """Return what the version in this directory does in one round."""
    own, port = tree / ".venv" / "bin" / "python", free_port()
    command = [str(own if own.exists() else sys.executable), "-c", RUN, str(tree), "--port", str(port)]
    asked = (("saves", room.save_score, 200), ("joins", joins.by_code(room.code), 302))
    rows = []
    with Process(command, port=port, env=env) as server:
        for what, ask, status in asked:
            before = used(server)
            pace: Any = uvloop.run(saves.over_http([port], ask, status, options.clients, options.seconds))
            each = (used(server) - before) / (pace.rate * options.seconds) * 1000
            rows.append((what, {**asdict(pace), "processor": each}))
        told = uvloop.run(burst.burst([port], room.save_score, 200, options.phones))
        rows.append((f"{options.phones:,} phones within a second", asdict(told)))
    return rows


def used(server: Process) -> float:
    """Return how many seconds of the processor a server has used."""
    times = psutil.Process(server.pid).cpu_times()
    return float(times.user + times.system)


def show(figures: dict[str, list[dict[str, float]]]) -> None:
    """Print each figure's median, lowest and highest."""
    for name in sorted(figures, key=lambda name: name.partition(":")[0] != "saves"):
        for measured in [unit for unit in UNITS if unit in figures[name][0]]:
            values = [row[measured] for row in figures[name]]
            median, spread = statistics.median(values), f"{min(values):,.1f}–{max(values):,.1f}"
            sys.stdout.write(f"{name:44}{median:10,.1f}  {spread:20}{UNITS[measured]}\n")


if __name__ == "__main__":
    sys.exit(main())
