"""Editing a journal: a facilitator's words, the order of comments, what is set large; two who do it at once."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ratings.choices import Asked, CommentState, Grouping, Mark
from ratings.commenting import record_comment
from ratings.deciding import hide_words, redact_words, show_words
from ratings.exporting import export_workshop
from ratings.journal.build import Explained, Paragraph, build_journal
from ratings.journal.chapter import read_chapter
from ratings.journal.editing import ChapterEdit, EditedMeanwhile, moved, save_chapter, save_notes
from ratings.journal.notes import Notes, read_notes, suspects
from ratings.models import Comment, JournalNotes, Lead, Term, Theme
from ratings.sealing import seal_workshop
from ratings.themes import group_comments
from tests import factories
from tests.ratings.journal.edited import SAID, edit, large, lines, place, printed, quote, to_edit
from workshops.choices import StageKind
from workshops.erasing import erase_workshop
from workshops.models import Deliverable, Workshop

pytestmark = pytest.mark.django_db


@pytest.fixture
def of() -> Workshop:
    return to_edit()


@pytest.fixture
def first(of: Workshop) -> Deliverable:
    return of.edition.deliverables.all()[0]


# What stands beside the answers


def test_journal_has_the_reviews_words_until_others_are_written(of: Workshop) -> None:
    journal = build_journal(of)
    assert (journal.epigraph, journal.epigraph_by) == ("Ask twice.", "A saying")
    assert journal.deliverables[0].lead == "Why deliverable 1 matters."
    assert (journal.paragraphs, journal.glossary, journal.is_edited) == ((), (), False)


def test_notes_are_printed_and_an_epigraph_like_the_reviews_stays_the_reviews(of: Workshop) -> None:
    before = read_notes(of)
    glossary = (("RAG", "Red, amber, green"), ("ap", "Approved person"))
    written = Notes("One.\n\nTwo\nlines.\n \n\n", before.epigraph, before.epigraph_by, Grouping.MARK, glossary)
    save_notes(workshop=of, notes=written, read=before.read)
    journal = build_journal(of)
    assert journal.paragraphs == (Paragraph("One."), Paragraph("Two\nlines."))
    assert journal.glossary == (Explained("ap", "Approved person"), Explained("RAG", "Red, amber, green"))
    assert journal.is_edited
    row = JournalNotes.objects.get(workshop=of)
    assert (row.has_own_epigraph, row.epigraph, row.grouping) == (False, "", Grouping.MARK)


@pytest.mark.parametrize("epigraph", ["", "Another one."])
def test_epigraph_and_lead_are_replaced_or_left_out(of: Workshop, epigraph: str) -> None:
    save_notes(workshop=of, notes=Notes(epigraph=epigraph), read=read_notes(of).read)
    edit(of, lead=epigraph)
    journal = build_journal(of)
    assert (journal.epigraph, journal.epigraph_by) == (epigraph, "")
    assert journal.deliverables[0].lead == epigraph
    edit(of, lead="Why deliverable 1 matters.")
    assert not Lead.objects.exists()


def test_what_may_point_to_a_person_in_the_facilitators_words_is_found(of: Workshop) -> None:
    assert suspects(of) == []
    notes = Notes(introduction="Ring 07700 900123 for more.", glossary=(("Lead", "Ask Megan Jones"),))
    save_notes(workshop=of, notes=notes, read=read_notes(of).read)
    edit(of, lead="Write to ann@example.org")
    found = {each.where: each.words for each in suspects(of)}
    assert set(found) == {"Introduction", "Glossary", "Deliverable 1"}
    assert found["Deliverable 1"] == ("ann@example.org",)


# The order of comments, and of groups


@given(st.lists(st.integers(), unique=True, max_size=8), st.data())
def test_what_is_moved_goes_to_its_place_and_the_rest_keep_their_order(rows: list[int], data: st.DataObject) -> None:
    chosen = data.draw(st.sets(st.sampled_from(rows), max_size=3)) if rows else set()
    targets = data.draw(st.permutations(range(1, len(rows) + 1)))
    places = dict(zip(sorted(chosen), targets, strict=False))
    ordered = moved(rows, lambda row: row, places)
    assert sorted(ordered) == sorted(rows)
    going = {row for row, place in places.items() if rows.index(row) + 1 != place}
    assert [row for row in ordered if row not in going] == [row for row in rows if row not in going]
    if all(rows.index(row) + 1 != place for row, place in places.items()):
        assert {row: ordered.index(row) + 1 for row in places} == places


def test_comments_that_want_the_same_place_stand_one_after_the_other() -> None:
    assert moved("abcd", lambda row: row, {"c": 1, "d": 1}) == ["c", "d", "a", "b"]
    assert moved("abcd", lambda row: row, {"a": 2, "b": 1}) == ["b", "a", "c", "d"]
    assert moved("abcd", lambda row: row, {"a": 4}) == ["b", "c", "d", "a"]


def test_comments_are_moved_by_number_and_by_one_step(of: Workshop) -> None:
    place(of, Five=1)
    assert printed(of) == ["Five", "One", "Two", "Three", "Four"]
    edit(of, move=(lines(of)["One"].key, 1))
    assert printed(of) == ["Five", "Two", "One", "Three", "Four"]
    edit(of, move=(lines(of)["Five"].key, -1))
    edit(of, move=("nobodys", 1))
    assert printed(of) == ["Five", "Two", "One", "Three", "Four"]


def test_order_keeps_the_numbers_that_were_drawn_so_that_what_comes_later_is_no_easier_to_tell(of: Workshop) -> None:
    for n, comment in enumerate(Comment.objects.filter(workshop=of)):
        comment.position = 1000 * (n + 1)
        comment.save()
    place(of, Five=1, One=5)
    assert sorted(Comment.objects.values_list("position", flat=True)) == [1000, 2000, 3000, 4000, 5000]
    Comment.objects.update(position=7)  # as drawn twice: told apart by new draws
    order = printed(of)
    place(of, **{order[4]: 1})
    assert printed(of) == [order[4], *order[:4]]


def test_grouping_is_by_theme_by_mark_or_not_at_all(of: Workshop, first: Deliverable) -> None:
    keys = {comment.text: comment.pk for comment in Comment.objects.all()}
    for name, texts in (("Beta", ["One"]), ("Alpha", ["Two"])):
        group_comments(workshop=of, deliverable=first, comments=[keys[text] for text in texts], name=name)
    Comment.objects.filter(text__in=["One", "Three"]).update(mark=Mark.WORRY)
    Comment.objects.filter(text="Five").update(asked=Asked.HIGHER)

    def groups() -> list[str]:
        return [group.name for group in build_journal(of).deliverables[0].scales[0].groups]

    higher = "One point higher would look like"
    assert groups() == ["Alpha", "Beta", "Worries", "Also said", higher]
    beta, alpha = Theme.objects.order_by("pk")
    edit(of, theme_places={beta.pk: 1}, names={alpha.pk: "Beta", beta.pk: "Alpha"})  # which change their names
    assert groups() == ["Alpha", "Beta", "Worries", "Also said", higher]
    assert [said.text for said in build_journal(of).deliverables[0].scales[0].groups[0].comments] == ["One"]
    group_comments(workshop=of, deliverable=first, comments=[keys["Four"]], name="A new one comes last")
    assert groups()[:3] == ["Alpha", "Beta", "A new one comes last"]
    save_notes(workshop=of, notes=Notes(grouping=Grouping.MARK), read=read_notes(of).read)
    assert groups() == ["Worries", "Also said", higher]
    save_notes(workshop=of, notes=Notes(grouping=Grouping.NONE), read=read_notes(of).read)
    assert groups() == ["", higher]


# What is set large


def test_quotations_stand_in_order_and_among_the_comments_too(of: Workshop) -> None:
    quote(of, "Four", "Two")
    journal = build_journal(of)
    assert large(journal) == ["Two", "Four"]
    assert printed(of) == list(SAID)
    assert journal.is_edited
    quote(of)
    assert large(build_journal(of)) == []


def test_hidden_comment_is_no_quotation_any_more_and_a_redacted_one_shows_its_mark(of: Workshop) -> None:
    quote(of, "One", "Two")
    one, two = (lines(of)[text].comment for text in ("One", "Two"))
    hide_words(words=one, user=None, reason="Unkind")
    redact_words(words=two, user=None, chosen=[0], reason="It names somebody")
    assert large(build_journal(of)) == ["[name removed]"]
    show_words(words=Comment.objects.get(pk=one.pk), user=None)
    assert large(build_journal(of)) == ["[name removed]"]


def test_words_that_their_writer_changes_are_no_quotation_any_more() -> None:
    of = factories.workshop()
    factories.opened(of, StageKind.SCALE)
    phone, scale = factories.participant(of), factories.scale(of)
    record_comment(participant=phone, scale=scale, text="What we do")
    Comment.objects.update(quoted=True)
    record_comment(participant=phone, scale=scale, text="What we do", mark=Mark.WELL)
    assert Comment.objects.get().quoted
    record_comment(participant=phone, scale=scale, text="What we do not")
    assert not Comment.objects.get().quoted


def test_running_workshop_shows_no_more_for_editing_than_the_room_has_seen(of: Workshop, first: Deliverable) -> None:
    Workshop.objects.filter(pk=of.pk).update(closed_at=None)
    of.refresh_from_db()
    assert read_chapter(of, first).lines == ()
    factories.revealed(of, StageKind.SCALE)
    assert len(read_chapter(of, first).lines) == 5


# What follows the comments


def test_order_and_quotations_outlive_sealing_and_so_does_an_open_page(of: Workshop, first: Deliverable) -> None:
    place(of, Five=1)
    quote(of, "Three")
    chapter = read_chapter(of, first)
    seal_workshop(workshop=of)
    assert printed(of) == ["Five", "One", "Two", "Three", "Four"]
    assert large(build_journal(of)) == ["Three"]
    assert read_chapter(of, first).read == chapter.read
    assert {line.comment.pk for line in read_chapter(of, first).lines}.isdisjoint(
        line.comment.pk for line in chapter.lines
    )


def test_erasing_takes_it_all_along_and_an_export_has_it(of: Workshop) -> None:
    save_notes(workshop=of, notes=Notes("Hello.", glossary=(("RAG", "Three colours"),)), read=read_notes(of).read)
    edit(of, lead="Mine")
    rows = export_workshop(of)["rows"]
    assert rows["ratings.JournalNotes"][0]["introduction"] == "Hello."
    assert rows["ratings.Term"][0]["meaning"] == "Three colours"
    assert rows["ratings.Lead"][0]["text"] == "Mine"
    erase_workshop(workshop=of, by="ann")
    assert not any(model.objects.exists() for model in (JournalNotes, Term, Lead, Comment))


# Two at once


def test_what_was_read_before_a_change_changes_nothing(of: Workshop, first: Deliverable) -> None:
    notes, chapter = read_notes(of), read_chapter(of, first)
    save_notes(workshop=of, notes=Notes("First"), read=notes.read)
    with pytest.raises(EditedMeanwhile):
        save_notes(workshop=of, notes=Notes("Second"), read=notes.read)
    assert read_notes(of).introduction == "First"
    Comment.objects.filter(text="One").update(state=CommentState.HELD)
    with pytest.raises(EditedMeanwhile):
        save_chapter(workshop=of, deliverable=first, edit=ChapterEdit(lead="Second"), read=chapter.read)
    assert read_chapter(of, first).lead == chapter.lead
