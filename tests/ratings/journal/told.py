"""Workshops with something to tell, and the text of their PDFs."""

from __future__ import annotations

import io
import re
from itertools import cycle, islice

from django.utils import timezone
from pypdf import PdfReader

from ratings.authorship import signed
from ratings.choices import CommentState, Mark, Source
from ratings.models import Comment, Imperative, RagRating, Score, Vote
from tests import factories
from workshops.models import Scale, Workshop

COMMENTS = ("First things first", "Next in the row", "Last but heard")


def close(workshop: Workshop) -> Workshop:
    """Set a workshop to closed without going through its session."""
    workshop.closed_at = timezone.now()
    workshop.save(update_fields=["closed_at"])
    return workshop


def scales_of(workshop: Workshop) -> list[Scale]:
    """Return a workshop's scales in the order they are asked."""
    return list(Scale.objects.filter(deliverable__edition=workshop.edition).order_by("deliverable__position", "kind"))


def say(workshop: Workshop, scale: Scale, *texts: str, mark: str = "", source: str = Source.IMPORTED) -> None:
    """Add comments behind those that are there."""
    start = Comment.objects.filter(workshop=workshop).count()
    Comment.objects.bulk_create(
        Comment(
            workshop=workshop,
            scale=scale,
            text=text,
            mark=mark,
            source=source,
            state=CommentState.SHOWN,
            position=start + n,
        )
        for n, text in enumerate(texts)
    )


def told_in_words(deliverables: int = 2) -> Workshop:
    """Return a closed workshop that was imported: comments and imperatives, no phone, no number."""
    workshop = factories.workshop(deliverables=deliverables)
    for scale in scales_of(workshop):
        say(workshop, scale, *(f"{text}, scale {scale.pk}" for text in COMMENTS))
    Imperative.objects.bulk_create(
        Imperative(workshop=workshop, text=f"Do the thing {n}", position=n, source=Source.IMPORTED) for n in range(5)
    )
    return close(workshop)


def told_in_numbers(deliverables: int = 2, people: int = 7) -> Workshop:
    """Return a closed workshop with phones that scored, rated, commented with marks, and voted."""
    workshop = told_in_words(deliverables)
    phones = [factories.participant(workshop) for _ in range(people)]
    for scale in scales_of(workshop):
        values = list(islice(cycle([3, 5, 5, 6, 8, None, 4]), people))
        Score.objects.bulk_create(
            Score(workshop=workshop, scale=scale, value=value, **signed(phone, Score, scale.pk))
            for phone, value in zip(phones, values, strict=True)
        )
        say(workshop, scale, f"It goes well, scale {scale.pk}", mark=Mark.WELL)
        say(workshop, scale, f"It worries us, scale {scale.pk}", mark=Mark.WORRY, source=Source.ALOUD)
    for deliverable in workshop.edition.deliverables.all():
        RagRating.objects.bulk_create(
            RagRating(
                workshop=workshop, deliverable=deliverable, value=value, **signed(phone, RagRating, deliverable.pk)
            )
            for phone, value in zip(phones, islice(cycle(["A", "G", "A", "R", ""]), people), strict=True)
        )
    for phone in phones:
        for slot, imperative in enumerate(
            Imperative.objects.filter(workshop=workshop).order_by("-position")[:3], start=1
        ):
            if slot < 3 or phone is phones[0]:
                Vote.objects.create(imperative=imperative, slot=slot, **signed(phone, Vote))
    return workshop


def plain(text: str) -> str:
    """Return a text without what typesetting adds: white space, and places where a long word may break."""
    return re.sub(r"[\s\u200b]+", "", text)


def text_of(pdf: bytes) -> str:
    """Return the text of a PDF in its pages' order, without white space."""
    return plain("".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages))
