"""Measure the product beside what bounds it: `python -m tests.load --phones 200,1000 --rounds 3`.

Everything runs on this machine, over the loopback, in turns, so that a slow moment strikes all alike. Read the ratios:
the figures themselves depend on the machine and on what else it does. Exits with 1 when an event or an answer was lost.
"""

import argparse
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import uvloop

from tests.load import press, saves, scene, stage
from tests.servers import ROOT, app_server

UNITS = {"rate": "a second", "p95": "p95 ms", "seconds": "s", "processor": "s of the processor", "megabytes": "MB"}
CHANGES = 6  # an even number: the scene ends where it began


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, and write var/bench/load.json (or --output)."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--phones", default="200,1000", help="how many follow a stage change, comma-separated")
    parser.add_argument("--clients", type=int, default=64, help="how many save at the same time")
    parser.add_argument("--seconds", type=float, default=5, help="how long each measurement of saves lasts")
    parser.add_argument("--comments", default="60,600,3000", help="how many are in the journals that are printed")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--quick", action="store_true", help="one short round, to see that it works")
    parser.add_argument("--output", type=Path, default=ROOT / "var" / "bench" / "load.json")
    options = parser.parse_args(arguments)
    if options.quick:
        options.phones, options.clients, options.seconds, options.rounds = "20", 4, 0.5, 1
        options.comments = "60"
    options.output.parent.mkdir(parents=True, exist_ok=True)
    directory = Path(tempfile.mkdtemp(dir=options.output.parent))
    try:
        result = measure(directory, options)
    finally:
        shutil.rmtree(directory)
    options.output.write_text(json.dumps(result, indent=1))
    show(result)
    return 1 if result["lost"] else 0


def measure(directory: Path, options: argparse.Namespace) -> dict[str, Any]:
    """Return every figure of every round, by name."""
    env = scene.prepare(directory)
    workshop = scene.set_scene(max(200, options.clients))
    figures: dict[str, list[dict[str, float]]] = {}

    def note(name: str, row: Any) -> None:
        figures.setdefault(name, []).append(asdict(row))

    for _ in range(options.rounds):
        note("saves: SQLite alone", saves.raw_sqlite(directory, options.seconds))
        note("saves: Django without a server", saves.in_process(workshop, options.seconds))
        for name, module in (("a2wsgi", "eip2review.server"), ("plain bridge", "tests.load.bridge")):
            with app_server(var_dir=directory, module=module, **env) as server:
                for what, question, status in (
                    ("saves", workshop.save_score, 200),
                    ("redirects", workshop.look_in, 302),
                ):
                    pace = saves.over_http([server.port], question, status, options.clients, options.seconds)
                    note(f"{what}: HTTP, {name}", uvloop.run(pace))
        for phones in map(int, options.phones.split(",")):
            for row in uvloop.run(stage.floor(phones, CHANGES, workshop.fragment_size)):
                note(f"{phones} phones: bare broadcaster", row)
            with app_server(var_dir=directory, **env) as server:
                for row in uvloop.run(stage.product(server.port, workshop, phones, CHANGES)):
                    note(f"{phones} phones: the product", row)
        for comments in map(int, options.comments.split(",")):
            order = press.order_of_size(comments)
            note(f"{comments} comments: WeasyPrint alone", press.plain(order))
            note(f"{comments} comments: the press", press.press(order))
    lost = sum(row.get("missed", 0) + row.get("refused", 0) for rows in figures.values() for row in rows)
    commit = subprocess.run(["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True, text=True).stdout.strip()
    return {"commit": commit, "fragment_size": workshop.fragment_size, "figures": figures, "lost": lost}


def show(result: dict[str, Any]) -> None:
    """Print medians, their spread, and each figure as a multiple of the first of its kind."""
    base: dict[str, float] = {}
    sys.stdout.write(f"{'':38}{'median':>10}{'lowest':>10}{'highest':>10}{'ratio':>8}\n")
    measures = ((name, measure) for name, rows in result["figures"].items() for measure in UNITS if measure in rows[0])
    for name, measure in measures:
        rows, unit = result["figures"][name], UNITS[measure]
        values = [row[measure] for row in rows]
        median = statistics.median(values)
        ratio = median / base.setdefault(name.partition(":")[0] + measure, median)
        sys.stdout.write(f"{name:38}{median:10.1f}{min(values):10.1f}{max(values):10.1f}{ratio:8.2f}  {unit}\n")
    sys.stdout.write(f"Lost events and refused answers: {result['lost']}\n")


if __name__ == "__main__":
    sys.exit(main())
