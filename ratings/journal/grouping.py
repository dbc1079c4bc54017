"""Which comments a journal prints, and how those on a scale are grouped and ordered: for print and for the desk."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from ratings.choices import PRINTED, Asked, Grouping, Mark
from ratings.models import Comment, Theme
from workshops.choices import StageKind
from workshops.models import Workshop

THEME = "theme"
"""A group of comments that a facilitator found to say much the same, and named."""
HIGHER = "higher"
"""The group of comments that say what one point more would look like."""


@dataclass(frozen=True)
class Group:
    """Comments on a scale in one theme or with one mark, in order; `name` is empty when there is no other group."""

    mark: str
    name: str
    sign: str
    comments: tuple[Comment, ...]


def printed_comments(workshop: Workshop) -> QuerySet[Comment]:
    """Return what a journal prints, in order: of a workshop that runs, only comments on scales the room has seen."""
    printed = Comment.objects.filter(workshop=workshop, state__in=PRINTED).select_related("theme")
    if workshop.is_closed:
        return printed
    shown = workshop.stages.filter(kind=StageKind.SCALE, revealed_at__isnull=False)
    return printed.filter(scale__in=shown.values("scale"))


def mark_of(comment: Comment) -> str:
    """Return a comment's mark; what one point more would look like has one of its own."""
    return HIGHER if comment.asked == Asked.HIGHER else comment.mark


def group_by(grouping: Grouping, comments: Iterable[Comment]) -> list[Group]:
    """Return the comments on one scale as the journal groups them: themes in their order, then marks in theirs."""
    by_theme: dict[Theme, list[Comment]] = {}
    by_mark: dict[str, list[Comment]] = {}
    for comment in comments:
        mark = mark_of(comment)
        if mark == HIGHER:
            by_mark.setdefault(HIGHER, []).append(comment)
        elif grouping == Grouping.THEME and comment.theme:
            by_theme.setdefault(comment.theme, []).append(comment)
        else:
            by_mark.setdefault("" if grouping == Grouping.NONE else mark, []).append(comment)
    looks = {
        Mark.WELL: (_("Working well"), "+"),
        Mark.WORRY: (_("Worries"), "!"),
        Mark.NEXT: (_("Next steps"), "→"),
        "": (_("Also said") if by_theme or by_mark.keys() & set(Mark) else "", "·"),
        HIGHER: (_("One point higher would look like"), "↑"),
    }
    themes = sorted(by_theme, key=lambda theme: (theme.position, theme.name))
    groups = [Group(THEME, theme.name, "·", tuple(by_theme[theme])) for theme in themes]
    return groups + [Group(mark, *look, tuple(by_mark[mark])) for mark, look in looks.items() if mark in by_mark]
