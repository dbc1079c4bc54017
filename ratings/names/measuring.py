"""Measure the check for possible names on sentences in which what points to a person is marked."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from ratings.names.finding import Finding, FindingKind, find_names

SENTENCES = settings.BASE_DIR / "fixtures" / "names.txt"
MARKED = re.compile(r"\{(?:(\w+):)?([^{}]+)\}")


@dataclass(frozen=True)
class Sentence:
    """A sentence, and what in it points to a person."""

    text: str
    marked: tuple[Finding, ...]


@dataclass(frozen=True)
class Measure:
    """Of what was found, `right` is marked; of what is marked, `caught` was found. A touch counts, of whatever kind."""

    found: int
    right: int
    marked: int
    caught: int
    by_kind: dict[FindingKind, tuple[int, int]]
    """For each kind how many are marked, and how many of these were found."""
    missed: tuple[str, ...]
    wrong: tuple[str, ...]

    @property
    def precision(self) -> float:
        """The part of the findings that is right, 0 to 1."""
        return self.right / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        """The part of what is marked that was found, 0 to 1."""
        return self.caught / self.marked if self.marked else 1.0


def read_sentences(path: Path = SENTENCES) -> list[Sentence]:
    """Read one sentence a line; what points to a person stands as {words} for a name, or as {kind:words}."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [_sentence(line) for line in lines if line and not line.startswith("#")]


def _sentence(line: str) -> Sentence:
    text, marked, at = "", [], 0
    for match in MARKED.finditer(line):
        text += line[at : match.start()]
        marked.append(Finding(len(text), len(text) + len(match[2]), FindingKind(match[1] or "name")))
        text += match[2]
        at = match.end()
    return Sentence(text + line[at:], tuple(marked))


def measure(sentences: Iterable[Sentence]) -> Measure:
    """Look for names in each sentence and count."""
    found = right = 0
    marked: Counter[FindingKind] = Counter()
    caught: Counter[FindingKind] = Counter()
    missed, wrong = [], []
    for sentence in sentences:
        findings = find_names(sentence.text)
        touching = [each for each in findings if any(_touch(each, other) for other in sentence.marked)]
        found, right = found + len(findings), right + len(touching)
        wrong += [
            f"{sentence.text[each.start : each.end]}: {sentence.text}" for each in findings if each not in touching
        ]
        for each in sentence.marked:
            marked[each.kind] += 1
            if any(_touch(each, other) for other in findings):
                caught[each.kind] += 1
            else:
                missed.append(f"{sentence.text[each.start : each.end]}: {sentence.text}")
    by_kind = {kind: (marked[kind], caught[kind]) for kind in FindingKind if marked[kind]}
    return Measure(found, right, marked.total(), caught.total(), by_kind, tuple(missed), tuple(wrong))


def _touch(one: Finding, other: Finding) -> bool:
    return one.start < other.end and other.start < one.end
