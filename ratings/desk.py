"""The desk's panel: one frozen context, all that a facilitator sees of the running session."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from django.contrib.auth.models import AbstractBaseUser

from ratings.charts import DESK, ChartView, bench, rag_people, strip
from ratings.choices import Asked, CommentState
from ratings.imperatives import RankedImperative, rank_imperatives
from ratings.models import Comment, Theme
from ratings.moderation import Queue, read_queue
from ratings.prompts import ask_the_room
from ratings.sealing import seals_at
from ratings.showing import show_dots
from ratings.sifting import KeptCount, count_kept
from ratings.summaries import summarise_rag, summarise_scale
from ratings.tallies import Tally, count_comments, tally_questions, tally_stage
from ratings.wall import Picture, WallPainter
from workshops.choices import Role, ScaleKind, StageKind, StageState, WallView
from workshops.joining import count_played
from workshops.models import Deliverable, Stage, Workshop
from workshops.sessions import asks_higher, current_stage, wall_views


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
    higher_count: int
    queue: Queue
    rehearsal: int
    questions: Sequence[tuple[Stage, Tally]] = ()
    prompts: tuple[str, ...] = ()
    ranked: Sequence[RankedImperative] = ()
    kept: KeptCount | None = None
    facilitators: int = 1
    may_move: bool = True
    asks_higher: bool = False
    seals_at: datetime | None = None

    @property
    def can_reveal(self) -> bool:
        """Whether the stage has answers to show and the room has not seen them."""
        return bool(self.stage and self.stage.asks and self.stage.is_open)

    @property
    def can_peek(self) -> bool:
        """Whether there is a spread that the room has not seen."""
        return bool(self.can_reveal and self.stage and self.stage.kind != StageKind.IMPERATIVES)

    @property
    def is_named(self) -> bool:
        """Whether imperatives are what the stage is about, and in `ranked`."""
        return bool(self.stage and _is_named(self.stage))

    @property
    def asks_for_comments(self) -> bool:
        """Whether comments are about the stage that is on."""
        return bool(self.stage and self.stage.deliverable_id)


def read_panel(workshop: Workshop, user: AbstractBaseUser) -> Panel:
    """Return the desk's panel for a facilitator. A fixed number of queries, whatever the number of participants."""
    stages = list(workshop.stages.select_related("deliverable", "scale"))
    place = next((n for n, stage in enumerate(stages) if stage.is_current), None)
    stage = None if place is None else stages[place]
    tally = tally_stage(workshop, stage) if stage else None
    said = count_comments(workshop, stage) if stage else {}
    painter = WallPainter(workshop)
    scene = bench(tally.answered, tally.people, id="desk-bench", form=DESK.sized(width=380)) if tally else None
    return Panel(
        workshop=workshop,
        stage=stage,
        rail=_rail(stages),
        before=stages[place - 1] if place else None,
        after=stages[place + 1] if place is not None and place + 1 < len(stages) else None,
        picture=painter.picture(),
        views=_views(stage) if stage else (),
        tally=tally,
        bench=ChartView.of(scene),
        comment_count=said.get(Asked.WHY, 0),
        higher_count=said.get(Asked.HIGHER, 0),
        queue=read_queue(workshop, stage),
        rehearsal=count_played(workshop),
        questions=tally_questions(workshop) if workshop.is_open_to_all else (),
        prompts=ask_the_room(stage, painter.deliverable) if stage and stage.deliverable_id else (),
        ranked=_ranked(workshop, stage) if stage and _is_named(stage) else (),
        kept=count_kept(workshop) if stage and _is_named(stage) else None,
        facilitators=workshop.facilitators.exclude(role=Role.READER).count(),
        may_move=workshop.controls_id in (None, user.pk),
        asks_higher=bool(stage and asks_higher(workshop, stage) and _has_picture(painter, stage)),
        seals_at=seals_at(workshop),
    )


def _views(stage: Stage) -> tuple[WallView, ...]:
    """Return what the wall can show of a stage; themes only where comments have been grouped."""
    views = wall_views(stage)
    themes = Theme.objects.filter(workshop=stage.workshop_id, deliverable=stage.deliverable_id)
    are_grouped = WallView.THEMES in views and themes.exists()
    return tuple(view for view in views if view != WallView.THEMES or are_grouped)


def _has_picture(painter: WallPainter, stage: Stage) -> bool:
    """Whether somebody has given a number at a revealed scale: then phones show a picture, and ask below it."""
    summaries = dict(painter.deliverable.scales) if painter.deliverable else {}
    return bool(stage.scale and summaries[ScaleKind(stage.scale.kind)].spread)


def _is_named(stage: Stage) -> bool:
    """Whether the desk lists imperatives: as they come in, and with their dots once those are revealed."""
    return stage.kind == StageKind.IMPERATIVES or (stage.kind == StageKind.PRIORITIES and stage.is_revealed)


@dataclass(frozen=True)
class Ending:
    """What is undecided when a workshop is about to close."""

    new_comments: int
    held_comments: int
    imperatives: KeptCount
    not_opened: tuple[Stage, ...]
    not_revealed: tuple[Stage, ...]


def read_ending(workshop: Workshop) -> Ending:
    """Return what is undecided in a workshop. Three queries."""
    states = list(Comment.objects.filter(workshop=workshop).values_list("state", flat=True))
    stages = [stage for stage in workshop.stages.select_related("deliverable", "scale") if stage.asks]
    started = {stage for stage in stages if stage.opened_at or workshop.is_open_to_all}
    return Ending(
        states.count(CommentState.NEW),
        states.count(CommentState.HELD),
        count_kept(workshop),
        tuple(stage for stage in stages if stage not in started),
        tuple(stage for stage in stages if stage in started and not stage.revealed_at),
    )


@dataclass(frozen=True)
class Peek:
    """What was answered so far at the open stage, for facilitators' eyes: a chart, or imperatives with their dots."""

    stage: Stage | None
    chart: ChartView | None = None
    ranked: Sequence[RankedImperative] = ()
    kept: str = ""


def read_peek(workshop: Workshop) -> Peek:
    """Return the spread at the current stage, revealed or not: facilitators may look. At most six queries."""
    stage = current_stage(workshop)
    if stage and stage.scale:
        title, kind = str(stage.scale.get_kind_display()), ScaleKind(stage.scale.kind)
        summary = summarise_scale(workshop, stage.scale)
        chart = ChartView.of(strip(summary, id="peek-strip", title=title, kind=kind, form=DESK))
        return Peek(stage, chart, kept=summary.kept_words)
    if stage and stage.deliverable and stage.kind == StageKind.RAG:
        rags = summarise_rag(workshop, stage.deliverable)
        chart = ChartView.of(rag_people(rags, id="peek-rag", title=stage.title, form=DESK))
        return Peek(stage, chart, kept=rags.kept_words)
    if stage and stage.kind == StageKind.PRIORITIES:
        dots = show_dots(workshop)
        return Peek(stage, ranked=rank_imperatives(workshop, dots), kept=dots.shown.kept_words)
    return Peek(stage)


def _ranked(workshop: Workshop, stage: Stage) -> Sequence[RankedImperative]:
    return rank_imperatives(workshop, show_dots(workshop) if stage.is_revealed else None)


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
