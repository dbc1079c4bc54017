"""Lay text out on the wall's pages: nothing is ever shrunk, what does not fit goes on the next page.

Lengths are in rem of the wall, where 1 rem is the smallest text; the wall holds about 45 by 25. Lines are estimated on
the long side from the number of characters.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import ceil
from textwrap import wrap
from typing import TypeVar

from ratings.models import Comment
from workshops.models import Scale

T = TypeVar("T")

PAGE_HEIGHT = 14.2
"""Room for text under a screen's heading."""
PAGE_WIDTH = 42.0
_CHARACTER = 0.48
"""The width of a character in units of its size, on the long side for running text in the sans."""
_ITEM_SIZE, _ITEM_LINE, _ITEM_GAP = 1.08, 1.36, 0.42
_ALONE_SIZE, _ALONE_LINE = 1.4, 1.9
_ANCHOR_SIZE, _ANCHOR_LINES, _ANCHOR_WIDTH = 1.1, 9, 37.5
"""An anchor that has a page to itself, beside its number."""


@dataclass(frozen=True)
class Column:
    """One column of a page: a mark ("" for unmarked) and comments in order."""

    mark: str
    comments: tuple[Comment, ...]


@dataclass(frozen=True)
class CommentPage:
    """A page of columns; or, for one comment too long for a column, that comment or a part of it alone."""

    columns: tuple[Column, ...] = ()
    alone: Comment | None = None
    part: str = ""


@dataclass(frozen=True)
class AnchorPage:
    """The anchors that one page of an open question shows, as (number, words), and how: "", "long" or "one"."""

    anchors: tuple[tuple[int, str], ...]
    form: str
    page: int = 1
    pages: int = 1


def anchor_page(scale: Scale, page: int) -> AnchorPage:
    """Return page `page` (from 1; the last for a higher one) of a scale's anchors: side by side while both fit.

    Anchors that do not fit side by side follow each other, 10 first, in as many parts as they need.
    """
    both = ((10, scale.anchor_ten), (0, scale.anchor_zero))
    longest = [lines(words, size, width) for size, width in ((1.2, 16.0), (1.02, 17.0)) for _number, words in both]
    if max(longest[:2]) <= 8:
        return AnchorPage(both, "")
    if max(longest[2:]) <= 10:
        return AnchorPage(both, "long")
    parts = [
        (number, part) for number, words in both for part in _parts(words, _ANCHOR_SIZE, _ANCHOR_WIDTH, _ANCHOR_LINES)
    ]
    page = min(page, len(parts))
    return AnchorPage((parts[page - 1],), "one", page, len(parts))


def lines(text: str, size: float, width: float) -> int:
    """Return how many lines a text takes at a size in a width, never fewer than it does."""
    characters = max(1, int(width / (size * _CHARACTER)))
    return sum(len(wrap(line, characters)) or 1 for line in text.splitlines()) or 1


def fill_pages(items: Iterable[T], height_of: Callable[[T], float], height: float = PAGE_HEIGHT) -> list[list[T]]:
    """Put items on pages of a height, in order; an item higher than a page has one to itself."""
    pages: list[list[T]] = []
    room = 0.0
    for item in items:
        needed = height_of(item)
        if not pages or needed > room:
            pages.append([])
            room = height
        pages[-1].append(item)
        room -= needed
    return pages


def comment_pages(groups: Sequence[tuple[str, Sequence[Comment]]]) -> list[CommentPage]:
    """Lay groups of comments (mark, comments) out side by side; long comments follow, each alone on its pages."""
    groups = [(mark, comments) for mark, comments in groups if comments]
    across = max(1, len(groups))
    width = (PAGE_WIDTH - 1.4 * (across - 1)) / across - 1.05

    def height_of(comment: Comment) -> float:
        return lines(comment.text, _ITEM_SIZE, width) * _ITEM_LINE + _ITEM_GAP

    def fits(comment: Comment) -> bool:
        return height_of(comment) <= PAGE_HEIGHT

    columns = [
        (mark, fill_pages(filter(fits, comments), height_of)) for mark, comments in groups if any(map(fits, comments))
    ]
    pages = [
        CommentPage(tuple(Column(mark, tuple(of[number]) if number < len(of) else ()) for mark, of in columns))
        for number in range(max((len(of) for _, of in columns), default=0))
    ]
    alone = int(PAGE_HEIGHT / _ALONE_LINE)
    for _, comments in groups:
        for comment in comments:
            if not fits(comment):
                pages += [
                    CommentPage(alone=comment, part=part)
                    for part in _parts(comment.text, _ALONE_SIZE, PAGE_WIDTH, alone)
                ]
    return pages


def _parts(text: str, size: float, width: float, at_once: int) -> Iterator[str]:
    """Cut a text, at spaces, into parts of at most so many lines at a size in a width."""
    rows = wrap(text, int(width / (size * _CHARACTER)))
    for part in range(ceil(len(rows) / at_once)):
        words = " ".join(rows[part * at_once : (part + 1) * at_once])
        yield ("… " if part else "") + words + (" …" if (part + 1) * at_once < len(rows) else "")


def imperative_pages(items: Sequence[T], text_of: Callable[[T], str], *, leading: int, width: float) -> list[list[T]]:
    """Put imperatives on pages; the first `leading` of all are set larger than the rest."""
    large = {id(item) for item in items[:leading]}

    def height_of(item: T) -> float:
        size, line = (1.4, 1.7) if id(item) in large else (1.12, 1.42)
        return lines(text_of(item), size, width) * line + 0.75

    return fill_pages(items, height_of)
