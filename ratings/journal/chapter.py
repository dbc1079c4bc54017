"""One deliverable's part of a journal as a facilitator edits it: its lead, its themes, its comments in order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from ratings.deciding import digest
from ratings.journal.grouping import Group, group_by, printed_comments
from ratings.journal.notes import read_leads, read_notes
from ratings.models import Comment, Theme
from workshops.models import Deliverable, Scale, Workshop

PER_PAGE = 100
"""So many comments stand on one page of the desk."""


@dataclass(frozen=True)
class Line:
    """A printed comment, at its place among those of its group, from 1.

    Its key follows its words and not its id, so that it outlives sealing, and no other words are meant by it.
    """

    key: str
    comment: Comment
    place: int
    of: int


@dataclass(frozen=True)
class Lines:
    """A group of comments, and those of them that are on the page."""

    group: Group
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Part:
    """The groups of a scale."""

    scale: Scale
    groups: tuple[Lines, ...]


@dataclass(frozen=True)
class Chapter:
    """What the journal says of a deliverable; `lead` is what is printed, the review's unless another was written."""

    deliverable: Deliverable
    lead: str
    themes: tuple[Theme, ...]
    parts: tuple[Part, ...]

    @property
    def lines(self) -> tuple[Line, ...]:
        """Every printed comment in order."""
        return tuple(line for part in self.parts for group in part.groups for line in group.lines)

    @property
    def pages(self) -> int:
        """How many pages of the desk its comments take."""
        return max(1, -(-len(self.lines) // PER_PAGE))

    @property
    def read(self) -> str:
        """What tells it, as it stands, from any other state of it."""
        themes = [(theme.pk, theme.name) for theme in self.themes]
        groups = [
            [(line.key, line.comment.quoted) for line in group.lines] for part in self.parts for group in part.groups
        ]
        return digest(repr((self.lead, themes, groups)))

    def page(self, number: int) -> tuple[Part, ...]:
        """Return what stands on one page of the desk: as much of each group as falls on it."""
        shown = {line.key for line in self.lines[(number - 1) * PER_PAGE : number * PER_PAGE]}
        parts = []
        for part in self.parts:
            cut = (
                Lines(group.group, tuple(line for line in group.lines if line.key in shown)) for group in part.groups
            )
            parts.append(Part(part.scale, tuple(group for group in cut if group.lines)))
        return tuple(part for part in parts if part.groups)


def read_chapter(workshop: Workshop, deliverable: Deliverable) -> Chapter:
    """Return what a workshop's journal says of a deliverable. Six queries."""
    comments: dict[int, list[Comment]] = {}
    for comment in printed_comments(workshop).filter(scale__deliverable=deliverable):
        comments.setdefault(comment.scale_id, []).append(comment)
    grouping = read_notes(workshop).grouping
    parts = []
    for scale in deliverable.scales.all():
        keys = _keys(comments.get(scale.pk, []))
        groups = group_by(grouping, comments.get(scale.pk, []))
        parts.append(Part(scale, tuple(Lines(group, tuple(_lines(group, keys))) for group in groups)))
    return Chapter(
        deliverable=deliverable,
        lead=read_leads(workshop).get(deliverable.pk, deliverable.lead),
        themes=tuple(Theme.objects.filter(workshop=workshop, deliverable=deliverable)),
        parts=tuple(parts),
    )


def _lines(group: Group, keys: dict[int, str]) -> Iterator[Line]:
    for place, comment in enumerate(group.comments, start=1):
        yield Line(keys[comment.pk], comment, place, len(group.comments))


def _keys(comments: list[Comment]) -> dict[int, str]:
    """Return a key for each comment on a scale, by its id; those with the same words are counted in printing order."""
    seen: Counter[str] = Counter()
    keys = {}
    for comment in comments:
        words = digest(f"{comment.scale_id} {comment.text}")
        seen[words] += 1
        keys[comment.pk] = f"{words}-{seen[words]}"
    return keys
