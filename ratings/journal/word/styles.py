"""How the Word file looks: the page, and Word's own styles, so that whoever edits it changes a look in one place."""

from __future__ import annotations

from dataclasses import dataclass

from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle

from ratings.charts.palette import LIGHT

LANGUAGE = "en-GB"
SERIF, SANS, ANY_SCRIPT = "Georgia", "Calibri", "Arial"
"""Fonts that come with Word on any machine; ALTERNATIVES names those of other programs."""
ALTERNATIVES = {SERIF: "Gelasio", SANS: "Carlito", ANY_SCRIPT: "Liberation Sans"}
STANDFIRST, NOTE, TABLE_TEXT, ANCHOR = "Standfirst", "Note", "Table Text", "Anchor"
PULL = "Intense Quote"
TABLE = "Table Grid"
TEXT_WIDTH = Mm(168)


@dataclass(frozen=True)
class Look:
    """A paragraph style: its font, sizes in points, colour, and space before and after."""

    font: str
    size: float
    colour: str
    before: float
    after: float
    bold: bool = False
    italic: bool = False
    keep: bool = False


INK, INK2, BEING = LIGHT["ink"], LIGHT["ink2"], LIGHT["being"]
LOOKS = {
    "Normal": Look(SANS, 11, INK, 0, 6),
    "Title": Look(SERIF, 36, INK, 96, 10),
    "Subtitle": Look(SERIF, 16, INK2, 0, 18, italic=True),
    "Heading 1": Look(SERIF, 24, INK, 0, 8, keep=True),
    "Heading 2": Look(SERIF, 16, BEING, 18, 6, keep=True),
    "Heading 3": Look(SANS, 12, INK, 12, 4, bold=True, keep=True),
    "TOC Heading": Look(SERIF, 24, INK, 0, 10, keep=True),
    "Quote": Look(SERIF, 14, INK, 24, 4, italic=True),
    PULL: Look(SERIF, 15, BEING, 2, 10, italic=True),
    "Caption": Look(SANS, 9.5, INK2, 4, 10),
    "List Bullet": Look(SANS, 11, INK, 0, 5),
    "List Bullet 2": Look(SANS, 10.5, INK2, 0, 3),
    "List Number": Look(SANS, 11.5, INK, 6, 2, keep=True),
    "List Continue": Look(SANS, 10, INK2, 0, 4),
    "Header": Look(SANS, 9, INK2, 0, 0),
    "Footer": Look(SANS, 9, INK2, 0, 0),
    STANDFIRST: Look(SERIF, 13, INK2, 0, 10, italic=True),
    NOTE: Look(SANS, 10, INK2, 0, 6),
    TABLE_TEXT: Look(SANS, 10, INK, 2, 2),
    ANCHOR: Look(SANS, 10.5, INK, 0, 4),
}
CONTENTS = ("toc 1", "toc 2")


def dress(document: Document) -> None:
    """Give an empty document its page, its styles, its language and its fonts."""
    page = document.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.left_margin = page.right_margin = Mm(21)
    page.top_margin, page.bottom_margin = Mm(24), Mm(21)
    page.different_first_page_header_footer = True
    for name, look in LOOKS.items():
        _set(paragraph_style(document, name), look)
    for level, name in enumerate(CONTENTS):
        style = paragraph_style(document, name)
        _set(style, Look(SANS, 11.5 - level, INK if level == 0 else INK2, 6 - 4 * level, 2))
        style.paragraph_format.left_indent = Mm(7 * level)
        style.paragraph_format.tab_stops.add_tab_stop(TEXT_WIDTH, WD_TAB_ALIGNMENT.RIGHT)  # for Word's page numbers
    anchor = paragraph_style(document, ANCHOR).paragraph_format
    anchor.left_indent, anchor.first_line_indent = Mm(10), Mm(-10)
    anchor.tab_stops.add_tab_stop(Mm(10))
    pull = paragraph_style(document, PULL).paragraph_format
    pull.left_indent, pull.right_indent = Mm(10), Mm(10)
    paragraph_style(document, "Title").paragraph_format.alignment = WD_ALIGN_PARAGRAPH.LEFT
    _speak(document)
    _name_fonts(document)
    _drop_thumbnail(document)


def paragraph_style(document: Document, name: str) -> ParagraphStyle:
    """Return a paragraph style of the document; it is made when there is none."""
    if name not in document.styles:
        made = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH, builtin=name.startswith("toc"))
        made.base_style = document.styles["Normal"]
    style = document.styles[name]
    assert isinstance(style, ParagraphStyle)  # noqa: S101 - no style of another kind has one of these names
    return style


def _set(style: ParagraphStyle, look: Look) -> None:
    font, space = style.font, style.paragraph_format
    font.size, font.bold, font.italic = Pt(look.size), look.bold, look.italic
    font.cs_bold, font.cs_italic = look.bold, look.italic
    font.color.rgb = RGBColor.from_string(look.colour.removeprefix("#"))
    properties = style.element.get_or_add_rPr()
    fonts = properties.get_or_add_rFonts()
    for attribute in list(fonts.attrib):
        del fonts.attrib[attribute]
    for script, name in (("ascii", look.font), ("hAnsi", look.font), ("eastAsia", look.font), ("cs", ANY_SCRIPT)):
        fonts.set(qn(f"w:{script}"), name)
    for old in properties.findall(qn("w:szCs")):
        properties.remove(old)
    size = OxmlElement("w:szCs")
    size.set(qn("w:val"), str(round(look.size * 2)))
    properties.find(qn("w:sz")).addnext(size)
    space.space_before, space.space_after, space.keep_with_next = Pt(look.before), Pt(look.after), look.keep
    space.line_spacing = 1.15
    borders = style.element.pPr.find(qn("w:pBdr")) if style.element.pPr is not None else None
    if borders is not None:
        borders.getparent().remove(borders)


def _speak(document: Document) -> None:
    """Say which language the document is in, once, for all text that does not say otherwise."""
    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), LANGUAGE)
        language.set(qn("w:bidi"), "ar-SA")


def _name_fonts(document: Document) -> None:
    """Name for each font the one that looks alike where it is missing."""
    fonts = next(part for part in document.part.package.iter_parts() if part.partname == "/word/fontTable.xml")
    rows = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{other}"/></w:font>' for name, other in ALTERNATIVES.items()
    )
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<w:fonts xmlns:w="'
    fonts._blob = f'{head}{qn("w:font")[1:].partition("}")[0]}">{rows}</w:fonts>'.encode()


def _drop_thumbnail(document: Document) -> None:
    """Leave out the picture of another document that the template brings."""
    rels = document.part.package.rels
    for key in [key for key, rel in rels.items() if rel.reltype == RELATIONSHIP_TYPE.THUMBNAIL]:
        del rels[key]
