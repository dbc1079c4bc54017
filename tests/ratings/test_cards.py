"""Cards: which one a phone shows, whose answer is in it, and what is pushed to all."""

from typing import Any

import pytest

from ratings.cards import Card, participant_card, refused_card, render_phone_fragment, saved_card, stage_card
from ratings.forms import ScoreForm
from ratings.scoring import record_score
from tests import factories
from workshops.choices import StageKind, StageState
from workshops.models import Workshop
from workshops.sessions import reveal_stage, take_down

pytestmark = pytest.mark.django_db

TEMPLATES = [
    (StageKind.LOBBY, "lobby"),
    (StageKind.SCALE, "scale"),
    (StageKind.RAG, "rag"),
    (StageKind.TOGETHER, "look_up"),
    (StageKind.MAP, "look_up"),
    (StageKind.IMPERATIVES, "imperatives"),
    (StageKind.PRIORITIES, "priorities"),
    (StageKind.CLOSED, "finished"),
]


def fresh(of: Workshop) -> Workshop:
    """Return the workshop as the database has it."""
    return Workshop.objects.select_related("edition").get(pk=of.pk)


@pytest.mark.parametrize(("kind", "name"), TEMPLATES)
def test_open_stage_has_its_card(kind: StageKind, name: str) -> None:
    of = factories.workshop(deliverables=1)
    if kind != StageKind.LOBBY:
        factories.opened(of, kind)
    assert stage_card(fresh(of)).template == f"ratings/participate/_{name}.html"


@pytest.mark.parametrize("kind", [StageKind.SCALE, StageKind.RAG, StageKind.IMPERATIVES, StageKind.PRIORITIES])
def test_revealed_stage_takes_the_question_away(kind: StageKind) -> None:
    of = factories.workshop(deliverables=1)
    question = stage_card(fresh(of)).template
    factories.revealed(of, kind)
    assert stage_card(fresh(of)).template not in (question, f"ratings/participate/_{kind}.html")


def test_workshop_that_was_never_run_here_has_finished() -> None:
    of = factories.workshop(deliverables=1)
    of.stages.update(state=StageState.CLOSED)
    card = stage_card(fresh(of))
    assert (card.stage, card.key, card.number, card.question) == (None, "none", None, None)
    assert card.template == "ratings/participate/_finished.html"


def test_card_knows_its_place() -> None:
    of = factories.workshop(deliverables=2)
    places = []
    for kind, n in ((StageKind.SCALE, 1), (StageKind.SCALE, 4), (StageKind.RAG, 2), (StageKind.TOGETHER, 2)):
        factories.opened(of, kind, n=n)
        card = stage_card(fresh(of))
        places.append((card.number, card.question))
    factories.opened(of, StageKind.MAP)
    places.append((stage_card(fresh(of)).number, stage_card(fresh(of)).question))
    assert places == [(1, 1), (2, 2), (2, 3), (2, None), (None, None)]


def test_key_changes_with_the_state_of_the_stage() -> None:
    of = factories.workshop(deliverables=1)
    stage = factories.opened(of, StageKind.SCALE)
    keys = [stage_card(fresh(of)).key]
    reveal_stage(stage=stage, user=None)
    keys.append(stage_card(fresh(of)).key)
    take_down(stage=stage, user=None)
    keys.append(stage_card(fresh(of)).key)
    assert keys[0] == keys[2] == f"{stage.pk}-open"
    assert keys[1] != keys[0]


def test_answer_is_in_ones_own_card_and_in_no_other() -> None:
    of = factories.workshop(deliverables=1)
    stage = factories.opened(of, StageKind.SCALE)
    mine, theirs = factories.participant(of), factories.participant(of)
    assert stage.scale is not None
    record_score(participant=mine, scale=stage.scale, value=0, text="Mine")
    assert participant_card(mine).answer == {"value": "0", "mark": "", "text": "Mine"}
    assert participant_card(mine).saved
    assert (participant_card(theirs).answer, participant_card(theirs).saved) == ({}, False)
    assert stage_card(fresh(of)).answer == {}


def test_saved_card_asks_the_database_nothing(django_assert_num_queries: Any) -> None:
    of = factories.workshop(deliverables=1)
    stage = factories.opened(of, StageKind.SCALE)
    phone = factories.participant(of)
    assert phone.workshop == of
    form = ScoreForm({"value": "5"})
    with django_assert_num_queries(0):
        assert form.is_valid()
        card = saved_card(phone, stage, form)
    assert card.saved
    assert len(card.saved_at) == 5


def test_refused_card_has_what_was_typed_and_why() -> None:
    of = factories.workshop(deliverables=1)
    stage = factories.opened(of, StageKind.SCALE)
    form = ScoreForm({"value": "12", "text": "Typed", "mark": "odd"})
    assert not form.is_valid()
    card = refused_card(factories.participant(of), stage, form)
    assert card.answer == {"value": "12", "text": "Typed", "mark": "odd"}
    assert [name for name, _ in card.errors] == ["value", "mark"]
    assert (card.closed, card.saved, card.words) == (False, False, ["Typed"])


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ({}, []),
        ({"text": ""}, []),
        ({"text": "One"}, ["One"]),
        ({"text_1": "One", "text_2": "Two", "value": "3"}, ["One", "Two"]),
        ({"text_1": "", "text_2": "Two"}, ["Two"]),
    ],
)
def test_words_to_copy_are_those_typed(answer: dict[str, str], words: list[str]) -> None:
    assert Card(Workshop(), None, answer=answer).words == words


FRESH = [
    (StageKind.LOBBY, True, True),
    (StageKind.SCALE, True, False),
    (StageKind.RAG, True, False),
    (StageKind.IMPERATIVES, True, False),
    (StageKind.PRIORITIES, False, False),  # each phone has an order of its own
    (StageKind.MAP, True, False),
    (StageKind.CLOSED, False, False),
]


@pytest.mark.parametrize(("kind", "is_fresh", "follows"), FRESH)
def test_pushed_card_is_taken_as_it_is_where_no_phone_has_its_own(
    kind: StageKind, is_fresh: bool, follows: bool
) -> None:
    of = factories.workshop(deliverables=1)
    if kind != StageKind.LOBBY:
        factories.opened(of, kind)
    fragment = render_phone_fragment(fresh(of))
    assert (fragment.fresh, fragment.follows_tally) == (is_fresh, follows)
    assert fragment.stage == stage_card(fresh(of)).key
    assert f'data-stage="{fragment.stage}"' in fragment.html
    assert "csrfmiddlewaretoken" not in fragment.html


def test_question_that_was_open_before_is_fetched_by_each_phone() -> None:
    of = factories.workshop(deliverables=1)
    stage = factories.revealed(of, StageKind.SCALE)
    take_down(stage=stage, user=None)
    assert not render_phone_fragment(fresh(of)).fresh


def test_workshop_that_was_never_run_here_pushes_nothing_new() -> None:
    of = factories.workshop(deliverables=1)
    of.stages.update(state=StageState.CLOSED)
    fragment = render_phone_fragment(fresh(of))
    assert (fragment.stage, fragment.fresh) == ("none", False)
