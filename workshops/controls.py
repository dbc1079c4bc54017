"""Who may move the session: one facilitator at a time has the controls, and another can take them with one press."""

from __future__ import annotations

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from workshops.choices import CURRENT_STATES, Move
from workshops.live import Topic, announce
from workshops.models import Stage, StageMove, Workshop
from workshops.prepared import Given, Prepared
from workshops.trail import record_act

_LOCKED = Prepared(lambda: Workshop.objects.select_for_update(no_key=True).filter(pk=Given("workshop")).order_by("pk"))


class NotInControl(Exception):
    """Another facilitator has the controls; nothing was moved."""


def lock_workshop(workshop_id: int, user: AbstractBaseUser | None) -> Workshop:
    """Return the workshop as it is now, locked until the transaction ends, with the controls in this user's hands.

    Effect: on the instance alone, so that a move that changes nothing takes no controls: save `controls` with the
    move. Where nobody has them, whoever acts first takes them; `user` None, the machine itself, needs none. Raises
    NotInControl; Workshop.DoesNotExist.
    """
    workshop = _LOCKED.first(workshop=workshop_id)
    if workshop is None:
        raise Workshop.DoesNotExist
    if user is not None:
        if workshop.controls_id not in (None, user.pk):
            raise NotInControl(workshop.code)
        workshop.controls_id = user.pk
    return workshop


def record_move(*, workshop: Workshop, stage: Stage, move: Move, user: AbstractBaseUser | None) -> None:
    """Write a move into the desk's log and into the trail, and tell every screen."""
    StageMove.objects.create(stage=stage, move=move, user_id=user.pk if user else None)
    record_act(workshop=workshop, user=user, act=move, about=stage.full_title)
    announce(workshop, Topic.STAGE)


@transaction.atomic
def take_over(*, workshop: Workshop, user: AbstractBaseUser) -> None:
    """Give this user the controls, whoever has them now. Recorded and told; taking what one has changes nothing."""
    workshop = lock_workshop(workshop.pk, None)
    if workshop.controls_id == user.pk:
        return
    workshop.controls_id = user.pk
    workshop.save(update_fields=["controls"])
    record_move(workshop=workshop, stage=_place(workshop), move=Move.TAKE_OVER, user=user)


@transaction.atomic
def blank_wall(*, workshop: Workshop, blank: bool, user: AbstractBaseUser | None) -> None:
    """Leave nothing on the wall but its ground, or bring the picture back. Twice changes nothing.

    Raises NotInControl.
    """
    workshop = lock_workshop(workshop.pk, user)
    if workshop.wall_is_blank == blank:
        return
    workshop.wall_is_blank = blank
    workshop.save(update_fields=["wall_is_blank", "controls"])
    record_move(workshop=workshop, stage=_place(workshop), move=Move.BLANK if blank else Move.LIGHT, user=user)


def _place(workshop: Workshop) -> Stage:
    """Return the stage that the workshop is at; the last one where no session was run."""
    return workshop.stages.filter(state__in=CURRENT_STATES).first() or workshop.stages.latest("position")
