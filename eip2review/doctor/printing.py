"""What is built here: fonts, static files, and a page of a journal, printed as journals are."""

from __future__ import annotations

import io
import unicodedata

import pypdfium2
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from fontTools.ttLib import TTFont

from eip2review.doctor.findings import Check, Finding, broken, fine
from eip2review.management.commands.build_fonts import CUTS, fonts_are_current
from eip2review.management.commands.prepare import static_files_are_current
from ratings.journal.press import JournalBusy, JournalFailed, Order, set_order
from ratings.journal.text import printable

LETTERS = "Ŵyth ŷ tŵr · Łódź · Ștefan · Київ · اردو · বাংলা · ਪੰਜਾਬੀ · తెలుగు"  # Welsh to Telugu, as names in a council
PAGE = '<html lang="en"><head><title>Doctor</title></head><body><p>{letters}</p></body></html>'


def fonts() -> Finding:
    """Look whether the web fonts are built and have their letters."""
    if not fonts_are_current():
        return broken("The fonts of the screens are not built, or of an earlier version.", "Run make setup.")
    for cut in CUTS:
        with TTFont(finders.find(f"fonts/{cut.name}"), lazy=True) as font:
            missing = set(map(ord, cut.text)) - set(font.getBestCmap())
        if missing:
            return broken(f"{cut.name} lacks {''.join(map(chr, sorted(missing)))}.", "Delete it, and run make setup.")
    return fine("The fonts of the screens are built and complete.")


def static_files() -> Finding:
    """Look whether the collected files are those of this version."""
    if not static_files_are_current() or not staticfiles_storage.exists("staticfiles.json"):
        return broken("The files that pages load are not collected, or of an earlier version.", "Run make setup.")
    return fine("The files that pages load are of this version.")


def letters() -> Finding:
    """Look whether the journal's fonts have the letters of the languages that names come from."""
    _text, missing = printable(LETTERS)
    if missing:
        return broken(f"The journal's fonts lack {' '.join(sorted(missing))}.", "Run make setup.")
    return fine("The journal's fonts have the letters of Welsh, Polish, Ukrainian, Urdu, Bengali and more.")


def press() -> Finding:
    """Print one page as journals are printed, and read it again."""
    order = Order(
        {
            "html": PAGE.format(letters=LETTERS),
            "pictures": {},
            "identifier": "0" * 32,
            "when": "2020-01-01T12:00:00+00:00",
            "attachments": [],
            "expected": 1,
        }
    )
    try:
        sheets = set_order(order)
    except JournalBusy:
        return fine("A journal is being printed just now.")
    except JournalFailed:
        return broken(
            "A page could not be printed as PDF.",
            "Install Pango and HarfBuzz with make setup; the log has the kind of error.",
        )
    pages = pypdfium2.PdfDocument(io.BytesIO(sheets.pdf))
    read = unicodedata.normalize("NFKC", pages[0].get_textpage().get_text_range())
    if sheets.pages != 1 or "Łódź" not in read:
        return broken("The page that was printed does not say what it should.", "Run make setup, then print a journal.")
    return fine("A page was printed as PDF, and reads as it should.")


CHECKS: list[tuple[str, Check]] = [
    ("fonts", fonts),
    ("static files", static_files),
    ("letters", letters),
    ("press", press),
]
