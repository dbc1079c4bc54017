"""Give every line of a journal its place; what has none is kept as unplaced."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum, auto

from ratings.journal.reading.lines import Kind, Line, as_anchor
from workshops.choices import ScaleKind

INTRODUCTION, GLOSSARY = "Introduction", "Glossary"
"""The headings of what a facilitator adds: the one before the deliverables, the other after the imperatives."""
SCALE_KINDS = {Kind.BEING: ScaleKind.BEING, Kind.PROGRESS: ScaleKind.PROGRESS}


@dataclass
class Item:
    """Words still being gathered, line by line, and the line on which they begin."""

    line: int
    parts: list[str]

    @property
    def text(self) -> str:
        """The words in one line."""
        return " ".join(part for part in self.parts if part)


@dataclass
class PlacedScale:
    """What stands under the heading of one scale."""

    kind: ScaleKind
    line: int
    asked: bool = False
    anchors: dict[Kind, Item] = field(default_factory=dict)
    comments: list[Item] = field(default_factory=list)


@dataclass
class PlacedDeliverable:
    """What belongs to one deliverable; `line` is where its first scale begins."""

    name: Line | None
    lead: list[Line]
    line: int
    scales: dict[ScaleKind, PlacedScale] = field(default_factory=dict)


class _Section(Enum):
    PREAMBLE = auto()
    SCALE = auto()
    RAG = auto()
    IMPERATIVES = auto()
    GLOSSARY = auto()


class Placing:
    """Walks the lines once; afterwards every line is in one of the public attributes, or was a known heading.

    `_pending` are lines that may yet turn out to be a name; `_item` is what the next line continues.
    """

    def __init__(self, lines: list[Line]) -> None:
        self.preamble: list[Line] = []
        self.introduction: list[Line] = []
        self.deliverables: list[PlacedDeliverable] = []
        self.question: Item | None = None
        self.imperatives: list[Item] = []
        self.glossary: list[Item] = []
        self.unplaced: list[Line] = []
        self._lines = lines
        self._section = _Section.PREAMBLE
        self._scale: PlacedScale | None = None
        self._pending: list[Line] = []
        self._item: Item | None = None
        self._rate_goes_on = False
        for index, line in enumerate(lines):
            if line.after_blank:
                self._item, self._rate_goes_on = None, False
            self._place(index, line)
        self.unplaced += self._pending

    def _place(self, index: int, line: Line) -> None:
        if line.kind in SCALE_KINDS:
            self._start_scale(line, SCALE_KINDS[line.kind])
        elif self._section is _Section.PREAMBLE:
            (self.unplaced if line.kind is Kind.BULLET else self._pending).append(line)
        elif line.kind is Kind.RAG:
            self._start(_Section.RAG)
        elif line.kind is Kind.IMPERATIVES and self._section is not _Section.IMPERATIVES:
            self._start(_Section.IMPERATIVES)
        elif (
            line.is_heading
            and line.words == GLOSSARY
            and self._section is _Section.IMPERATIVES
            and not (self._is_name(index))
        ):
            self._start(_Section.GLOSSARY)
        elif not (self._place_rate(line) or self._place_anchor(line) or self._place_bullet(line)):
            self._place_loose(index, line)

    def _start(self, section: _Section) -> None:
        self._give_up_pending()
        self._section, self._scale, self._item = section, None, None

    def _give_up_pending(self) -> None:
        self.unplaced += self._pending
        self._pending = []

    def _start_scale(self, line: Line, kind: ScaleKind) -> None:
        if self._starts_deliverable(kind):
            self._start_deliverable(line)
        self._start(_Section.SCALE)
        self._scale = self.deliverables[-1].scales[kind] = PlacedScale(kind, line.number)

    def _starts_deliverable(self, kind: ScaleKind) -> bool:
        return not self.deliverables or kind in self.deliverables[-1].scales

    def _start_deliverable(self, line: Line) -> None:
        """Take the name from the lines before: the last heading with the lead that follows it, else the last line."""
        pending, self._pending = self._pending, []
        if not pending:
            self.deliverables.append(PlacedDeliverable(None, [], line.number))
            return
        title_first = 1 if not self.deliverables and len(pending) > 1 else 0  # a title that is a heading is no name
        headings = [index for index, candidate in enumerate(pending) if candidate.is_heading and index >= title_first]
        at = headings[-1] if headings else len(pending) - 1
        if self.deliverables:
            self.unplaced += pending[:at]
        else:
            begins = next((n for n in range(1, at) if _introduces(pending[n])), at)
            self.preamble, self.introduction = pending[:begins], pending[begins + 1 : at]
        self.deliverables.append(PlacedDeliverable(pending[at], pending[at + 1 :], line.number))

    def _place_rate(self, line: Line) -> bool:
        """Take the question that stands over the comments, on one line or on two."""
        if self._scale is None:
            return False
        if self._rate_goes_on and line.kind is Kind.LOOSE and line.asks:
            self._rate_goes_on = False
            return True
        if line.kind is not Kind.RATE or self._scale.asked or self._scale.comments:
            return False
        self._give_up_pending()
        self._scale.asked, self._item, self._rate_goes_on = True, None, not line.asks
        return True

    def _place_anchor(self, line: Line) -> bool:
        scale = self._scale
        if scale is None or scale.comments:
            return False
        line = line if scale.asked else as_anchor(line)
        if line.kind not in (Kind.TEN, Kind.ZERO) or line.kind in scale.anchors:
            return False
        self._give_up_pending()
        self._item = scale.anchors[line.kind] = Item(line.number, [line.body])
        return True

    def _place_bullet(self, line: Line) -> bool:
        if line.kind is not Kind.BULLET:
            return False
        self._give_up_pending()
        self._item = Item(line.number, [line.body])
        if self._scale is not None:
            self._scale.comments.append(self._item)
        elif self._section is _Section.IMPERATIVES:
            self.imperatives.append(self._item)
        elif self._section is _Section.GLOSSARY:
            self.glossary.append(self._item)
        else:
            self._item = None
            self.unplaced.append(line)
        return True

    def _place_loose(self, index: int, line: Line) -> None:
        gathering = self._section is _Section.IMPERATIVES
        if self._is_name(index):
            self._item = None
            self._pending.append(line)
        elif not gathering and self._asks_for_imperatives(index):
            self._start(_Section.IMPERATIVES)
            self._ask(line)
        elif line.is_heading and not gathering:
            self._item = None
            self._pending.append(line)
        elif self._item is not None:
            self._item.parts.append(line.text)
            if self._item is self.question and line.asks:
                self._item = None
        elif gathering and self.question is None and not self.imperatives:
            self._ask(line)
        else:
            self._pending.append(line)

    def _ask(self, line: Line) -> None:
        self.question = Item(line.number, [line.words])
        self._item = None if line.asks else self.question

    def _is_name(self, index: int) -> bool:
        """Whether the next line begins the scales of another deliverable, so that this one must be its name."""
        kind = SCALE_KINDS.get(self._lines[index + 1].kind) if index + 1 < len(self._lines) else None
        return kind is not None and self._starts_deliverable(kind)

    def _asks_for_imperatives(self, index: int) -> bool:
        """Whether the paragraph that begins here asks for the imperatives: a question with bullets or nothing after."""
        first, paragraph = self._lines[index], [self._lines[index].words]
        for after in self._lines[index + 1 :]:
            if after.kind is not Kind.LOOSE or after.after_blank:
                if after.kind is not Kind.BULLET:
                    return False
                break
            paragraph.append(after.words)
        question = " ".join(paragraph)
        if not question.endswith("?"):
            return False
        if self._section is _Section.RAG:
            return True
        return "imperative" in question.casefold() and (first.after_blank or question.startswith(("What", "Which")))


def _introduces(line: Line) -> bool:
    """Whether a line is the heading of the introduction."""
    return line.is_heading and line.words == INTRODUCTION
