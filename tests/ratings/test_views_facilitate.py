"""The desk during a session: its panel at every stage, the end of a rehearsal."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from ratings.authorship import signed
from ratings.choices import Asked
from ratings.models import Comment, Score
from tests import factories
from tests.routes import address
from workshops.choices import StageKind, StageState
from workshops.models import Participant, Workshop
from workshops.sessions import reveal_stage, show_on_wall, wall_views

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


@pytest.fixture
def ann() -> User:
    """A facilitator."""
    return factories.facilitator("ann")


@pytest.fixture
def desk(ann: User) -> Client:
    """Her browser."""
    return factories.desk(ann)


@pytest.fixture
def of(ann: User) -> Workshop:
    """Her workshop, of one deliverable, with answers, in its lobby."""
    made = factories.workshop(by=ann, deliverables=1)
    factories.scores(made, factories.scale(made), 1, 2, None)
    factories.scores(made, factories.scale(made, n=2), 7, 8)
    factories.rags(made, factories.stage(made, StageKind.RAG), "RA-")
    for n in range(30):
        factories.imperative(made, f"Imperative {n}")
    return made


def page(desk: Client, name: str, of: Workshop) -> str:
    """Return a page of the desk."""
    return desk.get(address(name, of)).content.decode()


def test_lobby_says_where_people_join(desk: Client, of: Workshop) -> None:
    factories.participant(of)
    shown = page(desk, "desk", of)
    assert of.spaced_code in shown
    assert '<span class="big">1</span> here' in shown
    assert "Next: Being at the goal" in shown
    assert 'id="act-back"' not in shown
    assert 'id="act-reveal"' not in shown
    assert "People and their roles" in shown


@pytest.mark.parametrize("kind", [StageKind.SCALE, StageKind.RAG, StageKind.IMPERATIVES, StageKind.PRIORITIES])
def test_open_stage_can_be_revealed_and_then_taken_down(desk: Client, of: Workshop, kind: StageKind) -> None:
    factories.participant(of)
    stage = factories.opened(of, kind)
    shown = page(desk, "desk", of)
    assert "Open, nothing revealed" in shown
    assert "Reveal to the room" in shown
    assert '<span class="big">0</span> of 1 have answered' in shown
    assert "Median" not in shown
    reveal_stage(stage=stage, user=None)
    shown = page(desk, "desk", of)
    assert "Take it down" in shown
    assert "Shown to the room" in shown
    assert ("Median" in shown) is (kind == StageKind.SCALE)


@pytest.mark.parametrize("kind", list(StageKind))
def test_desk_stands_at_every_stage_and_every_view(desk: Client, of: Workshop, kind: StageKind) -> None:
    stage = factories.opened(of, kind) if kind != StageKind.LOBBY else factories.stage(of, kind)
    if stage.asks:
        reveal_stage(stage=stage, user=None)
        stage.refresh_from_db()
    title = stage.title if kind != StageKind.CLOSED else "This workshop is closed"
    for view in wall_views(stage):
        show_on_wall(workshop=of, view=view)
        whole, panel, tally = (page(desk, name, of) for name in ("desk", "ratings:now", "ratings:tally"))
        assert f"<h1>{title}</h1>" in whole
        assert '<div id="desk"' in whole
        assert panel.lstrip().startswith('<div id="desk"')
        assert 'id="tally"' in tally
        assert "<html" not in panel + tally
    assert ("Download the PDF" in whole) is (kind == StageKind.CLOSED)


def test_wall_is_turned_from_the_desk(desk: Client, of: Workshop) -> None:
    factories.revealed(of, StageKind.IMPERATIVES)
    first = page(desk, "desk", of)
    assert "Page on" in first
    assert "Page back" not in first
    desk.post(address("workshops:show", of), {"view": "imperatives", "page": "2"})
    second = page(desk, "desk", of)
    assert "Page back" in second
    assert "Page 2 of " in second


def test_last_step_is_named_for_what_it_does(desk: Client, of: Workshop) -> None:
    factories.opened(of, StageKind.PRIORITIES)
    assert "Close the workshop" in page(desk, "desk", of)
    factories.opened(of, StageKind.CLOSED)
    shown = page(desk, "desk", of)
    assert 'id="act-next"' not in shown
    assert 'id="act-back"' in shown


def test_workshop_that_was_never_run_here_is_closed(desk: Client, of: Workshop) -> None:
    of.stages.update(state=StageState.CLOSED)
    shown = page(desk, "desk", of)
    assert "This workshop is closed" in shown
    assert "Its answers are in the journal" in shown
    assert 'id="act-next"' not in shown


def test_stages_are_listed_by_deliverable(ann: User, desk: Client) -> None:
    of = factories.workshop(by=ann, deliverables=2)
    factories.opened(of, StageKind.RAG)
    factories.opened(of, StageKind.SCALE, n=3)
    rail = page(desk, "desk", of).split("</nav>")[1]
    assert "<b>1</b> Deliverable 1" in rail
    assert "4 stages, " in rail
    assert rail.count('aria-current="step"') == 1
    assert rail.count("is-live") == 1


def test_rehearsal_is_announced_and_goes_in_one_step(desk: Client, of: Workshop) -> None:
    factories.participant(of)
    played = factories.participant(of)
    played.rehearsal = True
    played.save()
    Score.objects.create(
        workshop=of, scale=factories.scale(of), value=3, **signed(played, Score, factories.scale(of).pk)
    )
    assert "is played by the computer" in page(desk, "desk", of)
    assert desk.post(address("ratings:remove_rehearsal", of)).headers["Location"] == address("desk", of)
    assert Participant.objects.filter(workshop=of).count() == 1
    assert not Score.objects.filter(value=3).exists()
    assert "played by the computer" not in page(desk, "desk", of)


def measured(desk: Client, path: str, queries: Any) -> int:
    """Return how many queries a page takes."""
    with queries() as captured:
        assert desk.get(path).status_code == 200
    return len(captured)


@pytest.mark.parametrize("name", ["desk", "ratings:now", "ratings:tally", "ratings:comments"])
def test_desk_takes_as_many_queries_for_fifty_as_for_one(desk: Client, of: Workshop, name: str, queries: Any) -> None:
    factories.opened(of, StageKind.SCALE)
    taken = []
    for people in (1, 2, 47):
        for phone in [factories.participant(of) for _ in range(people)]:
            Score.objects.create(
                workshop=of, scale=factories.scale(of), value=5, **signed(phone, Score, factories.scale(of).pk)
            )
            Comment.objects.create(
                workshop=of,
                scale=factories.scale(of),
                text="Words",
                **signed(phone, Comment, factories.scale(of).pk, Asked.WHY),
            )
        taken.append(measured(desk, address(name, of), queries))
    assert len(set(taken)) == 1
    assert taken[0] <= 30


@pytest.fixture
def queries() -> Any:
    """Capture the queries inside `with`."""
    return lambda: CaptureQueriesContext(connection)
