"""Who has the controls, how they change hands, and the blank wall."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.db.models import QuerySet

from tests import factories
from workshops.choices import Move, StageKind, StageState, WallView
from workshops.controls import NotInControl, blank_wall, take_over
from workshops.models import StageMove, Workshop
from workshops.sessions import IllegalMove, open_stage, reveal_stage, show_on_wall, take_down

pytestmark = pytest.mark.django_db


@pytest.fixture
def of() -> Workshop:
    return factories.workshop()


def holder(of: Workshop) -> User | None:
    """Return who has the controls."""
    of.refresh_from_db()
    return of.controls


def is_blank(of: Workshop) -> bool:
    """Whether the wall is blank."""
    return Workshop.objects.get(pk=of.pk).wall_is_blank


def latest(of: Workshop) -> tuple[str, User | None]:
    """Return the latest move and who made it."""
    move = StageMove.objects.filter(stage__workshop=of)[0]
    return move.move, move.user


def test_whoever_acts_first_has_the_controls(of: Workshop) -> None:
    ann = factories.facilitator()
    open_stage(stage=factories.stage(of, StageKind.SCALE), user=ann)
    assert holder(of) == ann


def test_the_machine_takes_no_controls_and_needs_none(of: Workshop) -> None:
    factories.opened(of, StageKind.SCALE)
    assert holder(of) is None
    ann = factories.facilitator()
    take_over(workshop=of, user=ann)
    factories.revealed(of, StageKind.RAG)
    assert holder(of) == ann


def test_choosing_what_the_wall_shows_is_acting(of: Workshop) -> None:
    ann = factories.facilitator()
    factories.revealed(of, StageKind.SCALE)
    show_on_wall(workshop=of, view=WallView.COMMENTS, user=ann)
    assert holder(of) == ann
    with pytest.raises(NotInControl):
        show_on_wall(workshop=of, view=WallView.STRIP, user=factories.facilitator())
    of.refresh_from_db()
    assert of.wall_view == WallView.COMMENTS


def test_move_without_the_controls_is_refused_whole(of: Workshop) -> None:
    ann, bob = factories.facilitator(), factories.facilitator()
    stage = factories.stage(of, StageKind.SCALE)
    open_stage(stage=stage, user=ann)
    of.refresh_from_db()
    before = [list(rows.values()) for rows in (Workshop.objects.filter(pk=of.pk), of.stages.all(), moves(of))]
    acts: list[Callable[[], None]] = [
        lambda: reveal_stage(stage=stage, user=bob),
        lambda: take_down(stage=stage, user=bob),
        lambda: open_stage(stage=factories.stage(of, StageKind.MAP), user=bob),
        lambda: blank_wall(workshop=of, blank=True, user=bob),
    ]
    for act in acts:
        with pytest.raises(NotInControl, match=of.code):
            act()
    after = [list(rows.values()) for rows in (Workshop.objects.filter(pk=of.pk), of.stages.all(), moves(of))]
    assert after == before


def moves(of: Workshop) -> QuerySet[StageMove]:
    """Return the log."""
    return StageMove.objects.filter(stage__workshop=of)


def test_controls_are_taken_with_one_press_and_it_is_recorded(of: Workshop) -> None:
    ann, bob = factories.facilitator(), factories.facilitator()
    stage = factories.stage(of, StageKind.SCALE)
    open_stage(stage=stage, user=ann)
    take_over(workshop=of, user=bob)
    assert holder(of) == bob
    assert latest(of) == (Move.TAKE_OVER, bob)
    reveal_stage(stage=stage, user=bob)
    with pytest.raises(NotInControl):
        take_down(stage=stage, user=ann)
    take_over(workshop=of, user=ann)
    take_down(stage=stage, user=ann)


def test_taking_what_one_has_changes_nothing(of: Workshop) -> None:
    ann = factories.facilitator()
    take_over(workshop=of, user=ann)
    of.refresh_from_db()
    revision = of.revision
    take_over(workshop=of, user=ann)
    of.refresh_from_db()
    assert of.revision == revision
    assert moves(of).count() == 1


def test_refused_and_idle_moves_take_no_controls(of: Workshop) -> None:
    ann = factories.facilitator()
    lobby = factories.stage(of, StageKind.LOBBY)
    open_stage(stage=lobby, user=ann)
    with pytest.raises(IllegalMove):
        reveal_stage(stage=lobby, user=ann)
    blank_wall(workshop=of, blank=False, user=ann)
    assert holder(of) is None


def test_controls_are_free_when_their_user_is_gone(of: Workshop) -> None:
    ann, bob = factories.facilitator(), factories.facilitator()
    take_over(workshop=of, user=ann)
    ann.delete()
    open_stage(stage=factories.stage(of, StageKind.MAP), user=bob)
    assert holder(of) == bob


def test_workshop_that_was_never_run_can_be_taken_over(of: Workshop) -> None:
    of.stages.update(state=StageState.CLOSED)
    ann = factories.facilitator()
    take_over(workshop=of, user=ann)
    assert moves(of).get().stage == of.stages.latest("position")


def test_blank_wall_is_recorded_once_each_way(of: Workshop) -> None:
    ann = factories.facilitator()
    for blank, move in ((True, Move.BLANK), (False, Move.LIGHT)):
        for _ in range(2):
            blank_wall(workshop=of, blank=blank, user=ann)
            of.refresh_from_db()
            assert of.wall_is_blank is blank
            assert latest(of) == (move, ann)
    assert moves(of).count() == 2


def test_reveal_lights_the_wall_and_other_moves_leave_it(of: Workshop) -> None:
    stage = factories.opened(of, StageKind.SCALE)
    blank_wall(workshop=of, blank=True, user=None)
    factories.opened(of, StageKind.SCALE, n=2)
    open_stage(stage=stage, user=None)
    assert is_blank(of)
    reveal_stage(stage=stage, user=None)
    assert not is_blank(of)
    blank_wall(workshop=of, blank=True, user=None)
    show_on_wall(workshop=of, view=WallView.COMMENTS)
    take_down(stage=stage, user=None)
    assert is_blank(of)
