"""The timer of the current stage: set, one more minute, pause, go on. Each is recorded and told to every screen.

It only shows how long is left. It closes nothing, unless it was set to close the answering: then `takes_answers` says
no from that second on, with nobody and nothing having to act.
"""

from __future__ import annotations

from datetime import timedelta

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils import timezone

from workshops.choices import Move, StageKind
from workshops.controls import record_move
from workshops.models import Stage, Workshop
from workshops.sessions import NO_TIMER, IllegalMove, lock_stage

MINUTE = 60
LONGEST = 60 * MINUTE
"""Seconds: the most that a timer can be set to, or extended to."""


@transaction.atomic
def set_timer(*, stage: Stage, seconds: int | None, closes_itself: bool = False, user: AbstractBaseUser | None) -> None:
    """Start a timer of 1 to 3600 seconds in place of any other; None takes it away.

    `closes_itself` ends the answering with the timer, where the stage takes answers. Raises NotInControl; IllegalMove
    for a stage that is not the current one, for the closing stage and for a length out of range.
    """
    workshop, stage = _current(stage, user, Move.TIMER)
    if seconds is not None and not 1 <= seconds <= LONGEST:
        raise IllegalMove(Move.TIMER)
    if seconds is None and stage.seconds_left is None:
        return
    stage.stop_timer()
    if seconds is not None:
        stage.ends_at = timezone.now() + timedelta(seconds=seconds)
        stage.closes_itself = closes_itself and stage.asks and stage.is_open
    _finish(workshop, stage, Move.TIMER if seconds else Move.NO_TIMER, user)


@transaction.atomic
def add_time(*, stage: Stage, seconds: int = MINUTE, user: AbstractBaseUser | None) -> None:
    """Give a timer more seconds; one that has run out, and a stage without one, get as many from now.

    A stage that its timer had closed takes answers again. No timer grows beyond an hour. Raises NotInControl;
    IllegalMove for a stage that is not the current one and for the closing stage.
    """
    workshop, stage = _current(stage, user, Move.EXTEND)
    left = min((stage.seconds_left or 0) + seconds, LONGEST)
    if stage.is_paused:
        stage.paused_left = int(left)
    else:
        stage.ends_at = timezone.now() + timedelta(seconds=left)
    _finish(workshop, stage, Move.EXTEND, user)


@transaction.atomic
def pause_timer(*, stage: Stage, user: AbstractBaseUser | None) -> None:
    """Stop the timer where it is; phones go on answering. Twice changes nothing. Raises NotInControl.

    Raises IllegalMove when no timer runs, or it has run out.
    """
    workshop, stage = _current(stage, user, Move.PAUSE)
    if stage.is_paused:
        return
    if not stage.seconds_left:
        raise IllegalMove(Move.PAUSE)
    stage.paused_left, stage.ends_at = max(1, int(stage.seconds_left)), None
    _finish(workshop, stage, Move.PAUSE, user)


@transaction.atomic
def go_on(*, stage: Stage, user: AbstractBaseUser | None) -> None:
    """Let a paused timer run on. Twice changes nothing. Raises NotInControl; IllegalMove when there is no timer."""
    workshop, stage = _current(stage, user, Move.GO_ON)
    if stage.paused_left is None:
        if stage.ends_at is None:
            raise IllegalMove(Move.GO_ON)
        return
    stage.ends_at, stage.paused_left = timezone.now() + timedelta(seconds=stage.paused_left), None
    _finish(workshop, stage, Move.GO_ON, user)


def _current(stage: Stage, user: AbstractBaseUser | None, move: Move) -> tuple[Workshop, Stage]:
    """Return the workshop and its current stage, locked; a timer belongs to no other stage, nor to the closing one."""
    workshop, stage = lock_stage(stage, user)
    if not stage.is_current or stage.kind == StageKind.CLOSED:
        raise IllegalMove(move)
    return workshop, stage


def _finish(workshop: Workshop, stage: Stage, move: Move, user: AbstractBaseUser | None) -> None:
    stage.save(update_fields=[*NO_TIMER])
    workshop.save(update_fields=["controls"])
    record_move(workshop=workshop, stage=stage, move=move, user=user)
