"""Hostile words in every text of a frozen journal, through everything that writes one."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass, replace
from typing import Any, cast

from pypdf import PdfReader

from ratings.journal.build import Journal
from ratings.journal.export import export_html
from ratings.journal.formats import FORMATS
from ratings.journal.markdown import journal_markdown
from ratings.journal.press import print_journal
from ratings.journal.read import read_journal
from ratings.journal.record import journal_json, read_json
from ratings.journal.tables import answers_csv
from tests.fuzz import hostile
from tests.fuzz.judge import as_browsers_do
from tests.ratings.journal.shapes import SHAPES, journal_of

SIGNS = ("=", "+", "-", "@")
KEPT = {"kind", "source", "mark", "view"}
"""Fields whose texts are words of ours, never of somebody who types."""


def spoiled(journal: Journal, text: Callable[[], str]) -> Journal:
    """Return the journal with other words wherever somebody's words stand."""

    def spoil(value: Any) -> Any:
        if type(value) is str:
            return text()
        if isinstance(value, tuple):
            return tuple(spoil(item) for item in value)
        if is_dataclass(value) and not isinstance(value, type):
            changed = {each.name: spoil(getattr(value, each.name)) for each in fields(value) if each.name not in KEPT}
            return replace(value, **changed)
        return value

    return cast(Journal, spoil(journal))


def faults(journal: Journal) -> Iterator[str]:
    """Yield what is wrong with the web page, the text, the data files and the office files of a journal."""
    yield from (f"web page: {each}" for each in as_browsers_do(export_html(journal)))
    read_journal(journal_markdown(journal))  # whatever it says, it is read without stumbling
    if read_json(journal_json(journal)) != journal:
        yield "JSON: another journal is read back"
    for suffix in ("docx", "xlsx"):
        FORMATS[suffix].write(journal)
    columns, *rows = csv.reader(io.StringIO(answers_csv(journal), newline=""))
    for row in rows:
        if len(row) != len(columns) or any(cell.strip().startswith(SIGNS) for cell in row):
            yield f"spreadsheet: {row}"


def pdf_faults(journal: Journal) -> Iterator[str]:
    """Yield what is wrong with the PDF of a journal: something to run, to open, or to fetch that nobody put there."""
    reader = PdfReader(io.BytesIO(print_journal(journal)))
    if set(reader.attachments) != {"journal-answers.csv", "journal-codebook.csv", "journal-data.json"}:
        yield f"PDF: attachments {sorted(reader.attachments)}"
    whole = " ".join(str(reader.get_object(n)) for n in range(1, len(reader.xref[0]) if reader.xref else 0))
    yield from (f"PDF: {each}" for each in ("/JavaScript", "/Launch", "/SubmitForm", "/URI") if f"'{each}'" in whole)


def play(count: int, printed: int, chance: random.Random) -> list[str]:
    """Write so many hostile journals, and print some; return what was wrong."""
    shapes = [SHAPES[name] for name in ("ordinary", "nothing-said", "urdu-and-arabic")]
    wrong: list[str] = []
    for n in range(count):
        journal = spoiled(
            journal_of(shapes[n % len(shapes)]), lambda: hostile.text(chance).decode("utf-8", "replace")[:900]
        )
        try:
            wrong += [f"journal {n}: {each}" for each in faults(journal)]
            wrong += [f"journal {n}: {each}" for each in pdf_faults(journal)] if n < printed else []
        except Exception as error:  # noqa: BLE001 - whatever it is, it is what is looked for
            wrong.append(f"journal {n}: {type(error).__name__}: {str(error)[:300]}")
    return wrong
