"""Recording answers on a scale and RAG ratings."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from ratings.authorship import author_of
from ratings.choices import Asked, CommentState, Mark, Rag, Source
from ratings.models import Comment, RagRating, Score
from ratings.scoring import record_rag, record_score
from tests import factories
from workshops.choices import StageKind
from workshops.models import Participant, Workshop
from workshops.sessions import StageClosed, reveal_stage, take_down

pytestmark = pytest.mark.django_db


def rating() -> tuple[Workshop, Participant]:
    """Return a workshop whose first scale is open, and a phone."""
    of = factories.workshop()
    factories.opened(of, StageKind.SCALE)
    return of, factories.participant(of)


def test_score_and_comment_are_kept_with_their_source() -> None:
    of, phone = rating()
    stage = record_score(
        participant=phone, scale=factories.scale(of), value=7, mark=Mark.WORRY, text="As typed,\nin two lines"
    )
    assert stage == factories.stage(of, StageKind.SCALE)
    score, comment = Score.objects.get(), Comment.objects.get()
    assert (score.workshop, score.scale) == (of, factories.scale(of))
    assert score.author == author_of(phone, Score, score.scale_id)
    assert (score.value, score.source) == (7, Source.PHONE)
    assert (comment.workshop, comment.scale) == (of, factories.scale(of))
    assert comment.author == author_of(phone, Comment, comment.scale_id, Asked.WHY)
    assert (comment.text, comment.mark, comment.state) == ("As typed,\nin two lines", Mark.WORRY, CommentState.NEW)
    assert comment.source == Source.PHONE


def test_sent_twice_counts_once() -> None:
    of, phone = rating()
    for _ in range(2):
        record_score(participant=phone, scale=factories.scale(of), value=7, text="Once")
    assert (Score.objects.count(), Comment.objects.count()) == (1, 1)


@pytest.mark.parametrize(("first", "then"), [(3, 8), (0, None), (None, 0), (10, 0)])
def test_answer_changes_and_cant_say_is_not_zero(first: int | None, then: int | None) -> None:
    of, phone = rating()
    for value in (first, then):
        record_score(participant=phone, scale=factories.scale(of), value=value)
    score = Score.objects.get()
    assert score.value == then
    assert (score.value is None) is (then is None)


def test_empty_text_takes_the_comment_back_and_leaves_those_of_others() -> None:
    of, phone = rating()
    other = factories.participant(of)
    for each in (phone, other):
        record_score(participant=each, scale=factories.scale(of), value=5, text="Words")
    record_score(participant=phone, scale=factories.scale(of), value=5, text="")
    assert Comment.objects.get().author == author_of(other, Comment, factories.scale(of).pk, Asked.WHY)
    assert Score.objects.count() == 2


def test_positions_of_comments_tell_no_order_of_arrival() -> None:
    of, _ = rating()
    for _number in range(12):
        record_score(participant=factories.participant(of), scale=factories.scale(of), value=5, text="Words")
    positions = list(Comment.objects.order_by("pk").values_list("position", flat=True))
    assert positions != sorted(positions)
    assert len(set(positions)) == 12


def test_score_is_refused_when_its_stage_is_not_open() -> None:
    of, phone = rating()
    stage, scale = factories.stage(of, StageKind.SCALE), factories.scale(of)
    with pytest.raises(StageClosed):
        record_score(participant=phone, scale=factories.scale(of, n=2), value=5, text="Early")
    reveal_stage(stage=stage, user=None)
    with pytest.raises(StageClosed):
        record_score(participant=phone, scale=scale, value=5, text="Late")
    assert not Score.objects.exists()
    assert not Comment.objects.exists()
    take_down(stage=stage, user=None)
    record_score(participant=phone, scale=scale, value=5, text="In time")
    factories.opened(of, StageKind.CLOSED)
    with pytest.raises(StageClosed):
        record_score(participant=phone, scale=scale, value=9, text="Later")
    assert (Score.objects.get().value, Comment.objects.get().text) == (5, "In time")


def test_score_on_a_scale_of_another_review_is_refused() -> None:
    _, phone = rating()
    other = factories.workshop()
    factories.opened(other, StageKind.SCALE)
    with pytest.raises(StageClosed):
        record_score(participant=phone, scale=factories.scale(other), value=5)


def test_rag_is_kept_changed_and_counted_once() -> None:
    of = factories.workshop()
    stage = factories.opened(of, StageKind.RAG)
    assert stage.deliverable is not None
    phone = factories.participant(of)
    for value in (Rag.RED, Rag.RED, "", Rag.GREEN):
        assert record_rag(participant=phone, deliverable=stage.deliverable, value=value) == stage
        assert RagRating.objects.get().value == value
    rating = RagRating.objects.get()
    assert (rating.workshop, rating.source) == (of, Source.PHONE)
    assert rating.author == author_of(phone, RagRating, stage.deliverable.pk)


def test_rag_is_refused_when_its_stage_is_not_open() -> None:
    of = factories.workshop()
    first, second = of.edition.deliverables.all()
    phone = factories.participant(of)
    factories.opened(of, StageKind.RAG)
    with pytest.raises(StageClosed):
        record_rag(participant=phone, deliverable=second, value=Rag.RED)
    factories.revealed(of, StageKind.RAG)
    with pytest.raises(StageClosed):
        record_rag(participant=phone, deliverable=first, value=Rag.RED)
    assert not RagRating.objects.exists()


def test_answer_does_not_raise_the_revision() -> None:
    of, phone = rating()
    of.refresh_from_db()
    before = of.revision
    record_score(participant=phone, scale=factories.scale(of), value=5)
    of.refresh_from_db()
    assert of.revision == before


class TestLastAnswer(TestCase):
    """Hypothesis needs a transaction for each example, which its TestCase gives."""

    @given(st.lists(st.tuples(st.none() | st.integers(0, 10), st.sampled_from(["", "One", "Two"])), min_size=1))
    def test_the_last_answer_is_the_one_that_counts(self, answers: list[tuple[int | None, str]]) -> None:
        of, phone = rating()
        for value, text in answers:
            record_score(participant=phone, scale=factories.scale(of), value=value, text=text)
        value, text = answers[-1]
        assert Score.objects.get().value == value
        assert list(Comment.objects.values_list("text", flat=True)) == ([text] if text else [])
