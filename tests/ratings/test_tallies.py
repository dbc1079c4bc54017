"""How many phones have answered: every kind of stage, and nothing that did not come from a phone."""

from typing import Any

import pytest

from ratings.choices import Asked, Rag
from ratings.imperatives import ImperativeAnswer, place_votes, record_imperatives
from ratings.models import Imperative
from ratings.scoring import record_rag, record_score
from ratings.tallies import Tally, count_comments, tally_stage
from tests import factories
from workshops.choices import StageKind
from workshops.models import Participant, Stage

pytestmark = pytest.mark.django_db


def answer(phone: Participant, stage: Stage) -> None:
    """Give this phone's answer at a stage, as richly as it can be given."""
    if stage.kind == StageKind.SCALE:
        assert stage.scale is not None
        record_score(participant=phone, scale=stage.scale, value=None, text="Words")
    elif stage.kind == StageKind.RAG:
        assert stage.deliverable is not None
        record_rag(participant=phone, deliverable=stage.deliverable, value=Rag.RED)
    elif stage.kind == StageKind.IMPERATIVES:
        record_imperatives(participant=phone, answers=[ImperativeAnswer("One"), ImperativeAnswer("Two")])
    else:
        place_votes(participant=phone, imperatives=list(Imperative.objects.filter(workshop=stage.workshop))[:3])


@pytest.mark.parametrize("kind", [StageKind.SCALE, StageKind.RAG, StageKind.IMPERATIVES, StageKind.PRIORITIES])
def test_tally_counts_phones_that_answered_once_each(kind: StageKind, django_assert_num_queries: Any) -> None:
    of, elsewhere = factories.workshop(), factories.workshop()
    for each in (of, elsewhere):
        for n in range(3):
            factories.imperative(each, f"Said aloud {n}")
        factories.scores(each, factories.scale(each), 1, 2, 3)
        factories.rags(each, factories.stage(each, StageKind.RAG), "RAG-")
    stage = factories.opened(of, kind)
    phones = [factories.participant(of) for _ in range(3)]
    assert tally_stage(of, stage) == Tally(answered=0, people=3)
    for phone in (phones[0], phones[0], phones[2]):
        answer(phone, stage)
    answer(factories.participant(elsewhere), factories.opened(elsewhere, kind))
    with django_assert_num_queries(2):
        tally = tally_stage(of, stage)
    assert (tally.answered, tally.people, tally.to_come) == (2, 3, 1)


@pytest.mark.parametrize("kind", [StageKind.LOBBY, StageKind.TOGETHER, StageKind.MAP, StageKind.CLOSED])
def test_tally_of_a_stage_that_asks_nothing_is_everybody(kind: StageKind, django_assert_num_queries: Any) -> None:
    of = factories.workshop()
    factories.participant(of)
    stage = factories.stage(of, kind)
    with django_assert_num_queries(1):
        assert tally_stage(of, stage) == Tally(answered=1, people=1)


def test_comments_are_counted_on_the_stages_scale_only(django_assert_num_queries: Any) -> None:
    of = factories.workshop()
    for text in ("One", "Two"):
        factories.comment(of, factories.scale(of), text)
    factories.comment(of, factories.scale(of, n=2), "Three")
    stage, rag = factories.stage(of, StageKind.SCALE), factories.stage(of, StageKind.RAG)
    with django_assert_num_queries(1):
        assert (count_comments(of, stage), count_comments(of, rag)) == ({Asked.WHY: 2}, {})
