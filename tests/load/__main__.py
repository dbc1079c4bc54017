"""Measure the product beside what bounds it: `python -m tests.load --phones 200,1000,2000 --rounds 3`.

Everything runs on this machine, over the loopback, in turns, so that a slow moment strikes all alike. Read the ratios:
the figures themselves depend on the machine and on what else it does. Exits with 1 when an event or an answer was lost.
"""

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import psutil
import uvloop

from tests.load import burst, joins, page, press, report, saves, scene, slow_disk, stage, wall
from tests.load.places import Place, grown_up
from tests.load.start import cold_start
from tests.servers import ROOT, Process

CHANGES = 6  # an even number: the scene ends where it began
REVEALS = 10


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, and write var/bench/load.json (or --output)."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--phones", default="200,1000,2000", help="how many follow a stage change, comma-separated")
    parser.add_argument("--saves", type=int, default=200, help="how many answers come in a second meanwhile")
    parser.add_argument("--answers", type=int, default=500, help="how many are revealed on the wall")
    parser.add_argument("--clients", type=int, default=64, help="how many save at the same time")
    parser.add_argument("--burst", type=int, default=1000, help="how many phones save within one second")
    parser.add_argument("--seconds", type=float, default=5, help="how long each measurement of saves lasts")
    parser.add_argument("--comments", default="60,600", help="how many are in the journals that are printed, once")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--quick", action="store_true", help="one short round, to see that it works")
    parser.add_argument("--output", type=Path, default=ROOT / "var" / "bench" / "load.json")
    parser.add_argument("--write-page", action="store_true", help="put what --output holds into docs/capacity.md")
    options = parser.parse_args(arguments)
    if options.write_page:
        page.write(json.loads(options.output.read_text()))
        return 0
    if options.quick:
        options.phones, options.saves, options.clients, options.seconds, options.rounds = "20", 20, 4, 0.5, 1
        options.answers, options.comments, options.burst = 20, "60", 20
    options.output.parent.mkdir(parents=True, exist_ok=True)
    directory = Path(tempfile.mkdtemp(dir=options.output.parent))
    try:
        result = Measurement(directory, options).run()
    finally:
        shutil.rmtree(directory)
    options.output.write_text(json.dumps(result, indent=1) + "\n")
    sys.stdout.write(report.as_text(result))
    return 1 if result["lost"] else 0


class Measurement:
    """One run: every figure of every round, by name."""

    def __init__(self, directory: Path, options: argparse.Namespace) -> None:
        self.directory = directory
        self.options = options
        self.phones = sorted(map(int, options.phones.split(",")))
        self.figures: dict[str, list[dict[str, float]]] = {}
        self.begun = time.monotonic()

    def run(self) -> dict[str, Any]:
        """Measure; return what was measured, on what, and of which commit."""
        machine, env = about(), scene.prepare(self.directory)
        with grown_up(self.directory, env) as places:
            chosen = [Place(report.EMBEDDED, self.directory, env), *(places[-1:] if self.options.quick else places)]
            stages = [(place, self._scenes(place)) for place in chosen]
            for number in range(self.options.rounds):
                self._say(f"round {number + 1} of {self.options.rounds}")
                self._round(stages)
        self._print_journals()
        lost = sum(row.get("missed", 0) + row.get("refused", 0) for rows in self.figures.values() for row in rows)
        return {**machine, **self._asked(), "figures": self.figures, "lost": lost}

    def _asked(self) -> dict[str, int]:
        options = self.options
        return {
            "phones": self.phones[-1],
            "saves": options.saves,
            "burst": options.burst,
            "answers": options.answers,
            "rounds": options.rounds,
        }

    def _scenes(self, place: Place) -> tuple[scene.Scene, scene.Scene]:
        """Return a workshop to save and follow in, and one with answers to reveal."""
        self._say(f"{place.name}: making the workshops")
        people = max(200, self.options.clients, self.options.burst)
        return (
            scene.set_scene(place.env, people=people),
            scene.set_scene(place.env, people=self.options.answers, answers=self.options.answers),
        )

    def _round(self, stages: Sequence[tuple[Place, tuple[scene.Scene, scene.Scene]]]) -> None:
        (_embedded, (workshop, _)), *_others = stages
        self._say("saves")
        self._note("saves: SQLite alone", saves.raw_sqlite(self.directory, self.options.seconds))
        self._note("saves: Django without a server", saves.in_process(workshop, self.options.seconds))
        for place, (busy, _) in stages:
            self._save(place, busy)
        if slow_disk.can_be_measured():
            self._save_slowly(*stages[0])
        self._say("bare broadcasters")
        for asgi, name in ((False, report.FLOOR), (True, "bare ASGI application")):
            uvloop.run(self._floor(name, workshop, asgi=asgi))
        for place, (workshop, full) in stages:
            self._say(place.name)
            self._note(f"cold start: {place.name}", cold_start(self.directory, place.env))
            with place.serving() as servers:
                uvloop.run(self._follow(place, servers, workshop, full))

    def _save(self, place: Place, workshop: scene.Scene) -> None:
        clients, seconds = self.options.clients, self.options.seconds
        self._say(f"saves: {place.name}")
        with place.serving() as servers:
            ports = [server.port for server in servers]
            for what, question, status in (
                ("saves", workshop.save_score, 200),
                ("joins", joins.by_code(workshop.code), 302),
                ("redirects", workshop.look_in, 302),
            ):
                pace = saves.over_http(ports, question, status, clients, seconds)
                self._note(f"{what}: {place.name}", uvloop.run(pace))
            phones = self.options.burst
            told = burst.burst(ports, workshop.save_score, 200, phones)
            self._note(f"{report.burst_of(phones)}: {place.name}", uvloop.run(told))

    def _save_slowly(self, place: Place, workshops: tuple[scene.Scene, scene.Scene]) -> None:
        clients, seconds = self.options.clients, self.options.seconds
        self._say(f"{report.SLOW_DISK}: {place.name}")
        self._note(f"{report.SLOW_DISK}: SQLite alone", slow_disk.alone(self.directory, seconds))
        with place.serving(slow_disk.slowed) as servers:
            pace = saves.over_http([servers[0].port], workshops[0].save_score, 200, clients, seconds)
            self._note(f"{report.SLOW_DISK}: {place.name}", uvloop.run(pace))

    async def _floor(self, name: str, workshop: scene.Scene, *, asgi: bool) -> None:
        with stage.bare(workshop.fragment_size, asgi=asgi) as server:
            for phones, rate in self._crowds():
                kind = report.stage_change(phones, rate)
                self._note(f"{kind}: {name}", *await stage.floor(server.port, workshop, phones, CHANGES, rate))
            most = self.phones[-1]
            effort = await stage.effort(server, "/", stage.raise_revision, most, CHANGES)
            self._note(f"telling one of {most:,} phones: {name}", effort)

    async def _follow(self, place: Place, servers: list[Process], workshop: scene.Scene, full: scene.Scene) -> None:
        ports = [server.port for server in servers]
        if place.name == report.EMBEDDED:
            most, seconds = self.phones[-1], 1 if self.options.quick else stage.IDLE
            self._note(f"{report.idle(most)}: {place.name}", await stage.cost(servers, workshop, most, seconds))
            phone = workshop.streams["phone"]
            effort = await stage.effort(servers[0], phone, workshop.open_stage, most, CHANGES)
            self._note(f"telling one of {most:,} phones: {place.name}", effort)
        for phones, rate in self._crowds():
            kind = report.stage_change(phones, rate)
            spreads, paced = await stage.product(ports, workshop, phones, CHANGES, rate)
            self._note(f"{kind}: {place.name}", *spreads)
            if rate:
                self._note(f"an answer, {rate} a second, {phones:,} phones: {place.name}", paced)
        answers, number = self.options.answers, 2 if self.options.quick else REVEALS
        kind = report.reveal_of(answers)
        self._note(f"{kind}: {place.name}", *await wall.reveals(ports, full, answers, number))

    def _crowds(self) -> list[tuple[int, int]]:
        """Return how many phones follow, and how many answers come in a second meanwhile."""
        return [*((phones, 0) for phones in self.phones), (self.phones[-1], self.options.saves)]

    def _print_journals(self) -> None:
        for comments in map(int, self.options.comments.split(",")):
            self._say(f"a journal of {comments} comments")
            order = press.order_of_size(comments)
            self._note(f"{comments} comments: WeasyPrint alone", press.plain(order))
            self._note(f"{comments} comments: the press", press.press(order))

    def _note(self, name: str, *rows: Any) -> None:
        self.figures.setdefault(name, []).extend(asdict(row) for row in rows)

    def _say(self, what: str) -> None:
        """Tell whoever waits how far it is."""
        sys.stderr.write(f"{time.monotonic() - self.begun:5.0f} s  {what}\n")
        sys.stderr.flush()


def about() -> dict[str, Any]:
    """Return which commit this is, whether there are changes that are in none, and on which machine."""
    described = ["git", "describe", "--always", "--dirty", "--abbrev=40", "--exclude", "*"]
    commit = subprocess.run(described, cwd=ROOT, capture_output=True, text=True).stdout.strip()
    machine = {
        "processors": os.cpu_count(),
        "gigabytes": round(psutil.virtual_memory().total / 2**30, 1),
        "python": platform.python_version(),
        "load": round(os.getloadavg()[0], 1),
    }
    return {"commit": commit, "machine": machine}


if __name__ == "__main__":
    sys.exit(main())
