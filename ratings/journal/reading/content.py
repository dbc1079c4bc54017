"""What a journal kept as plain text says: frozen, and each piece with the line it begins on."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field

from workshops.choices import ScaleKind

TITLE_MAX = 120
EPIGRAPH_MAX = 400
NAME_MAX = 120
LEAD_MAX = 300
ANCHOR_MAX = 1000
QUESTION_MAX = 300
COMMENT_MAX = 2000
IMPERATIVE_MAX = 1000
BY_MAX = 120
INTRODUCTION_MAX = 6000
TERM_MAX = 80
MEANING_MAX = 500
FACTS = {"organisation": 120, "venue": 160, "subtitle": 160, "signed_off": 280, "fingerprint": 64}
"""What may stand before a journal, and how long each may be."""
DATE = "date"


@dataclass(frozen=True)
class Entry:
    """Words in the journal and the line, from 1, on which they begin."""

    line: int
    text: str


@dataclass(frozen=True)
class ReadTerm:
    """A term of the glossary and what it means, and the line on which they stand."""

    line: int
    term: str
    meaning: str


@dataclass(frozen=True)
class ReadScale:
    """One scale of a deliverable: its anchors, None where there is none, and its comments in order.

    `quoted` are the lines of those comments that are set large.
    """

    kind: ScaleKind
    line: int
    ten: Entry | None
    zero: Entry | None
    comments: tuple[Entry, ...]
    quoted: tuple[int, ...] = ()


@dataclass(frozen=True)
class ReadDeliverable:
    """One deliverable: its name, the words between name and scales, and the scales it has."""

    name: Entry
    lead: Entry | None
    scales: tuple[ReadScale, ...]

    def scale(self, kind: ScaleKind) -> ReadScale | None:
        """Return the scale of a kind; None when the journal has none."""
        return next((scale for scale in self.scales if scale.kind == kind), None)


@dataclass(frozen=True)
class ReadJournal:
    """What a journal says, what it lacks (`gaps`), and the lines that found no place (`unplaced`).

    `facts` are those of FACTS that stand before it.
    """

    title: Entry | None
    epigraph: tuple[Entry, ...]
    deliverables: tuple[ReadDeliverable, ...]
    question: Entry | None
    imperatives: tuple[Entry, ...]
    navigation: tuple[Entry, ...]
    unplaced: tuple[Entry, ...]
    gaps: tuple[Entry, ...]
    date: datetime.date | None
    facts: Mapping[str, str] = field(default_factory=dict)
    introduction: Entry | None = None
    glossary: tuple[ReadTerm, ...] = ()

    @property
    def scales(self) -> tuple[ReadScale, ...]:
        """Every scale in the journal's order."""
        return tuple(scale for deliverable in self.deliverables for scale in deliverable.scales)

    @property
    def comments(self) -> tuple[Entry, ...]:
        """Every comment in the journal's order."""
        return tuple(comment for scale in self.scales for comment in scale.comments)
