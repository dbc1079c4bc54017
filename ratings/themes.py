"""Group comments on a deliverable into themes; their words stay as they are."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import Max

from ratings.choices import CommentState
from ratings.likeness import groups_alike
from ratings.models import Comment, Theme
from workshops.choices import Deed
from workshops.controls import lock_workshop
from workshops.models import Deliverable, Workshop
from workshops.trail import record_act


@dataclass(frozen=True)
class DeliverableThemes:
    """The comments on a deliverable: by theme, those in none, and groups of the latter that look alike."""

    deliverable: Deliverable
    themes: Sequence[tuple[Theme, Sequence[Comment]]]
    alone: Sequence[Comment]
    alike: Sequence[Sequence[Comment]]


@transaction.atomic
def group_comments(
    *,
    workshop: Workshop,
    deliverable: Deliverable,
    comments: Collection[int],
    name: str,
    user: AbstractBaseUser | None = None,
) -> None:
    """Put a workshop's comments (by id) on a deliverable into the theme of that name, made if there is none.

    A comment is in one theme at most. A theme that loses its last comment goes.
    """
    lock_workshop(workshop.pk, None)
    rows = Comment.objects.filter(workshop=workshop, scale__deliverable=deliverable, pk__in=comments)
    if rows.exists():
        themes = Theme.objects.filter(workshop=workshop, deliverable=deliverable)
        last = themes.aggregate(last=Max("position"))["last"]  # where they were ordered, a new one comes last
        theme, _made = themes.get_or_create(
            workshop=workshop, deliverable=deliverable, name=name, defaults={"position": last + 1 if last else 0}
        )
        rows.update(theme=theme)
        drop_empty_themes(workshop)
        record_act(workshop=workshop, user=user, act=Deed.THEMES)


@transaction.atomic
def ungroup_comments(*, workshop: Workshop, comments: Collection[int], user: AbstractBaseUser | None = None) -> None:
    """Take a workshop's comments (by id) out of their themes."""
    lock_workshop(workshop.pk, None)
    if Comment.objects.filter(workshop=workshop, pk__in=comments).update(theme=None):
        drop_empty_themes(workshop)
        record_act(workshop=workshop, user=user, act=Deed.THEMES)


def drop_empty_themes(workshop: Workshop) -> None:
    """Delete the themes of a workshop that no comment belongs to."""
    Theme.objects.filter(workshop=workshop, comments=None).delete()


def read_themes(workshop: Workshop, deliverable: Deliverable) -> DeliverableThemes:
    """Return the comments on a deliverable by theme, hidden ones aside. Two queries."""
    comments = Comment.objects.filter(workshop=workshop, scale__deliverable=deliverable)
    rows = list(comments.exclude(state=CommentState.HIDDEN).select_related("scale"))
    themes = Theme.objects.filter(workshop=workshop, deliverable=deliverable)
    alone = [row for row in rows if row.theme_id is None]
    return DeliverableThemes(
        deliverable=deliverable,
        themes=[(theme, [row for row in rows if row.theme_id == theme.pk]) for theme in themes],
        alone=alone,
        alike=[[alone[number] for number in group] for group in groups_alike([row.text for row in alone])],
    )
