"""Break text into lines as a browser does, measured with the letters of the built fonts.

Where the two could differ these lines are the shorter ones: letters are not kerned, one that the fonts lack counts as
wide, and a line ends only where every browser may end it. So a text never has fewer lines here than on a screen.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from django.conf import settings

WIDTHS = "letter-widths.json"
"""The file in BUILT_DIR: for every face, the width of each of its letters in units of the font's size."""
WIDE = 1.3
"""The width of an emoji, or of anything else that stands on a square of its own."""
FOREIGN = 1.0
"""The width of any other letter that the fonts lack: another font draws it."""
BLANKS = " \t\n\r\f"
"""What a browser takes for a space that a line may end at."""
CHUNK = re.compile(r".+?(?:(?<![(\[{«‘“]) (?![!?:;,.)\]}/»’”…])|(?<=[a-zÀ-ɏ0-9][-–?])(?=[a-zÀ-ɏ])|$)", re.IGNORECASE)
"""A stretch of text that never goes across two lines while it fits in one, with the space after it."""


class Face(StrEnum):
    """A typeface at a weight."""

    SANS = "sans-400"
    SANS_BOLD = "sans-700"
    SERIF = "serif-400"


@lru_cache(maxsize=1)
def _widths(path: Path) -> dict[str, dict[str, float]]:
    widths: dict[str, dict[str, float]] = json.loads(path.read_text())
    return widths


def width_of(text: str, face: Face) -> float:
    """Return how wide a text is on one line, in units of its size."""
    known = _widths(settings.BUILT_DIR / WIDTHS)[face]
    return sum(known.get(letter) or _foreign(letter) for letter in text)


def _foreign(letter: str) -> float:
    """Return a width that another font's letter does not exceed."""
    if unicodedata.category(letter) in ("Mn", "Me", "Cf", "Cc"):
        return 0.0
    is_wide = unicodedata.east_asian_width(letter) in "FW" or unicodedata.category(letter) == "So"
    return WIDE if is_wide else FOREIGN


def break_lines(text: str, *, face: Face, size: float, width: float) -> list[str]:
    """Return the lines of a text at a size in a width (same unit), each with the space at its end.

    Spaces and new lines in a row are one space. A word wider than a line begins on a line of its own and goes on on the
    next. Joined, the lines are the text; a text without words has one line, which is empty.
    """
    room = width / size
    lines: list[str] = []
    left = 0.0
    for chunk in CHUNK.findall(re.sub(f"[{BLANKS}]+", " ", text).strip(BLANKS)):
        needed = width_of(chunk.rstrip(), face)
        if lines and needed <= left:
            lines[-1] += chunk
            left -= width_of(chunk, face)
        else:
            *full, last = _broken(chunk, face, room) if needed > room else [chunk]
            lines += [*full, last]
            left = room - width_of(last, face)
    return lines or [""]


def _broken(chunk: str, face: Face, room: float) -> Iterator[str]:
    """Cut what is wider than a line wherever a line is full; a line has one letter at least."""
    line, used = "", 0.0
    for letter in chunk:
        needed = width_of(letter, face)
        if line and letter != " " and used + needed > room:
            yield line
            line, used = "", 0.0
        line += letter
        used += needed
    yield line
