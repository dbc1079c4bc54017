"""Keeping comments."""

from __future__ import annotations

import pytest

from ratings.choices import CommentState, Mark
from ratings.deciding import (
    hold_words,
    show_words,
)
from ratings.models import Comment, Theme, WordsDecision
from ratings.scoring import record_score
from tests import factories
from workshops.choices import StageKind
from workshops.models import Participant, Workshop

pytestmark = pytest.mark.django_db


def rating() -> tuple[Workshop, Participant]:
    """Return a workshop whose first scale is open, and a phone."""
    of = factories.workshop()
    factories.opened(of, StageKind.SCALE)
    return of, factories.participant(of)


def decisions(comment: Comment) -> list[tuple[str, str]]:
    """Return the log of a comment, oldest first."""
    return list(comment.decisions.order_by("pk").values_list("decision", "reason"))


@pytest.mark.parametrize(
    ("text", "state", "flagged"),
    [("It depends on the day", CommentState.NEW, False), ("It depends on Maria", CommentState.HELD, True)],
)
def test_comment_that_may_name_somebody_is_held_until_somebody_looks(
    text: str, state: CommentState, flagged: bool
) -> None:
    of, phone = rating()
    record_score(participant=phone, scale=factories.scale(of), value=5, text=text)
    comment = Comment.objects.get()
    assert (comment.text, comment.state, comment.flagged) == (text, state, flagged)
    assert decisions(comment) == []


@pytest.mark.parametrize("state", list(CommentState))
@pytest.mark.parametrize(("text", "kept"), [("The same words", True), ("The same words.", False)])
def test_changed_comment_is_new_again_and_the_same_words_keep_their_state(
    state: CommentState, text: str, kept: bool
) -> None:
    of, phone = rating()
    record_score(participant=phone, scale=factories.scale(of), value=5, text="The same words")
    before = Comment.objects.get()
    theme = Theme.objects.create(workshop=of, deliverable=before.scale.deliverable, name="Words")
    Comment.objects.update(state=state, theme=theme)
    record_score(participant=phone, scale=factories.scale(of), value=9, text=text, mark=Mark.NEXT)
    after = Comment.objects.get()
    assert (after.pk, after.position, after.text, after.mark) == (before.pk, before.position, text, Mark.NEXT)
    assert after.state == (state if kept else CommentState.NEW)
    assert after.theme == (theme if kept else None)


def test_shown_comment_changed_to_name_somebody_is_held() -> None:
    of, phone = rating()
    record_score(participant=phone, scale=factories.scale(of), value=5, text="One of us does it")
    show_words(words=Comment.objects.get(), user=None)
    record_score(participant=phone, scale=factories.scale(of), value=5, text="Only Maria does it")
    comment = Comment.objects.get()
    assert (comment.state, comment.flagged) == (CommentState.HELD, True)
    assert decisions(comment) == [("show", "")]


def test_comment_taken_back_and_given_again_is_new() -> None:
    of, phone = rating()
    record_score(participant=phone, scale=factories.scale(of), value=5, text="Words")
    hold_words(words=Comment.objects.get(), user=None)
    record_score(participant=phone, scale=factories.scale(of), value=5)
    record_score(participant=phone, scale=factories.scale(of), value=5, text="Words")
    assert Comment.objects.get().state == CommentState.NEW
    assert not WordsDecision.objects.exists()
