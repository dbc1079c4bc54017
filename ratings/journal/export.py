"""The journal as one HTML file that needs nothing beside it: to keep, to mail, to open without a server."""

from __future__ import annotations

from pathlib import Path

from django.contrib.staticfiles import finders
from django.template.loader import render_to_string

from ratings.journal.build import Journal
from ratings.journal.pages import SCREEN, view_journal

STYLES = ("css/tokens.css", "css/base.css", "css/desk.css", "css/journal.css")


class Style(str):
    """A style sheet of ours, safe in a page: `__html__` tells templates so."""

    __slots__ = ()

    def __html__(self) -> str:
        return str(self)


def export_html(journal: Journal) -> str:
    """Return the journal on screen as one page with its style inside and its charts still."""
    found = (finders.find(name) for name in STYLES)
    style = Style("\n".join(Path(path).read_text() for path in found if path))
    return render_to_string("ratings/journal/export.html", {"view": view_journal(journal, SCREEN), "style": style})
