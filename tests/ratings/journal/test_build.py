"""What is in a journal, and what is not."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import FrozenInstanceError
from datetime import date
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from ratings.choices import Asked, CommentState, Mark, Source
from ratings.imperatives import merge_imperatives
from ratings.journal.build import Moderated, build_journal
from ratings.journal.record import journal_json
from ratings.journal.tables import answers_csv
from ratings.models import Action, Comment, Imperative, Score
from ratings.themes import group_comments
from tests import factories
from tests.ratings.journal.told import close, say, scales_of, told_in_numbers, told_in_words
from workshops.choices import StageKind
from workshops.models import Participant, Workshop

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("deliverables", [1, 3])
@pytest.mark.parametrize("told", [told_in_words, told_in_numbers])
def test_build_asks_the_same_queries_of_any_workshop(
    deliverables: int, told: Callable[[int], Workshop], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    workshop = Workshop.objects.select_related("edition").get(pk=told(deliverables).pk)
    first = build_journal(workshop)  # what is shown for the first time is remembered
    with django_assert_num_queries(22):
        assert build_journal(workshop) == first


def test_build_keeps_comments_in_order_under_their_marks() -> None:
    workshop = factories.workshop(deliverables=1)
    being = scales_of(workshop)[0]
    for text, mark in (("b", Mark.NEXT), ("c", ""), ("a", Mark.WELL), ("d", Mark.NEXT), ("e", Mark.WORRY)):
        say(workshop, being, text, mark=mark)
    groups = build_journal(close(workshop)).deliverables[0].scales[0].groups
    assert [(group.name, [said.text for said in group.comments]) for group in groups] == [
        ("Working well", ["a"]),
        ("Worries", ["e"]),
        ("Next steps", ["b", "d"]),
        ("Also said", ["c"]),
    ]


def test_build_names_no_group_where_nothing_is_marked() -> None:
    groups = build_journal(told_in_words(1)).deliverables[0].scales[0].groups
    assert [group.name for group in groups] == [""]


def test_build_leaves_held_comments_out_and_counts_them() -> None:
    workshop = told_in_words(1)
    Comment.objects.filter(workshop=workshop, text__startswith="First").update(state=CommentState.HELD)
    Comment.objects.filter(workshop=workshop, text__startswith="Last").update(state=CommentState.HIDDEN)
    journal = build_journal(workshop)
    assert journal.moderated_comments == Moderated(held=2, hidden=2)
    assert journal.comments == 2


def test_build_of_words_has_no_number_that_nobody_gave() -> None:
    journal = build_journal(told_in_words())
    assert journal.people is None
    assert not journal.answered
    assert not journal.has_scores
    assert not journal.has_rags
    assert not journal.has_votes
    assert [line.votes for line in journal.imperatives] == [None] * 5
    assert [line.text for line in journal.imperatives] == [f"Do the thing {n}" for n in range(5)]


def test_build_orders_imperatives_by_votes_then_as_given() -> None:
    journal = build_journal(told_in_numbers())
    assert [(line.no, line.text[-1], line.votes) for line in journal.imperatives] == [
        (1, "3", 7),
        (2, "4", 7),
        (3, "2", 1),
        (4, "0", 0),
        (5, "1", 0),
    ]
    assert journal.people == 7


def test_build_puts_comments_under_their_themes_first() -> None:
    of = factories.workshop(deliverables=1)
    scale = factories.scale(of)
    texts = {"a": Mark.WELL, "b": Mark.WORRY, "c": Mark.WORRY, "d": "", "e": ""}
    rows = {text: factories.comment(of, scale, text, mark=mark) for text, mark in texts.items()}
    for name, members in {"Time": "be", "Forms": "a"}.items():
        group_comments(
            workshop=of, deliverable=scale.deliverable, comments=[rows[text].pk for text in members], name=name
        )
    close(of)
    groups = build_journal(of).deliverables[0].scales[0].groups
    assert [(group.name, [said.text for said in group.comments]) for group in groups] == [
        ("Forms", ["a"]),
        ("Time", ["b", "e"]),
        ("Worries", ["c"]),
        ("Also said", ["d"]),
    ]
    groups = json.loads(journal_json(build_journal(of)))["journal"]["deliverables"][0]["scales"][0]["groups"]
    comments = [(said.get("mark", ""), group["name"]) for group in groups for said in group["comments"]]
    assert comments == [
        ("well", "Forms"),
        ("worry", "Time"),
        ("", "Time"),
        ("worry", "Worries"),
        ("", "Also said"),
    ]


def test_build_keeps_what_one_point_higher_would_look_like_apart() -> None:
    workshop = told_in_words(1)
    Comment.objects.filter(workshop=workshop, text__startswith="Last").update(asked=Asked.HIGHER)
    groups = build_journal(workshop).deliverables[0].scales[0].groups
    assert [(group.name, len(group.comments)) for group in groups] == [
        ("", 2),
        ("One point higher would look like", 1),
    ]
    Comment.objects.filter(workshop=workshop, text__startswith="First").update(mark=Mark.WELL)
    groups = build_journal(workshop).deliverables[0].scales[0].groups
    assert [(group.name, group.sign) for group in groups] == [
        ("Working well", "+"),
        ("Also said", "·"),
        ("One point higher would look like", "↑"),
    ]


def test_build_keeps_merged_imperatives_in_their_words_and_who_does_what_by_when() -> None:
    workshop = told_in_words(1)
    leading, other, *_rest = Imperative.objects.filter(workshop=workshop)
    merge_imperatives(leading=leading, others=[other])
    Action.objects.create(imperative=leading, owner="The board", due=date(2026, 9, 1))
    journal = build_journal(workshop)
    line, *others = journal.imperatives
    assert (line.text, [said.text for said in line.merged]) == ("Do the thing 0", ["Do the thing 1"])
    assert (line.owner, line.due) == ("The board", date(2026, 9, 1))
    assert [each.text for each in others] == ["Do the thing 2", "Do the thing 3", "Do the thing 4"]
    assert (others[0].merged, others[0].owner, others[0].due) == ((), "", None)
    assert '"due": "2026-09-01"' in journal_json(journal)


def test_build_while_the_workshop_runs_has_only_what_the_room_has_seen() -> None:
    workshop = told_in_numbers(1)
    Workshop.objects.filter(pk=workshop.pk).update(closed_at=None)
    workshop.refresh_from_db()
    journal = build_journal(workshop)
    assert not journal.answered
    assert journal.comments == 0
    assert journal.imperatives == ()
    factories.revealed(workshop, StageKind.SCALE)
    page = build_journal(workshop).deliverables[0]
    assert (page.being.n, page.progress.n, page.rag.n) == (6, 0, 0)
    assert [len(scale.comments) for scale in page.scales] == [5, 0]
    factories.revealed(workshop, StageKind.IMPERATIVES)
    assert [line.votes for line in build_journal(workshop).imperatives] == [None] * 5
    factories.revealed(workshop, StageKind.PRIORITIES)
    assert build_journal(workshop).imperatives[0].votes == 7


def test_build_says_what_a_facilitator_entered_and_that_it_was_a_rehearsal() -> None:
    workshop = told_in_numbers(1)
    factories.scores(workshop, scales_of(workshop)[0], 4, 5)
    Participant.objects.filter(workshop=workshop).update(rehearsal=True)
    journal = build_journal(workshop)
    assert journal.entered == 2
    assert journal.is_rehearsal
    hows = {said.text[:7]: said.how for said in journal.deliverables[0].scales[0].comments}
    assert hows["It worr"] == Source.ALOUD.label.lower()
    assert hows["It goes"] == ""


def test_a_journal_cannot_be_changed() -> None:
    journal = build_journal(told_in_words(1))
    changed: Any = journal
    with pytest.raises(FrozenInstanceError):
        changed.title = "Another"


def test_data_files_have_counts_and_no_persons() -> None:
    workshop = told_in_numbers(1)
    journal = build_journal(workshop)
    rows = answers_csv(journal).splitlines()
    assert rows[0] == "deliverable_no,deliverable,question,answer"
    assert rows.count("1,Deliverable 1,being,5") == 2
    assert rows.count("1,Deliverable 1,being,can't say") == 1
    assert rows.count("1,Deliverable 1,rag,amber") == 3
    assert len(rows) == 1 + 3 * 7
    tokens = Participant.objects.filter(workshop=workshop).values_list("token_hash", flat=True)
    for data in (answers_csv(journal), journal_json(journal)):
        assert not any(token in data for token in tokens)
        assert "participant" not in data


def test_data_of_a_journal_of_words_has_no_noughts() -> None:
    journal = build_journal(told_in_words(1))
    assert len(answers_csv(journal).splitlines()) == 1
    assert '"counts"' not in journal_json(journal)
    assert '"rag": {}' in journal_json(journal)


def test_data_is_no_formula_for_a_spreadsheet() -> None:
    workshop = told_in_numbers(1)
    assert Score.objects.filter(workshop=workshop).exists()
    workshop.edition.deliverables.update(name="=HYPERLINK(1)")
    assert ",=" not in answers_csv(build_journal(workshop))
