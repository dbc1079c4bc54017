"""How the time of each expression of ours grows with the length of what it reads: measured, so not in the tests."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from typing import Any

from tests.test_patterns import PATTERNS

SHORT, LONG = 1_000, 4_000
"""Letters; nothing that is typed is longer, and a file that is read in is read line by line."""
STEEPEST = 30.0
"""Times longer for four times the letters: 4 is linear, 16 quadratic, which so few letters bear; 64 is cubic."""
FELT = 0.1
"""Seconds below which nobody feels how it grows, and a measurement says little."""
PUMPS = (
    "a",
    "A",
    "0",
    " ",
    "-",
    "a ",
    "A ",
    "a-",
    "a'",
    "0 ",
    "0-",
    "a1",
    "a.",
    "1.",
    "Aa ",
    "aA",
    "* ",
    "- ",
    "\u2019",
    "é",
    "\n",
)
ENDS = ("", "!", "\x00", "a", "0", " ")


def play() -> list[str]:
    """Return each expression that grows too steeply, with what it was given."""
    return [f"expression {name}: {given}" for name, pattern in PATTERNS.items() for given in steep(pattern)]


def steep(pattern: re.Pattern[Any]) -> Iterator[str]:
    """Yield what an expression takes too long for."""
    for pump in PUMPS:
        for end in ENDS:
            long = seconds(pattern, pump, end, LONG)
            if long > FELT and long > STEEPEST * (short := seconds(pattern, pump, end, SHORT)):
                yield f"{pump!r} again and again, then {end!r}: {short:.3f} s, then {long:.3f} s"


def seconds(pattern: re.Pattern[Any], pump: str, end: str, letters: int) -> float:
    """Return the processor's seconds for so many letters, searched, and matched from end to end."""
    text = (pump * letters)[:letters] + end
    given = text.encode() if isinstance(pattern.pattern, bytes) else text
    begun = time.process_time()
    pattern.fullmatch(given)
    for _ in pattern.finditer(given):
        pass
    return time.process_time() - begun
