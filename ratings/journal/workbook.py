"""The journal's tables as a spreadsheet: a sheet a table, with its codebook; no cell can run."""

from __future__ import annotations

import io
import re
from typing import cast

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from ratings.charts.palette import LIGHT
from ratings.journal.archive import settle_archive
from ratings.journal.build import Journal
from ratings.journal.tables import Table, Value, journal_tables
from ratings.journal.text import legible_journal

LOOKS_CODED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
"""How a spreadsheet's file writes a character that XML cannot hold: in words the same means itself."""
FONT, SIZE, LINE = "Calibri", 11, 15
"""What spreadsheets write in if nothing else is said, and the height of its line in points."""
WRAPPED = 40
"""A column so many letters wide breaks its lines."""
MOST_LINES = 27
"""A row is no higher than 409 points."""
MOST_LETTERS = 32_767
"""A cell holds no more."""


def journal_xlsx(journal: Journal) -> bytes:
    """Return the journal's tables as one spreadsheet; the same journal gives the same bytes."""
    journal = legible_journal(journal)
    book = Workbook()
    book.remove(book.worksheets[0])
    core = book.properties
    core.title, core.creator, core.language = journal.title[:255], journal.organisation[:255], "en-GB"
    core.keywords = f"SHA-256 {journal.signature.digits}" if journal.signature else ""
    for table in journal_tables(journal):
        _sheet(book.create_sheet(table.name), table)
    out = io.BytesIO()
    book.save(out)
    return settle_archive(out.getvalue(), journal.date)


def _sheet(sheet: Worksheet, table: Table) -> None:
    for number, column in enumerate(table.columns, start=1):
        cell = _put(sheet, 1, number, column.name)
        cell.font, cell.fill = Font(FONT, SIZE, bold=True), PatternFill("solid", fgColor=LIGHT["ground_strong"][1:])
        sheet.column_dimensions[get_column_letter(number)].width = column.width
    wrapped = {n: column.width for n, column in enumerate(table.columns, start=1) if column.width >= WRAPPED}
    for row, values in enumerate(table.rows, start=2):
        for number, value in enumerate(values, start=1):
            if value is not None and value != "":
                cell = _put(sheet, row, number, value)
                side = "left" if number == 1 else None
                cell.alignment = Alignment(horizontal=side, vertical="top", wrap_text=number in wrapped)
        lines = max((_lines(str(values[number - 1]), width) for number, width in wrapped.items()), default=1)
        sheet.row_dimensions[row].height = LINE * min(lines, MOST_LINES)
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(table.columns))}{len(table.rows) + 1}"
    sheet.print_title_rows = "1:1"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_setup.fitToHeight = 0


def _lines(words: str, width: int) -> int:
    """Return about how many lines words take in a column, erring on the many side."""
    return sum(len(line) // (width - 2) + 1 for line in words.split("\n"))


def _put(sheet: Worksheet, row: int, column: int, value: Value) -> Cell:
    """Write a value; words stay words, whatever they begin with, also after somebody has edited the cell."""
    cell = cast(Cell, sheet.cell(row, column))  # none is merged
    if isinstance(value, str):
        cell.value = LOOKS_CODED.sub("_x005F_", value[:MOST_LETTERS])
        cell.data_type, cell.quotePrefix = "s", True
    else:
        cell.value = value
    return cell
