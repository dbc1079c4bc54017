"""The wall's picture on a phone: nothing before the reveal, the same for all, and one's own answer for oneself."""

from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django.fixtures import DjangoAssertNumQueries

from ratings.authorship import signed
from ratings.cards import participant_card, render_phone_fragment, stage_card
from ratings.charts import Scene
from ratings.charts.scene import Box
from ratings.choices import Rag
from ratings.imperatives import place_votes
from ratings.models import Imperative, RagRating, Score
from ratings.revealed import revealed_to_phones
from tests import factories
from workshops.choices import StageKind
from workshops.models import Participant, Stage, Workshop
from workshops.sessions import open_stage, take_down

pytestmark = pytest.mark.django_db


@pytest.fixture
def of() -> Workshop:
    """A workshop of one deliverable, in its lobby."""
    return factories.workshop(deliverables=1)


@pytest.fixture
def me(of: Workshop) -> Participant:
    return factories.participant(of)


def gave(me: Participant, at: Stage, value: int | None) -> None:
    assert at.scale is not None
    Score.objects.create(workshop=me.workshop, scale=at.scale, value=value, **signed(me, Score, at.scale.pk))


def chart(card_of: Participant | Workshop) -> Scene:
    """Return the scene that a phone, or all phones, are shown."""
    card = participant_card(card_of) if isinstance(card_of, Participant) else stage_card(card_of)
    assert card.template == "ratings/participate/_revealed.html"
    assert card.revealed is not None
    assert card.revealed.chart is not None
    return card.revealed.chart.scene


def own(me: Participant) -> tuple[str, ...]:
    """Return what a phone says of its own answer."""
    revealed = participant_card(me).revealed
    assert revealed is not None
    return revealed.own


def outlines(scene: Scene) -> list[Box]:
    return [mark for mark in scene.marks if isinstance(mark, Box) and mark.stroke]


def test_pushed_picture_is_unmarked_and_the_own_card_marks_one_column(of: Workshop, me: Participant) -> None:
    stage = factories.stage(of, StageKind.SCALE)
    gave(me, stage, 6)
    factories.scores(of, factories.scale(of), 2, 3, 3, 9)
    factories.revealed(of, StageKind.SCALE)
    assert outlines(chart(of)) == []
    assert "You gave" not in render_phone_fragment(of).html
    mine = chart(me)
    assert len(outlines(mine)) == 1
    assert own(me) == ("You gave 6.",)
    assert set(mine.marks) - set(outlines(mine)) == set(chart(of).marks)
    assert (mine.desc, mine.table) == (chart(of).desc, chart(of).table)


@pytest.mark.parametrize(("value", "words"), [(0, "You gave 0."), (None, "You said that you can’t say.")])
def test_own_score_in_words(value: int | None, words: str, of: Workshop, me: Participant) -> None:
    gave(me, factories.stage(of, StageKind.SCALE), value)
    factories.scores(of, factories.scale(of), 5)
    factories.revealed(of, StageKind.SCALE)
    assert own(me) == (words,)
    assert len(outlines(chart(me))) == (value is not None)


def test_phone_that_gave_nothing_is_told_so(of: Workshop, me: Participant) -> None:
    factories.scores(of, factories.scale(of), 5)
    factories.revealed(of, StageKind.SCALE)
    assert own(me) == ("You gave no answer here.",)
    assert chart(me) == chart(of)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (Rag.RED, "You chose red."),
        (Rag.AMBER, "You chose amber."),
        (Rag.GREEN, "You chose green."),
        ("", "You said that you can’t say."),
    ],
)
def test_own_colour_in_words(value: str, words: str, of: Workshop, me: Participant) -> None:
    stage = factories.revealed(of, StageKind.RAG)
    factories.rags(of, stage, "RAG")
    assert stage.deliverable is not None
    RagRating.objects.create(
        workshop=of, deliverable=stage.deliverable, value=value, **signed(me, RagRating, stage.deliverable.pk)
    )
    assert own(me) == (words,)
    assert (chart(me) != chart(of)) == bool(value)


def test_both_scales_with_the_own_scores(of: Workshop, me: Participant) -> None:
    for n, value in ((1, 4), (2, None)):
        gave(me, factories.stage(of, StageKind.SCALE, n=n), value)
        factories.scores(of, factories.scale(of, n=n), 3, 8)
        factories.revealed(of, StageKind.SCALE, n=n)
    factories.opened(of, StageKind.TOGETHER)
    assert own(me) == ("You gave 4 for being at the goal.", "You said that you can’t say for making progress.")
    assert len(outlines(chart(me))) == 1
    assert outlines(chart(of)) == []
    assert own(factories.participant(of)) == ("You gave no answer here.",)


def test_ranking_with_the_own_dots(of: Workshop, me: Participant) -> None:
    first, second = (factories.imperative(of, text) for text in ("First", "Second"))
    open_stage(stage=factories.stage(of, StageKind.PRIORITIES), user=None)
    place_votes(participant=me, imperatives=[second])
    factories.revealed(of, StageKind.PRIORITIES)
    mine, everyones = participant_card(me).revealed, stage_card(of).revealed
    assert mine is not None
    assert everyones is not None
    assert [(row.imperative, row.votes) for row in mine.ranking] == [(second, 1), (first, 0)]
    assert mine.dots == {second.pk}
    assert everyones.dots == set()
    assert (mine.own, everyones.own) == (("Your dots are marked below.",), ())
    assert own(factories.participant(of)) == ("You placed no dots.",)


def score(of: Workshop) -> Stage:
    factories.scores(of, factories.scale(of), 1, 9)
    return factories.stage(of, StageKind.SCALE)


def rate(of: Workshop) -> Stage:
    stage = factories.stage(of, StageKind.RAG)
    factories.rags(of, stage, "RAG")
    return stage


def name(of: Workshop) -> Stage:
    Imperative.objects.create(workshop=of, text="Meet", **signed(factories.participant(of), Imperative))
    return factories.stage(of, StageKind.PRIORITIES)


GIVEN = pytest.mark.parametrize("give", [score, rate, name], ids=["scale", "rag", "priorities"])


@GIVEN
def test_nothing_is_shown_before_the_reveal_nor_after_it_is_taken_down(
    give: Callable[[Workshop], Stage], of: Workshop, me: Participant
) -> None:
    stage = give(of)
    assert revealed_to_phones(of, stage) is None
    stage = factories.opened(of, StageKind(stage.kind))
    assert (stage_card(of).revealed, participant_card(me).revealed) == (None, None)
    stage = factories.revealed(of, StageKind(stage.kind))
    assert stage_card(of).revealed is not None
    take_down(stage=stage, user=None)
    assert (stage_card(of).revealed, participant_card(me).revealed) == (None, None)


@pytest.mark.parametrize("seen", [(), (1,), (2,)], ids=["neither", "only being", "only progress"])
def test_both_scales_wait_until_the_room_has_seen_both(seen: tuple[int, ...], of: Workshop, me: Participant) -> None:
    for n in (1, 2):
        factories.scores(of, factories.scale(of, n=n), 1, 9)
    for n in seen:
        factories.revealed(of, StageKind.SCALE, n=n)
    factories.opened(of, StageKind.TOGETHER)
    for card in (stage_card(of), participant_card(me)):
        assert card.revealed is None
        assert card.template == "ratings/participate/_look_up.html"


@pytest.mark.parametrize("kind", [StageKind.SCALE, StageKind.RAG, StageKind.TOGETHER, StageKind.PRIORITIES])
def test_where_nobody_gave_anything_phones_look_up(kind: StageKind, of: Workshop, me: Participant) -> None:
    for n in (1, 2):
        factories.revealed(of, StageKind.SCALE, n=n)
    if kind == StageKind.TOGETHER:
        factories.opened(of, kind)
    else:
        factories.revealed(of, kind)
    for card in (stage_card(of), participant_card(me)):
        assert card.template == "ratings/participate/_look_up.html"


def test_picture_on_a_phone_is_never_by_group() -> None:
    of = factories.workshop(deliverables=1, groups=("Duty team", "Fostering"))
    factories.scores(of, factories.scale(of), 1, 9)
    factories.revealed(of, StageKind.SCALE)
    for group in ("Duty team", "Fostering"):
        assert group not in factories.phone(of).get(f"/w/{of.code}/").content.decode()
        assert group not in render_phone_fragment(of).html


def test_own_answer_is_kept_by_no_cache(of: Workshop) -> None:
    factories.scores(of, factories.scale(of), 1, 9)
    factories.revealed(of, StageKind.SCALE)
    phone: Client = factories.phone(of)
    for address in (f"/w/{of.code}/", f"/w/{of.code}/card/"):
        assert "no-store" in phone.get(address)["Cache-Control"]
        assert "private" in phone.get(address)["Cache-Control"]


@pytest.mark.parametrize("people", [1, 3])
def test_own_card_takes_a_fixed_number_of_queries(
    people: int, of: Workshop, me: Participant, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for n in (1, 2):
        factories.scores(of, factories.scale(of, n=n), *range(people))
        factories.revealed(of, StageKind.SCALE, n=n)
    factories.opened(of, StageKind.TOGETHER)
    me = factories.afresh(me)
    participant_card(me)
    with django_assert_num_queries(9):
        participant_card(me)
