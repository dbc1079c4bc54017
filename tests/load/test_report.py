"""The tables say what was measured, and the page shows what is kept beside it."""

import json
from typing import Any

import pytest

from tests.load import page
from tests.load.report import EMBEDDED, FLOOR, SLOW_DISK, as_markdown, as_text, goals, lines

CHANGE, MEANWHILE = "stage change, 2,000 phones", "stage change, 2,000 phones, 200 saves a second"
MET = {
    f"{CHANGE}: {FLOOR}": [{"p95": 30.0, "missed": 0}, {"p95": 40.0, "missed": 0}, {"p95": 35.0, "missed": 0}],
    f"{CHANGE}: {EMBEDDED}": [{"p95": 70.0, "missed": 0}],
    f"{MEANWHILE}: {FLOOR}": [{"p95": 50.0}],
    f"{MEANWHILE}: {EMBEDDED}": [{"p95": 100.0}],
    f"2,000 idle phones: {EMBEDDED}": [{"memory": 15.0, "at_rest": 1.0}],
    f"reveal of 500 answers on the wall: {EMBEDDED}": [{"shown": float(value)} for value in range(155, 255)],
    f"1,000 phones save within a second: {EMBEDDED}": [{"p95": 9.0, "last": 1500.0, "done": 1500.0}],
    f"cold start: {EMBEDDED}": [{"seconds": 2.0}],
    "saves: SQLite alone": [{"rate": 4000.0, "p95": 1.0}],
    "saves: Django without a server": [{"rate": 1000.0, "p95": 1.0}],
    f"saves: {EMBEDDED}": [{"rate": 1000.0, "p95": 1.0}],
    f"{SLOW_DISK}: SQLite alone": [{"rate": 800.0, "p95": 1.0}],
    f"{SLOW_DISK}: {EMBEDDED}": [{"rate": 200.0, "p95": 1.0}],
}
"""All goals, each met by nothing to spare."""


def result(figures: dict[str, list[dict[str, float]]], lost: float = 0) -> dict[str, Any]:
    """Return what a run would have written."""
    machine = {"processors": 2, "gigabytes": 7.6, "python": "3.11.2", "load": 0.1}
    asked = {"phones": 2000, "saves": 200, "answers": 500, "burst": 1000, "rounds": 3}
    return {"commit": "0123456789abcdef", "machine": machine, **asked, "figures": figures, "lost": lost}


def test_line_has_the_median_the_spread_and_the_multiple_of_its_floor() -> None:
    line = {(line.name, line.measure): line for line in lines(MET)}
    assert line[f"{CHANGE}: {FLOOR}", "p95"].cells == [f"{CHANGE}: {FLOOR}", "35.0", "30.0–40.0", "ms, p95", ""]
    assert line[f"{CHANGE}: {EMBEDDED}", "p95"].cells[4] == "2.00"
    assert line[f"saves: {EMBEDDED}", "rate"].cells[4] == "0.25"
    assert line[f"reveal of 500 answers on the wall: {EMBEDDED}", "shown"].median == 250


def test_goals_are_met_by_nothing_to_spare() -> None:
    assert len(list(goals(result(MET)))) == 12
    assert [goal.words for goal in goals(result(MET)) if not goal.met] == []


@pytest.mark.parametrize(
    ("name", "measure", "spoil"),
    [
        (f"{CHANGE}: {EMBEDDED}", "p95", 1.01),
        (f"{MEANWHILE}: {EMBEDDED}", "p95", 1.01),
        (f"2,000 idle phones: {EMBEDDED}", "memory", 1.01),
        (f"2,000 idle phones: {EMBEDDED}", "at_rest", 1.01),
        (f"reveal of 500 answers on the wall: {EMBEDDED}", "shown", 1.01),
        (f"1,000 phones save within a second: {EMBEDDED}", "done", 1.01),
        (f"1,000 phones save within a second: {EMBEDDED}", "last", 1.01),
        (f"cold start: {EMBEDDED}", "seconds", 1.01),
        ("saves: SQLite alone", "rate", 1.01),
        ("saves: Django without a server", "rate", 1.01),
        (f"{SLOW_DISK}: SQLite alone", "rate", 1.01),
    ],
)
def test_goal_that_is_missed_says_so(name: str, measure: str, spoil: float) -> None:
    worse = [{**row, measure: row[measure] * spoil} for row in MET[name]]
    spoilt = result({**MET, name: worse})
    assert [goal.met for goal in goals(spoilt)].count(False) == 1
    assert as_markdown(spoilt).count("**missed**") == as_text(spoilt).count("missed") == 1


def test_lost_answer_is_a_goal_missed() -> None:
    assert [goal.measured for goal in goals(result(MET, lost=1)) if not goal.met] == ["1 lost"]


def test_goal_of_which_nothing_was_measured_is_not_told() -> None:
    assert [goal.words for goal in goals(result({}))] == ["No event and no answer is lost"]


def test_page_shows_what_is_kept_beside_it() -> None:
    text, kept = page.PAGE.read_text(), json.loads(page.RESULT.read_text())
    assert as_markdown(kept) in text
    assert page.with_figures(text, kept) == text
    assert page.with_figures(text, result(MET)) != text


@pytest.mark.parametrize("mark", ["<!-- figures -->", "<!-- end of figures -->"])
def test_page_has_each_mark_once(mark: str) -> None:
    assert page.PAGE.read_text().count(mark) == 1


def test_every_goal_is_on_the_page() -> None:
    kept = json.loads(page.RESULT.read_text())
    assert len(list(goals(kept))) == len(list(goals(result(MET))))
