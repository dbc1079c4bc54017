"""Keep a journal that was read from text: a review, and a closed workshop with everything in the words given."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ratings.choices import CommentState, Source
from ratings.journal.reading.content import ReadDeliverable, ReadJournal
from ratings.models import Comment, Imperative, JournalNotes, Term
from ratings.sealing import seal_workshop
from workshops.choices import Deed, ScaleKind, StageState
from workshops.models import Edition, Workshop
from workshops.planning import plan_workshop
from workshops.reviewing import write_review
from workshops.trail import record_act


@transaction.atomic
def import_journal(
    *,
    journal: ReadJournal,
    organisation: str = "",
    date: datetime.date,
    title: str = "",
    facilitator: AbstractBaseUser | None = None,
) -> Workshop:
    """Make a review that says what the journal says, frozen, and a sealed workshop of it; return the workshop.

    A `title` takes the place of the journal's, which becomes the subtitle. So does an
    `organisation`. With a facilitator the review is theirs and they run the workshop. Comments and imperatives stand in
    the journal's order. What the journal has not placed is not kept: the caller decides whether that may be.
    """
    workshop = plan_closed(
        edition=_edition_words(journal, title),
        deliverables=[_deliverable_words(deliverable) for deliverable in journal.deliverables],
        organisation=organisation or journal.facts.get("organisation") or _("Organisation not named"),
        venue=journal.facts.get("venue", ""),
        date=date,
        facilitator=facilitator,
    )
    keep_notes(
        workshop,
        journal.introduction.text if journal.introduction else "",
        [(each.term, each.meaning) for each in journal.glossary],
    )
    _keep_comments(workshop, journal)
    Imperative.objects.bulk_create(
        Imperative(
            workshop=workshop,
            text=imperative.text,
            state=CommentState.SHOWN,
            position=position,
            source=Source.IMPORTED,
        )
        for position, imperative in enumerate(journal.imperatives, start=1)
    )
    workshop.refresh_from_db()
    record_act(workshop=workshop, user=facilitator, act=Deed.IMPORTED)
    seal_workshop(workshop=workshop)
    return workshop


def plan_closed(
    *,
    edition: Mapping[str, str],
    deliverables: Sequence[Mapping[str, str]],
    organisation: str,
    venue: str,
    date: datetime.date,
    facilitator: AbstractBaseUser | None,
) -> Workshop:
    """Make a review that says this (as `write_review` takes it), frozen, and a closed workshop of it."""
    written = write_review(owner=facilitator, review=None, edition=edition, deliverables=deliverables)
    workshop = plan_workshop(
        edition=written, organisation=organisation, venue=venue, date=date, facilitator=facilitator
    )
    now = timezone.now()
    workshop.stages.update(state=StageState.CLOSED)
    Workshop.objects.filter(pk=workshop.pk).update(closed_at=now)
    Edition.objects.filter(pk=written.pk).update(frozen_at=now)
    return workshop


def keep_notes(workshop: Workshop, introduction: str, glossary: Iterable[tuple[str, str]]) -> None:
    """Keep what a journal says of itself; its epigraph and leads are the review's."""
    JournalNotes.objects.create(workshop=workshop, introduction=introduction)
    Term.objects.bulk_create(Term(workshop=workshop, term=term, meaning=meaning) for term, meaning in glossary)


def _edition_words(journal: ReadJournal, title: str) -> dict[str, str]:
    found = journal.title.text if journal.title else ""
    epigraph = [entry.text for entry in journal.epigraph]
    by = epigraph.pop() if len(epigraph) > 1 else ""
    return {
        "title": title or found or _("Imported journal"),
        "subtitle": found if title and title != found else journal.facts.get("subtitle", ""),
        "epigraph": "\n".join(epigraph),
        "epigraph_by": by,
        "imperative_question": journal.question.text if journal.question else _("What must happen next?"),
    }


def _deliverable_words(deliverable: ReadDeliverable) -> dict[str, str]:
    words = {
        "key": "",
        "name": deliverable.name.text or _("Unnamed deliverable"),
        "short_name": "",
        "lead": deliverable.lead.text if deliverable.lead else "",
    }
    for kind in ScaleKind:
        scale = deliverable.scale(kind)
        words[f"{kind}_anchor_ten"] = scale.ten.text if scale and scale.ten else ""
        words[f"{kind}_anchor_zero"] = scale.zero.text if scale and scale.zero else ""
        words[f"{kind}_short_ten"] = words[f"{kind}_short_zero"] = ""
    return words


def _keep_comments(workshop: Workshop, journal: ReadJournal) -> None:
    kept = workshop.edition.deliverables.prefetch_related("scales")
    comments = [
        Comment(
            workshop=workshop,
            scale=scale,
            text=comment.text,
            state=CommentState.SHOWN,
            source=Source.IMPORTED,
            quoted=comment.line in read_scale.quoted,
        )
        for deliverable, found in zip(kept, journal.deliverables, strict=True)
        for scale in deliverable.scales.all()
        for read_scale in found.scales
        if read_scale.kind == scale.kind
        for comment in read_scale.comments
    ]
    for position, comment in enumerate(comments, start=1):
        comment.position = position
    Comment.objects.bulk_create(comments)
