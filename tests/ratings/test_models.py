"""What the database refuses of answers, and what their models say of themselves."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, models
from django.utils import timezone

from ratings.authorship import author_of, signed
from ratings.choices import Asked, CommentState, Decision, Mark, PrintState, Rag, Source
from ratings.models import (
    Action,
    Comment,
    Imperative,
    JournalNotes,
    Lead,
    Print,
    RagRating,
    Score,
    SeenPicture,
    ShareLink,
    SignedFile,
    SignedJournal,
    Term,
    Theme,
    Vote,
    WordsDecision,
)
from ratings.models.answer import Answer
from tests import factories
from tests.constraints import breach, constraints_of
from workshops.models import Participant, Workshop

pytestmark = pytest.mark.django_db


def _said(by: Participant | None, model: type[Answer], *about: object) -> dict[str, Any]:
    return signed(by, model, *about) if by else {"source": Source.PAPER}


def score(of: Workshop, by: Participant | None = None, **fields: Any) -> Score:
    """Keep a score on the first scale: from `by`, or from paper."""
    scale = factories.scale(of)
    return Score.objects.create(**{"workshop": of, "scale": scale, **_said(by, Score, scale.pk), **fields})


def comment(of: Workshop, by: Participant | None = None, **fields: Any) -> Comment:
    """Keep a comment on the first scale: from `by`, or from paper."""
    scale = factories.scale(of)
    values = {"workshop": of, "scale": scale, "text": "Words", **_said(by, Comment, scale.pk, Asked.WHY)}
    return Comment.objects.create(**values | fields)


def rag(of: Workshop, by: Participant | None = None, **fields: Any) -> RagRating:
    """Keep a RAG rating of the first deliverable: from `by`, or from paper."""
    deliverable = of.edition.deliverables.all()[0]
    values = {"workshop": of, "deliverable": deliverable, **_said(by, RagRating, deliverable.pk)}
    return RagRating.objects.create(**values | fields)


def imperative(of: Workshop, by: Participant | None = None, **fields: Any) -> Imperative:
    """Keep an imperative: from `by`, or from paper."""
    values = {"workshop": of, "text": "Do it", **_said(by, Imperative)}
    return Imperative.objects.create(**values | fields)


def vote(of: Workshop, by: Participant | None = None, **fields: Any) -> Vote:
    """Keep a dot on a new imperative."""
    values = {"imperative": fields.get("imperative") or imperative(of), "slot": 1, **_said(by, Vote)}
    return Vote.objects.create(**values | fields)


def decision(of: Workshop, **fields: Any) -> WordsDecision:
    """Keep what a facilitator did with a comment."""
    return WordsDecision.objects.create(**{"comment": comment(of), **fields})


def theme(of: Workshop) -> Theme:
    """Keep a theme of the first deliverable."""
    return Theme.objects.create(workshop=of, deliverable=of.edition.deliverables.all()[0], name="Time")


def lead(of: Workshop) -> Lead:
    """Keep a lead of the first deliverable."""
    return Lead.objects.create(workshop=of, deliverable=of.edition.deliverables.all()[0], text="In short")


def term(of: Workshop, **fields: str) -> Term:
    """Keep a term of the glossary."""
    return Term.objects.create(workshop=of, **{"term": "RAG", "meaning": "Red, amber, green", **fields})


def signed_journal(of: Workshop, **fields: Any) -> SignedJournal:
    """Keep a journal that was signed off."""
    now = timezone.now()
    values = {"number": 1, "signed_by": "A director", "signed_as": "Director", "signed_at": now, "checked_at": now}
    return SignedJournal.objects.create(workshop=of, **values | fields)


def _same_file(of: Workshop) -> None:
    kept = signed_journal(of)
    for _ in range(2):
        SignedFile.objects.create(signed=kept, suffix="pdf", data=b"")


def _twice(make: Callable[..., models.Model], **fields: Any) -> Callable[[Workshop], None]:
    def make_both(of: Workshop) -> None:
        phone = factories.participant(of)
        for _ in range(2):
            make(of, phone, **fields)

    return make_both


def _two_dots_on_one(of: Workshop) -> None:
    phone, wanted = factories.participant(of), imperative(of)
    for slot in (1, 2):
        vote(of, phone, imperative=wanted, slot=slot)


def _author_on_paper(make: Callable[..., models.Model]) -> Callable[[Workshop], object]:
    return lambda of: make(of, factories.participant(of), source=Source.PAPER)


def _same_picture(of: Workshop) -> None:
    for _ in range(2):
        SeenPicture.objects.create(stage=of.stages.all()[1], number=1, answers={})


def journal_print(of: Workshop, state: str = PrintState.WAITING, **fields: Any) -> Print:
    """Keep a print of a workshop's journal."""
    return Print.objects.create(**{"workshop": of, "digest": "0" * 64, "state": state, **fields})


BREACHES: list[tuple[str, Callable[[Workshop], object]]] = [
    ("one_picture_a_stage_and_number", _same_picture),
    ("one_score_an_author", _twice(score, value=5)),
    ("score_from_0_to_10", lambda of: score(of, value=11)),
    ("only_phones_score_has_author", _author_on_paper(score)),
    ("one_comment_an_author", _twice(comment)),
    ("comment_has_words", lambda of: comment(of, text="")),
    ("comment_mark_is_known", lambda of: comment(of, mark="odd")),
    ("comment_state_is_known", lambda of: comment(of, state="lost")),
    ("flagged_comment_is_held", lambda of: comment(of, flagged=True)),
    ("comment_question_is_known", lambda of: comment(of, asked="when")),
    ("hiding_and_redacting_have_a_reason", lambda of: decision(of, decision=Decision.HIDE)),
    ("hiding_and_redacting_have_a_reason", lambda of: decision(of, decision=Decision.REDACT)),
    ("one_theme_a_name", lambda of: [theme(of), theme(of)]),
    ("action_has_owner", lambda of: Action.objects.create(imperative=imperative(of), owner="")),
    ("only_phones_comment_has_author", _author_on_paper(comment)),
    ("one_rag_an_author", _twice(rag, value=Rag.RED)),
    ("rag_is_red_amber_green_or_empty", lambda of: rag(of, value="B")),
    ("only_phones_ragrating_has_author", _author_on_paper(rag)),
    ("one_imperative_an_author_and_slot", _twice(imperative, slot=2)),
    ("one_or_two_imperatives", lambda of: imperative(of, slot=0)),
    ("one_or_two_imperatives", lambda of: imperative(of, slot=3)),
    ("imperative_state_is_known", lambda of: imperative(of, state="lost")),
    ("flagged_imperative_is_held", lambda of: imperative(of, flagged=True)),
    ("decision_is_about_one", lambda of: decision(of, decision=Decision.SHOW, comment=None)),
    ("decision_is_about_one", lambda of: decision(of, decision=Decision.SHOW, imperative=imperative(of))),
    ("imperative_has_words", lambda of: imperative(of, text="")),
    ("only_phones_imperative_has_author", _author_on_paper(imperative)),
    ("one_dot_an_imperative", _two_dots_on_one),
    ("one_dot_a_slot", _twice(vote, slot=1)),
    ("three_dots_a_participant", lambda of: vote(of, factories.participant(of), slot=4)),
    ("three_dots_a_participant", lambda of: vote(of, factories.participant(of), slot=0)),
    ("only_phones_vote_has_author", _author_on_paper(vote)),
    ("only_printed_comments_are_quoted", lambda of: comment(of, quoted=True, state=CommentState.HIDDEN)),
    ("grouping_is_known", lambda of: JournalNotes.objects.create(workshop=of, grouping="size")),
    ("only_an_own_epigraph_has_words", lambda of: JournalNotes.objects.create(workshop=of, epigraph="Words")),
    ("one_lead_a_deliverable", lambda of: [lead(of), lead(of)]),
    ("one_meaning_a_term", lambda of: [term(of), term(of)]),
    ("term_has_a_meaning", lambda of: term(of, meaning="")),
    ("term_has_a_meaning", lambda of: term(of, term="")),
    ("one_print_a_workshop_and_state", lambda of: [journal_print(of), journal_print(of)]),
    (
        "one_print_at_a_time",
        lambda of: [journal_print(each, PrintState.PRINTING) for each in (of, factories.workshop())],
    ),
    ("print_state_is_known", lambda of: journal_print(of, state="lost")),
    ("print_progress_is_per_cent", lambda of: journal_print(of, progress=101)),
    ("print_that_is_done_has_pages", lambda of: journal_print(of, PrintState.DONE, pages=1)),
    ("one_signed_journal_a_number", lambda of: [signed_journal(of), signed_journal(of)]),
    ("signed_journals_count_from_one", lambda of: signed_journal(of, number=0)),
    ("signed_by_somebody", lambda of: signed_journal(of, signed_as="")),
    ("one_signed_file_a_suffix", _same_file),
    (
        "opened_links_have_a_last_day",
        lambda of: ShareLink.objects.create(workshop=of, label="Cabinet", expires_on=of.date, opened=1),
    ),
    ("author_of_a_dot_has_slot", lambda of: vote(of, factories.participant(of), slot=None)),
]


@pytest.mark.parametrize(("constraint", "break_it"), BREACHES)
def test_constraint_refuses_what_breaks_it(constraint: str, break_it: Callable[[Workshop], object]) -> None:
    of = factories.workshop()
    with pytest.raises(IntegrityError, match=breach("ratings", constraint)):
        break_it(of)


def test_every_constraint_is_broken_above() -> None:
    assert {name for name, _ in BREACHES} == set(constraints_of("ratings"))


def test_score_below_zero_is_refused() -> None:
    with pytest.raises(IntegrityError):
        score(factories.workshop(), value=-1)


@pytest.mark.parametrize("value", [0, 10, None])
def test_scores_at_the_ends_and_cant_say_are_kept(value: int | None) -> None:
    of = factories.workshop()
    assert Score.objects.get(pk=score(of, factories.participant(of), value=value).pk).value == value


def test_paper_holds_any_number_of_answers_without_a_participant() -> None:
    of = factories.workshop()
    for make in (score, comment, rag, imperative):
        for _ in range(2):
            make(of)
    assert [model.objects.count() for model in (Score, Comment, RagRating, Imperative)] == [2, 2, 2, 2]


def test_three_dots_on_different_imperatives_are_kept() -> None:
    of = factories.workshop()
    phone = factories.participant(of)
    for slot in (1, 2, 3):
        vote(of, phone, slot=slot)
    assert Vote.objects.filter(author=author_of(phone, Vote)).count() == 3


def test_every_mark_and_state_of_a_comment_is_kept() -> None:
    of = factories.workshop()
    kept = [comment(of, mark=mark, state=state).pk for mark in ("", *Mark.values) for state in CommentState.values]
    assert Comment.objects.filter(pk__in=kept).count() == 16


def test_answers_say_what_they_are() -> None:
    assert [str(Score(value=value)) for value in (0, 10, None)] == ["0", "10", "can't say"]
    assert [str(RagRating(value=value)) for value in ("R", "A", "G", "")] == ["Red", "Amber", "Green", "can't say"]
    assert str(Comment(text="In the words given")) == "In the words given"
    assert str(Imperative(text="In the words given")) == "In the words given"
    assert str(WordsDecision(decision=Decision.HIDE)) == "Hidden"
    assert str(Theme(name="Time")) == "Time"
    assert str(Action(imperative=Imperative(text="Do it"), owner="Director")) == "Director: Do it"
    assert [str(Vote(source=source, imperative_id=9)) for source in (Source.PHONE, Source.PLAYED)] == [
        "On a phone for 9",
        "Played in a rehearsal for 9",
    ]
    assert str(Vote(source=Source.PAPER, imperative_id=9)) == "On paper for 9"
