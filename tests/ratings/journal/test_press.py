"""The printed journal: all words in order, valid for archives and screen readers, bounded, the same bytes each time."""

from __future__ import annotations

import datetime
import io
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest
from django.conf import settings
from django.db import transaction
from pypdf import PdfReader
from pytest_django.plugin import DjangoDbBlocker
from weasyprint.urls import FatalURLFetchingError

from ratings.importing import import_journal
from ratings.journal import press
from ratings.journal.build import Journal, build_journal, direction_of
from ratings.journal.fonts import FACES
from ratings.journal.pdf import Assets
from ratings.journal.press import JournalBusy, JournalFailed, JournalTooLarge, print_journal
from ratings.journal.read import decode_journal, read_journal
from ratings.journal.record import read_json
from ratings.journal.signature import Signature
from ratings.models import Comment, Imperative
from tests import factories
from tests.ratings.journal.shapes import SHAPES, journal_of
from tests.ratings.journal.told import close, plain, say, scales_of, text_of, told_in_numbers, told_in_words
from tests.ratings.journal.verapdf import validate
from workshops.models import Deliverable, Scale, Workshop

pytestmark = pytest.mark.django_db

SEED = settings.BASE_DIR.parent / "shared" / "seed" / "halfway-journal-2018.txt"
HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=file:///etc/passwd>",
    '<link rel=attachment href="file:///etc/passwd">',
    "</li></ul></section><h1>Owned</h1>",
    "{{ view.journal.title }} {% now 'Y' %}",
    "&lt;b&gt; & \" '",
    "\x00null \x0bvt \x1b esc \ufffe after",
    "a\u202eevil rtl\u202c after",
    "Z\u0351\u036b\u0343\u036a\u0302\u036b\u033d\u034f\u0334\u0319\u0324A",
    "x" * 2000,
    "word " * 400,
    "\n".join("line" for _ in range(300)),
    "Emoji 😀 👍🏽 👩‍👩‍👧‍👦 ❤️ ✅",
    "العربية: نحن نعمل مع العائلات منذ الاجتماع الأول",
    "বাংলা: আমরা পরিবারের সাথে কাজ করি",
    "我们与家庭一起工作",
    "=cmd|' /C calc'!A0",
]


def hostile() -> Workshop:
    """Return a workshop in which every text is hostile."""
    workshop = told_in_numbers(1)
    Deliverable.objects.filter(edition=workshop.edition).update(name=HOSTILE[0], lead=HOSTILE[3], short_name="<b>&")
    Scale.objects.filter(deliverable__edition=workshop.edition).update(
        anchor_ten=HOSTILE[9][:1000], anchor_zero=HOSTILE[4]
    )
    edition = workshop.edition
    edition.title, edition.epigraph, edition.subtitle = HOSTILE[1], HOSTILE[7] * 10, HOSTILE[2]
    edition.save()
    workshop.organisation, workshop.venue = HOSTILE[3], HOSTILE[9][:160]
    workshop.save()
    say(workshop, scales_of(workshop)[0], *HOSTILE)
    Imperative.objects.bulk_create(Imperative(workshop=workshop, text=text, source="imported") for text in HOSTILE)
    return workshop


def many_deliverables() -> Workshop:
    """Return a workshop of twelve deliverables whose anchors are as long as they may be."""
    workshop = told_in_numbers(12, people=5)
    words = "A long anchor says exactly what would be seen by whom, and how often. "
    Scale.objects.filter(deliverable__edition=workshop.edition).update(anchor_ten=words * 13, anchor_zero=words * 11)
    return workshop


def nothing_said() -> Workshop:
    """Return a workshop in which nobody said a thing."""
    return close(factories.workshop(deliverables=1))


TELLERS: list[Callable[[], Workshop]] = [told_in_words, told_in_numbers, hostile, many_deliverables, nothing_said]
SHEETS = ("twelve-deliverables", "three-thousand", "long-names", "one-word", "words-alone")
SHOWN = tuple(name for name in SHAPES if name not in SHEETS)
"""The shapes that are printed here too; `sheets` prints and validates the others, which take long or are like these."""
FULL = tuple(name for name in SHOWN if name not in ("one-person", "uneven", "bengali-and-emoji", "barely-edited"))
"""Those that say enough for every page: one comment on a scale, one imperative over, or an introduction of one line
has a page to itself."""
Printed = dict[str, tuple[Journal, bytes]]


@pytest.fixture(scope="module")
def printed(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Printed:
    """Every kind of journal, each printed once: name → journal and PDF."""
    with django_db_blocker.unblock(), transaction.atomic():
        journals = {tell.__name__: build_journal(tell()) for tell in TELLERS}
        transaction.set_rollback(True)
    journals |= {name: journal_of(SHAPES[name]) for name in SHOWN}
    signature = Signature(2, "A leader", "Director", journals["edited"].date, "0f" * 32)
    journals["edited"] = replace(journals["edited"], signature=signature)
    return {name: (journal, print_journal(journal)) for name, journal in journals.items()}


def test_pdf_is_valid_for_archives_and_screen_readers(printed: Printed, tmp_path: Path) -> None:
    paths = []
    for name, (_journal, pdf) in printed.items():
        paths.append(tmp_path / f"{name}.pdf")
        paths[-1].write_bytes(pdf)
    assert validate(*paths) == ""


@pytest.mark.parametrize("name", ["told_in_words", "told_in_numbers", "many_deliverables"])
def test_pdf_has_every_entry_in_order(printed: Printed, name: str) -> None:
    journal, pdf = printed[name]
    text = text_of(pdf)
    entries = [said.text for page in journal.deliverables for scale in page.scales for said in scale.comments]
    places = [text.index(plain(entry)) for entry in [*entries, *(line.text for line in journal.imperatives)]]
    assert all(a < b for a, b in pairwise(places))


@pytest.mark.skipif(not SEED.exists(), reason="the seed is not beside this checkout")
def test_pdf_of_the_seed_has_all_its_entries_in_its_order() -> None:
    read = read_journal(decode_journal(SEED.read_bytes()))
    workshop = import_journal(journal=read, organisation="Somewhere", date=datetime.date(2018, 10, 1))
    entries = [
        *Comment.objects.filter(workshop=workshop).order_by("position").values_list("text", flat=True),
        *Imperative.objects.filter(workshop=workshop).order_by("position").values_list("text", flat=True),
    ]
    assert len(entries) == 162
    text = text_of(print_journal(build_journal(workshop)))
    at = 0
    for entry in entries:
        at = text.index(plain(entry), at) + len(plain(entry))


def test_pdf_is_the_same_bytes_each_time_and_others_for_another_word(printed: Printed) -> None:
    journal, pdf = printed["told_in_words"]
    assert print_journal(journal) == pdf
    assert print_journal(replace(journal, venue="Elsewhere")) != pdf


def test_pdf_of_words_shows_no_chart_and_no_map(printed: Printed) -> None:
    words, numbers = text_of(printed["told_in_words"][1]), text_of(printed["told_in_numbers"][1])
    for absent in ("Median", "Wherethedeliverablesstand", "Overallrating", "peopletookpart"):
        assert absent in numbers
        assert absent not in words
    assert "Noscoresorratingscamewithit" in words


def test_pdf_carries_its_data(printed: Printed) -> None:
    reader = PdfReader(io.BytesIO(printed["told_in_numbers"][1]))
    assert set(reader.attachments) == {"journal-answers.csv", "journal-codebook.csv", "journal-data.json"}
    assert reader.attachments["journal-answers.csv"][0].count(b"1,Deliverable 1,being,5\r\n") == 2
    assert b"Answers,question,what was asked," in reader.attachments["journal-codebook.csv"][0]
    assert read_json(reader.attachments["journal-data.json"][0]) == printed["told_in_numbers"][0]


def test_pdf_of_hostile_text_is_text(printed: Printed) -> None:
    reader = PdfReader(io.BytesIO(printed["hostile"][1]))
    text = plain("".join(page.extract_text() for page in reader.pages))
    for words in (HOSTILE[0], HOSTILE[1], HOSTILE[4], HOSTILE[5]):
        assert plain(words) in text
    assert text.count("x") > 2000
    assert "root:x:0" not in text
    assert len(reader.attachments) == 3
    assert "charactersthatthisjournal" in text  # no font has the Chinese ones


@pytest.mark.parametrize(
    "url", ["http://example.org/x.png", "file:///etc/passwd", "data:text/css,x", "asset:../../etc/passwd"]
)
def test_fetcher_refuses_all_but_named_assets(url: str) -> None:
    with pytest.raises(FatalURLFetchingError):
        Assets({"cover.svg": (b"<svg/>", "image/svg+xml")}).fetch(url)


def test_fetcher_returns_named_assets() -> None:
    answer = Assets({"cover.svg": (b"<svg/>", "image/svg+xml")}).fetch("asset:cover.svg")
    assert answer.read() == b"<svg/>"


@pytest.mark.parametrize("bound", [{"SECONDS": 0}, {"MEMORY": 64 * 1024 * 1024}])
def test_journal_beyond_its_time_or_memory_is_too_large(
    bound: dict[str, float], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in bound.items():
        monkeypatch.setattr(press, name, value)
    with pytest.raises(JournalTooLarge):
        print_journal(build_journal(told_in_words(1)))


def test_journal_that_cannot_be_set_says_so_and_logs_no_words(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    journal = build_journal(told_in_words(1))
    monkeypatch.setattr(press, "MODULE", "ratings.journal.no_such_module")
    with pytest.raises(JournalFailed) as failed:
        print_journal(journal)
    assert type(failed.value) is JournalFailed
    assert not any(text in caplog.text for text in ("First things", journal.organisation))


def test_journals_are_printed_one_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(press, "WAIT_SECONDS", 0.2)
    journal = build_journal(told_in_words(1))
    with press.one_at_a_time(), pytest.raises(JournalBusy):
        print_journal(journal)


def test_pdf_has_no_page_that_is_all_but_empty(printed: Printed) -> None:
    for name in FULL:
        pages = PdfReader(io.BytesIO(printed[name][1])).pages
        assert min(len(plain(page.extract_text())) for page in pages) > 150, name


def test_pdf_has_the_facilitators_words_in_their_places_and_in_contents_and_bookmarks(printed: Printed) -> None:
    journal, pdf = printed["edited"]
    reader = PdfReader(io.BytesIO(pdf))
    pages = [plain(page.extract_text()) for page in reader.pages]
    marks = [item.title for item in reader.outline if not isinstance(item, list)]
    assert [marks.index(name) for name in ("Introduction", "At a glance", "Glossary", "How this journal was made")] == [
        *(1, 2),
        *(len(marks) - 2, len(marks) - 1),
    ]
    for heading, words in (("Introduction", journal.introduction), ("Glossary", journal.glossary[-1].meaning)):
        at = next(n for n, page in enumerate(pages) if n > 1 and heading in page and plain(words)[:60] in page)
        assert f"{heading}{at + 1}" in pages[1]
    for page in journal.deliverables:
        assert len(page.quotes) == 3
        here = next(
            text for text in pages if "Inthewordsofpeoplewhotookpart" in text and plain(page.quotes[2].text) in text
        )
        assert all(here.count(plain(said.text)) >= 2 for said in page.quotes)


def test_pdf_sets_each_text_in_its_own_direction(printed: Printed) -> None:
    assert {line.direction for line in printed["urdu-and-arabic"][0].imperatives} == {"rtl"}
    assert {line.direction for line in printed["ordinary"][0].imperatives} == {"ltr"}
    assert direction_of("1. جيد (OK)") == "rtl"
    assert direction_of("2026 👍") == "ltr"


@dataclass(frozen=True)
class Word:
    """A word on a page, with its box in points from the page's top left."""

    text: str
    left: float
    top: float
    right: float
    bottom: float

    def covers(self, other: Word) -> bool:
        """Whether two words are set on each other: not only line under line, or letter beside letter."""
        wide = min(self.right, other.right) - max(self.left, other.left)
        high = min(self.bottom, other.bottom) - max(self.top, other.top)
        least = min(self.bottom - self.top, other.bottom - other.top)
        return wide > 1 and high > least * 0.6


def near(words: list[Word]) -> Iterator[tuple[Word, Word]]:
    """Return the pairs of words of which one begins before the other ends, going down the page."""
    down = sorted(words, key=lambda word: word.top)
    for n, one in enumerate(down):
        for other in down[n + 1 :]:
            if other.top >= one.bottom:
                break
            yield one, other


@pytest.fixture(scope="module")
def worded(printed: Printed, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[list[Word]]]:
    """Of each printed shape, each page's words."""
    folder, words = tmp_path_factory.mktemp("words"), {}
    for name in SHOWN:
        (folder / "journal.pdf").write_bytes(printed[name][1])
        command = ["pdftotext", "-bbox", str(folder / "journal.pdf"), "-"]
        page = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        root = ElementTree.fromstring(page)  # noqa: S314 - poppler's own markup
        words[name] = [
            [
                Word(each.text or "", *(float(each.attrib[edge]) for edge in ("xMin", "yMin", "xMax", "yMax")))
                for each in page.iter(f"{XHTML}word")
            ]
            for page in root.iter(f"{XHTML}page")
        ]
    return words


XHTML = "{http://www.w3.org/1999/xhtml}"
LATIN = tuple(name for name in SHOWN if name not in ("urdu-and-arabic", "bengali-and-emoji"))
"""The shapes whose words poppler finds the boxes of."""


@pytest.mark.parametrize("name", LATIN)
def test_pdf_sets_no_words_on_each_other(worded: dict[str, list[list[Word]]], name: str) -> None:
    pages = worded[name]
    on_each_other = [
        (number, one.text, other.text)
        for number, words in enumerate(pages[1:], start=2)
        for one, other in near(words)
        if one.covers(other)
    ]
    assert on_each_other == []


@pytest.mark.parametrize("name", LATIN)
def test_pdf_leaves_no_heading_alone_at_the_foot_of_a_column(worded: dict[str, list[list[Word]]], name: str) -> None:
    signs = [
        (words, sign)
        for words in worded[name]
        if not {"works,", "worries,"} <= {word.text for word in words}  # a picture with the same signs in its key
        for sign in words
        if sign.text in ("+", "!", "→", "↑")
        and any(abs(word.top - sign.top) < 3 and 0 < word.left - sign.right < 20 for word in words)  # words behind it
    ]
    alone = [
        sign.text
        for words, sign in signs
        if not any(5 < word.top - sign.top < 30 and -5 < word.left - sign.left < 220 for word in words)
    ]
    assert alone == []


def test_pdf_has_the_rating_on_the_page_of_its_deliverable_whose_title_takes_two_lines(printed: Printed) -> None:
    journal, pdf = printed["two-line-titles"]
    texts = [plain(page.extract_text()) for page in PdfReader(io.BytesIO(pdf)).pages]
    title = plain(journal.deliverables[0].name)
    openings = [text for text in texts if "Beingatthegoal" in text and "Lowesttohighest" in text]
    assert len(openings) == len(journal.deliverables)
    assert all(title in text and "Overall,howdopeoplerateit?" in text for text in openings)


def test_pdf_has_one_face_for_each_weight(printed: Printed, tmp_path: Path) -> None:
    path = tmp_path / "journal.pdf"
    path.write_bytes(printed["ordinary"][1])
    lines = subprocess.run(["pdffonts", str(path)], capture_output=True, text=True, check=True).stdout.splitlines()[2:]
    assert 0 < len(lines) <= len(FACES)
    assert all("+Source-S" in line for line in lines)
