"""Edit a journal before it is printed. What people said stays as it is: only its order, and what is set large, changes.

Whoever saves says which state they had read; where that is no longer the state, nothing is saved.
"""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from ratings.journal.chapter import Chapter, read_chapter
from ratings.journal.notes import Notes, read_notes
from ratings.models import Comment, JournalNotes, Lead, Term, Theme
from workshops.choices import Deed
from workshops.models import Deliverable, Workshop
from workshops.trail import record_act

T = TypeVar("T")
K = TypeVar("K")


class EditedMeanwhile(Exception):
    """What was to be changed is no longer as it was when it was read."""


@dataclass(frozen=True)
class ChapterEdit:
    """What is to become of a chapter. Whatever it does not name stays as it is.

    `names` and `theme_places` go by a theme's id, the others by the key of a line; places count from 1. `move` is a
    line to go up (-1) or down (1) after that.
    """

    lead: str
    names: Mapping[int, str] = field(default_factory=dict)
    theme_places: Mapping[int, int] = field(default_factory=dict)
    places: Mapping[str, int] = field(default_factory=dict)
    quoted: Mapping[str, bool] = field(default_factory=dict)
    move: tuple[str, int] | None = None


@transaction.atomic
def save_notes(*, workshop: Workshop, notes: Notes, read: str, user: AbstractBaseUser | None = None) -> None:
    """Save what stands in a journal beside the answers; an epigraph like the review's is the review's.

    Raises EditedMeanwhile where the notes are no longer those of `read`.
    """
    _lock(workshop)
    if read_notes(workshop).read != read:
        raise EditedMeanwhile
    edition = workshop.edition
    own = (notes.epigraph, notes.epigraph_by) != (edition.epigraph, edition.epigraph_by)
    JournalNotes.objects.update_or_create(
        workshop=workshop,
        defaults={
            "introduction": notes.introduction,
            "has_own_epigraph": own,
            "epigraph": notes.epigraph if own else "",
            "epigraph_by": notes.epigraph_by if own else "",
            "grouping": notes.grouping,
        },
    )
    Term.objects.filter(workshop=workshop).delete()
    Term.objects.bulk_create(Term(workshop=workshop, term=term, meaning=meaning) for term, meaning in notes.glossary)
    record_act(workshop=workshop, user=user, act=Deed.EDITED)


@transaction.atomic
def save_chapter(
    *,
    workshop: Workshop,
    deliverable: Deliverable,
    edit: ChapterEdit,
    read: str,
    user: AbstractBaseUser | None = None,
) -> None:
    """Save the lead of a deliverable, the names and order of its themes, the order of its comments and its quotations.

    A lead like the review's is the review's. Raises EditedMeanwhile where the chapter is no longer that of `read`.
    """
    _lock(workshop)
    chapter = read_chapter(workshop, deliverable)
    if chapter.read != read:
        raise EditedMeanwhile
    if edit.lead == deliverable.lead:
        Lead.objects.filter(workshop=workshop, deliverable=deliverable).delete()
    else:
        Lead.objects.update_or_create(workshop=workshop, deliverable=deliverable, defaults={"text": edit.lead})
    _name_themes(chapter.themes, edit.names)
    _order_themes(chapter.themes, edit.theme_places)
    _order_comments(chapter, edit)
    _quote(chapter, edit.quoted)
    record_act(workshop=workshop, user=user, act=Deed.EDITED, about=deliverable.label)


def _lock(workshop: Workshop) -> None:
    """Let nobody else edit this workshop's journal until the transaction ends."""
    Workshop.objects.select_for_update(no_key=True).order_by("pk").get(pk=workshop.pk)


def _name_themes(themes: Sequence[Theme], names: Mapping[int, str]) -> None:
    """Give themes other names, by way of names that nobody has, so that two can change places."""
    renamed = [theme for theme in themes if names.get(theme.pk, theme.name) != theme.name]
    for theme in renamed:
        Theme.objects.filter(pk=theme.pk).update(name=uuid.uuid4().hex)
    for theme in renamed:
        Theme.objects.filter(pk=theme.pk).update(name=names[theme.pk])


def _order_themes(themes: Sequence[Theme], places: Mapping[int, int]) -> None:
    """Number the themes of a deliverable anew, if any of them is to stand elsewhere."""
    ordered = moved(themes, lambda theme: theme.pk, places)
    if ordered != list(themes):
        for position, theme in enumerate(ordered, start=1):
            theme.position = position
        Theme.objects.bulk_update(ordered, ["position"])


def _order_comments(chapter: Chapter, edit: ChapterEdit) -> None:
    for group in (group for part in chapter.parts for group in part.groups):
        ordered = moved(group.lines, lambda line: line.key, edit.places)
        if edit.move:
            key, step = edit.move
            at = next((n for n, line in enumerate(ordered) if line.key == key), None)
            if at is not None and 0 <= at + step < len(ordered):
                ordered[at], ordered[at + step] = ordered[at + step], ordered[at]
        if ordered != list(group.lines):
            _put_in_order([line.comment for line in ordered])


def _put_in_order(comments: Sequence[Comment]) -> None:
    """Let comments share out the positions that they have in another order.

    Numbers that were drawn at random stay in use, so that a comment given later is no easier to tell than before.
    """
    positions = {comment.position for comment in comments}
    while len(positions) < len(comments):
        positions.add(secrets.randbelow(2**31))
    for comment, position in zip(comments, sorted(positions), strict=True):
        comment.position = position
    Comment.objects.bulk_update(comments, ["position"], batch_size=200)


def _quote(chapter: Chapter, quoted: Mapping[str, bool]) -> None:
    chosen = {line.comment.pk for line in chapter.lines if quoted.get(line.key, line.comment.quoted)}
    own = Comment.objects.filter(pk__in=[line.comment.pk for line in chapter.lines if line.comment.quoted])
    own.exclude(pk__in=chosen).update(quoted=False)
    Comment.objects.filter(pk__in=chosen, quoted=False).update(quoted=True)


def moved(rows: Sequence[T], key: Callable[[T], K], places: Mapping[K, int]) -> list[T]:
    """Return rows with those that were given another place (from 1) put there, and the rest around them in order."""
    stay: list[T] = []
    go: list[tuple[int, T]] = []
    for place, row in enumerate(rows, start=1):
        wanted = places.get(key(row), place)
        if wanted == place:
            stay.append(row)
        else:
            go.append((wanted, row))
    last = 0
    for place, row in sorted(go, key=lambda each: each[0]):
        last = max(place, last + 1)  # those that want the same place stand one after the other
        stay.insert(last - 1, row)
    return stay
