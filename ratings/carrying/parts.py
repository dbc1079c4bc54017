"""What of a workshop is carried: every model and every field is here, or is left behind for a reason."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db import models
from django.db.models import Q

from ratings.models import (
    Action,
    Comment,
    Imperative,
    JournalCheck,
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
from workshops.models import (
    Arrival,
    Deliverable,
    Edition,
    Erasure,
    Facilitator,
    Group,
    Invitation,
    Participant,
    Review,
    Scale,
    Stage,
    StageMove,
    TrailEntry,
    Workshop,
)

Model = type[models.Model]

CARRIED: dict[Model, tuple[str, ...]] = {
    Edition: ("workshops",),
    Deliverable: ("edition__workshops",),
    Scale: ("deliverable__edition__workshops",),
    Workshop: ("pk",),
    Group: ("workshop",),
    Stage: ("workshop",),
    StageMove: ("stage__workshop",),
    TrailEntry: ("workshop",),
    Score: ("workshop",),
    RagRating: ("workshop",),
    Theme: ("workshop",),
    Comment: ("workshop",),
    Imperative: ("workshop",),
    Imperative.deliverables.through: ("imperative__workshop",),
    Vote: ("imperative__workshop",),
    Action: ("imperative__workshop",),
    WordsDecision: ("comment__workshop", "imperative__workshop"),
    SeenPicture: ("stage__workshop",),
    JournalNotes: ("workshop",),
    Lead: ("workshop",),
    Term: ("workshop",),
    JournalCheck: ("workshop",),
    SignedJournal: ("workshop",),
    SignedFile: ("signed__workshop",),
}
"""Every model whose rows are carried, after those that they point to, with what leads from a row to its workshop."""
LEFT_BEHIND: dict[Model, str] = {
    Participant: "phones go when the workshop is sealed, and only sealed workshops are carried",
    Print: "a journal is printed anew where it is asked for",
    Facilitator: "accounts of one installation are not those of another: whoever takes the workshop in owns it",
    Invitation: "it leads to an account here",
    ShareLink: "it leads to the address of this installation",
    Review: "the edition is carried; it finds its review, or gets one",
    Erasure: "it is of a workshop that is no more",
    Arrival: "it says what this installation took in",
}
WITHOUT = {
    "author": "nothing, once the workshop is sealed",
    "user": "accounts of one installation are not those of another: the name is carried",
    "controls": "accounts of one installation are not those of another",
    "review": "it finds its review, or gets one",
    "wifi_name": "of the room that people were in; gone when it closed",
    "wifi_password": "the same",
    "link": "trails are chained under the secret key of each installation",
    "keep_until": "of accounts alone",
    "let_go": "it is being erased",
    "carried_on": "that it was packed is so on this side alone",
}
"""The fields that are carried of no model, and why; nor are the ids of rows, which are numbers of their own here."""
NAMED: tuple[Model, ...] = (StageMove, WordsDecision)
"""The models whose rows say in `by` who did it, where that user has no account."""
LINKS: tuple[type[models.Field[Any, Any]], ...] = (models.ForeignKey, models.OneToOneField)


def fields_of(model: Model) -> Iterator[models.Field[Any, Any]]:
    """Yield the fields of a model that are carried, in their order."""
    return (field for field in model._meta.concrete_fields if not field.primary_key and field.name not in WITHOUT)


def rows_of(model: Model, workshop: Workshop) -> models.QuerySet[models.Model]:
    """Return the rows of a carried model that are of a workshop, in the order in which they were written."""
    here = Q()
    for path in CARRIED[model]:
        here |= Q(**{path: workshop.pk})
    return model._base_manager.filter(here).order_by(*(["strand", "number"] if model is TrailEntry else ["pk"]))
