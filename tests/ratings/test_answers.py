"""All that one phone answered: its own, all of it, and nothing of anybody else's."""

from typing import Any

import pytest

from ratings.answers import answers_so_far
from ratings.authorship import author_of
from ratings.choices import Mark, Rag
from ratings.imperatives import ImperativeAnswer, place_votes, record_imperatives
from ratings.models import Imperative
from ratings.scoring import record_rag, record_score
from tests import factories
from workshops.choices import StageKind, StageState
from workshops.models import Participant, Workshop

pytestmark = pytest.mark.django_db


def answer_everything(of: Workshop, phone: Participant, word: str) -> None:
    """Answer the whole workshop."""
    scale = factories.opened(of, StageKind.SCALE).scale
    assert scale is not None
    record_score(participant=phone, scale=scale, value=0, mark=Mark.WELL, text=f"Comment of {word}")
    second = factories.opened(of, StageKind.SCALE, n=2).scale
    assert second is not None
    record_score(participant=phone, scale=second, value=None)
    deliverable = factories.opened(of, StageKind.RAG).deliverable
    assert deliverable is not None
    record_rag(participant=phone, deliverable=deliverable, value=Rag.AMBER)
    last = factories.opened(of, StageKind.RAG, n=2).deliverable
    assert last is not None
    record_rag(participant=phone, deliverable=last, value="")
    factories.opened(of, StageKind.IMPERATIVES)
    named = [ImperativeAnswer(f"First of {word}"), ImperativeAnswer(f"Second of {word}")]
    record_imperatives(participant=phone, answers=named)
    factories.opened(of, StageKind.PRIORITIES)
    place_votes(
        participant=phone,
        imperatives=list(Imperative.objects.filter(author=author_of(phone, Imperative)).order_by("-slot")),
    )


def test_nothing_answered_has_every_stage_and_no_answer() -> None:
    of = factories.workshop()
    answers = answers_so_far(factories.participant(of))
    assert [(each.no, each.deliverable.name) for each in answers.deliverables] == [
        (1, "Deliverable 1"),
        (2, "Deliverable 2"),
    ]
    rows = [row for each in answers.deliverables for row in each.rows]
    assert [row.stage.title for row in rows] == ["Being at the goal", "Making progress", "Overall rating"] * 2
    assert {(row.given, row.value, row.comment, row.stage.state) for row in rows} == {
        (False, "", "", StageState.WAITING)
    }
    assert (answers.imperatives, answers.votes) == ((), ())


def test_everything_answered_is_there_and_only_this_phones() -> None:
    of = factories.workshop()
    mine, theirs = factories.participant(of), factories.participant(of)
    answer_everything(of, theirs, "theirs")
    answer_everything(of, mine, "mine")
    answers = answers_so_far(mine)
    rows = [(row.given, row.value, row.comment) for each in answers.deliverables for row in each.rows]
    assert rows == [
        (True, "0", "Comment of mine"),
        (True, "", ""),
        (True, "Amber", ""),
        (False, "", ""),
        (False, "", ""),
        (True, "", ""),
    ]
    assert [row.text for row in answers.imperatives] == ["First of mine", "Second of mine"]
    assert [row.text for row in answers.votes] == ["Second of mine", "First of mine"]


@pytest.mark.parametrize("people", [1, 3])
def test_answers_take_six_queries(django_assert_num_queries: Any, people: int) -> None:
    of = factories.workshop()
    for n in range(people):
        phone = factories.participant(of)
        answer_everything(of, phone, f"phone {n}")
    phone = factories.afresh(phone)
    with django_assert_num_queries(6):
        answers_so_far(phone)
