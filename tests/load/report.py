"""What was measured, in tables: each figure beside the floor of its kind, and the goals, met or missed."""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tests.load.slow_disk import LONGER

UNITS = {
    "rate": "a second",
    "p95": "ms, p95",
    "last": "ms, the last one",
    "done": "ms, until all are told",
    "shown": "ms, p95",
    "effort": "µs of a processor",
    "memory": "KB a phone",
    "at_rest": "% of a processor, all phones",
    "seconds": "s",
    "processor": "s of the processor",
    "megabytes": "MB",
}
"""What is told of a row, in this order."""
FLOOR = "bare broadcaster"
EMBEDDED = "as it comes"
SLOW_DISK = f"saves, each flush {LONGER} ms longer"

Figures = Mapping[str, Sequence[Mapping[str, float]]]


@dataclass(frozen=True)
class Line:
    """A figure of all rounds: its median, how far it went either way, and its multiple of the floor of its kind."""

    name: str
    measure: str
    median: float
    lowest: float
    highest: float
    ratio: float | None

    @property
    def cells(self) -> list[str]:
        """What stands in a table's columns."""
        ratio = "" if self.ratio is None else f"{self.ratio:.2f}"
        spread = f"{_figure(self.lowest)}–{_figure(self.highest)}"
        return [self.name, _figure(self.median), spread, UNITS[self.measure], ratio]


@dataclass(frozen=True)
class Goal:
    """What was aimed at, what was measured, and whether that is enough."""

    words: str
    measured: str
    met: bool

    @property
    def cells(self) -> list[str]:
        """What stands in a table's columns."""
        return [self.words, self.measured, "met" if self.met else "**missed**"]


def lines(figures: Figures) -> Iterator[Line]:
    """Yield a line for each measure of each figure; the first of a kind (the words before the colon) is its floor."""
    floors: dict[tuple[str, str], float] = {}
    kinds = list(dict.fromkeys(name.partition(":")[0] for name in figures))
    for name, rows in sorted(figures.items(), key=lambda figure: kinds.index(figure[0].partition(":")[0])):
        for measure in [measure for measure in UNITS if measure in rows[0]]:
            values = [row[measure] for row in rows]
            median = p95(values) if measure == "shown" else statistics.median(values)
            kind = (name.partition(":")[0], measure)
            ratio = median / floors[kind] if floors.get(kind) else None
            floors.setdefault(kind, median)
            yield Line(name, measure, median, min(values), max(values), ratio)


def goals(result: Mapping[str, Any]) -> Iterator[Goal]:
    """Yield the goals of which something was measured."""
    measured = {(line.name, line.measure): line.median for line in lines(result["figures"])}

    def ratio(one: str, other: str, measure: str) -> float | None:
        """Return how many times the other the one is."""
        figure, floor = measured.get((one, measure)), measured.get((other, measure))
        return figure / floor if figure and floor else None

    phones, saves, answers = result["phones"], result["saves"], result["answers"]
    at_rest, meanwhile = stage_change(phones), stage_change(phones, saves)
    phone = idle(phones)
    burst, told_all = f"{result['burst']:,} phones save within one second", f"{burst_of(result['burst'])}: {EMBEDDED}"
    followed = f"{phones:,} phones follow a stage change within 2 × of the bare broadcaster"
    told = (
        (followed, ratio(f"{at_rest}: {EMBEDDED}", f"{at_rest}: {FLOOR}", "p95"), "×", 2),
        (
            f"The same while {saves} answers a second come in",
            ratio(f"{meanwhile}: {EMBEDDED}", f"{meanwhile}: {FLOOR}", "p95"),
            "×",
            2,
        ),
        ("A connected phone takes at most 15 KB", measured.get((f"{phone}: {EMBEDDED}", "memory")), "KB", 15),
        (
            f"{phones:,} idle phones cost nothing: at most 1 % of a processor",
            measured.get((f"{phone}: {EMBEDDED}", "at_rest")),
            "%",
            1,
        ),
        (
            f"A reveal of {answers} answers is on the wall within 250 ms",
            measured.get((f"{reveal_of(answers)}: {EMBEDDED}", "shown")),
            "ms",
            250,
        ),
        (f"{burst}, and each has its answer within 1.5 s", measured.get((told_all, "last")), "ms", 1_500),
        (f"{burst}, and all are told within 1.5 s of the first press", measured.get((told_all, "done")), "ms", 1_500),
        (
            "The first page is there 2 s after a cold start",
            measured.get((f"cold start: {EMBEDDED}", "seconds")),
            "s",
            2,
        ),
    )
    for words, figure, unit, most in told:
        if figure is not None:
            yield Goal(words, f"{_figure(figure)} {unit}", figure <= most)
    for words, kind, other, least in (
        ("Answers are saved over HTTP at 25 % of the rate of SQLite alone", "saves", "SQLite alone", 0.25),
        (f"The same on a disk whose flush takes {LONGER} ms longer", SLOW_DISK, "SQLite alone", 0.25),
        (
            "Answers are saved over HTTP at least as quickly as by Django without a server",
            "saves",
            "Django without a server",
            1.0,
        ),
    ):
        share = ratio(f"{kind}: {EMBEDDED}", f"{kind}: {other}", "rate")
        if share is not None:
            yield Goal(words, f"{_figure(share)} ×", share >= least)
    yield Goal("No event and no answer is lost", f"{result['lost']} lost", result["lost"] == 0)


def stage_change(phones: int, saves: int = 0) -> str:
    """Return the kind of figure that this is."""
    return f"stage change, {phones:,} phones" + (f", {saves} saves a second" if saves else "")


def idle(phones: int) -> str:
    """Return the kind of figure that this is."""
    return f"{phones:,} idle phones"


def burst_of(phones: int) -> str:
    """Return the kind of figure that this is."""
    return f"{phones:,} phones save within a second"


def reveal_of(answers: int) -> str:
    """Return the kind of figure that this is."""
    return f"reveal of {answers} answers on the wall"


def p95(values: Sequence[float]) -> float:
    """Return what 95 of 100 of these do not exceed."""
    return sorted(values)[min(len(values) - 1, int(len(values) * 0.95))]


def as_text(result: Mapping[str, Any]) -> str:
    """Return both tables for a terminal."""
    told = [line.cells for line in lines(result["figures"])]
    judged = [[cell.strip("*") for cell in goal.cells] for goal in goals(result)]
    return "\n".join([*_columns([["", "median", "lowest–highest", "", "×"], *told]), "", *_columns(judged), ""])


def as_markdown(result: Mapping[str, Any]) -> str:
    """Return both tables, and what they were measured on, for the page."""
    machine, (commit, *dirty) = result["machine"], result["commit"].split("-")
    changed = ", with changes that are in none," if dirty else ""
    about = (
        f"Measured at commit `{commit[:12]}`{changed} on {machine['processors']} processors with "
        f"{machine['gigabytes']:.0f} GB, Python {machine['python']}, {result['rounds']} rounds; "
        f"before it began the machine's load was {machine['load']:.1f}. The floor itself went from {_noise(result)} "
        "between rounds: read ratios, and no difference smaller than that."
    )
    told = _table(["", "median", "lowest–highest", "", "×"], [line.cells for line in lines(result["figures"])])
    return "\n".join([about, "", *_table(["Goal", "Measured", ""], [goal.cells for goal in goals(result)]), "", *told])


def _noise(result: Mapping[str, Any]) -> str:
    name = f"{stage_change(result['phones'])}: {FLOOR}"
    line = next(line for line in lines(result["figures"]) if line.name == name and line.measure == "p95")
    return f"{_figure(line.lowest)} to {_figure(line.highest)} ms"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    return [f"| {' | '.join(row)} |" for row in (head, ["---"] * len(head), *rows)]


def _columns(rows: Sequence[Sequence[str]]) -> list[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]


def _figure(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"
