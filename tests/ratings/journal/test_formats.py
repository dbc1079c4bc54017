"""Every format shows the same: what is kept back is in none of them."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import pytest
from django.core.management import call_command
from django.template.loader import render_to_string

from ratings.authorship import signed
from ratings.choices import CommentState
from ratings.journal.build import Journal, build_journal
from ratings.journal.formats import FORMATS, PDF
from ratings.journal.pages import PAPER, view_journal
from ratings.models import Comment, RagRating, Score, Vote
from tests import factories
from tests.ratings.journal.told import close, say, scales_of
from workshops.models import Workshop

pytestmark = pytest.mark.django_db


def few(value: int, colour: str) -> Workshop:
    """Return a closed workshop that three phones answered alike, which is too few to show how; one comment is held."""
    of = factories.workshop(deliverables=1, threshold=5)
    (deliverable,) = of.edition.deliverables.all()
    imperatives = [factories.imperative(of, f"Do the thing {n}") for n in range(2)]
    for _phone in range(3):
        phone = factories.participant(of)
        for scale in scales_of(of):
            Score.objects.create(workshop=of, scale=scale, value=value, **signed(phone, Score, scale.pk))
        by = signed(phone, RagRating, deliverable.pk)
        RagRating.objects.create(workshop=of, deliverable=deliverable, value=colour, **by)
        Vote.objects.create(imperative=imperatives[value % 2], slot=1, **signed(phone, Vote))
    say(of, scales_of(of)[0], "Printed as it was said", "Kept aside for now")
    Comment.objects.filter(text__startswith="Kept").update(state=CommentState.HELD)
    return close(of)


def shown(journal: Journal, suffix: str) -> str:
    """Return all that a file of a format holds, without what differs from workshop to workshop.

    Of the PDF it is the page that is set as one, which says the same and takes no seconds; what is attached to it is
    among the other formats.
    """
    if suffix == PDF:
        view = view_journal(journal, PAPER)
        return render_to_string("ratings/journal/print.html", {"view": view})
    content = FORMATS[suffix].write(journal)
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            pieces = [archive.read(name) for name in archive.namelist()]
    else:
        pieces = [content]
    text = b"\n".join(pieces).decode(errors="replace")
    return text.replace(journal.code, "CODE")


@pytest.mark.parametrize("suffix", FORMATS)
def test_no_format_tells_answers_that_are_too_few_to_show(suffix: str) -> None:
    one, other = (build_journal(few(value, colour)) for value, colour in ((2, "R"), (9, "G")))
    assert shown(one, suffix) == shown(other, suffix), "who knows the file does not know what was answered"
    words = shown(one, suffix)
    assert "Kept aside" not in words
    if suffix != "csv":  # it has no words
        assert "Printed as it was said" in re.sub(r"\s+", " ", words)


def test_every_format_has_a_name_a_purpose_and_a_kind() -> None:
    assert list(FORMATS) == ["pdf", "docx", "html", "xlsx", "csv", "md", "json"]
    for each in FORMATS.values():
        assert str(each.name)
        assert str(each.purpose)
        assert "/" in each.content_type


@pytest.mark.parametrize("suffix", [suffix for suffix in FORMATS if suffix != PDF])
def test_command_writes_every_format(suffix: str, tmp_path: Path) -> None:
    of, path = few(5, "A"), tmp_path / f"journal.{suffix}"
    call_command("journal", of.code, "--output", str(path))
    assert path.read_bytes() == FORMATS[suffix].write(build_journal(of))
