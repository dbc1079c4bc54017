"""Deciding about comments at the desk and in the list, and the log of it."""

from __future__ import annotations

import csv
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from ratings.choices import Asked, CommentState, Mark, Reason
from ratings.deciding import digest, hide_words, hold_words, redact_words, show_words
from ratings.models import Comment
from tests import factories
from tests.routes import address
from workshops.choices import StageKind
from workshops.models import Workshop

pytestmark = pytest.mark.django_db

UNKIND, RISK = str(Reason.UNKIND.label), str(Reason.RISK.label)
HTMX = {"HX-Request": "true"}


@pytest.fixture
def ann() -> User:
    return factories.facilitator("ann")


@pytest.fixture
def desk(ann: User) -> Client:
    return factories.desk(ann)


@pytest.fixture
def of(ann: User) -> Workshop:
    """Her workshop of two deliverables, at its first scale."""
    made = factories.workshop(by=ann)
    factories.opened(made, StageKind.SCALE)
    return made


def said(of: Workshop, text: str, *, n: int = 1, **fields: Any) -> Comment:
    return factories.comment(of, factories.scale(of, n=n), text, **({"state": CommentState.NEW} | fields))


def flagged(of: Workshop, text: str = "It works when Maria is here") -> Comment:
    comment = said(of, text, state=CommentState.HELD)
    Comment.objects.filter(pk=comment.pk).update(flagged=True)
    return comment


def page(desk: Client, name: str, of: Workshop, query: str = "", **ids: Any) -> str:
    answer = desk.get(address(name, of, **ids) + query)
    assert answer.status_code == 200
    return answer.content.decode()


def post(desk: Client, comment: Comment, **sent: Any) -> Any:
    values = {"read": digest(comment.text), **sent}
    return desk.post(address("ratings:decide", comment.workshop, comment_id=comment.pk), values)


def test_queue_marks_a_possible_name_and_says_that_it_is_held(desk: Client, of: Workshop) -> None:
    flagged(of)
    said(of, "Nobody in particular")
    queue = page(desk, "desk", of)
    assert "<mark>Maria</mark>" in queue
    assert "Possible name: Maria. </strong>Held until you decide." in queue
    assert "1 needs you" in queue
    assert queue.index("<mark>") < queue.index("Nobody in particular")


def test_name_is_taken_out_with_one_press(desk: Client, of: Workshop) -> None:
    comment = flagged(of)
    form = page(desk, "desk", of).split(f'id="redact-{comment.pk}"')[0].rsplit("<form", 1)[1]
    assert 'name="words" value="3"' in form
    assert 'name="reason" value="person"' in form
    assert f'name="read" value="{digest(comment.text)}"' in form
    post(desk, comment, do="redact", reason="person", words="3")
    comment.refresh_from_db()
    assert (comment.text, comment.state) == ("It works when [name removed] is here", CommentState.SHOWN)
    assert '<span class="black">[name removed]</span>' in page(desk, "desk", of)


def test_comment_is_shown_held_and_shown_again(desk: Client, of: Workshop) -> None:
    comment = said(of, "Words", mark=Mark.WORRY)
    for do, state in (("show", "shown"), ("hold", "held"), ("show", "shown")):
        assert post(desk, comment, do=do).headers["Location"] == address("desk", of)
        comment.refresh_from_db()
        assert comment.state == state


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"do": "hide"}, "Say why: choose a reason, or write one."),
        ({"do": "hide", "own_reason": "   "}, "Say why: choose a reason, or write one."),
        ({"do": "redact", "words": "0"}, "Say why: choose a reason, or write one."),
        ({"do": "redact", "reason": "person"}, "Mark the words to take out."),
        ({"do": "redact", "reason": "person", "words": "99"}, "99 is not one of the available choices"),
        ({"do": "redact", "reason": "person", "words": "0", "read": "else"}, "Its writer has changed it meanwhile."),
        ({"do": "lose"}, "lose is not one of the available choices"),
        ({}, "This field is required"),
    ],
)
def test_what_cannot_be_decided_comes_back_with_a_sentence(
    desk: Client, of: Workshop, sent: dict[str, str], sentence: str
) -> None:
    comment = said(of, "Words of somebody")
    answer = post(desk, comment, **sent)
    assert answer.status_code == 200
    assert sentence in answer.content.decode()
    comment.refresh_from_db()
    assert (comment.text, comment.state, comment.decisions.count()) == ("Words of somebody", CommentState.NEW, 0)


@pytest.mark.parametrize(
    ("sent", "reason"),
    [({"reason": "risk"}, RISK), ({"reason": "twice", "own_reason": " My own "}, "My own")],
)
def test_reason_is_chosen_or_written(desk: Client, of: Workshop, sent: dict[str, str], reason: str) -> None:
    comment = said(of, "Words")
    post(desk, comment, do="hide", **sent)
    comment.refresh_from_db()
    assert comment.state == CommentState.HIDDEN
    assert comment.decisions.get().reason == reason


def test_comment_looked_at_closely_has_its_found_words_marked_and_the_risk_rule(desk: Client, of: Workshop) -> None:
    comment = flagged(of)
    shown = page(desk, "ratings:comment", of, comment_id=comment.pk)
    assert 'value="3" checked>' in shown
    assert shown.count(" checked>") == 1
    assert "If a comment tells of a risk to a child" in shown
    assert "It tells of a risk to a child, and was passed on" in shown


def test_marked_words_stay_marked_when_the_reason_is_missing(desk: Client, of: Workshop) -> None:
    shown = post(desk, flagged(of), do="redact", words=["0", "1"]).content.decode()
    assert [f'value="{n}" checked>' in shown for n in range(4)] == [True, True, False, False]


def test_decision_with_script_returns_the_queue_of_the_stage(desk: Client, of: Workshop) -> None:
    said(of, "Of being")
    said(of, "Of progress", n=2)
    said(of, "Of the next deliverable", n=3)
    said(of, "Unkind", state=CommentState.HIDDEN)
    path = address("ratings:decide", of, comment_id=Comment.objects.get(text="Of being").pk)
    queue = desk.post(path, {"do": "show"}, headers=HTMX).content.decode()
    assert "3 in, 1 to look at" in queue
    assert queue.index("Of progress") < queue.index("Of being")
    assert "Of the next" not in queue
    assert "Unkind" not in queue
    assert "<html" not in queue


@pytest.mark.parametrize(
    ("sent", "query"),
    [
        ("shelf=held&deliverable=3", "shelf=held&deliverable=3"),
        ("shelf=held&next=//elsewhere.example", "shelf=held"),
        ("", "shelf=look"),
    ],
)
def test_decision_in_the_list_goes_back_to_the_list(desk: Client, of: Workshop, sent: str, query: str) -> None:
    answer = post(desk, said(of, "Words"), do="show", list=sent)
    assert answer.headers["Location"] == address("ratings:comments", of) + "?" + query


def test_comments_that_were_read_are_shown_and_later_ones_are_not(desk: Client, of: Workshop) -> None:
    rows = [said(of, f"Read {n}") for n in range(2)]
    for name in ("desk", "ratings:comments"):
        assert "I have read these 2: show them" in page(desk, name, of)
    said(of, "Later")
    sent = {"seen": [*(str(row.pk) for row in rows), "x", "-1", "9" * 19], "list": ""}
    desk.post(address("ratings:show_new", of), sent)
    states = dict(Comment.objects.values_list("text", "state"))
    assert states == {"Read 0": "shown", "Read 1": "shown", "Later": "new"}


def test_list_has_a_shelf_for_each_state_and_filters_by_deliverable(desk: Client, of: Workshop) -> None:
    assert "Nothing to look at" in page(desk, "ratings:comments", of)
    assert "None here" in page(desk, "ratings:comments", of, "?shelf=hidden")
    for mark, state in zip(("", *Mark.values), CommentState, strict=True):
        said(of, f"Said {state}", mark=mark, state=state)
    Comment.objects.filter(state=CommentState.NEW).update(asked=Asked.HIGHER)
    said(of, "Elsewhere", n=3)
    flagged(of)
    look = page(desk, "ratings:comments", of)
    for words in ("To look at, 3", "Shown, 1", "Held, 1", "Hidden, 1", "No mark, Being at the goal, Deliverable 1"):
        assert words in look
    assert "What would one point higher look like?" in look
    for shelf in ("shown", "held", "hidden"):
        shown = page(desk, "ratings:comments", of, f"?shelf={shelf}")
        assert shown.count("<blockquote") == 1
        assert f"Said {shelf}" in shown
    one = page(desk, "ratings:comments", of, f"?deliverable={factories.scale(of, n=3).deliverable_id}")
    assert "Elsewhere" in one
    assert "To look at, 1" in one
    assert "Said new" not in one
    assert "To look at, 3" in page(desk, "ratings:comments", of, "?shelf=odd&deliverable=99")


def test_list_says_what_was_decided_by_whom(ann: User, desk: Client, of: Workshop) -> None:
    comment = said(of, "Words")
    hold_words(words=comment, user=ann)
    hide_words(words=comment, user=None, reason="My reason")
    hidden = page(desk, "ratings:comments", of, "?shelf=hidden")
    assert "<strong>Held</strong>, ann</li>" in hidden
    assert "<strong>Hidden</strong>. My reason</li>" in hidden


@pytest.mark.parametrize("comments", [1, 3])
def test_list_and_log_take_a_fixed_number_of_queries(ann: User, desk: Client, of: Workshop, comments: int) -> None:
    for n in range(comments):
        hold_words(words=said(of, f"Words {n}"), user=ann)
    for name, query, queries in (("ratings:comments", "?shelf=held", 9), ("ratings:decision_log", "", 12)):
        with CaptureQueriesContext(
            connection,
        ) as taken:
            desk.get(address(name, of) + query)
        assert len(taken) == queries, [each["sql"] for each in taken]


def test_log_has_decisions_and_never_a_word_or_a_writer(ann: User, desk: Client, of: Workshop) -> None:
    first, second = said(of, "Only Maria does it"), said(of, "Unkind words", n=3)
    redact_words(words=first, user=ann, chosen=[1], reason="=HYPERLINK(1)")
    hide_words(words=second, user=None, reason=UNKIND)
    show_words(words=Comment.objects.get(pk=second.pk), user=ann)
    answer = desk.get(address("ratings:decision_log", of))
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert f"decisions-{of.code}.csv" in answer.headers["Content-Disposition"]
    text = answer.content.decode("utf-8-sig")
    lines = list(csv.reader(text.splitlines()))
    assert lines[0] == ["When", "About", "Number", "Deliverable", "Scale", "Decision", "Reason", "By"]
    assert [line[1:] for line in lines[1:]] == [
        ["Comment", "1", "Deliverable 1", "Being at the goal", "Redacted", "'=HYPERLINK(1)", "ann"],
        ["Comment", "2", "Deliverable 2", "Being at the goal", "Hidden", UNKIND, ""],
        ["Comment", "2", "Deliverable 2", "Being at the goal", "Shown", "", "ann"],
    ]
    assert not any(word in text for word in ("Maria", "does", "Unkind words"))
