"""The journal as a Word file: what is in it, and that it is made as Word's format asks."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from functools import lru_cache
from typing import Any

import pytest
from docx import Document
from docx.document import Document as WordDocument
from docx.oxml.ns import qn
from PIL import Image

from ratings.choices import Mark, Source
from ratings.journal.build import THEME, ImperativeLine, MarkedComments, Moderated, Said
from ratings.journal.groups import GroupLine, GroupScores, Middle
from ratings.journal.pages import PAPER, view_journal
from ratings.journal.raster import to_png
from ratings.journal.word.document import journal_docx
from ratings.journal.word.pieces import language_of
from ratings.summaries import RagSummary, ScaleSummary
from tests.ratings.journal.printed import LOOKS_LIKE, with_words
from tests.ratings.journal.shapes import SHAPES, journal_of

ORDER = {
    "pPr": "pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr suppressLineNumbers pBdr shd tabs "
    "suppressAutoHyphens bidi adjustRightInd snapToGrid spacing ind contextualSpacing jc outlineLvl rPr sectPr",
    "rPr": "rStyle rFonts b bCs i iCs caps smallCaps strike outline shadow noProof color spacing w kern position sz "
    "szCs highlight u effect bdr shd vertAlign rtl cs em lang",
    "tblPr": "tblStyle tblpPr tblOverlap bidiVisual tblStyleRowBandSize tblStyleColBandSize tblW jc tblCellSpacing "
    "tblInd tblBorders shd tblLayout tblCellMar tblLook tblCaption tblDescription",
    "tcPr": "cnfStyle tcW gridSpan vMerge tcBorders shd noWrap tcMar textDirection tcFitText vAlign",
    "sectPr": "headerReference footerReference type pgSz pgMar pgBorders cols titlePg docGrid",
}
"""The order of what may stand in an element, by ECMA-376, part 1, chapter 17: Word repairs a file that has another."""


@lru_cache(maxsize=4)
def written(name: str) -> bytes:
    """Return the Word file of a shape."""
    return journal_docx(journal_of(SHAPES[name]))


def opened(content: bytes) -> WordDocument:
    return Document(io.BytesIO(content))


def texts(document: WordDocument, style: str) -> list[str]:
    """Return the paragraphs in a style."""
    return [each.text for each in document.paragraphs if each.style and each.style.name == style]


def words_in(node: Any) -> str:
    """Return every text in an element."""
    return "".join(text.text for text in node.iter(qn("w:t")))


def all_words(document: WordDocument) -> str:
    """Return every text of the document, tables too, a line a paragraph."""
    return "\n".join(words_in(node) for node in document.element.body.iter(qn("w:p")))


def parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_word_file_has_real_headings_lists_tables_and_properties() -> None:
    journal, document = journal_of(SHAPES["ordinary"]), opened(written("ordinary"))
    assert texts(document, "Title") == [journal.title]
    assert texts(document, "Subtitle") == [journal.subtitle]
    assert texts(document, "Quote") == [journal.epigraph]
    assert texts(document, "Heading 1") == [
        "At a glance",
        *(f"{page.no}  {page.name}" for page in journal.deliverables),
        "Where the deliverables stand",
        "Where the room agrees and disagrees",
        "What works, what worries, what comes next",
        "What must happen next",
        "How this journal was made",
    ]
    first = ["Being at the goal", "Making progress", "Overall, how do people rate it?"]
    assert texts(document, "Heading 2") == first * 3 + ["Scores"]
    assert texts(document, "Heading 3")[:5] == [group.name for group in journal.deliverables[0].scales[0].groups]
    said = [each.text for page in journal.deliverables for scale in page.scales for each in scale.comments]
    assert texts(document, "List Bullet") == said
    assert texts(document, "List Number") == [line.text for line in journal.imperatives]
    core = document.core_properties
    assert (core.title, core.author, core.language) == (journal.title, journal.organisation, "en-GB")
    assert core.created is not None
    assert core.created.date() == journal.date


def test_word_tables_say_what_they_are_and_repeat_their_heads() -> None:
    document = opened(written("ordinary"))
    assert len(document.tables) == 1 + 3 * 3 + 1 + 2 + 1
    for table in document.tables:
        assert table._tbl.tblPr.find(qn("w:tblCaption")) is not None
        assert table.rows[0]._tr.trPr is not None
        assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    counts = journal_of(SHAPES["ordinary"]).deliverables[0].being
    assert [cell.text for cell in document.tables[1].rows[1].cells][1:12] == [str(n) for n in counts.counts]


def test_word_pictures_say_in_words_what_they_show() -> None:
    document = opened(written("ordinary"))
    view = view_journal(journal_of(SHAPES["ordinary"]), PAPER)
    told = [shape._inline.docPr.get("descr") for shape in document.inline_shapes]
    scenes = [
        chart.desc for each in view.deliverables for chart in (*(s.strip for s in each.scales), each.rag) if chart
    ]
    assert view.map is not None
    assert view.agreement.chart is not None
    assert view.marks.chart is not None
    assert told == [*scenes, view.map.desc, view.agreement.chart.desc, view.marks.chart.desc]
    widths = [round(shape.width.mm) for shape in document.inline_shapes]
    assert widths == [168] * len(scenes) + [148, 168, 168]


def test_word_says_beside_each_picture_what_it_shows() -> None:
    document = opened(written("ordinary"))
    view = view_journal(journal_of(SHAPES["ordinary"]), PAPER)
    told = [scale.told for each in view.deliverables for scale in each.scales]
    told += [each.told for each in view.deliverables]
    told += [view.map_told, view.agreement.told, view.marks.told]
    assert all(told)
    assert {" ".join(sentences) for sentences in told} <= set(texts(document, "Normal"))
    assert any(words.startswith("Each bar is the middle half") for words in texts(document, "Caption"))
    assert any(words.startswith("The longer a bar") for words in texts(document, "Caption"))


def test_word_has_what_the_facilitator_wrote_and_chose() -> None:
    journal, document = journal_of(SHAPES["edited"]), opened(written("edited"))
    heads = texts(document, "Heading 1")
    assert (heads[0], heads[-2]) == ("Introduction", "Glossary")
    paragraphs = texts(document, "Normal")
    start = paragraphs.index(journal.paragraphs[0].text)
    assert paragraphs[start : start + 9] == [paragraph.text for paragraph in journal.paragraphs]
    terms = [f"{each.term}  {each.meaning}" for each in journal.glossary]
    assert paragraphs[paragraphs.index(terms[0]) :][: len(terms)] == terms
    large = [said.text for page in journal.deliverables for said in page.quotes]
    assert large
    assert texts(document, "Intense Quote") == large
    assert set(large) <= set(texts(document, "List Bullet"))
    assert "each stands among the comments too" in all_words(document)


def test_word_contents_lead_to_every_heading() -> None:
    document = opened(written("ordinary"))
    links = [link.get(qn("w:anchor")) for link in document.element.body.iter(qn("w:hyperlink"))]
    marks = {mark.get(qn("w:name")): mark for mark in document.element.body.iter(qn("w:bookmarkStart"))}
    told = [words_in(node) for node in document.element.body.iter(qn("w:hyperlink"))]
    assert set(links) <= set(marks)
    assert told == [words_in(marks[link].getparent()) for link in links]
    assert told == [
        each.text for each in document.paragraphs if each.style and each.style.name in ("Heading 1", "Heading 2")
    ]
    kinds = [each.get(qn("w:fldCharType")) for each in document.element.body.iter(qn("w:fldChar"))]
    assert kinds == ["begin", "separate", "end"]


def test_word_contents_of_many_deliverables_are_their_names_alone() -> None:
    journal = journal_of(SHAPES["twelve-deliverables"])
    scales = tuple(replace(scale, summary=ScaleSummary(), groups=()) for scale in journal.deliverables[0].scales)
    pages = tuple(replace(page, scales=scales, rag=RagSummary()) for page in journal.deliverables)
    document = opened(journal_docx(replace(journal, deliverables=pages, imperatives=())))
    assert len(list(document.element.body.iter(qn("w:hyperlink")))) == 1 + 12 + 1
    assert texts(document, "Note").count("Nothing was said here.") == 24


@pytest.mark.parametrize("name", ["edited", "urdu-and-arabic"])
def test_word_file_keeps_the_order_that_its_format_asks_for(name: str) -> None:
    document = opened(written(name))
    roots = [document.element, document.styles.element]
    wrong = []
    for kind, names in ORDER.items():
        order = {qn(f"w:{each}"): place for place, each in enumerate(names.split())}
        for node in (node for root in roots for node in root.iter(qn(f"w:{kind}"))):
            places = [order.get(child.tag, -1) for child in node]
            if places != sorted(places) or -1 in places:
                wrong.append((kind, [child.tag.rpartition("}")[2] for child in node]))
    assert wrong == []


def test_word_file_is_the_same_for_the_same_journal_and_refers_to_nothing_outside() -> None:
    content = written("ordinary")
    assert journal_docx(journal_of(SHAPES["ordinary"])) == content
    held = parts(content)
    assert not [name for name in held if "thumbnail" in name]
    assert not any(b'TargetMode="External"' in data for data in held.values())
    assert b'w:altName w:val="Carlito"' in held["word/fontTable.xml"]
    assert re.findall(rb"<dcterms:\w+[^>]*>([^<]*)<", held["docProps/core.xml"]) == [b"2026-05-14T12:00:00Z"] * 2


def test_word_sets_each_text_in_its_own_direction_and_language() -> None:
    document = opened(written("urdu-and-arabic"))
    turned = [each for each in document.paragraphs if list(each._p.iter(qn("w:bidi")))]
    assert len(turned) == 70 + 30
    languages = {tag.get(qn("w:bidi")) for each in turned for tag in each._p.iter(qn("w:lang"))}
    assert languages == {"ur-PK", "ar-SA"}
    assert language_of("שלום") == "he-IL"


@pytest.mark.parametrize("text", [*LOOKS_LIKE, "<w:p/>&amp;]]>", "\ufffe\uffff\x00\x0b\ud800 left", "x" * 2000])
def test_word_holds_any_words(text: str) -> None:
    document = opened(journal_docx(with_words(text)))
    seen = all_words(document)
    assert len(texts(document, "List Bullet")) == 8
    for word in re.findall(r"[A-Za-z]+", text.replace("\ud800", "")):
        assert word in seen
    assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\u202e\ufffe\uffff]", seen)


def test_word_says_what_is_kept_back_and_what_was_entered() -> None:
    journal = journal_of(SHAPES["one-person"])
    page = journal.deliverables[0]
    aloud = Said("Out loud", Source.ALOUD, Mark.WORRY)
    being, progress = page.scales
    scores = GroupScores(6, Middle(5, 4.5, 6))
    scales = (
        replace(being, summary=ScaleSummary(withheld=2), groups=(MarkedComments(THEME, "Time", "·", (aloud,)),)),
        replace(progress, summary=ScaleSummary((0, 0, 0, 5, *[0] * 7), waiting=1), groups=()),
    )
    unsure = tuple(replace(scale, summary=ScaleSummary(cant_say=5), groups=()) for scale in scales)
    pages = (
        replace(
            page,
            name="First",
            scales=scales,
            rag=RagSummary(withheld=3),
            groups=(GroupLine("East", scores, GroupScores()),),
        ),
        replace(page, no=2, name="Second", scales=unsure, rag=RagSummary(1, 2, 3)),
    )
    line = ImperativeLine(
        1, "Do it", Source.PAPER, (1, 2), 4, 1, (Said("Do that", Source.ALOUD),), "Head of practice", journal.date
    )
    document = opened(
        journal_docx(
            replace(
                journal,
                deliverables=pages,
                imperatives=(line, ImperativeLine(2, "Rest", "", (), 0)),
                moderated_comments=Moderated(held=1),
                is_rehearsal=True,
                dots_waiting=2,
                venue="",
                subtitle="",
                epigraph_by="",
            )
        )
    )
    assert texts(document, "List Bullet") == ["Out loud (Worry, said aloud)"]
    assert texts(document, "List Bullet 2") == ["Do that (said aloud)"]
    assert texts(document, "List Continue") == [
        "4 dots · 1 dot on paper · Head of practice, by 14 May 2026 · Deliverables 1, 2 · on paper",
        "0 dots",
    ]
    notes = "\n".join(texts(document, "Note"))
    assert "2 people have answered: too few" in notes
    assert "3 people have answered: too few" in notes
    assert "1 later answer is not shown yet" in notes
    assert "Nobody gave a score. 5 people could not say." in notes
    assert "2 later answers are not shown yet" in notes
    cells = [[cell.text for cell in row.cells] for table in document.tables for row in table.rows]
    assert ["1  First", "Too few to show", "Median 3, middle half 3–3, 5 scores", "Too few to show"] in cells
    assert ["1  First", "East", "5", "4.5–6", "6", "·", "·", "·"] in cells
    assert "Rehearsal: made-up answers" in all_words(document)
    assert "1 comment is held back" in all_words(document)


def test_word_says_that_the_workshop_still_runs_where_nobody_answered() -> None:
    journal = journal_of(SHAPES["words-alone"])
    document = opened(journal_docx(replace(journal, is_closed=False, epigraph="")))
    assert "While the workshop runs" in all_words(document)
    assert len(document.inline_shapes) == 0
    assert [cell.text for cell in document.tables[0].rows[1].cells][1:] == ["22 comments", "22 comments"]


def test_pictures_are_drawn_in_colour_with_words_of_any_script() -> None:
    journal = journal_of(SHAPES["one-person"])
    page = journal.deliverables[0]
    view = view_journal(replace(journal, deliverables=(replace(page, label="خاندان"),)), PAPER)
    assert view.map is not None
    picture = Image.open(io.BytesIO(to_png(view.map.scene)))
    assert picture.size == (1344, round(view.map.scene.height * 8))
    colours = {colour for _n, colour in picture.convert("RGB").getcolors(1_000_000) or []}
    assert (255, 255, 255) in colours
    assert len(colours) > 8
    other = view_journal(replace(journal, deliverables=(replace(page, label="ব"),)), PAPER)
    assert other.map is not None
    assert to_png(other.map.scene) != to_png(view.map.scene)
