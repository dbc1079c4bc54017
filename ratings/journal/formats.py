"""The files that a journal comes as. Each is made of the same frozen journal, and so shows the same."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ratings.journal.build import Journal
from ratings.journal.export import export_html
from ratings.journal.markdown import journal_markdown
from ratings.journal.press import print_journal
from ratings.journal.record import journal_json
from ratings.journal.tables import answers_csv


@dataclass(frozen=True)
class Format:
    """A kind of file: what it is called, what it is for, and what writes it (raises JournalFailed where it cannot)."""

    name: Promise
    purpose: Promise
    content_type: str
    write: Callable[[Journal], bytes]


def _docx(journal: Journal) -> bytes:
    """Load what writes for Word when it is first asked for: the server starts sooner."""
    from ratings.journal.word.document import journal_docx

    return journal_docx(journal)


def _xlsx(journal: Journal) -> bytes:
    """The same for spreadsheets."""
    from ratings.journal.workbook import journal_xlsx

    return journal_xlsx(journal)


PDF = "pdf"
FORMATS = {
    PDF: Format(_("PDF"), _("to print, to read and to keep"), "application/pdf", print_journal),
    "docx": Format(
        _("Word"),
        _("a copy to edit, with real headings, lists and tables"),
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        _docx,
    ),
    "html": Format(
        _("Web page"),
        _("one file for any browser, phone or screen reader"),
        "text/html; charset=utf-8",
        lambda journal: export_html(journal).encode(),
    ),
    "xlsx": Format(
        _("Spreadsheet (XLSX)"),
        _("answers, comments and numbers in sheets, with a codebook"),
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        _xlsx,
    ),
    "csv": Format(
        _("Answers (CSV)"),
        _("scores and ratings for statistics, one row each"),
        "text/csv; charset=utf-8",
        lambda journal: answers_csv(journal).encode(),
    ),
    "md": Format(
        _("Text (Markdown)"),
        _("the words alone, which Midpoint reads back"),
        "text/markdown; charset=utf-8",
        lambda journal: journal_markdown(journal).encode(),
    ),
    "json": Format(
        _("Data (JSON)"),
        _("everything in it, for programs and for another Midpoint"),
        "application/json",
        lambda journal: journal_json(journal).encode(),
    ),
}
"""Every format by the end of its file's name."""
BESIDES = {suffix: each for suffix, each in FORMATS.items() if suffix != PDF}
"""What is offered besides the PDF."""
