"""No sentence of the document that the product was asked from may stand in the repository."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SEED = ROOT.parent / "shared" / "seed" / "halfway-journal-2018.txt"
RUN = 8
"""Words in a row that nobody writes by chance."""
HEADINGS = (
    "Being at the Goal",
    "Making Progress Towards the Goal",
    "Where would you rate the situation today?",
    "Safety planning and networks",
    "Alignment of forms and processes",
    "QA alignment",
    "RAG Ratings (a broad perspective)",
)
"""Headings and names of deliverables: facts, which carry over."""


def words(text: str) -> list[str]:
    """Return the words of a text in lower case, without their apostrophes."""
    return re.findall(r"\w+", re.sub("[’']", "", text.casefold()))


def runs(text: str, length: int = RUN) -> set[tuple[str, ...]]:
    """Return every run of so many words in a text; none goes across a heading."""
    found = set()
    for piece in re.split("|".join(map(re.escape, HEADINGS)), text, flags=re.IGNORECASE):
        said = words(piece)
        found |= {tuple(said[start : start + length]) for start in range(len(said) - length + 1)}
    return found


def tracked_files() -> list[Path]:
    """Return the files that the repository holds."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    return [ROOT / name for name in listed.stdout.split("\0") if name]


def test_runs_are_found_across_lines_and_punctuation() -> None:
    assert runs("One, two\nthree — it’s four!", 4) & runs("we count: one two (three) its four", 4)


def test_runs_do_not_go_across_headings() -> None:
    assert runs("they said QA alignment\n\nBeing at the goal\n\n10 – all", 3) == set()


def test_no_sentence_of_the_seed_stands_in_the_repository() -> None:
    if not SEED.exists():
        pytest.skip("the document this product was asked from is not beside the repository")
    if not (ROOT / ".git").exists():
        pytest.skip("this is not a checkout, so nothing says which files are the repository's")
    copied = {}
    seed = runs(SEED.read_text("utf-8-sig"))
    for path in tracked_files():
        try:
            text = path.read_text("utf-8")
        except (
            UnicodeDecodeError,
            FileNotFoundError,
            IsADirectoryError,
        ):  # a picture, a font; deleted but not committed
            continue
        if found := runs(text) & seed:
            copied[str(path.relative_to(ROOT))] = [" ".join(run) for run in sorted(found)]

    assert len(seed) > 1000
    assert copied == {}
