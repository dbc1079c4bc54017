"""Nothing that anybody said can be changed by editing a journal, whatever is sent; a redaction can, and is recorded."""

from __future__ import annotations

from typing import Any

import pytest
from django.db.models import Model
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from ratings.choices import Decision
from ratings.deciding import digest
from ratings.journal.build import build_journal
from ratings.journal.chapter import read_chapter
from ratings.journal.notes import read_notes
from ratings.models import Action, Comment, Imperative, RagRating, Score, Theme, Vote, WordsDecision
from ratings.themes import group_comments
from tests import factories
from tests.ratings.journal.told import told_in_numbers
from tests.routes import address
from tests.test_hostile_input import NASTY
from workshops.choices import Role
from workshops.models import Facilitator, Workshop

pytestmark = pytest.mark.django_db

GIVEN: tuple[type[Model], ...] = (Score, RagRating, Comment, Imperative, Vote, Action, WordsDecision)
ARRANGED = {"position", "quoted", "theme_id"}
"""What a facilitator arranges of a comment."""


def given_by_people(of: Workshop) -> list[tuple[Any, ...]]:
    """Return every column of everything that people gave, but for what is arranged."""
    rows: list[tuple[Any, ...]] = []
    for model in GIVEN:
        names = [field.attname for field in model._meta.concrete_fields if field.attname not in ARRANGED]
        rows += [(model.__name__, *row) for row in model._default_manager.order_by("pk").values_list(*names)]
    return rows


def told() -> tuple[Workshop, Any]:
    """Return a workshop with something of everything, and its facilitator's browser."""
    of, user = told_in_numbers(2), factories.facilitator()
    Facilitator.objects.create(workshop=of, user=user, role=Role.FACILITATOR)
    first = of.edition.deliverables.all()[0]
    comments = Comment.objects.filter(scale__deliverable=first).values_list("pk", flat=True)[:2]
    group_comments(workshop=of, deliverable=first, comments=comments, name="Together")
    return of, factories.desk(user)


def fields_of(of: Workshop) -> dict[str, list[str]]:
    """Return every field of every form on the editing pages, by the route that takes it."""
    keys = [line.key for line in read_chapter(of, of.edition.deliverables.all()[0]).lines]
    theme = Theme.objects.get()
    return {
        "ratings:edit_journal": [
            *("introduction", "epigraph", "epigraph_by", "grouping", "as_in_review", "add"),
            *("terms-0-term", "terms-0-meaning", "terms-0-DELETE", "terms-TOTAL_FORMS"),
        ],
        "ratings:edit_deliverable": [
            *("lead", "quote", "up", "down", "as_in_review", f"theme-{theme.pk}", f"theme-{theme.pk}-place"),
            *(f"place-{key}" for key in keys),
        ],
    }


class TestWordsStay(TestCase):
    """What is sent to the editing pages."""

    @settings(max_examples=12)
    @given(st.data())
    def test_whatever_is_sent_to_an_editing_page_what_people_gave_stays(self, data: st.DataObject) -> None:
        of, desk = told()
        before, texts = given_by_people(of), said_in(of)
        for route, fields in fields_of(of).items():
            keys = [field.removeprefix("place-") for field in fields if field.startswith("place-")]
            values = st.sampled_from([*NASTY, *keys, "1", "2", "none", "mark", "Reworded by somebody else"])
            sent = {field: data.draw(values, label=field) for field in fields if data.draw(st.booleans())}
            first = of.edition.deliverables.all()[0]
            chapter, notes = read_chapter(of, first), read_notes(of)
            sent["read"] = notes.read if route == "ratings:edit_journal" else chapter.read
            assert desk.post(address(route, of), sent).status_code in (200, 302)
        assert given_by_people(of) == before
        assert said_in(of) == texts


def said_in(of: Workshop) -> list[str]:
    """Return every word of theirs that the journal prints, sorted."""
    journal = build_journal(of)
    comments = [said.text for page in journal.deliverables for scale in page.scales for said in scale.comments]
    return sorted([*comments, *(line.text for line in journal.imperatives)])


def test_all_that_can_be_edited_at_once_leaves_what_people_gave() -> None:
    of, desk = told()
    before, texts = given_by_people(of), said_in(of)
    sent = {"introduction": "Ours", "epigraph": "", "grouping": "none", "terms-0-term": "A", "terms-0-meaning": "B"}
    sent |= {"terms-TOTAL_FORMS": "1", "terms-INITIAL_FORMS": "0", "read": read_notes(of).read}
    assert desk.post(address("ratings:edit_journal", of), sent).status_code == 302
    chapter = read_chapter(of, of.edition.deliverables.all()[0])
    places = {f"place-{line.key}": str(line.of + 1 - line.place) for line in chapter.lines}
    quoted = [line.key for line in chapter.lines[:3]]
    sent = {"lead": "Ours", f"theme-{Theme.objects.get().pk}": "Renamed", "read": chapter.read, **places}
    assert desk.post(address("ratings:edit_deliverable", of), sent | {"quote": quoted}).status_code == 302
    now = read_chapter(of, of.edition.deliverables.all()[0])
    assert [line.comment.text for line in now.lines] != [line.comment.text for line in chapter.lines]
    assert sum(line.comment.quoted for line in now.lines) == 3
    assert given_by_people(of) == before
    assert said_in(of) == texts


def test_redaction_changes_one_comment_and_is_recorded() -> None:
    of, desk = told()
    before = given_by_people(of)
    row = Comment.objects.filter(workshop=of)[0]
    sent = {"do": "redact", "words": "0", "reason": "person", "read": digest(row.text)}
    desk.post(address("ratings:decide", of, comment_id=row.pk), sent)
    after = given_by_people(of)
    changed = [now for now in after if now not in before]
    assert {(each[0]) for each in changed} == {"Comment", "WordsDecision"}
    assert len(changed) == 2
    assert WordsDecision.objects.get().decision == Decision.REDACT
    assert Comment.objects.get(pk=row.pk).text.startswith("[name removed]")
