"""What was said aloud or written on paper: when it can be entered, how it counts, and that it is labelled."""

from collections.abc import Mapping

import pytest
from django.test import Client

from ratings.aloud import (
    NotYetOpen,
    add_comment,
    add_imperative,
    count_rags,
    count_scores,
    opened_stages,
    paper_counts,
)
from ratings.choices import CommentState, Source
from ratings.journal.build import build_journal
from ratings.models import Comment, Imperative, RagRating, Score
from ratings.scoring import record_rag, record_score
from ratings.summaries import summarise_rag, summarise_scale, summarise_workshop
from ratings.tallies import tally_stage
from tests import factories
from tests.routes import address
from workshops.choices import StageKind
from workshops.models import Stage, Workshop

pytestmark = pytest.mark.django_db


@pytest.fixture
def of() -> Workshop:
    return factories.workshop(deliverables=2)


@pytest.fixture
def stage(of: Workshop) -> Stage:
    return factories.opened(of, StageKind.SCALE)


def revision(of: Workshop) -> int:
    of.refresh_from_db()
    return of.revision


def count(stage: Stage, counts: Mapping[int | None, int]) -> None:
    """Count a scale stage's papers."""
    assert stage.scale is not None
    count_scores(workshop=stage.workshop, scale=stage.scale, counts=counts)


def test_counted_papers_add_to_what_phones_gave(of: Workshop, stage: Stage) -> None:
    assert stage.scale is not None
    phone = factories.participant(of)
    record_score(participant=phone, scale=stage.scale, value=4)
    count(stage, {3: 2, 4: 1, None: 1})
    summary = summarise_scale(of, stage.scale)
    assert summary.values == [3, 3, 4, 4]
    assert (summary.cant_say, summary.entered) == (1, 4)
    assert set(Score.objects.filter(author=None).values_list("source", flat=True)) == {Source.PAPER}


def test_count_takes_the_place_of_the_one_before(of: Workshop, stage: Stage) -> None:
    assert stage.scale is not None
    other = factories.scale(of, n=2)
    factories.scores(of, other, 9)
    count(stage, {3: 2, None: 4})
    count(stage, {10: 1})
    assert summarise_scale(of, stage.scale).values == [10]
    assert paper_counts(of, stage) == {"10": 1}
    assert summarise_scale(of, other).values == [9]
    count(stage, {})
    assert summarise_scale(of, stage.scale).answers == 0


def test_n_of_m_stays_about_phones(of: Workshop, stage: Stage) -> None:
    factories.participant(of)
    count(stage, {5: 20})
    tally = tally_stage(of, stage)
    assert (tally.answered, tally.people) == (0, 1)


def test_counted_colours_add_to_what_phones_gave_and_are_replaced(of: Workshop) -> None:
    stage = factories.opened(of, StageKind.RAG)
    assert stage.deliverable is not None
    record_rag(participant=factories.participant(of), deliverable=stage.deliverable, value="R")
    count_rags(workshop=of, stage=stage, counts={"R": 1, "G": 2, "": 3})
    summary = summarise_rag(of, stage.deliverable)
    assert (summary.red, summary.green, summary.cant_say, summary.entered) == (2, 2, 3, 6)
    assert paper_counts(of, stage) == {"R": 1, "G": 2, "unsure": 3}
    count_rags(workshop=of, stage=stage, counts={"A": 1})
    summary = summarise_rag(of, stage.deliverable)
    assert (summary.red, summary.amber, summary.green, summary.entered) == (1, 1, 0, 1)


@pytest.mark.parametrize("source", [Source.ALOUD, Source.PAPER])
def test_added_words_are_kept_as_given_and_undecided(of: Workshop, stage: Stage, source: Source) -> None:
    assert stage.scale is not None
    words = "  In the words given,\nas they were  "
    comment = add_comment(workshop=of, scale=stage.scale, text=words, mark="worry", source=source)
    comment.refresh_from_db()
    assert (comment.text, comment.mark, comment.state, comment.source) == (words, "worry", CommentState.NEW, source)
    assert comment.author is None
    factories.opened(of, StageKind.IMPERATIVES)
    imperative = add_imperative(workshop=of, text="Do it", source=source)
    assert (imperative.source, imperative.author) == (source, None)


def test_nothing_can_be_entered_before_its_stage_opens(of: Workshop, stage: Stage) -> None:
    later, rag = factories.scale(of, n=2), factories.stage(of, StageKind.RAG)
    with pytest.raises(NotYetOpen):
        count_scores(workshop=of, scale=later, counts={3: 1})
    with pytest.raises(NotYetOpen):
        count_rags(workshop=of, stage=rag, counts={"R": 1})
    with pytest.raises(NotYetOpen):
        add_comment(workshop=of, scale=later, text="Words", source=Source.ALOUD)
    with pytest.raises(NotYetOpen):
        add_imperative(workshop=of, text="Do it", source=Source.ALOUD)
    assert not any(model.objects.exists() for model in (Score, RagRating, Comment, Imperative))


def test_what_was_open_can_be_entered_later_too(of: Workshop, stage: Stage) -> None:
    factories.opened(of, StageKind.MAP)
    count(stage, {3: 1})
    assert paper_counts(of, stage) == {"3": 1}
    assert [each.kind for each in opened_stages(of)] == [StageKind.SCALE]


def test_self_paced_workshop_takes_papers_for_every_question(of: Workshop) -> None:
    of.self_paced_until = of.date
    of.save()
    assert len(opened_stages(of)) == (8 if of.is_open_to_all else 0)


def test_entering_is_told_as_a_count_before_the_reveal_and_as_a_picture_after(of: Workshop, stage: Stage) -> None:
    before = revision(of)
    count(stage, {3: 1})
    assert revision(of) == before
    factories.revealed(of, StageKind.SCALE)
    before = revision(of)
    count(stage, {3: 2})
    assert revision(of) == before + 1


def test_summary_of_the_workshop_says_how_many_came_on_paper(of: Workshop, stage: Stage) -> None:
    rag = factories.opened(of, StageKind.RAG)
    count(stage, {3: 1, None: 1})
    count_rags(workshop=of, stage=rag, counts={"G": 3})
    shown = summarise_workshop(of, revealed_only=True).deliverables[0]
    assert (shown.being.entered, shown.rag.entered) == (0, 0), "nothing of it before the reveal"
    whole = summarise_workshop(of, revealed_only=False).deliverables[0]
    assert (whole.being.entered, whole.progress.entered, whole.rag.entered) == (2, 0, 3)


def test_journal_labels_what_was_entered(of: Workshop, stage: Stage) -> None:
    assert stage.scale is not None
    count(stage, {3: 2})
    add_comment(workshop=of, scale=stage.scale, text="Spoken words", source=Source.ALOUD)
    factories.opened(of, StageKind.IMPERATIVES)
    add_imperative(workshop=of, text="Written down", source=Source.PAPER)
    factories.opened(of, StageKind.CLOSED)
    of.refresh_from_db()
    journal = build_journal(of)
    assert journal.entered == 2
    said = [(each.text, each.how) for scale in journal.deliverables[0].scales for each in scale.comments]
    assert said == [("Spoken words", "said aloud")]
    assert [(line.text, line.how) for line in journal.imperatives] == [("Written down", "on paper")]


# At the desk


@pytest.fixture
def desk() -> tuple[Workshop, Client]:
    user = factories.facilitator()
    return factories.workshop(by=user), factories.desk(user)


def test_words_are_added_at_the_desk_and_the_form_is_empty_again(desk: tuple[Workshop, Client]) -> None:
    of, browser = desk
    stage = factories.opened(of, StageKind.SCALE)
    sent = {"about": stage.scale_id, "text": "Somebody\r\nsaid this", "mark": "next", "source": "aloud"}
    answer = browser.post(address("ratings:add_aloud", of), sent, headers={"HX-Request": "true"})
    comment = Comment.objects.get()
    assert (comment.text, comment.mark, comment.source) == ("Somebody\nsaid this", "next", Source.ALOUD)
    assert "Added." in answer.content.decode()
    assert "said this" not in answer.content.decode()
    assert browser.post(address("ratings:add_aloud", of), sent).status_code == 302
    assert Comment.objects.count() == 2


def test_imperative_is_added_at_the_desk(desk: tuple[Workshop, Client]) -> None:
    of, browser = desk
    factories.opened(of, StageKind.IMPERATIVES)
    browser.post(address("ratings:add_aloud", of), {"about": "next", "text": "Do it", "source": "paper"})
    assert Imperative.objects.get().source == Source.PAPER


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"text": " "}, "Write what was said."),
        ({"text": "x" * 1001}, "1001 characters. Keep it to 1000."),
        ({"source": "phone"}, "phone is not one of the available choices"),
        ({"about": "0"}, "0 is not one of the available choices"),
        ({"about": ""}, "Choose what it is about."),
    ],
)
def test_refused_words_come_back_with_the_reason(
    desk: tuple[Workshop, Client], change: dict[str, str], why: str
) -> None:
    of, browser = desk
    stage = factories.opened(of, StageKind.SCALE)
    sent = {"about": str(stage.scale_id), "text": "The words", "mark": "", "source": "aloud"} | change
    for headers in ({"HX-Request": "true"}, {}):
        page = browser.post(address("ratings:add_aloud", of), sent, headers=headers).content.decode()
        assert why in page
        assert sent["text"].strip() in page
        assert "Not added yet" in page
    assert not Comment.objects.exists()


def test_words_cannot_be_added_to_a_question_that_has_not_been_open(desk: tuple[Workshop, Client]) -> None:
    of, browser = desk
    factories.opened(of, StageKind.SCALE)
    sent = {"about": factories.scale(of, n=2).pk, "text": "The words", "source": "aloud"}
    assert browser.post(address("ratings:add_aloud", of), sent).status_code == 200
    assert not Comment.objects.exists()


def test_papers_are_counted_at_the_desk(desk: tuple[Workshop, Client]) -> None:
    of, browser = desk
    stage = factories.opened(of, StageKind.SCALE)
    path = address("ratings:paper", of, at=stage)
    answer = browser.post(path, {"3": "2", "10": "1", "unsure": "4", "5": ""})
    assert answer.headers["Location"] == f"{path}?saved=1"
    assert paper_counts(of, stage) == {"3": 2, "10": 1, "unsure": 4}
    page = browser.get(answer.headers["Location"]).content.decode()
    assert "Saved." in page
    assert 'name="3" inputmode="numeric" autocomplete="off" maxlength="4" value="2"' in page
    assert "changes the picture" not in page
    factories.revealed(of, StageKind.SCALE)
    assert "changes the picture" in browser.get(path).content.decode()


def test_colours_on_paper_are_counted_at_the_desk(desk: tuple[Workshop, Client]) -> None:
    of, browser = desk
    stage = factories.opened(of, StageKind.RAG)
    browser.post(address("ratings:paper", of, at=stage), {"R": "1", "A": "2", "G": "0", "unsure": "3"})
    assert paper_counts(of, stage) == {"R": 1, "A": 2, "unsure": 3}


@pytest.mark.parametrize(
    ("sent", "why"),
    [
        ({"3": "501"}, "3: write a whole number from 0 to 500, or leave it empty."),
        ({"3": "-1"}, "3: write a whole number from 0 to 500, or leave it empty."),
        ({"3": "two"}, "3: write a whole number from 0 to 500, or leave it empty."),
        ({"unsure": "1.5"}, "Can’t say: write a whole number from 0 to 500, or leave it empty."),
        ({"3": "300", "4": "201"}, "That is more than 500 papers."),
    ],
)
def test_refused_count_comes_back_as_typed(desk: tuple[Workshop, Client], sent: dict[str, str], why: str) -> None:
    of, browser = desk
    stage = factories.opened(of, StageKind.SCALE)
    count(stage, {7: 1})
    page = browser.post(address("ratings:paper", of, at=stage), sent).content.decode()
    assert why in page
    for value in sent.values():
        assert f'value="{value}"' in page
    assert paper_counts(of, stage) == {"7": 1}


def test_only_questions_that_have_been_open_have_papers(desk: tuple[Workshop, Client]) -> None:
    of, browser = desk
    factories.opened(of, StageKind.IMPERATIVES)
    for kind in StageKind:
        path = address("ratings:paper", of, at=factories.stage(of, kind))
        assert browser.get(path).status_code == 404


def test_wall_says_how_many_came_on_paper_once_revealed(desk: tuple[Workshop, Client]) -> None:
    of, browser = desk
    stage = factories.opened(of, StageKind.SCALE)
    count(stage, {3: 17})
    assert "On paper" not in browser.get(address("ratings:wall_picture", of)).content.decode()
    factories.revealed(of, StageKind.SCALE)
    assert "<dt>On paper</dt><dd>17</dd>" in browser.get(address("ratings:wall_picture", of)).content.decode()
    rag = factories.opened(of, StageKind.RAG)
    count_rags(workshop=of, stage=rag, counts={"G": 13})
    factories.revealed(of, StageKind.RAG)
    assert "13 on paper" in browser.get(address("ratings:wall_picture", of)).content.decode()


@pytest.mark.parametrize(("counts", "label"), [({3: 17}, "On paper: 17 for being, 0 for progress"), ({}, "")])
def test_wall_with_both_scales_says_how_many_came_on_paper(
    desk: tuple[Workshop, Client], counts: dict[int | None, int], label: str
) -> None:
    of, browser = desk
    for n in (1, 2):
        stage = factories.opened(of, StageKind.SCALE, n=n)
        assert stage.scale is not None
        record_score(participant=factories.participant(of), scale=stage.scale, value=5)
        if n == 1:
            count(stage, counts)
        factories.revealed(of, StageKind.SCALE, n=n)
    factories.opened(of, StageKind.TOGETHER)
    wall = browser.get(address("ratings:wall_picture", of)).content.decode()
    assert label in wall
    assert ("On paper" in wall) is bool(label)
