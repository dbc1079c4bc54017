"""The wall: the page, its fragment, and what each view says."""

import re

import pytest
from django.contrib.auth.models import User
from django.test import Client

from ratings.choices import CommentState, Mark
from ratings.imperatives import place_votes
from ratings.models import Imperative
from tests import factories
from tests.routes import address
from workshops.choices import StageKind, StageState, WallView
from workshops.models import Workshop
from workshops.sessions import reveal_stage, show_on_wall

pytestmark = pytest.mark.django_db


@pytest.fixture
def ann() -> User:
    """A facilitator."""
    return factories.facilitator("ann")


@pytest.fixture
def of(ann: User) -> Workshop:
    """Her workshop, of one deliverable."""
    return factories.workshop(by=ann, deliverables=1)


@pytest.fixture
def wall(ann: User) -> Client:
    """The projector's browser."""
    return factories.desk(ann)


def seen(wall: Client, of: Workshop, view: WallView | None = None, page: int = 1) -> str:
    """Return the wall's picture, in a view if one is named."""
    if view:
        show_on_wall(workshop=of, view=view, page=page)
    return wall.get(address("ratings:wall_picture", of)).content.decode()


def test_wall_is_a_page_around_its_picture(wall: Client, of: Workshop) -> None:
    whole, picture = wall.get(address("wall", of)), seen(wall, of)
    assert whole.content.decode().count('<div id="wall"') == 1
    assert "<html" not in picture
    assert picture.lstrip().startswith('<div id="wall"')
    assert "no-store" in whole.headers["Cache-Control"]
    assert re.search(rf'data-live="/live/{of.code}/wall/\?key=[^"]+"', whole.content.decode())


def test_dark_wall_stays_dark_when_it_is_renewed(wall: Client, of: Workshop) -> None:
    page = wall.get(address("wall", of), {"theme": "dark"}).content.decode()
    assert 'data-theme="dark"' in page
    assert f'hx-get="{address("ratings:wall_picture", of)}?theme=dark"' in page
    assert "dark" not in wall.get(address("wall", of), {"theme": "odd"}).content.decode().split("<body")[1][:400]


def test_lobby_shows_the_code_and_how_many_are_here(wall: Client, of: Workshop) -> None:
    assert "<strong>0</strong> here" in seen(wall, of)
    factories.participant(of)
    picture = seen(wall, of)
    assert "<strong>1</strong> here" in picture
    assert of.spaced_code in picture
    assert f"Code {' '.join(of.code)}" in picture
    assert address("workshops:qr", of) in picture


@pytest.mark.parametrize(
    ("kind", "n", "words"),
    [
        (StageKind.SCALE, 1, "How close are we today?"),
        (StageKind.SCALE, 2, "Are we moving?"),
        (StageKind.RAG, 1, "Overall, how do we rate it?"),
        (StageKind.IMPERATIVES, 1, "What must happen next?"),
        (StageKind.PRIORITIES, 1, "Place your three dots"),
    ],
)
def test_open_question_shows_its_words_and_how_many_answered(
    wall: Client, of: Workshop, kind: StageKind, n: int, words: str
) -> None:
    factories.participant(of)
    factories.opened(of, kind, n=n)
    picture = seen(wall, of)
    assert words in picture
    assert "<strong>0</strong> of 1 have answered" in picture
    assert ("<dt>10</dt>" in picture) is (kind == StageKind.SCALE)


def test_revealed_scale_shows_its_numbers_and_who_could_not_say(wall: Client, of: Workshop) -> None:
    factories.scores(of, factories.scale(of), 1, 2, 4, None)
    factories.revealed(of, StageKind.SCALE)
    picture = seen(wall, of)
    assert "<dt>Median</dt><dd>2</dd>" in picture
    assert "<dt>Middle half</dt><dd>1.5–3</dd>" in picture
    assert "<dt>Can’t say</dt><dd>1</dd>" in picture


@pytest.mark.parametrize(
    ("values", "words"), [([], "Nobody has answered here"), ([None], "Nobody could say. What would we need to know?")]
)
def test_revealed_scale_without_scores_starts_a_conversation(
    wall: Client, of: Workshop, values: list[None], words: str
) -> None:
    factories.scores(of, factories.scale(of), *values)
    factories.revealed(of, StageKind.SCALE)
    picture = seen(wall, of)
    assert words in picture
    assert "Median" not in picture


@pytest.mark.parametrize(
    ("being", "progress", "title", "read"),
    [
        (2, 6, "4 points apart", "Moving is rated higher than being there"),
        (6, 5, "1 point apart", "Being there is rated higher than moving"),
        (5, 5, "The same median on both", ""),
    ],
)
def test_both_scales_say_how_far_apart_they_are(
    wall: Client, of: Workshop, being: int, progress: int, title: str, read: str
) -> None:
    for n, value in ((1, being), (2, progress)):
        factories.scores(of, factories.scale(of, n=n), value)
        factories.revealed(of, StageKind.SCALE, n=n)
    factories.opened(of, StageKind.TOGETHER)
    picture = seen(wall, of)
    assert f"<h1>{title}</h1>" in picture
    assert f'<p class="wall__read">{read}</p>' in picture


def test_views_without_anything_revealed_say_what_will_stand_there(wall: Client, of: Workshop) -> None:
    factories.opened(of, StageKind.TOGETHER)
    assert "They stand here once both have been revealed" in seen(wall, of, WallView.BOTH)
    assert "Nothing has been revealed here yet" in seen(wall, of, WallView.RAG)
    assert "Comments stand here once the facilitator has shown them" in seen(wall, of, WallView.COMMENTS)
    factories.opened(of, StageKind.MAP)
    assert "Each stands here once both its scales have been revealed" in seen(wall, of)
    factories.opened(of, StageKind.CLOSED)
    assert "Nobody has named anything yet" in seen(wall, of, WallView.IMPERATIVES)
    factories.imperative(of, "Do it")
    assert "They stand here once they have been revealed" in seen(wall, of, WallView.IMPERATIVES)


def test_rag_counts_people_and_who_could_not_say(wall: Client, of: Workshop) -> None:
    factories.rags(of, factories.stage(of, StageKind.RAG), "RAG-")
    factories.revealed(of, StageKind.RAG)
    picture = seen(wall, of)
    assert re.search(r"3 people\s*,\s*1 can’t say", picture)


def test_map_lists_the_deliverables_in_it(wall: Client, of: Workshop) -> None:
    for n, value in ((1, 3), (2, 7)):
        factories.scores(of, factories.scale(of, n=n), value)
        factories.revealed(of, StageKind.SCALE, n=n)
    factories.opened(of, StageKind.MAP)
    assert "Being 3, progress 7" in seen(wall, of)


def test_comments_stand_in_columns_and_long_ones_alone(wall: Client, of: Workshop) -> None:
    scale = factories.scale(of)
    for mark in ("", *Mark.values):
        factories.comment(of, scale, f"Marked {mark or 'not'}", mark=mark)
    factories.comment(of, scale, "Held back", state=CommentState.HELD)
    factories.comment(of, scale, "long " * 300)
    factories.revealed(of, StageKind.SCALE)
    first = seen(wall, of, WallView.COMMENTS)
    for words in ("Working well", "Worries", "Next steps", "Also said", "Marked not", "Page 1 of "):
        assert words in first
    assert "Held back" not in first
    second = seen(wall, of, WallView.COMMENTS, page=2)
    assert '<p class="wall__alone is-being">long long' in second


def test_imperatives_stand_plain_and_then_by_dots(wall: Client, of: Workshop) -> None:
    for n in range(3):
        factories.imperative(of, f"Imperative {n}")
    factories.revealed(of, StageKind.IMPERATIVES)
    assert "wall__rank--plain" in seen(wall, of)
    stage = factories.opened(of, StageKind.PRIORITIES)
    place_votes(participant=factories.participant(of), imperatives=[Imperative.objects.get(text="Imperative 2")])
    reveal_stage(stage=stage, user=None)
    picture = seen(wall, of)
    assert re.findall(r'<span dir="auto">(Imperative \d)</span>', picture)[0] == "Imperative 2"
    assert re.findall(r"<strong>(\d+)</strong></li>", picture) == ["1", "0", "0"]
    assert picture.count("is-leading") == 2


def test_closing_wall_thanks_and_hides_the_code(wall: Client, of: Workshop) -> None:
    factories.imperative(of, "Do it")
    factories.opened(of, StageKind.CLOSED)
    picture = seen(wall, of)
    assert "Thank you" in picture
    assert "1 deliverable looked at" in picture
    assert of.spaced_code not in picture


def test_wall_of_a_workshop_that_was_never_run_here_thanks(wall: Client, of: Workshop) -> None:
    of.stages.update(state=StageState.CLOSED)
    page = wall.get(address("wall", of)).content.decode()
    assert "<title>Carreg Bay Council" in page
    assert "Thank you" in page
