"""The pieces of the Word file: paragraphs in any script, tables, pictures and fields, as Word asks for them."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence

from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Length, Mm
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from ratings.charts.palette import LIGHT
from ratings.charts.scene import Scene
from ratings.journal.build import direction_of
from ratings.journal.raster import to_png
from ratings.journal.word.styles import CONTENTS, LANGUAGE, TABLE, TABLE_TEXT, TEXT_WIDTH, dress, paragraph_style

AFTER_BIDI = (
    "w:adjustRightInd",
    "w:snapToGrid",
    "w:spacing",
    "w:ind",
    "w:contextualSpacing",
    "w:mirrorIndents",
    "w:suppressOverlap",
    "w:jc",
    "w:textDirection",
    "w:textAlignment",
    "w:textboxTightWrap",
    "w:outlineLvl",
    "w:divId",
    "w:cnfStyle",
    "w:rPr",
    "w:sectPr",
    "w:pPrChange",
)
"""What may stand behind the direction in a paragraph's properties: Word asks for this order."""
URDU = re.compile("[ٹڈڑںھہےپچگک]")
HEBREW = re.compile("[\u0590-\u05ff]")


def language_of(text: str) -> str:
    """Return the language tag of a text that is written from right to left, as far as its letters tell."""
    if HEBREW.search(text):
        return "he-IL"
    return "ur-PK" if URDU.search(text) else "ar-SA"


class Pieces:
    """An empty Word document with the journal's styles, and what can be put at its end."""

    def __init__(self) -> None:
        self.document = Document()
        dress(self.document)
        self._styles: dict[str, str] = {}
        self._marks = 0
        self._figures = 0

    def say(self, text: str, style: str = "Normal", *, bold: str = "", after: str = "") -> Paragraph:
        """Add a paragraph, written in the text's own direction; `bold` stands before the text, `after` behind it."""
        paragraph = self.document.add_paragraph()
        self._fill(paragraph, text, style, bold=bold, after=after)
        return paragraph

    def head(self, text: str, level: int, *, new_page: bool = False) -> None:
        """Add a heading that the contents can lead to."""
        paragraph = self.say(text, f"Heading {level}")
        paragraph.paragraph_format.page_break_before = new_page or None
        self._marks += 1
        number, name = str(self._marks), self.place(self._marks)
        start, end = element("w:bookmarkStart", id=number, name=name), element("w:bookmarkEnd", id=number)
        paragraph.runs[0]._r.addprevious(start)
        paragraph.runs[-1]._r.addnext(end)

    @staticmethod
    def place(number: int) -> str:
        """Return the name of the bookmark of the n-th heading."""
        return f"_Toc{number:08}"

    def contents(self, title: str, entries: Sequence[tuple[int, int, str]], *, deepest: int) -> None:
        """Add a table of contents, on a page of its own: which heading, its level up to the deepest, its words.

        It is a field: its entries lead to their headings, and Word adds the pages when it brings the field up to date.
        """
        self.say(title, "TOC Heading").paragraph_format.page_break_before = True
        last = len(entries) - 1
        for n, (number, level, words) in enumerate(entries):
            paragraph = self.document.add_paragraph()
            self._style(paragraph, CONTENTS[level - 1])
            if n == 0:
                _field(paragraph, f' TOC \\o "1-{deepest}" \\h \\z \\u ', begins_only=True)
            link = element("w:hyperlink", anchor=self.place(number), history="1")
            paragraph._p.append(link)
            link.append(paragraph.add_run(words)._r)
            if n == last:
                paragraph._p.append(_run_with(element("w:fldChar", fldCharType="end")))

    def picture(self, scene: Scene, caption: str, *, widest: Length = TEXT_WIDTH) -> None:
        """Add a chart with its text for who does not see it, and a caption under it; it is no wider than said."""
        paragraph = self.document.add_paragraph()
        paragraph.paragraph_format.keep_with_next = True
        width = min(widest, Mm(scene.width))
        shape = paragraph.add_run().add_picture(io.BytesIO(to_png(scene)), width=Length(width))
        self._figures += 1
        properties = shape._inline.docPr
        properties.set("name", f"Figure {self._figures}")
        properties.set("title", scene.title)
        properties.set("descr", scene.alternative)
        self.say(caption, "Caption")

    def table(self, title: str, rows: Sequence[Sequence[str]], widths: Sequence[float]) -> None:
        """Add a table; its first row heads it on every page, its first column heads each row. Widths are in mm."""
        table = self.document.add_table(len(rows), len(rows[0]), TABLE)
        table.alignment, table.autofit = WD_TABLE_ALIGNMENT.LEFT, False
        _name(table, title)
        for column, width in zip(table.columns, widths, strict=True):
            column.width = Mm(width)
        for number, (row, words) in enumerate(zip(table.rows, rows, strict=True)):
            properties = row._tr.get_or_add_trPr()
            properties.append(element("w:cantSplit"))
            if number == 0:
                properties.append(element("w:tblHeader"))
            for column, (cell, text) in enumerate(zip(row.cells, words, strict=True)):
                self._fill(cell.paragraphs[0], text, TABLE_TEXT)
                for run in cell.paragraphs[0].runs:
                    run.bold = True if number == 0 or column == 0 else None
                cell.width = Mm(widths[column])
                if number == 0:
                    _shade(cell)
        self.say("", TABLE_TEXT)

    def frame(self, running: str, page: str) -> None:
        """Let every page but the first say what the document is, and which page of how many it is."""
        section = self.document.sections[0]
        self._fill(section.header.paragraphs[0], running, "Header")
        foot = section.footer.paragraphs[0]
        self._style(foot, "Footer")
        for part in re.split(r"(\{page\}|\{pages\})", page):
            if part in ("{page}", "{pages}"):
                _field(foot, " PAGE " if part == "{page}" else " NUMPAGES ", result="1")
            else:
                foot.add_run(part)

    def _fill(self, paragraph: Paragraph, text: str, style: str, *, bold: str = "", after: str = "") -> None:
        self._style(paragraph, style)
        is_rtl = direction_of(text) == "rtl"
        if is_rtl:
            paragraph._p.get_or_add_pPr().insert_element_before(element("w:bidi"), *AFTER_BIDI)
        for words, is_bold in ((bold, True), (text, False), (after, False)):
            if words or words is text:
                run = paragraph.add_run(words)
                run.bold = is_bold or None
                if is_rtl and words is text:
                    _turn(run, text)

    def _style(self, paragraph: Paragraph, name: str) -> None:
        """Give a paragraph a style, by its id: to look it up for each of thousands takes longer than all the rest."""
        if name not in self._styles:
            self._styles[name] = paragraph_style(self.document, name).style_id
        paragraph._p.style = self._styles[name]


def element(tag: str, **attributes: str) -> BaseOxmlElement:
    """Return an element of Word's with attributes of Word's."""
    made = OxmlElement(tag)
    for name, value in attributes.items():
        made.set(qn(f"w:{name}"), value)
    return made


def _turn(run: Run, text: str) -> None:
    """Let a run read from right to left, in its language."""
    properties = run._r.get_or_add_rPr()
    properties.append(element("w:rtl"))
    properties.append(element("w:lang", val=LANGUAGE, bidi=language_of(text)))


def _field(paragraph: Paragraph, code: str, *, result: str = "", begins_only: bool = False) -> None:
    """Add a field, which Word and other programs work out; `result` stands until they do."""
    instruction = OxmlElement("w:instrText")
    instruction.set(qn("xml:space"), "preserve")
    instruction.text = code
    parts = [element("w:fldChar", fldCharType="begin"), instruction, element("w:fldChar", fldCharType="separate")]
    for part in parts:
        paragraph._p.append(_run_with(part))
    if not begins_only:
        paragraph.add_run(result)
        paragraph._p.append(_run_with(element("w:fldChar", fldCharType="end")))


def _run_with(part: BaseOxmlElement) -> BaseOxmlElement:
    run = OxmlElement("w:r")
    run.append(part)
    return run


def _name(table: Table, title: str) -> None:
    """Say what a table is for who does not see it, which of its cells are heads, and how its lines look."""
    properties = table._tbl.tblPr
    look = properties.find(qn("w:tblLook"))
    borders = OxmlElement("w:tblBorders")
    for side in ("top", "bottom", "insideH"):
        borders.append(element(f"w:{side}", val="single", sz="4", space="0", color=LIGHT["rule"][1:]))
    for side in ("left", "right", "insideV"):
        borders.append(element(f"w:{side}", val="nil"))
    order = ["top", "left", "bottom", "right", "insideH", "insideV"]
    borders[:] = sorted(borders, key=lambda side: order.index(side.tag.rpartition("}")[2]))
    if look is None:
        look = element("w:tblLook")
        properties.append(look)
    look.addprevious(borders)
    layout = properties.find(qn("w:tblLayout"))
    if layout is not None:  # it stands behind the borders
        look.addprevious(layout)
    for name, value in {"val": "04A0", "firstRow": "1", "firstColumn": "1", "noHBand": "0", "noVBand": "1"}.items():
        look.set(qn(f"w:{name}"), value)
    margins = OxmlElement("w:tblCellMar")
    margins.extend(element(f"w:{side}", w="57", type="dxa") for side in ("left", "right"))
    look.addprevious(margins)
    look.addnext(element("w:tblCaption", val=title))


def _shade(cell: _Cell) -> None:
    properties = cell._tc.get_or_add_tcPr()
    properties.append(element("w:shd", val="clear", color="auto", fill=LIGHT["ground_strong"][1:]))
