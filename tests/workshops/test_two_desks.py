"""Two desks that act at the same moment: one of them moves the session, never half of each. On every database."""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection, connections
from django.db.utils import load_backend

from tests import factories
from tests.at_once import at_once
from workshops.choices import CURRENT_STATES, Move, StageKind, StageState
from workshops.controls import NotInControl, blank_wall, take_over
from workshops.models import Facilitator, Stage, StageMove, Workshop
from workshops.sessions import IllegalMove, open_stage, reveal_stage
from workshops.timing import set_timer

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 5
Meet = Callable[..., Sequence[Any]]


@pytest.fixture
def meet(migrated: Path, tmp_path: Path) -> Iterator[Meet]:
    """`at_once` on a database where two can meet; on SQLite a file, for one in memory belongs to one connection."""
    if connection.vendor != "sqlite":
        yield at_once
        return
    place = tmp_path / "midpoint.sqlite3"
    with sqlite3.connect(migrated / "midpoint.sqlite3") as there, sqlite3.connect(place) as here:
        there.backup(here)
    there.close()
    here.close()
    yield partial(at_once, prepare=partial(_use, place))


def _use(place: Path) -> None:
    """Let this thread, and no other, speak to the database at `place`."""
    options = {"transaction_mode": "IMMEDIATE", "timeout": 5}
    values = {"ENGINE": "django.db.backends.sqlite3", "NAME": str(place), "OPTIONS": options}
    backend = load_backend("django.db.backends.sqlite3")
    connections["default"] = backend.DatabaseWrapper({**connections.settings["default"], **values}, "default")


class Room:
    """A workshop and its two facilitators."""

    def __init__(self) -> None:
        self.ann, self.bob = factories.facilitator(), factories.facilitator()
        self.of = factories.workshop(by=self.ann, deliverables=1)
        Facilitator.objects.create(workshop=self.of, user=self.bob)
        self.scale, self.rag = factories.opened(self.of, StageKind.SCALE), factories.stage(self.of, StageKind.RAG)


class Found:
    """What a room's database holds afterwards."""

    def __init__(self, of: Workshop) -> None:
        self.workshop = Workshop.objects.select_related("controls").get(pk=of.pk)
        self.current = [each for each in of.stages.all() if each.state in CURRENT_STATES]
        self.log = [(row.move, row.user) for row in StageMove.objects.filter(stage__workshop=of).select_related("user")]

    @property
    def by_people(self) -> list[tuple[str, User]]:
        """The moves of facilitators, newest first."""
        return [(move, user) for move, user in self.log if user]


def arranged(meet: Meet) -> Room:
    [room] = meet(Room)
    assert isinstance(room, Room), room
    return room


def found(meet: Meet, room: Room) -> Found:
    [after] = meet(lambda: Found(room.of))
    assert isinstance(after, Found), after
    return after


def test_of_two_first_moves_one_is_made_and_the_other_refused(meet: Meet) -> None:
    for _ in range(ROUNDS):
        room = arranged(meet)
        outcomes = meet(
            partial(reveal_stage, stage=room.scale, user=room.ann), partial(open_stage, stage=room.rag, user=room.bob)
        )
        assert sorted(type(each).__name__ for each in outcomes) == ["NoneType", "NotInControl"]
        winner = room.ann if outcomes[0] is None else room.bob
        after = found(meet, room)
        assert after.workshop.controls == winner
        assert len(after.current) == 1
        move = Move.REVEAL if winner == room.ann else Move.OPEN
        assert after.by_people == [(move, winner)]
        assert (after.current[0].pk, after.current[0].state) == (
            (room.scale.pk, StageState.REVEALED) if winner == room.ann else (room.rag.pk, StageState.OPEN)
        )


def test_taking_over_in_the_middle_of_a_move_leaves_it_whole(meet: Meet) -> None:
    for _ in range(ROUNDS):
        room = arranged(meet)
        meet(partial(take_over, workshop=room.of, user=room.ann))

        def take_and_go(room: Room = room) -> None:
            take_over(workshop=room.of, user=room.bob)
            open_stage(stage=room.rag, user=room.bob)

        revealed, went = meet(partial(reveal_stage, stage=room.scale, user=room.ann), take_and_go)
        after = found(meet, room)
        assert went is None
        assert after.workshop.controls == room.bob
        assert [stage.pk for stage in after.current] == [room.rag.pk]
        assert revealed is None or isinstance(revealed, NotInControl)
        assert ((Move.REVEAL, room.ann) in after.log) is (revealed is None)
        assert after.log[0] == (Move.OPEN, room.bob)


def test_when_two_take_over_the_last_in_the_log_has_the_controls(meet: Meet) -> None:
    for _ in range(ROUNDS):
        room = arranged(meet)
        outcomes = meet(
            partial(take_over, workshop=room.of, user=room.ann), partial(take_over, workshop=room.of, user=room.bob)
        )
        assert list(outcomes) == [None, None]
        after = found(meet, room)
        assert len(after.by_people) == 2
        assert after.by_people[0] == (Move.TAKE_OVER, after.workshop.controls)


def test_everything_at_once_keeps_one_stage_one_hand_and_a_true_log(meet: Meet) -> None:
    for _ in range(ROUNDS):
        room = arranged(meet)
        acts = {
            Move.REVEAL: partial(reveal_stage, stage=room.scale, user=room.ann),
            Move.OPEN: partial(open_stage, stage=room.rag, user=room.bob),
            Move.TIMER: partial(set_timer, stage=room.scale, seconds=60, closes_itself=True, user=room.ann),
            Move.BLANK: partial(blank_wall, workshop=room.of, blank=True, user=room.bob),
        }
        outcomes = dict(zip(acts, meet(*acts.values()), strict=True))
        assert all(each is None or isinstance(each, NotInControl | IllegalMove) for each in outcomes.values()), outcomes
        after = found(meet, room)
        assert {move for move, _user in after.by_people} == {move for move, each in outcomes.items() if each is None}
        assert {user for _move, user in after.by_people} == {after.workshop.controls}
        [stage] = after.current
        assert stage.closes_itself is (outcomes[Move.TIMER] is None and stage.is_open and stage.pk == room.scale.pk)
        [scale] = meet(lambda room=room: Stage.objects.get(pk=room.scale.pk))
        assert not (scale.is_revealed and scale.closes_itself)
