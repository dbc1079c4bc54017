"""The timer: what it shows, what it never does by itself, and what it does when told to."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from tests import factories
from workshops.choices import Move, StageKind
from workshops.controls import NotInControl
from workshops.models import Stage, StageMove, Workshop
from workshops.sessions import IllegalMove, StageClosed, open_stage, require_open, reveal_stage, take_down
from workshops.timing import add_time, go_on, pause_timer, set_timer

pytestmark = pytest.mark.django_db


@pytest.fixture
def of() -> Workshop:
    return factories.workshop()


@pytest.fixture
def stage(of: Workshop) -> Stage:
    return factories.opened(of, StageKind.SCALE)


def now(stage: Stage) -> Stage:
    """Return the stage as the database has it."""
    return Stage.objects.get(pk=stage.pk)


def let_pass(stage: Stage, seconds: float) -> None:
    """Let so many seconds of a running timer pass."""
    ends_at = now(stage).ends_at
    assert ends_at is not None
    Stage.objects.filter(pk=stage.pk).update(ends_at=ends_at - timedelta(seconds=seconds))


def left(stage: Stage) -> float:
    """Return the seconds left, rounded."""
    seconds = now(stage).seconds_left
    assert seconds is not None
    return round(seconds)


def takes_answers(stage: Stage) -> bool:
    """Whether an answer would be saved."""
    try:
        with transaction.atomic():
            return require_open(stage.workshop, pk=stage.pk) == stage
    except StageClosed:
        return False


def test_timer_counts_down_is_recorded_and_told(of: Workshop, stage: Stage) -> None:
    of.refresh_from_db()
    user = factories.facilitator()
    set_timer(stage=stage, seconds=120, user=user)
    assert left(stage) == 120
    let_pass(stage, 50)
    assert left(stage) == 70
    latest = StageMove.objects.filter(stage=stage)[0]
    assert (latest.move, latest.user) == (Move.TIMER, user)
    revision = of.revision
    of.refresh_from_db()
    assert of.revision == revision + 1


def test_time_that_is_over_closes_nothing_by_itself(stage: Stage) -> None:
    set_timer(stage=stage, seconds=60, user=None)
    let_pass(stage, 3600)
    assert (left(stage), now(stage).is_over, now(stage).is_open) == (0, False, True)
    assert takes_answers(stage)


def test_timer_that_was_told_to_closes_the_answering(stage: Stage) -> None:
    set_timer(stage=stage, seconds=60, closes_itself=True, user=None)
    let_pass(stage, 59)
    assert takes_answers(stage)
    let_pass(stage, 1)
    assert not takes_answers(stage)
    assert now(stage).is_open, "its state waits for the facilitator, who reveals"


def test_one_more_minute_opens_the_answering_again(stage: Stage) -> None:
    set_timer(stage=stage, seconds=60, closes_itself=True, user=None)
    let_pass(stage, 300)
    add_time(stage=stage, user=None)
    assert takes_answers(stage)
    assert left(stage) == 60
    assert now(stage).closes_itself


def test_one_more_minute_is_added_to_what_is_left(stage: Stage) -> None:
    add_time(stage=stage, user=None)
    add_time(stage=stage, user=None)
    assert left(stage) == 120
    assert StageMove.objects.filter(stage=stage, move=Move.EXTEND).count() == 2


def test_no_timer_grows_beyond_an_hour(stage: Stage) -> None:
    set_timer(stage=stage, seconds=3600, user=None)
    add_time(stage=stage, user=None)
    assert left(stage) == 3600


def test_paused_timer_stands_still_and_goes_on_from_there(stage: Stage) -> None:
    set_timer(stage=stage, seconds=90, closes_itself=True, user=None)
    let_pass(stage, 30.5)
    pause_timer(stage=stage, user=None)
    assert now(stage).ends_at is None
    assert left(stage) == 59
    add_time(stage=stage, user=None)
    assert left(stage) == 119
    assert takes_answers(stage)
    go_on(stage=stage, user=None)
    assert (left(stage), now(stage).paused_left, now(stage).closes_itself) == (119, None, True)


def test_pausing_and_going_on_twice_change_nothing(stage: Stage) -> None:
    set_timer(stage=stage, seconds=90, user=None)
    for act in (pause_timer, go_on):
        act(stage=stage, user=None)
        before = StageMove.objects.count(), now(stage).ends_at, now(stage).paused_left
        act(stage=stage, user=None)
        assert (StageMove.objects.count(), now(stage).ends_at, now(stage).paused_left) == before


def test_timer_that_runs_out_cannot_be_paused(stage: Stage) -> None:
    set_timer(stage=stage, seconds=5, user=None)
    let_pass(stage, 5)
    with pytest.raises(IllegalMove):
        pause_timer(stage=stage, user=None)


@pytest.mark.parametrize("act", [pause_timer, go_on])
def test_without_a_timer_there_is_nothing_to_pause(stage: Stage, act: Callable[..., None]) -> None:
    with pytest.raises(IllegalMove):
        act(stage=stage, user=None)


def test_timer_is_taken_away_once(stage: Stage) -> None:
    set_timer(stage=stage, seconds=60, closes_itself=True, user=None)
    set_timer(stage=stage, seconds=None, user=None)
    set_timer(stage=stage, seconds=None, user=None)
    assert (now(stage).seconds_left, now(stage).closes_itself) == (None, False)
    moves = [move.move for move in StageMove.objects.filter(stage=stage)]
    assert moves == [Move.NO_TIMER, Move.TIMER, Move.OPEN]


def test_new_timer_takes_the_place_of_a_paused_one(stage: Stage) -> None:
    set_timer(stage=stage, seconds=60, closes_itself=True, user=None)
    pause_timer(stage=stage, user=None)
    set_timer(stage=stage, seconds=180, user=None)
    assert (left(stage), now(stage).paused_left, now(stage).closes_itself) == (180, None, False)


AWAY: list[Callable[[Stage], None]] = [
    lambda stage: open_stage(stage=factories.stage(stage.workshop, StageKind.RAG), user=None),
    lambda stage: reveal_stage(stage=stage, user=None),
]


@pytest.mark.parametrize("paused", [True, False])
@pytest.mark.parametrize("move", AWAY)
def test_moving_on_takes_the_timer_away(stage: Stage, move: Callable[[Stage], None], paused: bool) -> None:
    set_timer(stage=stage, seconds=60, closes_itself=True, user=None)
    if paused:
        pause_timer(stage=stage, user=None)
    move(stage)
    after = now(stage)
    assert (after.ends_at, after.paused_left, after.closes_itself) == (None, None, False)


def test_timer_of_the_talk_after_a_reveal_does_not_close_what_is_taken_down(stage: Stage) -> None:
    reveal_stage(stage=stage, user=None)
    set_timer(stage=stage, seconds=60, closes_itself=True, user=None)
    assert (left(stage), now(stage).closes_itself) == (60, False)
    take_down(stage=stage, user=None)
    assert now(stage).seconds_left is None
    assert takes_answers(stage)


@pytest.mark.parametrize("seconds", [0, -1, 3601])
def test_length_out_of_range_is_refused(stage: Stage, seconds: int) -> None:
    with pytest.raises(IllegalMove):
        set_timer(stage=stage, seconds=seconds, user=None)
    assert now(stage).seconds_left is None


@pytest.mark.parametrize("kind", [StageKind.RAG, StageKind.CLOSED])
def test_only_the_current_stage_has_a_timer_and_the_closing_one_never(of: Workshop, kind: StageKind) -> None:
    stage = factories.opened(of, kind) if kind == StageKind.CLOSED else factories.stage(of, kind)
    with pytest.raises(IllegalMove):
        set_timer(stage=stage, seconds=60, user=None)
    with pytest.raises(IllegalMove):
        add_time(stage=stage, user=None)
    assert now(stage).seconds_left is None


def test_timer_belongs_to_who_has_the_controls(stage: Stage) -> None:
    set_timer(stage=stage, seconds=60, user=factories.facilitator())
    other = factories.facilitator()
    for act in (add_time, pause_timer, go_on):
        with pytest.raises(NotInControl):
            act(stage=stage, user=other)
    assert left(stage) == 60
    assert StageMove.objects.filter(stage=stage, user=other).count() == 0


def test_the_end_does_not_depend_on_anybody_looking(stage: Stage) -> None:
    set_timer(stage=stage, seconds=60, closes_itself=True, user=None)
    ends_at: datetime = timezone.now() - timedelta(hours=3)
    Stage.objects.filter(pk=stage.pk).update(ends_at=ends_at)
    assert now(stage).is_over
    assert not takes_answers(stage)
