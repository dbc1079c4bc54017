"""The desk's panel: one frozen context, all that a facilitator sees of the running session."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from ratings.charts import DESK, ChartView, bench
from ratings.choices import CommentState
from ratings.models import Comment
from ratings.tallies import Tally, count_comments, tally_questions, tally_stage
from ratings.wall import Picture, WallPainter
from workshops.choices import StageKind, StageState, WallView
from workshops.models import Deliverable, Stage, Workshop
from workshops.sessions import wall_views


@dataclass(frozen=True)
class RailPart:
    """A deliverable with its stages, or one stage that belongs to none."""

    no: int | None
    deliverable: Deliverable | None
    stages: tuple[Stage, ...]

    @property
    def is_current(self) -> bool:
        """Whether the workshop is somewhere in this part."""
        return any(stage.is_current for stage in self.stages)

    @property
    def is_done(self) -> bool:
        """Whether every stage of it is behind the workshop."""
        return all(stage.state == StageState.CLOSED for stage in self.stages)


@dataclass(frozen=True)
class Queue:
    """Comments to look at: those of the stage's deliverable, undecided ones first; `new` of them are undecided."""

    comments: Sequence[Comment]
    new: int
    total: int


@dataclass(frozen=True)
class Panel:
    """The session as it is now, and what can be done with it."""

    workshop: Workshop
    stage: Stage | None
    rail: tuple[RailPart, ...]
    before: Stage | None
    after: Stage | None
    picture: Picture
    views: tuple[WallView, ...]
    tally: Tally | None
    bench: ChartView | None
    comment_count: int
    queue: Queue
    rehearsal: int
    questions: Sequence[tuple[Stage, Tally]] = ()

    @property
    def can_reveal(self) -> bool:
        """Whether the stage has answers to show and the room has not seen them."""
        return bool(self.stage and self.stage.asks and self.stage.is_open)

    @property
    def asks_for_comments(self) -> bool:
        """Whether comments are about the stage that is on."""
        return bool(self.stage and self.stage.deliverable_id)


def read_panel(workshop: Workshop) -> Panel:
    """Return the desk's panel. A fixed number of queries, whatever the number of participants."""
    stages = list(workshop.stages.select_related("deliverable", "scale"))
    place = next((n for n, stage in enumerate(stages) if stage.is_current), None)
    stage = None if place is None else stages[place]
    tally = tally_stage(workshop, stage) if stage else None
    scene = bench(tally.answered, tally.people, id="desk-bench", form=DESK.sized(width=380)) if tally else None
    return Panel(
        workshop=workshop,
        stage=stage,
        rail=_rail(stages),
        before=stages[place - 1] if place else None,
        after=stages[place + 1] if place is not None and place + 1 < len(stages) else None,
        picture=WallPainter(workshop).picture(),
        views=wall_views(stage) if stage else (),
        tally=tally,
        bench=ChartView.of(scene),
        comment_count=count_comments(workshop, stage) if stage else 0,
        queue=read_queue(workshop, stage),
        rehearsal=workshop.participants.filter(rehearsal=True).count(),
        questions=tally_questions(workshop) if workshop.is_open_to_all else (),
    )


def read_queue(workshop: Workshop, stage: Stage | None) -> Queue:
    """Return the comments on the stage's deliverable; on all of them at a stage that has none."""
    rows = Comment.objects.filter(workshop=workshop).select_related("scale__deliverable")
    if stage and stage.deliverable_id:
        rows = rows.filter(scale__deliverable=stage.deliverable_id)
    rank = {CommentState.NEW: 0, CommentState.HELD: 1, CommentState.SHOWN: 2}
    ordered = sorted(rows, key=lambda row: rank[CommentState(row.state)])
    return Queue(ordered, sum(row.state == CommentState.NEW for row in ordered), len(ordered))


def _rail(stages: Sequence[Stage]) -> tuple[RailPart, ...]:
    """Group stages by deliverable, in order."""
    parts = []
    no = 0
    for deliverable_id, group in groupby(stages, key=lambda stage: stage.deliverable_id or -stage.position - 1):
        members = tuple(group)
        has_deliverable = deliverable_id > 0 and members[0].kind != StageKind.LOBBY
        no += has_deliverable
        parts.append(RailPart(no if has_deliverable else None, members[0].deliverable, members))
    return tuple(parts)
