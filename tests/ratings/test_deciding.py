"""What a facilitator decides about comments; imperatives are in test_sifting."""

from __future__ import annotations

import pytest

from ratings.choices import CommentState, Decision, Reason
from ratings.deciding import (
    WordsChanged,
    digest,
    hide_words,
    hold_words,
    redact_words,
    redacted,
    show_new_comments,
    show_words,
    spoken_words,
)
from ratings.models import Comment, WordsDecision
from ratings.names import FindingKind
from ratings.scoring import record_score
from tests import factories
from workshops.choices import StageKind
from workshops.models import Participant, Workshop

pytestmark = pytest.mark.django_db

WHY = str(Reason.PERSON.label)


def rating() -> tuple[Workshop, Participant]:
    """Return a workshop whose first scale is open, and a phone."""
    of = factories.workshop()
    factories.opened(of, StageKind.SCALE)
    return of, factories.participant(of)


def said(text: str, *, of: Workshop | None = None, state: CommentState = CommentState.NEW) -> Comment:
    of = of or factories.workshop()
    return factories.comment(of, factories.scale(of), text, state=state)


def decisions(comment: Comment) -> list[tuple[str, str]]:
    """Return the log of a comment, oldest first."""
    return list(comment.decisions.order_by("pk").values_list("decision", "reason"))


def taken_out(text: str, *words: str, kind: FindingKind = FindingKind.NAME) -> str:
    """Return a text without these of its words."""
    return redacted(text, [n for n, word in enumerate(spoken_words(text)) if word.text in words], kind)


def test_every_decision_is_recorded_with_who_and_why() -> None:
    ann = factories.facilitator("ann")
    comment = said("Words")
    hold_words(words=comment, user=ann)
    hide_words(words=comment, user=ann, reason=WHY)
    show_words(words=comment, user=ann)
    assert decisions(comment) == [("hold", ""), ("hide", WHY), ("show", "")]
    assert set(comment.decisions.values_list("user", flat=True)) == {ann.pk}
    comment.refresh_from_db()
    assert comment.state == CommentState.SHOWN


def test_showing_reaches_only_the_comments_named_in_this_workshop() -> None:
    of, other = factories.workshop(), factories.workshop()
    one, two, theirs = said("One", of=of), said("Two", of=of), said("Theirs", of=other)
    show_new_comments(workshop=of, comments=[one.pk, theirs.pk], user=None)
    states = [Comment.objects.get(pk=row.pk).state for row in (one, two, theirs)]
    assert states == [CommentState.SHOWN, CommentState.NEW, CommentState.NEW]


def test_showing_the_undecided_leaves_what_was_held_held_and_what_is_shown_unrecorded() -> None:
    of = factories.workshop()
    rows = [said(state, of=of, state=state) for state in CommentState]
    show_new_comments(workshop=of, comments=[row.pk for row in rows], user=None)
    assert dict(Comment.objects.values_list("text", "state")) == {
        "new": "shown",
        "shown": "shown",
        "held": "held",
        "hidden": "hidden",
    }
    assert list(WordsDecision.objects.values_list("comment__text", "decision")) == [("new", Decision.SHOW)]


def test_decided_comment_is_flagged_no_more() -> None:
    of, phone = rating()
    record_score(participant=phone, scale=factories.scale(of), value=5, text="Only Maria does it")
    hold_words(words=Comment.objects.get(), user=None)
    comment = Comment.objects.get()
    assert (comment.state, comment.flagged) == (CommentState.HELD, False)


@pytest.mark.parametrize(
    ("text", "words", "left"),
    [
        ("It works when Maria is here.", ["Maria"], "It works when [name removed] is here."),
        ("Maria Evans, and Omar.", ["Maria", "Evans", "Omar"], "[name removed], and [name removed]."),
        ("Only Maria Evans does it", ["Maria"], "Only [name removed] Evans does it"),
        ("For JB (14) it worked", ["JB", "14"], "For [initials removed] it worked"),
        ("Ring 07700 900123 now", ["07700", "900123"], "Ring [phone number removed] now"),
        ("Mail a@b.example, please", ["a@b.example"], "Mail [e-mail address removed], please"),
        ("Case 4471, CF10 1AA", ["Case", "4471", "CF10", "1AA"], "[case number removed], [address removed]"),
        ("The tall one helped", ["tall", "one"], "The [name removed] helped"),
        ("The tall one helped", ["The", "one"], "[name removed] tall [name removed] helped"),
        ("“Nobody”\nhelped", ["Nobody"], "“[name removed]”\nhelped"),
        ("Words", [], "Words"),
    ],
)
def test_words_are_taken_out_whole_and_a_mark_stands_in_their_place(text: str, words: list[str], left: str) -> None:
    assert taken_out(text, *words) == left


def test_mark_says_what_a_facilitator_took_out() -> None:
    text = "The house by the harbour"
    assert taken_out(text, "by", "the", "harbour", kind=FindingKind.ADDRESS) == "The house [address removed]"


def test_redacted_words_are_nowhere_and_what_is_left_is_shown() -> None:
    comment = said("It works when Kunigunde is here", state=CommentState.HELD)
    words = [n for n, word in enumerate(spoken_words(comment.text)) if word.text == "Kunigunde"]
    redact_words(words=comment, user=None, chosen=words, reason=WHY)
    comment.refresh_from_db()
    assert comment.text == "It works when [name removed] is here"
    assert comment.state == CommentState.SHOWN
    assert decisions(comment) == [("redact", WHY)]
    everything = [*Comment.objects.values_list(), *WordsDecision.objects.values_list()]
    assert "Kunigunde" not in str(everything)


def test_comment_that_changed_meanwhile_is_not_redacted() -> None:
    comment = said("Ask Maria")
    Comment.objects.update(text="Ask anybody")
    with pytest.raises(WordsChanged):
        redact_words(words=comment, user=None, chosen=[1], reason=WHY)
    assert Comment.objects.get().text == "Ask anybody"
    assert not WordsDecision.objects.exists()


def test_deciding_does_not_raise_the_revision() -> None:
    comment = said("Ask Maria")
    before = comment.workshop.revision
    hold_words(words=comment, user=None)
    redact_words(words=comment, user=None, chosen=[1], reason=WHY)
    comment.workshop.refresh_from_db()
    assert comment.workshop.revision == before


def test_digest_tells_wordings_apart_and_bears_odd_characters() -> None:
    assert digest("One") != digest("One.")
    assert digest("\ud800")
