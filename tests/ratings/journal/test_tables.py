"""The journal's data as tables: rows, codebook, and cells that never run."""

from __future__ import annotations

import csv
import datetime
import io
import zipfile
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given, settings
from openpyxl import Workbook, load_workbook

from ratings.charts import PRINT
from ratings.choices import Mark, Source
from ratings.journal.build import THEME, ImperativeLine, Journal, MarkedComments, Said
from ratings.journal.comparisons import compare_agreement, compare_marks
from ratings.journal.groups import GroupLine, GroupScores, Middle
from ratings.journal.tables import answers_csv, codebook_csv, journal_tables
from ratings.journal.workbook import journal_xlsx
from tests.ratings.journal.printed import LOOKS_LIKE, journals, with_words
from tests.ratings.journal.shapes import SHAPES, journal_of
from workshops.choices import ScaleKind


def opened(journal: Journal) -> Workbook:
    return load_workbook(io.BytesIO(journal_xlsx(journal)))


def full() -> Journal:
    """Return a journal that fills every table."""
    journal = journal_of(SHAPES["one-person"])
    page = journal.deliverables[0]
    being, progress = page.scales
    themed = MarkedComments(THEME, "Time", "·", (Said("Out loud", Source.ALOUD, Mark.WORRY), Said("Quiet")))
    scores = GroupScores(6, Middle(5, 4.5, 6))
    page = replace(
        page,
        scales=(replace(being, groups=(themed,)), replace(progress, groups=())),
        groups=(GroupLine("East", scores, GroupScores()),),
    )
    merged = (Said("Do that", Source.PAPER),)
    line = ImperativeLine(1, "Do it", "", (1,), 4, 1, merged, "Head of practice", datetime.date(2027, 3, 1))
    return replace(journal, deliverables=(page,), imperatives=(line,))


def rows_of(journal: Journal) -> dict[str, list[dict[str, object]]]:
    """Return the rows of each table, each by its columns."""
    return {
        table.name: [dict(zip((column.name for column in table.columns), row, strict=True)) for row in table.rows]
        for table in journal_tables(journal)
    }


@settings(max_examples=10, deadline=None, derandomize=True)
@given(journals())
def test_one_row_is_one_answer_and_all_rows_say_the_counts(journal: Journal) -> None:
    rows = list(csv.DictReader(io.StringIO(answers_csv(journal))))
    told = Counter((row["deliverable_no"], row["question"], row["answer"]) for row in rows)
    for page in journal.deliverables:
        for scale in page.scales:
            for score, count in enumerate(scale.summary.counts):
                assert told[str(page.no), scale.kind.value, str(score)] == count
        assert told[str(page.no), "rag", "amber"] == page.rag.amber
    assert len(rows) == sum(
        part.n + part.cant_say for page in journal.deliverables for part in (page.being, page.progress, page.rag)
    )
    assert [int(row["deliverable_no"]) for row in rows] == sorted(int(row["deliverable_no"]) for row in rows)


def test_tables_say_every_word_and_number() -> None:
    rows = rows_of(full())
    assert rows["Comments"][0] == {
        "deliverable_no": 1,
        "deliverable": "Plans that families make",
        "question": "being",
        "comment": "Out loud",
        "mark": "worry",
        "theme": "Time",
        "quoted": "",
        "came": "said aloud",
    }
    assert [(row["place"], row["imperative"], row["merged"], row["dots"]) for row in rows["Imperatives"]] == [
        (1, "Do it", "", 4),
        (1, "Do that", "yes", None),
    ]
    assert (rows["Imperatives"][0]["owner"], rows["Imperatives"][0]["due"]) == (
        "Head of practice",
        datetime.date(2027, 3, 1),
    )
    assert [row["question"] for row in rows["Numbers"]] == ["being", "progress", "rag"]
    assert [(row["group"], row["question"], row["median"]) for row in rows["Groups"]] == [("East", "being", 5)]


def test_tables_have_what_is_set_large_and_what_pictures_compare() -> None:
    journal = journal_of(SHAPES["edited"])
    rows = rows_of(journal)
    large = [said.text for page in journal.deliverables for said in page.quotes]
    assert [row["comment"] for row in rows["Comments"] if row["quoted"] == "yes"] == large
    agreement, marks = compare_agreement(journal, PRINT).chart, compare_marks(journal, PRINT).chart
    assert agreement is not None
    assert marks is not None
    shown = {(row[0], float(row[2]), float(row[3])) for row in agreement.rows}
    scales = [row for row in rows["Numbers"] if row["question"] != "rag"]
    labels = {page.no: page.label for page in journal.deliverables}
    kinds = {kind.value: str(kind.label).lower() for kind in ScaleKind}
    assert {
        (f"{n} {labels[n]} ({kinds[str(row['question'])]})", row["width"], round(float(str(row["distance"])), 2))
        for row in scales
        for n in [int(str(row["deliverable_no"]))]
    } == shown
    for page, told in zip(journal.deliverables, marks.rows, strict=True):
        own = [row for row in scales if row["deliverable_no"] == page.no]
        counted = [str(sum(int(str(row[name])) for row in own)) for name in ("well", "worry", "next")]
        higher, everything = (str(sum(int(str(row[name])) for row in own)) for name in ("higher", "comments"))
        assert (counted, higher, everything) == (list(told[1:4]), told[5], told[6])


def test_tables_compare_no_scale_with_fewer_than_four_scores() -> None:
    assert {row["width"] for row in rows_of(journal_of(SHAPES["one-person"]))["Numbers"]} == {None}


def test_tables_have_the_words_that_are_nobody_s_answer() -> None:
    journal = journal_of(SHAPES["edited"])
    words = rows_of(journal)["Words"]
    assert list(words[0].values()) == ["epigraph", "A saying", journal.epigraph]
    assert [row["words"] for row in words if row["what"] == "introduction"] == [
        each.text for each in journal.paragraphs
    ]
    assert [row["about"] for row in words if row["what"] == "lead"] == ["1", "3"]
    assert [(row["about"], row["words"]) for row in words if row["what"] == "term"] == [
        (each.term, each.meaning) for each in journal.glossary
    ]


def test_nobody_s_number_is_a_nought() -> None:
    rows = rows_of(with_words("Boats"))
    assert rows["Answers"] == []
    assert {row[name] for row in rows["Numbers"] for name in ("median", "mean", "lowest", "red")} == {None}


def test_codebook_says_what_each_column_of_each_table_means() -> None:
    book = opened(full())
    said = {(row[0].value, row[1].value): row[2].value for row in book["Codebook"].iter_rows(min_row=2)}
    for sheet in book.worksheets[:-1]:
        for cell in sheet[1]:
            assert said[sheet.title, cell.value]
    assert {(row["table"], row["column"] or None) for row in csv.DictReader(io.StringIO(codebook_csv()))} == set(said)


def test_sheets_are_easy_to_read() -> None:
    book = opened(full())
    assert book.sheetnames == ["Answers", "Comments", "Imperatives", "Numbers", "Groups", "Words", "Codebook"]
    for sheet in book.worksheets:
        assert sheet.freeze_panes == "A2"
        assert sheet.auto_filter.ref == sheet.dimensions
        assert all(cell.font.bold for cell in sheet[1])
    assert book["Answers"]["D2"].value == full().deliverables[0].being.values[0]
    assert book["Imperatives"]["H2"].value == datetime.datetime(2027, 3, 1)  # noqa: DTZ001 - a day
    assert book.properties.creator == full().organisation


@pytest.mark.parametrize("text", [*LOOKS_LIKE, "=1+1", "@SUM(A1)", "+1", "-1", "\u200b=cmd|' /C calc'!A0", "x" * 2000])
def test_no_cell_is_a_formula(text: str) -> None:
    journal = with_words(text)
    for sheet in opened(journal).worksheets:
        for cell in (cell for row in sheet.iter_rows() for cell in row if cell.value is not None):
            assert cell.data_type != "f"
            assert cell.quotePrefix == isinstance(cell.value, str)
    page = replace(journal.deliverables[0], scales=journal_of(SHAPES["one-person"]).deliverables[0].scales)
    (row,) = list(csv.reader(io.StringIO(answers_csv(replace(journal, deliverables=(page,))))))[1:2]
    assert not row[1].startswith(("=", "+", "-", "@"))


def test_words_that_look_like_a_coded_character_stay_words() -> None:
    with zipfile.ZipFile(io.BytesIO(journal_xlsx(with_words("a _x000D_ b")))) as archive:
        assert b"a _x005F_x000D_ b" in archive.read("xl/worksheets/sheet2.xml")


def test_spreadsheet_is_the_same_for_the_same_journal() -> None:
    assert journal_xlsx(full()) == journal_xlsx(full())
