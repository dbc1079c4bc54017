"""The moves of a session: which are legal, what each does, and what is recorded."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.contrib.auth.models import User
from django.db import transaction

from tests import factories
from workshops.choices import Move, StageKind, StageState, WallView
from workshops.controls import take_over
from workshops.models import Edition, Stage, StageMove, Workshop
from workshops.sessions import (
    IllegalMove,
    StageClosed,
    asks_higher,
    current_stage,
    open_stage,
    require_open,
    reveal_stage,
    show_on_wall,
    take_down,
    wall_views,
)

pytestmark = pytest.mark.django_db

MOVES: dict[Move, Callable[..., None]] = {Move.OPEN: open_stage, Move.REVEAL: reveal_stage, Move.TAKE_DOWN: take_down}
OPEN, REVEALED, CLOSED, WAITING = StageState.OPEN, StageState.REVEALED, StageState.CLOSED, StageState.WAITING
SEEN = "closed after the room saw it"
ASKING = [StageKind.SCALE, StageKind.RAG, StageKind.IMPERATIVES, StageKind.PRIORITIES]
SHOWING = [StageKind.TOGETHER, StageKind.MAP, StageKind.CLOSED]


def state_of(stage: Stage) -> str:
    """Return the state of a stage as the database has it."""
    return Stage.objects.get(pk=stage.pk).state


def brought_to(of: Workshop, kind: StageKind, state: str) -> Stage:
    """Return the first stage of a kind, brought to a state by legal moves."""
    stage = factories.stage(of, kind)
    if state != WAITING:
        open_stage(stage=stage, user=None)
    if state in (REVEALED, SEEN):
        reveal_stage(stage=stage, user=None)
    if state in (CLOSED, SEEN):
        open_stage(stage=factories.stage(of, StageKind.LOBBY), user=None)
    return factories.stage(of, kind)


LEGAL = [
    (ASKING, WAITING, Move.OPEN, OPEN),
    (ASKING, OPEN, Move.REVEAL, REVEALED),
    (ASKING, REVEALED, Move.TAKE_DOWN, OPEN),
    (ASKING, CLOSED, Move.OPEN, OPEN),
    (ASKING, SEEN, Move.OPEN, REVEALED),
    (SHOWING, WAITING, Move.OPEN, OPEN),
    (SHOWING, CLOSED, Move.OPEN, OPEN),
]
IDLE = [
    (ASKING, OPEN, Move.OPEN),
    (ASKING, OPEN, Move.TAKE_DOWN),
    (ASKING, REVEALED, Move.OPEN),
    (ASKING, REVEALED, Move.REVEAL),
    (SHOWING, OPEN, Move.OPEN),
    (SHOWING, OPEN, Move.TAKE_DOWN),
]
ILLEGAL = [
    (ASKING, WAITING, Move.REVEAL),
    (ASKING, WAITING, Move.TAKE_DOWN),
    (ASKING, CLOSED, Move.REVEAL),
    (ASKING, CLOSED, Move.TAKE_DOWN),
    (ASKING, SEEN, Move.REVEAL),
    (ASKING, SEEN, Move.TAKE_DOWN),
    (SHOWING, WAITING, Move.REVEAL),
    (SHOWING, WAITING, Move.TAKE_DOWN),
    (SHOWING, OPEN, Move.REVEAL),
    (SHOWING, CLOSED, Move.REVEAL),
    (SHOWING, CLOSED, Move.TAKE_DOWN),
]


def test_the_tables_of_moves_have_no_hole() -> None:
    listed = [row[:3] for row in LEGAL] + IDLE + ILLEGAL
    pairs = [(kind, state, move) for kinds, state, move in listed for kind in kinds]
    asking = {
        (kind, state, move) for kind in ASKING for state in (WAITING, OPEN, REVEALED, CLOSED, SEEN) for move in MOVES
    }
    showing = {(kind, state, move) for kind in SHOWING for state in (WAITING, OPEN, CLOSED) for move in MOVES}
    assert sorted(pairs) == sorted(asking | showing)
    assert {*ASKING, *SHOWING, StageKind.LOBBY} == set(StageKind)


@pytest.mark.parametrize(("kind", "before", "move", "after"), [(kind, *row) for kinds, *row in LEGAL for kind in kinds])
def test_legal_move_is_made_recorded_and_told(kind: StageKind, before: str, move: Move, after: str) -> None:
    of = factories.workshop()
    user = factories.facilitator()
    stage = brought_to(of, kind, before)
    of.refresh_from_db()
    revision = of.revision
    MOVES[move](stage=stage, user=user)
    of.refresh_from_db()
    assert state_of(stage) == after
    assert current_stage(of) == stage
    assert of.revision == revision + 1
    latest = StageMove.objects.filter(stage__workshop=of).first()
    assert latest is not None
    assert (latest.stage, latest.move, latest.user) == (stage, move, user)
    assert of.wall_view == wall_views(factories.stage(of, kind))[0]


@pytest.mark.parametrize(("kind", "state", "move"), [(kind, *row) for kinds, *row in IDLE for kind in kinds])
def test_move_to_where_the_stage_is_changes_nothing(kind: StageKind, state: str, move: Move) -> None:
    of = factories.workshop()
    stage = brought_to(of, kind, state)
    before = everything_about(of)
    MOVES[move](stage=stage, user=factories.facilitator())
    assert everything_about(of) == before


@pytest.mark.parametrize(("kind", "state", "move"), [(kind, *row) for kinds, *row in ILLEGAL for kind in kinds])
def test_illegal_move_is_refused_and_changes_nothing(kind: StageKind, state: str, move: Move) -> None:
    of = factories.workshop()
    stage = brought_to(of, kind, state)
    before = everything_about(of)
    with pytest.raises(IllegalMove, match=move):
        MOVES[move](stage=stage, user=factories.facilitator())
    assert everything_about(of) == before


def everything_about(of: Workshop) -> list[object]:
    """Return all that a move could change."""
    rows = [Workshop.objects.filter(pk=of.pk), of.stages.all(), StageMove.objects.filter(stage__workshop=of)]
    return [list(row.values()) for row in rows]


def test_opening_a_stage_closes_the_one_before() -> None:
    of = factories.workshop()
    first = factories.opened(of, StageKind.SCALE)
    second = factories.opened(of, StageKind.SCALE, n=2)
    assert (state_of(first), state_of(second)) == (CLOSED, OPEN)
    assert of.stages.filter(state__in=[OPEN, REVEALED]).count() == 1


def test_going_back_shows_what_the_room_saw() -> None:
    of = factories.workshop()
    seen = factories.revealed(of, StageKind.SCALE)
    factories.opened(of, StageKind.SCALE, n=2)
    open_stage(stage=seen, user=None)
    back = factories.stage(of, StageKind.SCALE)
    of.refresh_from_db()
    assert (back.state, back.revealed_at, back.opened_at) == (REVEALED, seen.revealed_at, seen.opened_at)
    assert of.wall_view == WallView.STRIP


def test_going_back_to_what_was_not_revealed_opens_it_for_answers() -> None:
    of = factories.workshop()
    first = factories.opened(of, StageKind.SCALE)
    factories.opened(of, StageKind.SCALE, n=2)
    open_stage(stage=first, user=None)
    of.refresh_from_db()
    assert (state_of(first), of.wall_view) == (OPEN, WallView.QUESTION)


def test_taking_down_hides_what_was_seen_and_takes_answers_again() -> None:
    of = factories.workshop()
    stage = factories.revealed(of, StageKind.SCALE)
    show_on_wall(workshop=of, view=WallView.COMMENTS, page=3)
    take_down(stage=stage, user=None)
    stage.refresh_from_db()
    of.refresh_from_db()
    assert (stage.state, stage.revealed_at) == (OPEN, None)
    assert (of.wall_view, of.wall_page) == (WallView.QUESTION, 1)
    with transaction.atomic():
        assert require_open(of, kind=StageKind.SCALE) == stage


def frozen_at(of: Workshop) -> datetime | None:
    """Return since when the workshop's edition is frozen, as the database has it."""
    return Edition.objects.get(pk=of.edition_id).frozen_at


def test_edition_freezes_when_the_workshop_leaves_the_lobby() -> None:
    of = factories.workshop()
    open_stage(stage=factories.stage(of, StageKind.LOBBY), user=None)
    assert frozen_at(of) is None
    factories.opened(of, StageKind.SCALE)
    since = frozen_at(of)
    assert since is not None
    factories.opened(of, StageKind.LOBBY)
    factories.opened(of, StageKind.RAG)
    assert frozen_at(of) == since


def is_closed(of: Workshop) -> bool:
    """Whether the workshop is closed, as the database has it."""
    return Workshop.objects.get(pk=of.pk).is_closed


def test_closing_stage_closes_the_workshop_and_leaving_it_opens_it_again() -> None:
    of = factories.workshop()
    closing = factories.opened(of, StageKind.CLOSED)
    assert is_closed(of)
    assert Workshop.objects.get(pk=of.pk).wall_view == WallView.THANKS
    factories.opened(of, StageKind.PRIORITIES)
    assert not is_closed(of)
    assert state_of(closing) == CLOSED
    factories.opened(of, StageKind.CLOSED)
    assert is_closed(of)


def test_moves_are_recorded_in_order_with_who_made_them() -> None:
    of = factories.workshop()
    ann, bob = factories.facilitator(), factories.facilitator()
    stage = factories.stage(of, StageKind.RAG)
    open_stage(stage=stage, user=ann)
    take_over(workshop=of, user=bob)
    reveal_stage(stage=stage, user=bob)
    take_down(stage=stage, user=None)
    made = [(move.move, move.user) for move in reversed(StageMove.objects.all())]
    assert made == [(Move.OPEN, ann), (Move.TAKE_OVER, bob), (Move.REVEAL, bob), (Move.TAKE_DOWN, None)]


def test_move_survives_the_user_who_made_it() -> None:
    of = factories.workshop()
    user = factories.facilitator()
    open_stage(stage=factories.stage(of, StageKind.RAG), user=user)
    User.objects.filter(pk=user.pk).delete()
    assert StageMove.objects.get().user is None


def test_move_looks_at_the_stage_as_it_is_now_not_as_it_was_read() -> None:
    of = factories.workshop()
    stale = factories.opened(of, StageKind.SCALE)
    factories.opened(of, StageKind.MAP)
    assert stale.is_open
    with pytest.raises(IllegalMove):
        reveal_stage(stage=stale, user=None)
    assert state_of(stale) == CLOSED


def test_require_open_names_the_stage_only_while_it_is_open() -> None:
    of = factories.workshop()
    stage = factories.opened(of, StageKind.SCALE)
    assert require_open(of, kind=StageKind.SCALE, scale=stage.scale) == stage
    other = factories.stage(of, StageKind.SCALE, n=2)
    with pytest.raises(StageClosed, match=of.code):
        require_open(of, kind=StageKind.SCALE, scale=other.scale)
    reveal_stage(stage=stage, user=None)
    with pytest.raises(StageClosed):
        require_open(of, kind=StageKind.SCALE, scale=stage.scale)


def test_current_stage_is_none_where_no_session_was_run() -> None:
    of = factories.workshop()
    of.stages.update(state=CLOSED)
    assert current_stage(of) is None


VIEWS = [
    (StageKind.LOBBY, None, [WallView.LOBBY]),
    (StageKind.SCALE, False, [WallView.QUESTION]),
    (StageKind.SCALE, True, [WallView.STRIP, WallView.COMMENTS, WallView.THEMES]),
    (StageKind.RAG, False, [WallView.QUESTION]),
    (StageKind.RAG, True, [WallView.RAG]),
    (StageKind.TOGETHER, None, [WallView.BOTH, WallView.RAG, WallView.COMMENTS, WallView.THEMES]),
    (StageKind.MAP, None, [WallView.MAP]),
    (StageKind.IMPERATIVES, False, [WallView.QUESTION]),
    (StageKind.IMPERATIVES, True, [WallView.IMPERATIVES]),
    (StageKind.PRIORITIES, False, [WallView.QUESTION]),
    (StageKind.PRIORITIES, True, [WallView.IMPERATIVES]),
    (StageKind.CLOSED, None, [WallView.THANKS, WallView.MAP, WallView.IMPERATIVES]),
]


def test_require_open_takes_another_account_of_what_open_is() -> None:
    of = factories.workshop(asks_higher=True)
    stage = factories.opened(of, StageKind.SCALE)
    with pytest.raises(StageClosed):
        require_open(of, when=asks_higher, scale=stage.scale)
    reveal_stage(stage=stage, user=None)
    assert require_open(of, when=asks_higher, scale=stage.scale) == stage


@pytest.mark.parametrize(("kind", "shown", "views"), VIEWS)
def test_wall_shows_only_the_views_of_its_stage(kind: StageKind, shown: bool | None, views: list[WallView]) -> None:
    of = factories.workshop()
    (factories.revealed if shown else factories.opened)(of, kind)
    for view in WallView:
        of.refresh_from_db()
        before = of.wall_view, of.wall_page, of.revision
        if view in views:
            show_on_wall(workshop=of, view=view, page=2)
            of.refresh_from_db()
            assert (of.wall_view, of.wall_page, of.revision) == (view, 2, before[2] + 1)
        else:
            with pytest.raises(IllegalMove, match=view):
                show_on_wall(workshop=of, view=view)
            of.refresh_from_db()
            assert (of.wall_view, of.wall_page, of.revision) == before


@pytest.mark.parametrize(("asked", "kept"), [(-4, 1), (0, 1), (1, 1), (7, 7)])
def test_wall_pages_count_from_one(asked: int, kept: int) -> None:
    of = factories.workshop()
    factories.opened(of, StageKind.MAP)
    show_on_wall(workshop=of, view=WallView.MAP, page=asked)
    of.refresh_from_db()
    assert of.wall_page == kept


def test_nothing_is_shown_on_the_wall_of_a_workshop_that_was_never_run() -> None:
    of = factories.workshop()
    of.stages.update(state=CLOSED)
    with pytest.raises(IllegalMove):
        show_on_wall(workshop=of, view=WallView.THANKS)


def test_lobby_has_nothing_to_reveal() -> None:
    of = factories.workshop()
    with pytest.raises(IllegalMove):
        reveal_stage(stage=factories.stage(of, StageKind.LOBBY), user=None)
    factories.opened(of, StageKind.MAP)
    with pytest.raises(IllegalMove):
        take_down(stage=factories.stage(of, StageKind.LOBBY), user=None)
    assert state_of(factories.opened(of, StageKind.LOBBY)) == OPEN
