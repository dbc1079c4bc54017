"""Imperatives at the desk: held, hidden, shown again, redacted; what says nearly the same; dots that stay."""

from __future__ import annotations

import csv
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from ratings.aloud import add_imperative
from ratings.authorship import signed
from ratings.choices import CommentState, Reason, Source
from ratings.deciding import WordsChanged, digest, hide_words, hold_words, redact_words, show_words
from ratings.imperatives import (
    ImperativeAnswer,
    merge_imperatives,
    on_show,
    rank_imperatives,
    record_imperatives,
    to_vote_on,
)
from ratings.journal.build import Moderated, build_journal
from ratings.models import Imperative, Vote, WordsDecision
from ratings.showing import show_dots
from ratings.sifting import KeptCount, Sifted, count_kept, sift_imperatives
from tests import factories
from tests.routes import address
from workshops.choices import StageKind
from workshops.models import Workshop

pytestmark = pytest.mark.django_db

WHY = str(Reason.PERSON.label)
ALIKE = ("Meet every month with the partners", "A meeting every month with partners", "Meet the partners every month")


@pytest.fixture
def ann() -> User:
    return factories.facilitator("ann")


@pytest.fixture
def desk(ann: User) -> Client:
    return factories.desk(ann)


@pytest.fixture
def of(ann: User) -> Workshop:
    return factories.workshop(by=ann)


def named(of: Workshop, *texts: str) -> list[Imperative]:
    return [factories.imperative(of, text) for text in texts]


def shown(of: Workshop) -> list[str]:
    return [row.imperative.text for row in rank_imperatives(of, show_dots(of))]


def page(desk: Client, of: Workshop, name: str = "ratings:imperatives", **ids: Any) -> str:
    answer = desk.get(address(name, of, **ids))
    assert answer.status_code == 200
    return answer.content.decode()


def decide(desk: Client, row: Imperative, **sent: Any) -> Any:
    path = address("ratings:decide_imperative", row.workshop, imperative_id=row.pk)
    return desk.post(path, {"read": digest(row.text), **sent})


def words(sifted: Sifted) -> tuple[list[str], list[str]]:
    """Return the words to decide about and those kept back."""
    return [each.row.said.text for each in sifted.look], [each.row.said.text for each in sifted.kept]


# Held when it may name somebody


@pytest.mark.parametrize(
    ("text", "state", "flagged"),
    [("Meet every month", CommentState.NEW, False), ("Give Maria an hour", CommentState.HELD, True)],
)
def test_imperative_that_may_name_somebody_is_held_until_somebody_looks(
    of: Workshop, text: str, state: CommentState, flagged: bool
) -> None:
    factories.opened(of, StageKind.IMPERATIVES)
    record_imperatives(participant=factories.participant(of), answers=[ImperativeAnswer(text)])
    add_imperative(workshop=of, text=text, source=Source.ALOUD)
    assert list(Imperative.objects.values_list("state", "flagged")) == [(state, flagged)] * 2
    assert len(shown(of)) == (0 if flagged else 2)


@pytest.mark.parametrize(
    ("before", "text", "state", "flagged"),
    [
        (CommentState.SHOWN, "Meet every month", CommentState.SHOWN, False),
        (CommentState.SHOWN, "Meet each month", CommentState.NEW, False),
        (CommentState.SHOWN, "Meet Maria", CommentState.HELD, True),
        (CommentState.HELD, "Meet every month", CommentState.HELD, False),
        (CommentState.HELD, "Meet each month", CommentState.HELD, True),
        (CommentState.HIDDEN, "Meet each month", CommentState.HELD, True),
    ],
)
def test_other_words_are_looked_at_again_and_what_was_kept_back_stays_so(
    of: Workshop, before: CommentState, text: str, state: CommentState, flagged: bool
) -> None:
    factories.opened(of, StageKind.IMPERATIVES)
    phone = factories.participant(of)
    record_imperatives(participant=phone, answers=[ImperativeAnswer("Meet every month")])
    Imperative.objects.update(state=before)
    record_imperatives(participant=phone, answers=[ImperativeAnswer(text)])
    row = Imperative.objects.get()
    assert (row.text, row.state, row.flagged) == (text, state, flagged)


# What keeping back does


@pytest.mark.parametrize("state", [CommentState.HELD, CommentState.HIDDEN])
def test_kept_imperative_is_nowhere_but_at_the_desk_and_keeps_its_dots(of: Workshop, state: CommentState) -> None:
    out, left = named(of, "Keep this out", "Leave this in")
    phone = factories.phone(of)
    factories.opened(of, StageKind.PRIORITIES)
    for row in (out, left):
        Vote.objects.create(imperative=row, slot=row.pk - out.pk + 1, **signed(factories.holder(phone, of), Vote))
    card = address("ratings:open_card", of)
    assert "Keep this out" in phone.get(card).content.decode()
    if state == CommentState.HELD:
        hold_words(words=out, user=None)
    else:
        hide_words(words=out, user=None, reason=WHY)
    assert "Keep this out" not in phone.get(card).content.decode()
    answers = phone.get(address("ratings:answers", of)).content.decode()
    assert "Keep this out" not in answers
    assert "1 of your dots is on words that are not shown at the moment." in answers
    factories.revealed(of, StageKind.IMPERATIVES)
    factories.revealed(of, StageKind.PRIORITIES)
    facilitator = factories.desk(of.facilitators.get().user)
    for name in ("wall", "journal", "ratings:wall_picture"):
        seen = facilitator.get(address(name, of)).content.decode()
        assert "Leave this in" in seen
        assert "Keep this out" not in seen
    assert "Keep this out" not in phone.get(card).content.decode()
    desk_page = page(facilitator, of)
    assert "1 dot is on it. It is kept, and not shown." in desk_page
    show_words(words=Imperative.objects.get(pk=out.pk), user=None)
    assert [(row.imperative, row.votes) for row in rank_imperatives(of, show_dots(of))] == [(out, 1), (left, 1)]


def test_what_was_merged_into_a_kept_imperative_goes_with_it_and_a_kept_one_leaves_its_leader(of: Workshop) -> None:
    leading, other, alone = named(of, "Leads", "Says the same", "Alone")
    merge_imperatives(leading=leading, others=[other])
    Vote.objects.create(imperative=other, slot=1, **signed(factories.participant(of), Vote))
    hold_words(words=leading, user=None)
    assert shown(of) == ["Alone"]
    assert set(on_show(of)) == set(to_vote_on(of)) == {alone}
    factories.revealed(of, StageKind.PRIORITIES)
    (kept,) = sift_imperatives(of).kept
    assert (kept.votes, kept.merged) == (1, (other,))
    show_words(words=Imperative.objects.get(pk=leading.pk), user=None)
    hold_words(words=other, user=None)
    assert [(row.imperative.text, row.merged, row.votes) for row in rank_imperatives(of, show_dots(of))] == [
        ("Leads", (), 0),
        ("Alone", (), 0),
    ]


def test_keeping_an_imperative_back_is_told_to_phones(of: Workshop) -> None:
    (row,) = named(of, "Do it")
    before = of.revision
    hold_words(words=row, user=None)
    of.refresh_from_db()
    assert of.revision == before + 1


def test_redacted_imperative_keeps_a_mark_and_never_the_words(of: Workshop) -> None:
    (row,) = named(of, "Give Kunigunde an hour")
    redact_words(words=row, user=None, chosen=[1], reason=WHY)
    assert shown(of) == ["Give [name removed] an hour"]
    assert "Kunigunde" not in str([*Imperative.objects.values_list(), *WordsDecision.objects.values_list()])


def test_decision_about_words_that_are_gone_is_refused(of: Workshop) -> None:
    (row,) = named(of, "Do it")
    Imperative.objects.all().delete()
    with pytest.raises(WordsChanged):
        hold_words(words=row, user=None)
    assert not WordsDecision.objects.exists()


def test_journal_counts_what_is_held_hidden_and_redacted_apart(of: Workshop, desk: Client) -> None:
    held, merged, hidden, changed, _left = named(of, "Held", "With it", "Hidden", "Give Maria an hour", "Left")
    merge_imperatives(leading=held, others=[merged])
    hold_words(words=held, user=None)
    hide_words(words=hidden, user=None, reason=WHY)
    redact_words(words=changed, user=None, chosen=[1], reason=WHY)
    redact_words(words=changed, user=None, chosen=[4], reason=WHY)
    scale = factories.scale(of)
    comments = [factories.comment(of, scale, f"Ask Maria {n}") for n in range(6)]
    for comment in comments[:3]:
        redact_words(words=comment, user=None, chosen=[1], reason=WHY)
    hide_words(words=comments[0], user=None, reason=WHY)
    hide_words(words=comments[3], user=None, reason=WHY)
    hold_words(words=comments[4], user=None)
    before = build_journal(of)
    assert before.moderated_comments == Moderated(held=1, hidden=2, redacted=0), "none is printed yet"
    assert before.moderated_imperatives == Moderated(held=2, hidden=1, redacted=0)
    factories.opened(of, StageKind.CLOSED)
    of.refresh_from_db()
    journal = build_journal(of)
    assert journal.moderated_comments == Moderated(held=1, hidden=2, redacted=2)
    assert journal.moderated_imperatives == Moderated(held=2, hidden=1, redacted=1)
    assert [line.text for line in journal.imperatives] == ["Give [name removed] an [name removed]", "Left"]
    printed = desk.get(address("journal", of)).content.decode()
    for sentence in (
        "1 comment is held back by the facilitator and not printed.",
        "2 comments were hidden, with reasons that the log keeps, and are not printed.",
        "Words were taken out of 2 comments that are printed; square brackets show where.",
        "2 imperatives are held back by the facilitator and not printed.",
        "1 imperative was hidden, with a reason that the log keeps, and is not printed.",
        "Words were taken out of 1 imperative that is printed; square brackets show where.",
        "<strong>3 comments are held or hidden.</strong>",
        "<strong>3 imperatives are held or hidden.</strong>",
    ):
        assert sentence in printed


# At the desk


def test_desk_flags_a_possible_name_and_takes_it_out_with_one_press(of: Workshop, desk: Client) -> None:
    factories.opened(of, StageKind.IMPERATIVES)
    row = add_imperative(workshop=of, text="Give Maria an hour", source=Source.ALOUD)
    seen = page(desk, of)
    assert "<mark>Maria</mark>" in seen
    assert "Possible name: Maria. </strong>Held until you decide." in seen
    panel = page(desk, of, "desk")
    assert "<strong>1 needs you:</strong>" in panel
    assert "Give Maria" not in panel
    assert decide(desk, row, do="redact", reason="person", words="1").url == address("ratings:imperatives", of)
    assert shown(of) == ["Give [name removed] an hour"]
    assert "needs you" not in page(desk, of, "desk")


def test_imperative_is_held_hidden_and_shown_again_at_the_desk(of: Workshop, desk: Client) -> None:
    factories.revealed(of, StageKind.IMPERATIVES)
    (row,) = named(of, "Do it")
    for sent, state in (
        ({"do": "hold"}, "held"),
        ({"do": "hide", "reason": "risk"}, "hidden"),
        ({"do": "show"}, "shown"),
    ):
        assert decide(desk, row, **sent).url == address("ratings:imperatives", of)
        row.refresh_from_db()
        assert row.state == state
        assert ("Kept back" in page(desk, of)) is (state != "shown")
        assert ("Kept back: " in page(desk, of, "desk")) is (state != "shown")
    assert list(row.decisions.order_by("pk").values_list("decision", flat=True)) == ["hold", "hide", "show"]


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"do": "hide"}, "Say why: choose a reason, or write one."),
        ({"do": "redact", "reason": "person"}, "Mark the words to take out."),
        ({"do": "redact", "reason": "person", "words": "0", "read": "else"}, "Its writer has changed it meanwhile."),
    ],
)
def test_what_cannot_be_decided_comes_back_with_a_sentence(
    of: Workshop, desk: Client, sent: dict[str, str], sentence: str
) -> None:
    (row,) = named(of, "Do it")
    answer = decide(desk, row, **sent)
    assert sentence in answer.content.decode()
    assert f'href="{address("ratings:imperatives", of)}">Leave it as it is' in answer.content.decode()
    assert not WordsDecision.objects.exists()


def test_imperative_looked_at_closely_has_its_found_words_marked(of: Workshop, desk: Client) -> None:
    factories.opened(of, StageKind.IMPERATIVES)
    row = add_imperative(workshop=of, text="Give Maria an hour", source=Source.PAPER)
    seen = page(desk, of, "ratings:imperative", imperative_id=row.pk)
    assert 'value="1" checked>' in seen
    assert seen.count(" checked>") == 1


def test_changed_words_of_a_kept_imperative_are_to_decide_about(of: Workshop, desk: Client) -> None:
    factories.opened(of, StageKind.IMPERATIVES)
    phone = factories.participant(of)
    record_imperatives(participant=phone, answers=[ImperativeAnswer("Do it")])
    hold_words(words=Imperative.objects.get(), user=None)
    assert words(sift_imperatives(of)) == ([], ["Do it"])
    assert count_kept(of) == KeptCount(look=0, held=1, hidden=0)
    record_imperatives(participant=phone, answers=[ImperativeAnswer("Do it now")])
    assert words(sift_imperatives(of)) == (["Do it now"], [])
    assert "It was kept back and its writer has changed it." in page(desk, of)


def test_closing_page_says_which_imperatives_are_undecided(of: Workshop, desk: Client) -> None:
    factories.opened(of, StageKind.IMPERATIVES)
    add_imperative(workshop=of, text="Give Maria an hour", source=Source.PAPER)
    hold_words(words=named(of, "Do it")[0], user=None)
    seen = page(desk, of, "ratings:closing")
    assert "1 imperative may name somebody: it will not be printed unless you show it." in seen
    assert "1 imperative is held: it will not be printed." in seen


def test_log_has_decisions_about_imperatives_too(of: Workshop, desk: Client, ann: User) -> None:
    comment = factories.comment(of, factories.scale(of), "Words")
    _first, second = named(of, "Leave it", "Give Maria an hour")
    hide_words(words=second, user=ann, reason=WHY)
    hold_words(words=comment, user=None)
    text = desk.get(address("ratings:decision_log", of)).content.decode("utf-8-sig")
    assert [line[1:] for line in csv.reader(text.splitlines())][1:] == [
        ["Imperative", "2", "", "", "Hidden", WHY, "ann"],
        ["Comment", "1", "Deliverable 1", "Being at the goal", "Held", "", ""],
    ]
    assert "Maria" not in text


# Suggestions


def test_suggestion_has_most_dots_first_and_changes_nothing(of: Workshop, desk: Client) -> None:
    rows = named(of, *ALIKE, "Write it down")
    Vote.objects.create(imperative=rows[1], slot=1, **signed(factories.participant(of), Vote))
    (suggestion,) = sift_imperatives(of).alike
    assert [row.imperative for row in suggestion.rows] == rows[:3], "no dot shows before the reveal"
    factories.revealed(of, StageKind.PRIORITIES)
    (suggestion,) = sift_imperatives(of).alike
    assert [row.imperative for row in suggestion.rows] == [rows[1], rows[0], rows[2]]
    assert "These say nearly the same" in page(desk, of)
    assert not Imperative.objects.exclude(merged_into=None).exists()
    assert len(shown(of)) == 4


def test_suggestion_is_put_together_with_one_press(of: Workshop, desk: Client) -> None:
    rows = named(of, *ALIKE, "Write it down")
    form = page(desk, of).split("Suggestion 1")[1].split("</form>")[0]
    sent = {"leading": rows[0].pk, "others": [row.pk for row in rows[:3]]}
    assert f'name="leading" value="{rows[0].pk}" checked' in form
    assert form.count('name="others"') == 3
    desk.post(address("ratings:merge", of), sent)
    assert [(row.imperative.text, len(row.merged)) for row in rank_imperatives(of, show_dots(of))] == [
        (ALIKE[0], 2),
        ("Write it down", 0),
    ]
    assert "These say nearly the same" not in page(desk, of)


def test_suggestion_that_was_put_away_comes_back_when_another_joins_it(of: Workshop, desk: Client) -> None:
    first, second = named(of, *ALIKE[:2])
    key = f"{first.pk}-{second.pk}"
    assert f'value="{key}"' in page(desk, of)
    answer = desk.post(address("ratings:put_away", of), {"suggestion": key})
    assert answer.headers["Location"] == address("ratings:imperatives", of)
    assert "These say nearly the same" not in page(desk, of)
    assert len(shown(of)) == 2
    named(of, ALIKE[2])
    assert "These say nearly the same" in page(desk, of)


def test_odd_suggestion_is_not_kept(of: Workshop, desk: Client) -> None:
    for key in ("", "1", "1-x", "9" * 5000, "-1-2"):
        desk.post(address("ratings:put_away", of), {"suggestion": key})
    assert not desk.session.get(f"put-away-{of.code}")


def test_kept_imperatives_are_not_suggested_nor_merged(of: Workshop, desk: Client) -> None:
    first, second = named(of, *ALIKE[:2])
    hold_words(words=second, user=None)
    assert not sift_imperatives(of).alike
    answer = desk.post(address("ratings:merge", of), {"leading": first.pk, "others": [second.pk]})
    assert "One of these is no longer in the list." in answer.content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_page_takes_a_fixed_number_of_queries(of: Workshop, desk: Client, rows: int) -> None:
    for n in range(rows):
        leading, other, kept, more = named(of, f"Lead {n}", f"Same {n}", f"Kept {n}", f"More {n}")
        merge_imperatives(leading=leading, others=[other])
        merge_imperatives(leading=kept, others=[more])
        hold_words(words=kept, user=None)
    with CaptureQueriesContext(connection) as taken:
        page(desk, of)
    assert len(taken) == 10, [each["sql"] for each in taken]
