"""The rules for possible names, as rules.json has them."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

PATH = Path(__file__).with_name("rules.json")


@dataclass(frozen=True)
class Pattern:
    """An expression that finds one kind of thing, and one that says what of it is none."""

    kind: str
    find: re.Pattern[str]
    none: re.Pattern[str] | None


@dataclass(frozen=True)
class Rules:
    """Patterns in order of preference, and word lists by name; words are folded as `fold` in finding.py does."""

    longest: int
    patterns: tuple[Pattern, ...]
    folds: dict[str, str]
    lists: dict[str, frozenset[str]]


@cache
def read_rules() -> Rules:
    """Return the rules; they are read once."""
    found = json.loads(PATH.read_text(encoding="utf-8"))
    return Rules(
        longest=found.pop("longest"),
        patterns=tuple(_pattern(each) for each in found.pop("patterns")),
        folds=found.pop("folds"),
        lists={name: frozenset(words.split()) for name, words in found.items()},
    )


def _pattern(each: dict[str, str]) -> Pattern:
    flags = re.ASCII | (re.IGNORECASE if each.get("ignore_case") else re.NOFLAG)
    return Pattern(each["kind"], re.compile(each["pattern"], flags), re.compile(each["not"]) if "not" in each else None)
