"""The session: the only legal moves of a stage, each recorded, each told to every screen after it is committed."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from workshops.choices import CURRENT_STATES, Deed, Move, StageKind, StageState, WallView
from workshops.controls import lock_workshop, record_move
from workshops.live import Topic, announce
from workshops.models import Stage, Workshop
from workshops.prepared import Given, Prepared
from workshops.reviewing import freeze_edition
from workshops.trail import record_act

HARMLESS = (WallView.LOBBY, WallView.QUESTION, WallView.THANKS)
"""What shows nothing that anybody gave."""
_CURRENT = Prepared(
    lambda: Stage.objects.select_related("deliverable", "scale").filter(
        workshop=Given("workshop"), state__in=CURRENT_STATES
    )
)
_LOCKED = Prepared(
    lambda: (
        Stage.objects.select_related("deliverable", "scale")
        .select_for_update(of=("self",))
        .filter(workshop=Given("workshop"), pk=Given("stage"))
        .order_by("pk")
    )
)
NO_TIMER: dict[str, Any] = {"ends_at": None, "paused_left": None, "closes_itself": False}


class StageClosed(Exception):
    """The stage does not take answers now."""


class IllegalMove(Exception):
    """The stage is not in a state from which this move can be made."""


class Sealed(IllegalMove):
    """The workshop is sealed: nothing can be answered, entered or reopened any more."""


def current_stage(workshop: Workshop) -> Stage | None:
    """Return the stage that the workshop is at, with its deliverable and scale; None if it was never run here."""
    stage = _CURRENT.first(workshop=workshop.pk)
    if stage:
        stage.workshop = workshop
    return stage


def takes_answers(workshop: Workshop, stage: Stage) -> bool:
    """Return whether phones may answer at a stage now: the open one; self-paced, all that are not revealed.

    An open stage that its timer has ended takes none, until it is given more time.
    """
    if workshop.is_open_to_all:
        return stage.asks and stage.revealed_at is None
    return stage.is_open and not stage.is_over


def asks_higher(workshop: Workshop, stage: Stage) -> bool:
    """Return whether phones are asked now what one point higher would look like: on a scale that the room looks at."""
    return stage.is_revealed and stage.kind == StageKind.SCALE and workshop.edition.asks_higher


def require_open(workshop: Workshop, *, when: Callable[[Workshop, Stage], bool] = takes_answers, **which: Any) -> Stage:
    """Return the stage that `which` (fields of Stage) names while it is open, locked until the transaction ends.

    `when` says what open is, if not that it takes answers. Must be called inside a transaction: an answer saved in it
    is in before the stage can close. Raises StageClosed.
    """
    values = {name: getattr(value, "pk", value) for name, value in which.items()}
    stage = _stage_by(*values).first(workshop=workshop.pk, **values)
    if workshop.self_paced_until:
        workshop.refresh_from_db(fields=["self_paced_until", "closed_at"])
    if stage is None:
        raise StageClosed(workshop.code)
    stage.workshop = workshop
    if not when(workshop, stage):
        raise StageClosed(workshop.code)
    return stage


@cache
def _stage_by(*fields: str) -> Prepared[Stage]:
    """Return the query for a workshop's stage by these fields of it, which locks it, and no row of another table."""

    def stages() -> QuerySet[Stage]:
        given = {field: Given(field) for field in ("workshop", *fields)}
        return Stage.objects.select_for_update(no_key=True).order_by("position").filter(**given)

    return Prepared(stages)


@transaction.atomic
def open_stage(*, stage: Stage, user: AbstractBaseUser | None) -> None:
    """Make this the current stage, forwards or back; the one before it closes. Opening it twice changes nothing.

    A stage that the room has seen comes back as it was seen. The first stage after the lobby freezes the edition; the
    closing stage closes the workshop and forgets the room's wifi; leaving it opens the workshop again. No timer goes
    along, a blank wall stays blank. Raises NotInControl, as every move does, when another facilitator has the controls;
    Sealed.
    """
    workshop, stage = lock_stage(stage, user)
    if stage.state in CURRENT_STATES:
        return
    if workshop.is_sealed:
        raise Sealed(workshop.code)
    now = timezone.now()
    workshop.stages.filter(state__in=CURRENT_STATES).update(state=StageState.CLOSED, **NO_TIMER)
    stage.state = StageState.REVEALED if stage.revealed_at else StageState.OPEN
    stage.opened_at = stage.opened_at or now
    stage.save(update_fields=["state", "opened_at"])
    if stage.kind != StageKind.LOBBY:
        freeze_edition(workshop.edition_id)
    if workshop.is_closed or stage.kind == StageKind.CLOSED:
        workshop.closed_at = now if stage.kind == StageKind.CLOSED else None
        workshop.wifi_name = workshop.wifi_password = ""
        workshop.save(update_fields=["closed_at", "wifi_name", "wifi_password"])
    _finish(workshop, stage, Move.OPEN, user)


@transaction.atomic
def reveal_stage(*, stage: Stage, user: AbstractBaseUser | None) -> None:
    """Show the open stage's answers to the room; it takes no more. Twice changes nothing. Raises IllegalMove.

    The timer ends with it, and a blank wall is lit: what is revealed is seen.
    """
    workshop, stage = lock_stage(stage, user)
    if stage.is_revealed:
        return
    if not (stage.is_open and stage.asks):
        raise IllegalMove(Move.REVEAL)
    stage.state, stage.revealed_at = StageState.REVEALED, timezone.now()
    stage.stop_timer()
    stage.save(update_fields=["state", "revealed_at", *NO_TIMER])
    workshop.wall_is_blank = False
    _finish(workshop, stage, Move.REVEAL, user)


@transaction.atomic
def take_down(*, stage: Stage, user: AbstractBaseUser | None) -> None:
    """Undo a reveal: the stage is open again, the room sees nothing. Twice changes nothing. Raises IllegalMove."""
    workshop, stage = lock_stage(stage, user)
    if stage.is_open:
        return
    if not stage.is_revealed:
        raise IllegalMove(Move.TAKE_DOWN)
    stage.state, stage.revealed_at = StageState.OPEN, None
    stage.stop_timer()
    stage.save(update_fields=["state", "revealed_at", *NO_TIMER])
    _finish(workshop, stage, Move.TAKE_DOWN, user)


@transaction.atomic
def show_on_wall(*, workshop: Workshop, view: WallView, page: int = 1, user: AbstractBaseUser | None = None) -> None:
    """Choose what the wall shows of the current stage, from page 1. Raises IllegalMove for a view it does not have.

    Effect: whoever chooses has the controls; a blank wall stays blank. Raises NotInControl.
    """
    workshop = lock_workshop(workshop.pk, user)
    stage = current_stage(workshop)
    if stage is None or view not in wall_views(stage):
        raise IllegalMove(view)
    if view != workshop.wall_view and view not in HARMLESS:
        record_act(workshop=workshop, user=user, act=Deed.WALL, about=f"{stage.full_title}, {view.label}")
    workshop.wall_view, workshop.wall_page = view, max(1, page)
    workshop.save(update_fields=["wall_view", "wall_page", "controls"])
    announce(workshop, Topic.STAGE)


def wall_views(stage: Stage) -> tuple[WallView, ...]:
    """Return what the wall can show of a stage as it is now, the view it opens with first."""
    if stage.asks and not stage.revealed_at:
        return (WallView.QUESTION,)
    views: tuple[WallView, ...] = {
        StageKind.LOBBY: (WallView.LOBBY,),
        StageKind.SCALE: (WallView.STRIP, WallView.COMMENTS, WallView.THEMES),
        StageKind.RAG: (WallView.RAG,),
        StageKind.TOGETHER: (WallView.BOTH, WallView.RAG, WallView.COMMENTS, WallView.THEMES),
        StageKind.MAP: (WallView.MAP,),
        StageKind.IMPERATIVES: (WallView.IMPERATIVES,),
        StageKind.PRIORITIES: (WallView.IMPERATIVES,),
        StageKind.CLOSED: (WallView.THANKS, WallView.MAP, WallView.IMPERATIVES),
    }[StageKind(stage.kind)]
    if WallView.COMMENTS in views and stage.workshop.edition.asks_higher:
        views += (WallView.HIGHER,)
    return views


def lock_stage(stage: Stage, user: AbstractBaseUser | None) -> tuple[Workshop, Stage]:
    """Return the workshop and the stage as they are now; nobody else moves a stage until the transaction ends.

    Raises NotInControl; IllegalMove for a stage that is not there any more, its review having been written anew.
    `user` None is the machine itself, which needs no controls.
    """
    workshop = lock_workshop(stage.workshop_id, user)
    locked = _LOCKED.first(workshop=workshop.pk, stage=stage.pk)
    if locked is None:
        raise IllegalMove(workshop.code)
    locked.workshop = workshop
    return workshop, locked


def _finish(workshop: Workshop, stage: Stage, move: Move, user: AbstractBaseUser | None) -> None:
    """Put the stage on the wall, record the move, and tell every screen."""
    workshop.wall_view, workshop.wall_page = wall_views(stage)[0], 1
    workshop.save(update_fields=["wall_view", "wall_page", "wall_is_blank", "controls"])
    record_move(workshop=workshop, stage=stage, move=move, user=user)
